create table artists (
    id uuid primary key,
    canonical_name text not null,
    sort_key text not null,
    external_ids jsonb not null default '{}',
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

-- A page of a list shows the ids of each artist: read from the artist's own row, that costs a
-- third of looking them up. The table above is the truth, and these triggers copy it, the
-- smallest id of each service.
create function copy_external_ids() returns trigger language plpgsql as $$
begin
    update artists a
    set external_ids = coalesce((
        select jsonb_object_agg(e.service, e.external_id order by e.external_id desc)
        from artist_external_ids e where e.artist_id = a.id
    ), '{}')
    where a.id in (select artist_id from changed);
    return null;
end
$$;
create trigger copy_inserted_ids after insert on artist_external_ids
    referencing new table as changed for each statement execute function copy_external_ids();
create trigger copy_updated_ids after update on artist_external_ids
    referencing new table as changed for each statement execute function copy_external_ids();
create trigger copy_left_ids after update on artist_external_ids
    referencing old table as changed for each statement execute function copy_external_ids();
create trigger copy_deleted_ids after delete on artist_external_ids
    referencing old table as changed for each statement execute function copy_external_ids();
