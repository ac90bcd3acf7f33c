create table user_artist_blocks (
    user_id uuid not null references users (id) on delete cascade,
    artist_id uuid not null references artists (id) on delete cascade,
    tags text[] not null default '{}',
    note text,
    created_at timestamptz not null default now(),
    primary key (user_id, artist_id)
);
create index user_artist_blocks_newest_idx on user_artist_blocks (user_id, created_at desc, artist_id desc);
create index user_artist_blocks_artist_id_idx on user_artist_blocks (artist_id);
comment on table user_artist_blocks is 'Do-not-play lists: which artist is on whose list, since when and with which words of theirs.';
