"""A batch of staged artists becomes part of the catalogue: a dozen statements on all of it."""

from datetime import datetime
from uuid import UUID

import msgspec

from adapters.postgres.list_import import TAKING_IN
from adapters.postgres.pool import Connection
from application.shared.ports import NewId


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of what is staged, both ends included, and how many artists are to be merged."""

    first: int
    last: int
    artists: int


# Emptied at each commit. ``state``: same, new, matched (known from lists), changed, or shared
# (another record of the source leads the artist, after a merge): such a one only adds.
MERGE_TABLES = (
    """
    create temporary table if not exists merged_artists (
        place bigint, record text, name text, sort_key text, disambiguation text, kind text,
        digest uuid, artist_id uuid, state text
    ) on commit delete rows
    """,
    """
    create temporary table if not exists merged_ids (
        place bigint, artist_id uuid, service text, external_id text, owner uuid
    ) on commit delete rows
    """,
)
_COMPARE = """
insert into merged_artists
select s.place, s.record, s.name, s.sort_key, s.disambiguation, s.kind, s.digest, a.id,
       case when a.id is null then null
            when a.source_record is null then 'matched'
            when a.source_record <> s.record then 'shared'
            when a.source_digest = s.digest and a.gone_at is null then 'same'
            else 'changed' end
from (
    select s.*, md5(concat_ws(
               E'\\x1f', s.name, coalesce(s.disambiguation, ''), coalesce(s.kind, ''),
               (select string_agg(distinct n.name collate "C", E'\\x1e' order by n.name collate "C")
                from staged_names n where n.place = s.place),
               E'\\x1d',
               (select string_agg(distinct (i.service || ':' || i.external_id) collate "C", E'\\x1e'
                                  order by (i.service || ':' || i.external_id) collate "C")
                from staged_ids i where i.place = s.place)))::uuid as digest
    from (
        select distinct on (s.record collate "C")
               s.place, s.record, s.name, s.sort_key, s.disambiguation,
               coalesce(t.kind, s.kind) as kind
        from staged_artists s
        left join staged_types t on t.id = s.type_id
        where s.place >= %(from)s and s.place <= %(to)s
          and not s.place <@ (select merged from catalog_imports where id = %(id)s)
        order by s.record collate "C", s.place
    ) s
) s
left join lateral (
    select a.* from artist_external_ids e join artists a on a.id = e.artist_id
    where e.service = 'musicbrainz' and e.external_id = s.record
    offset 0
) a on true
"""
_DIFFERENCES = "select exists (select from merged_artists where state is distinct from 'same')"
# A list may have brought one meanwhile.
_COMPARE_AGAIN = """
update merged_artists m
set artist_id = f.id, state = case when f.source_record is null then 'matched' else 'shared' end
from (
    select m.place, a.id, a.source_record
    from merged_artists m
    cross join lateral (
        select a.id, a.source_record
        from artist_external_ids e join artists a on a.id = e.artist_id
        where e.service = 'musicbrainz' and e.external_id = m.record
        offset 0
    ) a
    where m.artist_id is null
) f
where f.place = m.place
"""
# Two records that a list or a merge has given to one artist: the first leads.
_SHARE = """
update merged_artists m set state = 'shared'
where m.state = 'matched' and exists (
    select from merged_artists o
    where o.artist_id = m.artist_id and o.state = 'matched' and o.place < m.place
)
"""
# An artist that a list has brought, by an id that the source now brings as well. One that has a
# record of the source already is another artist, whatever ids they share.
_MATCH = """
update merged_artists m set artist_id = f.artist_id, state = 'matched'
from (
    select distinct on (c.artist_id) c.artist_id, c.place
    from (
        select distinct on (m.place) m.place, a.id as artist_id
        from merged_artists m
        join staged_ids i on i.place = m.place
        cross join lateral (
            select a.id, a.created_at
            from artist_external_ids e
            join artists a on a.id = e.artist_id and a.source_record is null
            where e.service = i.service and e.external_id = i.external_id and not exists (
                select from artist_external_ids x
                where x.artist_id = a.id and x.service = 'musicbrainz'
            )
            offset 0
        ) a
        where m.artist_id is null
        order by m.place, a.created_at, a.id
    ) c
    order by c.artist_id, c.place
) f
where m.place = f.place
"""
_COUNT_NEW = "select count(*) from merged_artists where artist_id is null"
_NAME_NEW = """
update merged_artists m set artist_id = g.id, state = 'new'
from (
    select place, row_number() over (order by place) as number
    from merged_artists where artist_id is null
) n
join unnest(%(ids)s::uuid[]) with ordinality g (id, number) on g.number = n.number
where m.place = n.place
"""
_CLAIM = """
insert into merged_ids
select c.place, c.artist_id, c.service, c.external_id, e.artist_id
from (
    select m.place, m.artist_id, i.service, i.external_id
    from merged_artists m join staged_ids i on i.place = m.place where m.state <> 'same'
    union
    select m.place, m.artist_id, 'musicbrainz', m.record from merged_artists m
    where m.state <> 'same'
) c
left join lateral (
    select e.artist_id from artist_external_ids e
    where e.service = c.service and e.external_id = c.external_id
    offset 0
) e on true
"""
_GIVE_UP_IDS = """
delete from artist_external_ids e using merged_artists m
where m.state = 'changed' and e.artist_id = m.artist_id and e.source = 'musicbrainz'
  and e.service <> 'musicbrainz'
  and not exists (select from staged_ids s where s.place = m.place
                  and s.service = e.service and s.external_id = e.external_id)
  and not exists (select from artist_external_ids o where o.artist_id = m.artist_id
                  and o.service = 'musicbrainz' and o.external_id <> m.record)
"""
_GIVE_UP_NAMES = """
delete from artist_names n using merged_artists m
where m.state = 'changed' and n.artist_id = m.artist_id and n.source = 'musicbrainz'
  and not exists (select from staged_names s where s.place = m.place and s.name = n.name)
  and not exists (select from artist_external_ids o where o.artist_id = m.artist_id
                  and o.service = 'musicbrainz' and o.external_id <> m.record)
"""
_ADD_ARTISTS = """
insert into artists (id, canonical_name, sort_key, disambiguation, kind, source, source_record,
                     source_digest, external_ids, created_at)
select m.artist_id, m.name, m.sort_key, m.disambiguation, m.kind, 'musicbrainz', m.record,
       m.digest, coalesce(i.ids, '{}'), %(now)s
from merged_artists m
left join (
    select artist_id, jsonb_object_agg(service, external_id order by external_id desc) as ids
    from (select distinct on (service, external_id collate "C") service, external_id, artist_id
          from merged_ids where owner is null
          order by service, external_id collate "C", place) free
    group by artist_id
) i on i.artist_id = m.artist_id
where m.state = 'new'
order by m.place
"""
_CHANGE_ARTISTS = """
update artists a
set canonical_name = m.name, sort_key = m.sort_key, disambiguation = m.disambiguation,
    kind = m.kind, source = 'musicbrainz', source_record = m.record, source_digest = m.digest,
    gone_at = null
from merged_artists m
where m.state in ('changed', 'matched') and a.id = m.artist_id
  and (a.source_record is null or a.source_record = m.record)
"""
_ADD_NAMES = """
insert into artist_names (artist_id, name, search_key, source)
select distinct on (m.artist_id, s.name collate "C")
       m.artist_id, s.name, s.search_key, 'musicbrainz'
from merged_artists m join staged_names s on s.place = m.place
where m.state <> 'same'
order by m.artist_id, s.name collate "C"
on conflict (artist_id, name) do nothing
"""
_ADD_IDS = """
insert into artist_external_ids (service, external_id, artist_id, source)
select distinct on (service, external_id collate "C")
       service, external_id, artist_id, 'musicbrainz'
from merged_ids where owner is null
order by service, external_id collate "C", place
on conflict (service, external_id) do nothing
"""
_FORGET_CLAIMS = """
delete from contested_external_ids c using merged_artists m
where m.state = 'changed' and c.artist_id = m.artist_id and c.source = 'musicbrainz'
"""
# What somebody else has, or had a moment ago: a batch beside this one may have given it up.
_KEEP_CLAIMS = """
insert into contested_external_ids (service, external_id, artist_id, source)
select distinct c.service, c.external_id, c.artist_id, 'musicbrainz'
from merged_ids c
left join lateral (
    select e.artist_id from artist_external_ids e
    where e.service = c.service and e.external_id = c.external_id
    offset 0
) e on true
where e.artist_id is distinct from c.artist_id
on conflict do nothing
"""
# Two batches at once may know the same artist of a list, or have the same record.
_LOST = """
select exists (
    select from merged_artists m
    where m.state in ('new', 'matched') and not exists (
        select from artists a
        join artist_external_ids e on e.artist_id = a.id
        where a.id = m.artist_id and a.source_record = m.record
          and e.service = 'musicbrainz' and e.external_id = m.record
        offset 0
    )
)
"""
# A batch is small beside the catalogue; while that grows the planner does not know it, and would
# read whole tables for every batch. So what asks the catalogue does it row by row: ``lateral`` with
# ``offset 0``, which keeps it so, and without reading tables from end to end.
_BY_INDEX = "set local enable_seqscan = off"
# The planner needs to know how many there are, and little else.
_ANALYZE_ARTISTS = "analyze merged_artists (place, artist_id, state)"
_ANALYZE_IDS = "analyze merged_ids (place, artist_id, service)"
_COUNT = """
update catalog_imports i
set merged = i.merged + int8multirange(int8range(%(from)s, %(to)s, '[]')),
    added = i.added + m.added, matched = i.matched + m.matched, changed = i.changed + m.changed,
    unchanged = i.unchanged + %(artists)s - m.added - m.matched - m.changed
from (
    select count(*) filter (where state = 'new') as added,
           count(*) filter (where state = 'matched') as matched,
           count(*) filter (where state = 'changed') as changed
    from merged_artists
) m
where i.id = %(id)s
"""


class MetSomebodyError(Exception):
    """Another transaction has taken in one of the same artists: this one has to look again."""


async def merge_batch(
    connection: Connection, id: UUID, places: Places, new_id: NewId, now: datetime
) -> None:
    """Take in the staged artists of these places, inside a transaction."""
    execute = connection.execute
    bounds = {"id": id, "from": places.first, "to": places.last}
    await execute(_BY_INDEX)
    await execute(_COMPARE, bounds)
    await execute(_ANALYZE_ARTISTS)
    if await (await execute(_DIFFERENCES)).fetchone() == (True,):
        await _take_in(connection, new_id, now)
    await execute(_COUNT, bounds | {"artists": places.artists})


async def _take_in(connection: Connection, new_id: NewId, now: datetime) -> None:
    execute = connection.execute
    # Lists that bring new artists wait for this one, and this one for them.
    await execute("select pg_advisory_xact_lock_shared(%s)", [TAKING_IN])
    for statement in (_COMPARE_AGAIN, _SHARE, _MATCH):
        await execute(statement)
    new = await (await execute(_COUNT_NEW)).fetchone()
    assert new is not None
    if new[0]:
        await execute(_NAME_NEW, {"ids": [new_id() for _ in range(new[0])]})
    await execute(_ANALYZE_ARTISTS)
    for statement in (_GIVE_UP_IDS, _GIVE_UP_NAMES, _CLAIM):
        await execute(statement)
    await execute(_ANALYZE_IDS)
    await execute(_ADD_ARTISTS, {"now": now})
    for statement in (_CHANGE_ARTISTS, _ADD_NAMES, _ADD_IDS, _FORGET_CLAIMS, _KEEP_CLAIMS):
        await execute(statement)
    if await (await execute(_LOST)).fetchone() == (True,):
        raise MetSomebodyError
