"""The statements of a merge on exceptions: what is excepted under either id stays excepted."""

from adapters.postgres.merge_statements import ENTRY_COLUMNS, ROOM
from domain.blocklists.limits import MAX_EXCEPTIONS

# A test holds them against the schema.
EXCEPTION_COLUMNS = (
    "id", "user_id", "artist_id", "service", "external_id", "title", "artist_credit", "note",
    "created_at",
)  # fmt: skip

# Who has excepted both keeps the exception of the survivor.
MOVE_EXCEPTIONS = """
with listed as materialized (
    select x.*, to_jsonb(x) as whole, exists (
        select from user_exceptions o
        where o.user_id = x.user_id and o.artist_id = %(survivor_id)s
    ) as is_second
    from user_exceptions x where x.artist_id = %(artist_id)s order by x.user_id for update of x
), dropped as (
    delete from user_exceptions x using listed l where x.id = l.id and l.is_second
), moved as (
    update user_exceptions x set artist_id = %(survivor_id)s
    from listed l where x.id = l.id and not l.is_second
)
insert into artist_merge_exceptions (merge_id, user_id, exception_id, dropped)
select %(merge_id)s, user_id, id, case when is_second then whole end from listed
"""
# Who has one on the list and the other excepted: exceptions win, and the entry is kept aside.
SET_ASIDE = """
with excepted as materialized (
    select b.user_id, b.artist_id, b.created_at, to_jsonb(b) - 'sort_key' - 'names_key' as whole
    from user_artist_blocks b join user_exceptions x
        on x.user_id = b.user_id and x.artist_id = %(survivor_id)s
    where b.artist_id in (%(artist_id)s, %(survivor_id)s)
    order by b.user_id, b.artist_id for update of b
), gone as (
    delete from user_artist_blocks b using excepted e
    where b.user_id = e.user_id and b.artist_id = e.artist_id
)
insert into artist_merge_entries (merge_id, user_id, created_at, ours, theirs)
select %(merge_id)s, user_id, created_at,
    case when artist_id = %(survivor_id)s then whole end,
    case when artist_id = %(artist_id)s then whole end
from excepted
"""
# Who has taken the exception back has decided since.
EXCEPTIONS_BACK = """
update user_exceptions x set artist_id = %(artist_id)s
from artist_merge_exceptions m
where m.merge_id = %(merge_id)s and m.dropped is null and x.id = m.exception_id
    and x.artist_id = %(survivor_id)s
"""
DROPPED_BACK = f"""
insert into user_exceptions ({", ".join(EXCEPTION_COLUMNS)})
select {", ".join(f"d.{column}" for column in EXCEPTION_COLUMNS)}
from artist_merge_exceptions m
join user_lists l on l.user_id = m.user_id and l.exceptions < {MAX_EXCEPTIONS}
cross join lateral jsonb_populate_record(null::user_exceptions, m.dropped) d
where m.merge_id = %(merge_id)s and m.dropped is not null and exists (
    select from user_exceptions o
    where o.user_id = m.user_id and o.artist_id = %(survivor_id)s
)
"""  # noqa: S608
ASIDE_BACK = f"""
with back as (
    insert into user_artist_blocks ({", ".join(ENTRY_COLUMNS)})
    select {", ".join(f"w.{column}" for column in ENTRY_COLUMNS)}
    from artist_merge_entries e
    join user_lists l on l.user_id = e.user_id and {ROOM}
    cross join lateral jsonb_populate_record(
        null::user_artist_blocks, coalesce(e.ours, e.theirs)
    ) w
    where e.merge_id = %(merge_id)s and e.combined is null and num_nonnulls(e.ours, e.theirs) = 1
        and not exists (
            select from user_exceptions x
            where x.user_id = e.user_id and x.artist_id = w.artist_id
        )
    order by e.user_id
    on conflict (user_id, artist_id) do nothing
    returning user_id
)
select count(*) from back
"""  # noqa: S608
FORGET_EXCEPTIONS = "delete from artist_merge_exceptions where merge_id = %(merge_id)s"
