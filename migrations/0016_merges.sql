-- Two artists that are one: merged, answered under either id, and told apart again if need be.

create table artist_merges (
    id uuid primary key,
    position bigint generated always as identity,
    artist_id uuid not null references artists (id),
    survivor_id uuid not null references artists (id),
    merged_by uuid references users (id) on delete set null,
    merged_at timestamptz not null,
    undone_at timestamptz,
    redirected uuid[] not null default '{}',
    names text[] not null default '{}',
    duplicate_names jsonb not null default '[]',
    external_ids jsonb not null default '[]',
    constraint artist_merges_two_artists check (artist_id <> survivor_id)
);
create unique index artist_merges_artist_id_idx on artist_merges (artist_id) where undone_at is null;
create index artist_merges_survivor_id_idx on artist_merges (survivor_id) where undone_at is null;
create index artist_merges_merged_by_idx on artist_merges (merged_by) where merged_by is not null;
comment on table artist_merges is 'Which artist became part of which, with what it brought along: enough to undo it.';

create table artist_merge_entries (
    merge_id uuid not null references artist_merges (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    created_at timestamptz not null,
    ours jsonb,
    theirs jsonb,
    combined jsonb,
    primary key (merge_id, user_id)
);
create index artist_merge_entries_user_id_idx on artist_merge_entries (user_id);
comment on table artist_merge_entries is 'Entries that a merge moved; and for who had both artists on the list, each entry as it was.';

create table artist_redirects (
    artist_id uuid primary key references artists (id),
    survivor_id uuid not null references artists (id),
    constraint artist_redirects_two_artists check (artist_id <> survivor_id)
);
create index artist_redirects_survivor_id_idx on artist_redirects (survivor_id);
comment on table artist_redirects is 'Ids of merged artists, each with the artist that is meant now: never one that is merged itself.';

create function survivor_of(artist uuid) returns uuid language sql stable parallel safe as $$
    select coalesce((select r.survivor_id from artist_redirects r where r.artist_id = artist), artist)
$$;

-- Nothing stays with a merged artist, whoever put it there and however late. The foreign key makes
-- an insert wait for a merge that is under way; these run after that, and see what it has done.
create function entries_follow_merges() returns trigger language plpgsql as $$
begin
    if not exists (select from artist_redirects) then
        return null;
    end if;
    update user_artist_blocks b set artist_id = m.survivor_id
    from (
        select distinct on (a.user_id, r.survivor_id) a.user_id, a.artist_id, r.survivor_id
        from added a join artist_redirects r on r.artist_id = a.artist_id
        order by a.user_id, r.survivor_id, a.created_at, a.artist_id
    ) m
    where b.user_id = m.user_id and b.artist_id = m.artist_id and not exists (
        select from user_artist_blocks o
        where o.user_id = m.user_id and o.artist_id = m.survivor_id
    );
    delete from user_artist_blocks b using added a, artist_redirects r
    where r.artist_id = a.artist_id and b.user_id = a.user_id and b.artist_id = a.artist_id;
    return null;
end
$$;
create trigger entries_follow_merges after insert on user_artist_blocks
    referencing new table as added for each statement execute function entries_follow_merges();

create function names_follow_merges() returns trigger language plpgsql as $$
begin
    if not exists (select from artist_redirects) then
        return null;
    end if;
    update artist_names n set artist_id = m.survivor_id
    from (
        select distinct on (r.survivor_id, a.name) a.artist_id, a.name, r.survivor_id
        from added a join artist_redirects r on r.artist_id = a.artist_id
        order by r.survivor_id, a.name, a.artist_id
    ) m
    where n.artist_id = m.artist_id and n.name = m.name and not exists (
        select from artist_names o where o.artist_id = m.survivor_id and o.name = m.name
    );
    delete from artist_names n using added a, artist_redirects r
    where r.artist_id = a.artist_id and n.artist_id = a.artist_id and n.name = a.name;
    return null;
end
$$;
create trigger names_follow_merges after insert on artist_names
    referencing new table as added for each statement execute function names_follow_merges();

create function external_ids_follow_merges() returns trigger language plpgsql as $$
begin
    if not exists (select from artist_redirects) then
        return null;
    end if;
    update artist_external_ids e set artist_id = r.survivor_id
    from added a join artist_redirects r on r.artist_id = a.artist_id
    where e.service = a.service and e.external_id = a.external_id and e.artist_id = a.artist_id;
    return null;
end
$$;
create trigger external_ids_follow_merges after insert on artist_external_ids
    referencing new table as added for each statement execute function external_ids_follow_merges();

-- Names that are one slip of the finger away from what somebody wrote (by its core, as 0015 has
-- it), or written apart or together otherwise; of longer ones those two slips away that share a
-- third. As many look-ups in an index for every name, whatever the size of the catalogue.
create function names_near(written text, most integer)
returns table (artist_id uuid, name text, distance integer)
language plpgsql stable parallel safe rows 5
set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
    wanted constant text := name_core(written);
    size constant integer := char_length(wanted);
    keys_1 bigint[] := '{}';
    keys_2 bigint[] := '{}';
    keys_3 bigint[] := '{}';
begin
    if size between 4 and 200 then  -- in shorter ones a slip makes another name of it
        keys_1 := keys_around(wanted, 1);
        keys_2 := keys_around(wanted, 2);
        keys_3 := keys_around(wanted, 3);
    end if;
    return query
    select near.artist_id, near.name, near.distance from (
        select distinct on (c.artist_id) c.artist_id, c.name,
            case when c.core = wanted then 0 else slips(c.core, wanted) end as distance
        from (
            (select n.artist_id, n.name, n.core from artist_names n
             where n.core = wanted limit 100)
            union all
            (select n.artist_id, n.name, n.core from artist_names n
             where around_part(n.core, char_length(n.core), 1) = any(keys_1) limit 300)
            union all
            (select n.artist_id, n.name, n.core from artist_names n
             where around_part(n.core, char_length(n.core), 2) = any(keys_2) limit 300)
            union all
            (select n.artist_id, n.name, n.core from artist_names n
             where around_part(n.core, char_length(n.core), 3) = any(keys_3) limit 300)
        ) c
        where char_length(c.core) <= 200
        order by c.artist_id, 3, c.name
    ) near
    where near.distance <= case when size > 7 then 2 else 1 end
    order by near.distance, near.artist_id
    limit most;
end
$$;
