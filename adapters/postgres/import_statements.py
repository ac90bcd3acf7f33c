"""The statements of an import: all rows at once, on temporary tables up to the last step."""

from adapters.postgres.list_lock import NAMES_KEY

# Which artists the ids of a row belong to. Most files have one id a row: no grouping then.
_EXTERNAL = """
select r.row, e.artist_id from import_rows r
join artist_external_ids e on e.service = r.service and e.external_id = r.external_id
"""
_OWN = """
union all
select r.row, a.id from import_rows r join artists a on a.id = survivor_of(r.own_id)
"""
_ONE_ID = "select row, artist_id, 1 as artists from found"
_SEVERAL_IDS = """
select row, (array_agg(distinct artist_id))[1] as artist_id, count(distinct artist_id) as artists
from found group by row
"""
# For artists that the catalogue lacks: the first row that has one of the ids. A row that shares
# ids with several others before it is nobody's.
_LEADER_BY_ONE_ID = """
select row, min(row) over (partition by service, external_id) as leader, false as torn
from unresolved where name is not null
"""
_LEADER_BY_SEVERAL_IDS = """
select row, min(first) as leader,
       min(first) filter (where first <> row) <> max(first) filter (where first <> row) as torn
from (
    select row, min(row) over (partition by service, external_id) as first
    from unresolved u
    where exists (
        select from import_rows f where f.row = u.row and f.part = 0 and f.name is not null
    )
) each_id group by row
"""


def resolve(*, several_ids: bool, own_ids: bool) -> str:
    """Says of each row whose it is: ``import_verdicts``, a row for each of the file."""
    return f"""
    create temporary table import_verdicts on commit drop as
    with found as ({_EXTERNAL + (_OWN if own_ids else "")}
    ), hits as ({_SEVERAL_IDS if several_ids else _ONE_ID}
    ), unresolved as (
        select r.row, r.service, r.external_id, r.name from import_rows r
        where r.service is not null and not exists (select from hits h where h.row = r.row)
    ), leaders as ({_LEADER_BY_SEVERAL_IDS if several_ids else _LEADER_BY_ONE_ID}
    )
    select r.row, r.line, h.artist_id, l.leader,
           case when h.artists = 1 then 'known'
                when h.artists > 1 or l.torn then 'disagrees'
                when r.service is null and r.own_id is null then 'name_only'
                when r.service is null then 'nobody'
                when r.name is null then 'nameless'
                else 'new' end as verdict
    from import_rows r left join hits h using (row) left join leaders l using (row)
    where r.part = 0
    """  # noqa: S608  # parts are constants


# Rows that share an id with a row that is not the first of its own artist.
UNTANGLE = """
update import_verdicts v set verdict = 'disagrees'
from import_verdicts l
where v.verdict = 'new' and l.row = v.leader and l.leader <> l.row
"""
NEWCOMERS = "select row from import_verdicts where verdict = 'new' and leader = row order by row"
NAME_NEWCOMERS = """
create temporary table import_newcomers on commit drop as
select row, artist_id from unnest(%(rows)s::integer[], %(ids)s::uuid[]) as n (row, artist_id)
"""
# The copy of the ids comes along, as the trigger would make it: then there is nothing to mend.
TAKE_IN = """
with external_ids as (
    select n.artist_id, r.service, r.external_id
    from import_newcomers n join import_rows r on r.row = n.row and r.service is not null
), newcomers as (
    select n.artist_id, r.name, r.sort_key, c.ids
    from import_newcomers n
    join import_rows r on r.row = n.row and r.part = 0
    join (
        select artist_id, jsonb_object_agg(service, external_id order by external_id desc) as ids
        from external_ids group by artist_id
    ) c on c.artist_id = n.artist_id
), made as (
    insert into artists (id, canonical_name, sort_key, external_ids, created_at)
    select artist_id, name, sort_key, ids, %(now)s from newcomers
), named as (
    insert into artist_names (artist_id, name, search_key, source)
    select artist_id, name, sort_key, 'import' from newcomers
)
insert into artist_external_ids (service, external_id, artist_id)
select service, external_id, artist_id from external_ids
order by service, external_id
"""
_NEW_ARTISTS = "left join import_newcomers n on n.row = v.leader and v.verdict = 'new'"


def entries(*, newcomers: bool) -> str:
    """Which rows are entries: ``import_entries``; the first (``turn``) of each artist counts.

    Those that are ``refused``, because they are over or their artist is excepted, are none.
    """
    artist = "coalesce(v.artist_id, n.artist_id)" if newcomers else "v.artist_id"
    return f"""
    create temporary table import_entries on commit drop as
    select e.*, row_number() over (
        partition by e.artist_id, e.refused is null order by e.row
    ) as turn
    from (
        select v.row, v.line, {artist} as artist_id, v.verdict = 'new' as is_new,
               b.artist_id is not null as is_listed,
               case when r.until <= %(now)s then 'over'
                    when x.id is not null then 'excepted' end as refused
        from import_verdicts v {_NEW_ARTISTS if newcomers else ""}
        join import_rows r on r.row = v.row and r.part = 0
        left join user_artist_blocks b on b.user_id = %(user_id)s and b.artist_id = {artist}
            and (b.until is null or b.until > %(now)s)
        left join user_exceptions x on x.user_id = %(user_id)s and x.artist_id = {artist}
        where v.verdict in ('known', 'new')
    ) e
    """  # noqa: S608  # parts are constants


# Nobody is taken in for rows that are all refused.
UNNAMED = """
delete from import_newcomers n where not exists (
    select from import_entries e where e.artist_id = n.artist_id and e.refused is null
)
"""
_TO_ADD = "turn = 1 and not is_listed and refused is null"
_THERE = "(turn > 1 or is_listed) and refused is null"
ADD = f"""
with added as (
    insert into user_artist_blocks as b
        (user_id, artist_id, tags, note, note_key, until, source, source_name, change_id, sort_key,
         names_key, created_at)
    select %(user_id)s, a.id, r.tags, r.note, r.note_key, r.until, %(source)s, %(source_name)s,
           %(change_id)s, a.sort_key, {NAMES_KEY}, least(coalesce(r.added_at, %(now)s), %(now)s)
    from import_entries e join import_rows r on r.row = e.row and r.part = 0
    join artists a on a.id = e.artist_id
    where {_TO_ADD}
    order by a.id
    on conflict (user_id, artist_id) do update
    set tags = excluded.tags, note = excluded.note, note_key = excluded.note_key,
        until = excluded.until, source = excluded.source, source_name = excluded.source_name,
        change_id = excluded.change_id, created_at = excluded.created_at
    where b.until <= %(now)s
    returning 1
)
insert into bulk_changes (id, user_id, kind, entries, made_at)
select %(change_id)s, %(user_id)s, 'import', count(*), %(now)s from added having count(*) > 0
returning entries
"""  # noqa: S608  # parts are constants
SIZE = "select entries from user_lists where user_id = %(user_id)s"
COUNT_ENTRIES = f"""
select count(*) filter (where {_TO_ADD}), count(*) filter (where {_THERE}) from import_entries
"""  # noqa: S608  # parts are constants
REJECTED = """
select line, verdict from import_verdicts where verdict in ('nobody', 'nameless')
union all
select line, refused from import_entries where refused is not null
"""
_SHOWN = """
select e.line, coalesce(r.name, a.canonical_name), case when e.is_new then null else e.artist_id end
from (
    select row, line, artist_id, is_new from import_entries where {which}
    order by row limit %(limit)s
) e
join import_rows r on r.row = e.row and r.part = 0
left join artists a on a.id = e.artist_id
order by e.row
"""
ADDITIONS = _SHOWN.format(which=_TO_ADD)
THERE = _SHOWN.format(which=_THERE)
COUNT_REVIEWS = "select count(*) from import_verdicts where verdict in ('name_only', 'disagrees')"
# By a name, or by the ids that disagree; who is on the list comes first.
REVIEWS = """
with shown as (
    select v.row, v.line, v.verdict, r.name, r.sort_key
    from import_verdicts v join import_rows r on r.row = v.row and r.part = 0
    where v.verdict in ('name_only', 'disagrees')
    order by v.row limit %(limit)s
)
select s.line, s.name, s.verdict, c.id, c.canonical_name, c.external_ids, c.is_listed
from shown s left join lateral (
    select a.id, a.canonical_name, a.external_ids, b.artist_id is not null as is_listed
    from (
        select n.artist_id from artist_names n
        where s.verdict = 'name_only' and n.search_key = s.sort_key
        union
        select e.artist_id from import_rows r
        join artist_external_ids e on e.service = r.service and e.external_id = r.external_id
        where s.verdict = 'disagrees' and r.row = s.row
        union
        select survivor_of(r.own_id) from import_rows r
        where s.verdict = 'disagrees' and r.row = s.row
        limit 100
    ) found
    join artists a on a.id = found.artist_id
    left join user_artist_blocks b on b.user_id = %(user_id)s and b.artist_id = a.id
        and (b.until is null or b.until > %(now)s)
    order by is_listed desc, a.canonical_name = s.name desc, a.id
    limit %(candidates)s
) c on true
order by s.row, c.is_listed desc, c.canonical_name = s.name desc, c.id
"""
