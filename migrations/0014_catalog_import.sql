create table catalog_sources (
    name text primary key,
    title text not null,
    licence text,
    address text
);
comment on table catalog_sources is 'Where rows of the catalogue come from and under which licence (SPDX); none where it is not known.';
insert into catalog_sources (name, title, licence, address) values
    ('musicbrainz', 'MusicBrainz core data', 'CC0-1.0', 'https://musicbrainz.org'),
    ('sample', 'The sample that comes with the service', 'MIT', null),
    ('import', 'Lists that people have imported', null, null);

alter table artists
    add column disambiguation text,
    add column kind text,
    add column source text not null default 'import',
    add column source_record text,
    add column source_digest uuid,
    add column gone_at timestamptz,
    add constraint artists_kind_known check (
        kind in ('person', 'group', 'orchestra', 'choir', 'character', 'other')
    );
comment on column artists.disambiguation is 'A few words that tell artists of the same name apart.';
comment on column artists.source is 'Where the name and the description are from (catalog_sources).';
comment on column artists.source_record is 'What the source calls the artist; the ids and names of others may lead here as well.';
comment on column artists.source_digest is 'MD5 of all that the source said last: what has not changed is not compared in full.';
comment on column artists.gone_at is 'Since when the source no longer has the artist. Whoever blocks it goes on doing so.';
update artists a set source = n.source from artist_names n
where n.artist_id = a.id and n.source = 'sample';

alter table artist_external_ids add column source text not null default 'import';
comment on column artist_external_ids.source is 'Who says so (catalog_sources): a source takes back only what it has said itself.';

create table contested_external_ids (
    service text not null,
    external_id text not null,
    artist_id uuid not null references artists (id) on delete cascade,
    source text not null,
    primary key (service, external_id, artist_id)
);
create index contested_external_ids_artist_id_idx on contested_external_ids (artist_id);
comment on table contested_external_ids is 'Ids that a source gives to an artist while another one has them; given once they are free.';

create table catalog_imports (
    id uuid primary key,
    source text not null references catalog_sources (name),
    dump text not null,
    dump_mark text not null,
    stage text not null,
    lines_read jsonb not null default '{}',
    staged bigint not null default 0,
    merged int8multirange not null default '{}',
    added bigint not null default 0,
    matched bigint not null default 0,
    changed bigint not null default 0,
    unchanged bigint not null default 0,
    contested bigint not null default 0,
    gone bigint not null default 0,
    left_out bigint not null default 0,
    started_at timestamptz not null,
    finished_at timestamptz,
    constraint catalog_imports_stage_known check (
        stage in ('reading', 'merging', 'done', 'abandoned')
    )
);
create unique index catalog_imports_one_at_a_time_idx on catalog_imports ((true))
    where stage in ('reading', 'merging');
comment on column catalog_imports.merged is 'Which places of the dump are in the catalogue.';
comment on table catalog_imports is 'Which dump was imported when, what it changed, and how far an unfinished one has come.';

-- What a dump says, until it is merged. Not logged: after a crash of the server they are empty,
-- the counts in catalog_imports do not agree, and the dump is read again.
create unlogged table staged_artists (
    place bigint not null,
    record text not null,
    name text not null,
    sort_key text not null,
    disambiguation text,
    kind text,
    type_id bigint
);
create index staged_artists_place_idx on staged_artists (place);
create unlogged table staged_names (place bigint not null, name text not null, search_key text not null);
create index staged_names_place_idx on staged_names (place);
create unlogged table staged_ids (place bigint not null, service text not null, external_id text not null);
create index staged_ids_place_idx on staged_ids (place);
create unlogged table staged_types (id bigint not null, kind text not null);
create unlogged table staged_urls (id bigint not null, service text not null, external_id text not null);
create unlogged table staged_links (link bigint not null, place bigint not null, url bigint not null);
create unlogged table staged_ended_links (link bigint not null);
comment on table staged_artists is 'Artists of a dump that is being imported; place is their order in it.';
comment on table staged_names is 'Names of staged artists, as they are written and as they are found.';
comment on table staged_ids is 'Ids of staged artists on services.';
comment on table staged_types is 'What the dump calls the kinds of artists.';
comment on table staged_urls is 'Addresses in the dump that are pages of artists on services.';
comment on table staged_links is 'Which staged artist has which address.';
comment on table staged_ended_links is 'Relations that have come to an end: their addresses are no longer the artists''.';

-- An artist that is taken in brings the copy of its ids along: it is not written a second time,
-- and what an insertion does not change is not even looked up.
create or replace function copy_external_ids() returns trigger language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
    update artists a
    set external_ids = known.ids
    from (
        select c.artist_id, coalesce((
            select jsonb_object_agg(e.service, e.external_id order by e.external_id desc)
            from artist_external_ids e where e.artist_id = c.artist_id
        ), '{}') as ids
        from (
            select distinct c.artist_id
            from changed c join artists shown on shown.id = c.artist_id
            where tg_op <> 'INSERT' or shown.external_ids->>c.service is null
                or shown.external_ids->>c.service > c.external_id
        ) c
    ) known
    where a.id = known.artist_id and a.external_ids is distinct from known.ids;
    return null;
end
$$;
