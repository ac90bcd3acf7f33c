create table artists (
    id uuid primary key,
    canonical_name text not null,
    sort_key text not null,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    constraint artists_canonical_name_length check (char_length(canonical_name) between 1 and 255)
);
comment on table artists is 'The catalogue: one row for each artist, whatever services call them.';

create table artist_names (
    artist_id uuid not null references artists (id) on delete cascade,
    name text not null,
    search_key text not null,
    source text not null,
    primary key (artist_id, name)
);
create index artist_names_search_key_idx on artist_names (search_key text_pattern_ops);
create index artist_names_words_idx on artist_names using gin (to_tsvector('simple', search_key));
comment on table artist_names is 'Every name that an artist goes by, with the folded key by which it is found.';

create table artist_external_ids (
    service text not null,
    external_id text not null,
    artist_id uuid not null references artists (id) on delete cascade,
    primary key (service, external_id)
);
create index artist_external_ids_artist_id_idx on artist_external_ids (artist_id);
comment on table artist_external_ids is 'What identifies an artist: ids on services. A name never does.';
