"""The statements of a merge and of the way back: one for each table."""

from domain.blocklists.dnp_entry import MAX_NOTE_LENGTH, MAX_TAGS
from domain.blocklists.limits import MAX_ENTRIES, MAX_TAGS_OF_LIST

# Columns of what is kept aside and put back; a test holds them against the schema.
NAME_COLUMNS = ("artist_id", "name", "search_key", "source")
ENTRY_COLUMNS = (
    "user_id", "artist_id", "tags", "note", "note_key", "until", "source", "source_name",
    "change_id", "created_at",
)  # fmt: skip
# What an entry copies from its artist: triggers see to it wherever the entry goes.
COPIED_COLUMNS = ("sort_key", "names_key")
# Tables with artists of their own, all of which a merge sees to; a test finds what is missing.
TABLES = {
    "artist_names",
    "artist_external_ids",
    "user_artist_blocks",
    "contested_external_ids",  # they stay: an id that is given later follows the redirect
    "artist_merges",
    "artist_redirects",
    "user_exceptions",
}

# A file of 100,000 rows that is being imported is waited for. The planner cannot know how many
# people have an artist listed; loops within loops are wrong as soon as they are some thousands.
PREPARE = """
select set_config('lock_timeout', '9s', true), set_config('statement_timeout', '25s', true),
    set_config('enable_nestloop', 'off', true)
"""
# Whoever changes a list locks it first; so does a merge that changes how much is on it.
LOCK_LISTS = """
with concerned as (
    select user_id, artist_id from user_artist_blocks
    where artist_id in (%(artist_id)s, %(survivor_id)s)
    union all
    select user_id, artist_id from user_exceptions
    where artist_id in (%(artist_id)s, %(survivor_id)s)
)
select from user_lists where user_id in (
    select user_id from concerned where artist_id = %(artist_id)s
    intersect select user_id from concerned where artist_id = %(survivor_id)s
) order by user_id for update
"""
LOCK_LISTS_BACK = """
select from user_lists where user_id in (
    select user_id from artist_merge_entries
    where merge_id = %(merge_id)s and num_nonnulls(ours, theirs) > 0
    union select user_id from artist_merge_exceptions
    where merge_id = %(merge_id)s and dropped is not null
) order by user_id for update
"""
# Entries that refer to the survivor may come all the while; those of the other wait.
LOCK_WHOLE = "select id from artists where id = %(id)s for update"
LOCK = "select id from artists where id = %(id)s for no key update"
MERGED = """
select artist_id, survivor_id from artist_redirects
where artist_id in (%(artist_id)s, %(survivor_id)s) order by artist_id
"""
BEGIN_MERGE = """
insert into artist_merges (id, artist_id, survivor_id, merged_by, merged_at)
values (%(merge_id)s, %(artist_id)s, %(survivor_id)s, %(merged_by)s, %(merged_at)s)
"""
REDIRECT = """
with earlier as (
    update artist_redirects set survivor_id = %(survivor_id)s
    where survivor_id = %(artist_id)s returning artist_id
), this as (
    insert into artist_redirects (artist_id, survivor_id)
    values (%(artist_id)s, %(survivor_id)s)
)
update artist_merges set redirected = array(select artist_id from earlier)
where id = %(merge_id)s
"""
MOVE_IDS = """
with moved as (
    update artist_external_ids set artist_id = %(survivor_id)s
    where artist_id = %(artist_id)s returning service, external_id
)
update artist_merges set external_ids = (
    select coalesce(jsonb_agg(jsonb_build_array(service, external_id)), '[]') from moved
) where id = %(merge_id)s
"""
DROP_DUPLICATE_NAMES = f"""
with dropped as (
    delete from artist_names n using artist_names s
    where n.artist_id = %(artist_id)s and s.artist_id = %(survivor_id)s and s.name = n.name
    returning {", ".join(f"n.{column}" for column in NAME_COLUMNS)}
)
update artist_merges set duplicate_names = (
    select coalesce(jsonb_agg(to_jsonb(dropped)), '[]') from dropped
) where id = %(merge_id)s
"""  # noqa: S608
MOVE_NAMES = """
with moved as (
    update artist_names set artist_id = %(survivor_id)s
    where artist_id = %(artist_id)s returning name
)
update artist_merges set names = array(select name from moved) where id = %(merge_id)s
"""
# Entries are locked before they are read, in one order: what somebody is just writing is in it.
MOVE_ENTRIES = f"""
with listed as materialized (
    select b.*, to_jsonb(b) - 'sort_key' - 'names_key' as whole
    from user_artist_blocks b
    where b.artist_id in (%(artist_id)s, %(survivor_id)s) and exists (
        select from user_artist_blocks o
        where o.user_id = b.user_id and o.artist_id = %(artist_id)s
    )
    order by b.user_id, b.artist_id for update of b
), twice as materialized (
    select o.user_id, o.whole as ours, t.whole as theirs,
        least(o.created_at, t.created_at) as created_at,
        array(
            select tag from (
                select tag, min(rank) as rank from (
                    select unnest(o.tags) as tag, 0 as rank
                    union all select unnest(t.tags), 1
                ) tags group by tag order by min(rank), tag collate "C" limit {MAX_TAGS}
            ) chosen order by tag collate "C"
        ) as tags,
        case
            when o.note is null or o.note = t.note then t.note
            when t.note is null
                or char_length(o.note) + char_length(t.note) + 2 > {MAX_NOTE_LENGTH} then o.note
            else o.note || E'\\n\\n' || t.note
        end as note,
        case
            when o.note is null or o.note = t.note then t.note_key
            when t.note is null
                or char_length(o.note) + char_length(t.note) + 2 > {MAX_NOTE_LENGTH} then o.note_key
            else o.note_key || ' ' || t.note_key
        end as note_key,
        case when num_nulls(o.until, t.until) = 0 then greatest(o.until, t.until) end as until,
        case when t.source = 'own' then t.source else o.source end as source,
        case when t.source = 'own' then t.source_name else o.source_name end as source_name,
        case when o.change_id = t.change_id and exists (
            select from bulk_changes c where c.id = o.change_id and c.kind in ('add', 'import')
        ) then o.change_id end as change_id
    from listed o join listed t on t.user_id = o.user_id
    where o.artist_id = %(survivor_id)s and t.artist_id = %(artist_id)s
), gone as (
    delete from user_artist_blocks b using twice t
    where b.user_id = t.user_id and b.artist_id = %(artist_id)s
), combined as (
    update user_artist_blocks b
    set tags = t.tags, note = t.note, note_key = t.note_key, until = t.until, source = t.source,
        source_name = t.source_name, change_id = t.change_id, created_at = t.created_at
    from twice t where b.user_id = t.user_id and b.artist_id = %(survivor_id)s
), moved as (
    update user_artist_blocks b set artist_id = %(survivor_id)s
    from listed l
    where l.artist_id = %(artist_id)s and b.user_id = l.user_id and b.artist_id = l.artist_id
        and not exists (select from twice t where t.user_id = b.user_id)
    returning b.user_id, b.created_at
), kept as (
    insert into artist_merge_entries (merge_id, user_id, created_at, ours, theirs, combined)
    select %(merge_id)s, user_id, created_at, null, null, null from moved
    union all
    select %(merge_id)s, user_id, created_at, ours, theirs,
        jsonb_build_object('tags', to_jsonb(tags), 'note', note, 'until', until) from twice
)
select (select count(*) from moved), (select count(*) from twice)
"""  # noqa: S608

FIND = "select artist_id, survivor_id from artist_merges where id = %(merge_id)s"
MARK_UNDONE = """
update artist_merges set undone_at = %(now)s
where id = %(merge_id)s and undone_at is null returning id
"""
LATER = """
select l.id from artist_merges l join artist_merges m on m.id = %(merge_id)s
where l.undone_at is null and l.position > m.position
    and (l.survivor_id = m.survivor_id or l.artist_id = m.survivor_id)
order by l.position desc limit 1
"""
END_REDIRECT = "delete from artist_redirects where artist_id = %(artist_id)s"
REDIRECT_AS_BEFORE = """
update artist_redirects r set survivor_id = %(artist_id)s
from artist_merges m where m.id = %(merge_id)s and r.artist_id = any(m.redirected)
"""
IDS_BACK = """
update artist_external_ids e set artist_id = %(artist_id)s
from artist_merges m, jsonb_array_elements(m.external_ids) known
where m.id = %(merge_id)s and e.service = known->>0 and e.external_id = known->>1
    and e.artist_id = %(survivor_id)s
"""
NAMES_BACK = """
update artist_names n set artist_id = %(artist_id)s
from artist_merges m
where m.id = %(merge_id)s and n.artist_id = %(survivor_id)s and n.name = any(m.names)
"""
DUPLICATE_NAMES_BACK = f"""
insert into artist_names ({", ".join(NAME_COLUMNS)})
select {", ".join(f"n.{column}" for column in NAME_COLUMNS)}
from artist_merges m, jsonb_populate_recordset(null::artist_names, m.duplicate_names) n
where m.id = %(merge_id)s
"""  # noqa: S608
# Who has taken the entry off, or put it on anew, has decided since.
ENTRIES_BACK = """
with back as (
    update user_artist_blocks b set artist_id = %(artist_id)s
    from artist_merge_entries e
    where e.merge_id = %(merge_id)s and e.ours is null and e.theirs is null
        and b.user_id = e.user_id and b.artist_id = %(survivor_id)s
        and b.created_at = e.created_at
    returning b.user_id
)
select count(*) from back
"""
# Whose list has become full keeps what the two gave together.
ROOM = f"l.entries < {MAX_ENTRIES} and l.tags <= {MAX_TAGS_OF_LIST - 2 * MAX_TAGS}"
ENTRIES_APART = f"""
with apart as materialized (
    select e.user_id, e.theirs, o.tags, o.note, o.note_key, o.until, o.source, o.source_name,
        o.change_id, o.created_at,
        b.tags = c.tags and b.note is not distinct from c.note
            and b.until is not distinct from c.until as as_it_was
    from artist_merge_entries e
    join user_artist_blocks b
        on b.user_id = e.user_id and b.artist_id = %(survivor_id)s
        and b.created_at = e.created_at
    cross join lateral jsonb_populate_record(null::user_artist_blocks, e.ours) o
    cross join lateral jsonb_populate_record(null::user_artist_blocks, e.combined) c
    join user_lists l on l.user_id = e.user_id and {ROOM}
    where e.merge_id = %(merge_id)s and e.combined is not null
    order by e.user_id for update of b
), ours as (
    update user_artist_blocks b
    set tags = case when a.as_it_was then a.tags else b.tags end,
        note = case when a.as_it_was then a.note else b.note end,
        note_key = case when a.as_it_was then a.note_key else b.note_key end,
        until = case when a.as_it_was then a.until else b.until end,
        change_id = case when a.as_it_was then a.change_id else b.change_id end,
        source = a.source, source_name = a.source_name, created_at = a.created_at
    from apart a where b.user_id = a.user_id and b.artist_id = %(survivor_id)s
), theirs as (
    insert into user_artist_blocks ({", ".join(ENTRY_COLUMNS)})
    select {", ".join(f"t.{column}" for column in ENTRY_COLUMNS)}
    from apart a, jsonb_populate_record(null::user_artist_blocks, a.theirs) t
    returning user_id
)
select count(*) from theirs
"""  # noqa: S608
FORGET_ENTRIES = "delete from artist_merge_entries where merge_id = %(merge_id)s"
