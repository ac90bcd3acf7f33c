-- The list in full: entries that end, that say where they come from and are found by any word of
-- theirs; bulk changes that can be undone; tracks; exceptions; limits that hold for twenty at once.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;

-- What a page is sorted and filtered by is in the entry's own row: a list is then read by one
-- index, however long it is and however large the catalogue. Triggers below keep the copies.
alter table user_artist_blocks
    add column until timestamptz,
    add column source text not null default 'own',
    add column source_name text,
    add column change_id uuid,
    add column note_key text not null default '',
    add column sort_key text,
    add column names_key text,
    add constraint user_artist_blocks_source_known check (source in ('own', 'import', 'list'));

create function names_of(artist uuid) returns text language sql stable as $$
    select coalesce(string_agg(n.search_key, E'\n' order by n.search_key), '')
    from artist_names n where n.artist_id = artist
$$;
update user_artist_blocks b
set sort_key = a.sort_key, names_key = names_of(a.id), note_key = lower(coalesce(b.note, ''))
from artists a where a.id = b.artist_id;
alter table user_artist_blocks
    alter column sort_key set not null,
    alter column names_key set not null;

create index user_artist_blocks_name_idx on user_artist_blocks (user_id, sort_key, artist_id);
create index user_artist_blocks_ending_idx on user_artist_blocks (until) where until is not null;
create index user_artist_blocks_words_idx on user_artist_blocks
    using gin (user_id, (names_key || E'\n' || note_key) gin_trgm_ops, tags);

-- Who inserts many rows at once brings the copies; for anybody else they are looked up.
create function copy_artist_keys() returns trigger language plpgsql as $$
begin
    select a.sort_key, names_of(a.id) into new.sort_key, new.names_key
    from artists a where a.id = new.artist_id;
    if not found then  -- the foreign key will refuse it
        new.sort_key := '';
        new.names_key := '';
    end if;
    return new;
end
$$;
create trigger copy_keys_of_new_entry before insert on user_artist_blocks
    for each row when (new.sort_key is null or new.names_key is null)
    execute function copy_artist_keys();
create trigger copy_keys_of_other_artist before update of artist_id on user_artist_blocks
    for each row when (new.artist_id <> old.artist_id) execute function copy_artist_keys();

create function copy_sort_key() returns trigger language plpgsql as $$
begin
    update user_artist_blocks set sort_key = new.sort_key where artist_id = new.id;
    return null;
end
$$;
create trigger copy_sort_key_to_entries after update of sort_key on artists
    for each row when (new.sort_key <> old.sort_key) execute function copy_sort_key();

-- In the order of the key, as every statement on many entries locks them.
create function copy_names() returns trigger language plpgsql as $$
begin
    with listed as materialized (
        select b.user_id, b.artist_id from user_artist_blocks b
        where b.artist_id in (select c.artist_id from changed c)
        order by b.user_id, b.artist_id for no key update
    )
    update user_artist_blocks b set names_key = names_of(b.artist_id)
    from listed l where b.user_id = l.user_id and b.artist_id = l.artist_id
        and b.names_key <> names_of(b.artist_id);
    return null;
end
$$;
create trigger copy_inserted_names after insert on artist_names
    referencing new table as changed for each statement execute function copy_names();
create trigger copy_updated_names after update on artist_names
    referencing new table as changed for each statement execute function copy_names();
create trigger copy_left_names after update on artist_names
    referencing old table as changed for each statement execute function copy_names();
create trigger copy_deleted_names after delete on artist_names
    referencing old table as changed for each statement execute function copy_names();

-- One row for each person: whoever changes a list locks it, so that limits are exact, and an
-- artist is never both on the list and excepted from it.
create table user_lists (
    user_id uuid primary key references users (id) on delete cascade,
    entries integer not null default 0,
    tags integer not null default 0,
    tracks integer not null default 0,
    exceptions integer not null default 0,
    constraint user_lists_entries_limit check (entries <= 200000),
    constraint user_lists_tags_limit check (tags <= 1000),
    constraint user_lists_tracks_limit check (tracks <= 200000),
    constraint user_lists_exceptions_limit check (exceptions <= 10000)
);
comment on table user_lists is 'How much is on each list; kept by triggers, within what is allowed.';

create table user_list_counts (
    user_id uuid not null references users (id) on delete cascade,
    kind text not null,
    name text not null,
    search_key text not null,
    entries integer not null,
    primary key (user_id, kind, name),
    constraint user_list_counts_kind_known check (kind in ('tag', 'own', 'import', 'list'))
);
comment on table user_list_counts is 'How many entries of a list have each tag, and each source; kept by triggers.';

create function give_list() returns trigger language plpgsql as $$
begin
    insert into user_lists (user_id) values (new.id);
    return null;
end
$$;
create trigger give_list_to_user after insert on users
    for each row execute function give_list();

insert into user_lists (user_id) select id from users;
insert into user_list_counts (user_id, kind, name, search_key, entries)
select user_id, 'tag', tag, lower(tag), count(*) from user_artist_blocks, unnest(tags) tag
group by user_id, tag
union all
select user_id, source, '', '', count(*) from user_artist_blocks group by user_id, source;
update user_lists l set entries = c.entries, tags = c.tags from (
    select user_id, sum(entries) filter (where kind <> 'tag') as entries,
           count(*) filter (where kind = 'tag') as tags
    from user_list_counts group by user_id
) c where c.user_id = l.user_id;

-- The same function for each kind of statement: the rows that come, those that go, or both.
do $$
declare
    change record;
begin
    for change in select * from (values
        ('insert', 'new table as come', 'select c.*, 1 as n from come c'),
        ('delete', 'old table as gone', 'select g.*, -1 as n from gone g'),
        ('update', 'new table as come old table as gone',
         'select c.*, 1 as n from come c union all select g.*, -1 as n from gone g')
    ) as v (operation, tables, changes)
    loop
        execute format($function$
            create function count_entries_on_%1$s() returns trigger language plpgsql as $body$
            begin
                with changes as (%2$s), deltas as (
                    select user_id, 'tag' as kind, tag as name, sum(n)::integer as n
                    from changes, unnest(tags) as tag group by user_id, tag
                    union all
                    select user_id, source, coalesce(source_name, ''), sum(n)::integer
                    from changes group by 1, 2, 3
                )
                insert into user_list_counts as c (user_id, kind, name, search_key, entries)
                select d.user_id, d.kind, d.name, lower(d.name), d.n from deltas d
                where d.n <> 0 and exists (select from users u where u.id = d.user_id)
                order by 1, 2, 3
                on conflict (user_id, kind, name)
                    do update set entries = c.entries + excluded.entries;
                if not found then
                    return null;
                end if;
                delete from user_list_counts c
                where c.entries <= 0 and c.user_id in (select user_id from (%2$s) changes);
                update user_lists l
                set entries = c.entries, tags = c.tags
                from (
                    select user_id, coalesce(sum(entries) filter (where kind <> 'tag'), 0) as entries,
                           count(*) filter (where kind = 'tag') as tags
                    from user_list_counts
                    where user_id in (select user_id from (%2$s) changes) group by user_id
                    union all
                    select distinct user_id, 0, 0 from (%2$s) changes
                    where not exists (
                        select from user_list_counts c where c.user_id = changes.user_id
                    )
                ) c
                where l.user_id = c.user_id;
                return null;
            end
            $body$
        $function$, change.operation, change.changes);
        execute format(
            'create trigger count_entries_on_%1$s after %1$s on user_artist_blocks '
            'referencing %2$s for each statement execute function count_entries_on_%1$s()',
            change.operation, change.tables
        );
    end loop;
end
$$;

create table bulk_changes (
    id uuid primary key,
    -- Given under the list's lock: which change is the last is not left to clocks.
    place bigint generated always as identity,
    user_id uuid not null references users (id) on delete cascade,
    kind text not null,
    entries integer not null,
    made_at timestamptz not null,
    undone_at timestamptz,
    constraint bulk_changes_kind_known check (kind in ('add', 'edit', 'remove', 'import'))
);
create index bulk_changes_user_id_idx on bulk_changes (user_id, place);
comment on table bulk_changes is 'Changes of many entries at once; what one of them touched last has its id in change_id.';

create table bulk_change_entries (
    change_id uuid not null references bulk_changes (id) on delete cascade,
    artist_id uuid not null,
    tags text[] not null,
    note text,
    note_key text not null,
    until timestamptz,
    source text not null,
    source_name text,
    created_at timestamptz not null,
    primary key (change_id, artist_id)
);
comment on table bulk_change_entries is 'Entries as they were before a bulk change edited or removed them.';

create table user_tracks (
    user_id uuid not null references users (id) on delete cascade,
    service text not null,
    external_id text not null,
    title text not null,
    artist_credit text not null,
    note text,
    created_at timestamptz not null,
    primary key (user_id, service, external_id)
);
create index user_tracks_newest_idx
    on user_tracks (user_id, created_at desc, service desc, external_id desc);
comment on table user_tracks is 'Single tracks on do-not-play lists.';

create table user_exceptions (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    artist_id uuid references artists (id) on delete cascade,
    service text,
    external_id text,
    title text,
    artist_credit text,
    note text,
    created_at timestamptz not null,
    constraint user_exceptions_artist_unique unique (user_id, artist_id),
    constraint user_exceptions_track_unique unique (user_id, service, external_id),
    constraint user_exceptions_one_thing
        check (num_nonnulls(artist_id, service) = 1 and num_nonnulls(service, external_id, title, artist_credit) in (0, 4))
);
create index user_exceptions_newest_idx on user_exceptions (user_id, created_at desc, id desc);
create index user_exceptions_artist_id_idx on user_exceptions (artist_id);
comment on table user_exceptions is 'Artists and tracks that no list may block for this person.';

do $$
declare
    counted record;
begin
    for counted in select * from (values
        ('tracks', 'user_tracks', 'insert', 'new', 1), ('tracks', 'user_tracks', 'delete', 'old', -1),
        ('exceptions', 'user_exceptions', 'insert', 'new', 1),
        ('exceptions', 'user_exceptions', 'delete', 'old', -1)
    ) as v (what, on_table, operation, side, n)
    loop
        execute format($function$
            create function count_%1$s_on_%2$s() returns trigger language plpgsql as $body$
            begin
                update user_lists l set %1$s = l.%1$s + c.n
                from (select user_id, count(*) * %3$s as n from changed group by user_id) c
                where l.user_id = c.user_id;
                return null;
            end
            $body$
        $function$, counted.what, counted.operation, counted.n);
        execute format(
            'create trigger count_%1$s_on_%2$s after %2$s on %3$s referencing %4$s table as changed '
            'for each statement execute function count_%1$s_on_%2$s()',
            counted.what, counted.operation, counted.on_table, counted.side
        );
    end loop;
end
$$;

-- Merges of artists, which came before all this: the survivor takes over exceptions too, and an
-- exception for either of the two wins over an entry for the other.
create table artist_merge_exceptions (
    merge_id uuid not null references artist_merges (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    exception_id uuid not null,
    dropped jsonb,
    primary key (merge_id, exception_id)
);
create index artist_merge_exceptions_user_id_idx on artist_merge_exceptions (user_id);
comment on table artist_merge_exceptions is 'Exceptions that a merge moved; and of who had excepted both artists, the one that went.';

create or replace function entries_follow_merges() returns trigger language plpgsql as $$
begin
    if not exists (
        select from added a join artist_redirects r on r.artist_id = a.artist_id
    ) then
        return null;
    end if;
    delete from user_artist_blocks b using added a, artist_redirects r
    where r.artist_id = a.artist_id and b.user_id = a.user_id and b.artist_id = a.artist_id
        and exists (
            select from user_exceptions x
            where x.user_id = a.user_id and x.artist_id = r.survivor_id
        );
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

create function exceptions_follow_merges() returns trigger language plpgsql as $$
begin
    if not exists (
        select from added a join artist_redirects r on r.artist_id = a.artist_id
    ) then
        return null;
    end if;
    delete from user_artist_blocks b using added a, artist_redirects r
    where r.artist_id = a.artist_id and b.user_id = a.user_id and b.artist_id = r.survivor_id;
    update user_exceptions x set artist_id = r.survivor_id
    from added a join artist_redirects r on r.artist_id = a.artist_id
    where x.id = a.id and not exists (
        select from user_exceptions o
        where o.user_id = a.user_id and o.artist_id = r.survivor_id
    );
    delete from user_exceptions x using added a, artist_redirects r
    where r.artist_id = a.artist_id and x.id = a.id and x.artist_id = a.artist_id;
    return null;
end
$$;
create trigger exceptions_follow_merges after insert on user_exceptions
    referencing new table as added for each statement execute function exceptions_follow_merges();
