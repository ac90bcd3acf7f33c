-- A list is filtered by where its entries come from: those few of a long one are found by index.
create index user_artist_blocks_source_idx
    on user_artist_blocks (user_id, source, coalesce(source_name, ''));
