-- Search that forgives. What belongs together, from here and from domain/catalog/artist_name.py:
-- the key of a name (no case, diacritics or signs) and its core (the key without a leading or
-- moved "the", without "and", without spaces): words that run together, or apart at another place,
-- have one core. What is asked of every name is not strict: only then it is inlined.

create extension if not exists fuzzystrmatch;

create function name_core(search_key text) returns text
language sql immutable parallel safe
return case
    when search_key ~ '^the | the$| and ' then coalesce(nullif(replace(
        regexp_replace(regexp_replace(search_key, '^the (?=.)|(?<=.) the$', ''), '(?<=.) and (?=.)', ' ', 'g'),
        ' ', ''), ''), replace(search_key, ' ', ''))
    else replace(search_key, ' ', '')
end;

-- A core is cut into three parts. One wrong letter is in one of them: the two others are as they
-- were. So names with one wrong letter are found by what is around the first, the second or the
-- third part, of the name's own length; no other name is looked at.
create function around_part(core text, length integer, part integer) returns bigint
language sql immutable parallel safe
return case part
    when 1 then hashtextextended(substr(core, 1 + (length + 1) / 3 + char_length(core) - length), 10 * length + 1)
    when 2 then hashtextextended(
        substr(core, 1, (length + 1) / 3)
        || ' ' || substr(core, 1 + length - (length + 1) / 3 + char_length(core) - length), 10 * length + 2)
    else hashtextextended(substr(core, 1, length - (length + 1) / 3), 10 * length + 3)
end;

-- What a name is found by inside: its words; and of signs that are written without spaces each
-- with the one after it.
create function is_unspaced(word text) returns boolean
language sql immutable strict parallel safe
return word ~ '[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\U00020000-\U0003FFFF]';

create function name_lexemes(search_key text) returns tsvector
language plpgsql immutable strict parallel safe as $$
begin
    if not public.is_unspaced(search_key) then
        return array_to_tsvector(string_to_array(search_key, ' '));
    end if;
    return array_to_tsvector(string_to_array(search_key, ' ') || array(
        select substr(word, place, 2)
        from unnest(string_to_array(search_key, ' ')) word,
             generate_series(1, char_length(word)) place
        where public.is_unspaced(substr(word, place, 1))
    ));
end
$$;

alter table artist_names add column core text generated always as (name_core(search_key)) stored;

drop index artist_names_words_idx;
create index artist_names_core_idx on artist_names (core text_pattern_ops);
create index artist_names_around_1_idx on artist_names (around_part(core, char_length(core), 1));
create index artist_names_around_2_idx on artist_names (around_part(core, char_length(core), 2));
create index artist_names_around_3_idx on artist_names (around_part(core, char_length(core), 3));
create index artist_names_lexemes_idx on artist_names using gin (name_lexemes(search_key));

-- The words of all names, to find those that somebody may have meant. Nobody waits for anybody
-- here: two who add a word at the same time leave it twice, and a word may stay without a name.
create table name_words (
    word text not null
);
create index name_words_word_idx on name_words (word text_pattern_ops);
create index name_words_around_1_idx on name_words (around_part(word, char_length(word), 1));
create index name_words_around_2_idx on name_words (around_part(word, char_length(word), 2));
create index name_words_around_3_idx on name_words (around_part(word, char_length(word), 3));
comment on table name_words is 'The words that names of artists are made of.';

create function keep_words() returns trigger language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
    with words as materialized (
        select distinct word
        from changed, unnest(string_to_array(search_key, ' ')) word
        where char_length(word) between 3 and 40
    )
    insert into name_words (word)
    select word from words
    where not exists (select from name_words known where known.word = words.word);
    return null;
end
$$;
create trigger keep_inserted_words after insert on artist_names
    referencing new table as changed for each statement execute function keep_words();
create trigger keep_updated_words after update on artist_names
    referencing new table as changed for each statement execute function keep_words();

insert into name_words (word)
select distinct word from artist_names, unnest(string_to_array(search_key, ' ')) word
where char_length(word) between 3 and 40;

-- Names of artists that people block, with how many do; the worker writes it.
create table popular_names (
    artist_id uuid not null,
    name text not null,
    search_key text not null,
    core text not null,
    popularity integer not null,
    primary key (artist_id, name),
    foreign key (artist_id, name) references artist_names (artist_id, name)
        on delete cascade on update cascade
);
create index popular_names_core_idx on popular_names (core text_pattern_ops);
create index popular_names_1_idx on popular_names (left(core, 1), popularity desc);
create index popular_names_2_idx on popular_names (left(core, 2), popularity desc);
create index popular_names_3_idx on popular_names (left(core, 3), popularity desc);
comment on table popular_names is 'Names of artists that are on do-not-play lists, and on how many.';

-- What around_part says of names that have one letter more, less or otherwise than this one, or
-- two that stand next to each other the other way round.
create function keys_around(core text, part integer) returns bigint[]
language plpgsql immutable strict parallel safe as $$
declare
    size constant integer := char_length(core);
    cut constant integer := case part when 1 then size - (size + 1) / 3 else (size + 1) / 3 end;
    keys bigint[];
begin
    if size < 3 then
        return case part when 2 then array[around_part(core, size, 2)] else '{}' end;
    end if;
    keys := array[around_part(core, size, part), around_part(core, size + 1, part)];
    if size > 3 then
        keys := keys || around_part(core, size - 1, part);
    end if;
    if part <> 2 then
        keys := keys || around_part(
            substr(core, 1, cut - 1) || substr(core, cut + 1, 1) || substr(core, cut, 1)
            || substr(core, cut + 2), size, part);
    end if;
    return keys;
end
$$;

-- How many slips of the finger are between two texts, 3 for more than two: a letter more, less or
-- another one, or two that stand next to each other the other way round.
create function slips(one text, other text) returns integer
language plpgsql immutable strict parallel safe as $$
declare
    found constant integer := levenshtein_less_equal(one, other, 2);
    place integer := 1;
begin
    if found <> 2 or char_length(one) <> char_length(other) or translate(one, other, '') <> '' then
        return found;
    end if;
    while substr(one, place, 1) = substr(other, place, 1) loop
        place := place + 1;
    end loop;
    return case when substr(one, place) = reverse(substr(other, place, 2)) || substr(other, place + 2)
        then 1 else 2 end;
end
$$;

create function quote_lexeme(word text) returns text
language sql immutable strict parallel safe
return '''' || replace(replace(word, '\', '\\'), '''', '''''') || '''';

-- A word of a query as the text of a tsquery. Of signs that are written without spaces all of
-- them, wherever they are.
create function word_query(word text) returns text
language plpgsql immutable strict parallel safe as $$
begin
    if is_unspaced(word) then
        return (
            select string_agg(quote_lexeme(substr(word, place, 2)), ' & ')
            from generate_series(1, greatest(char_length(word) - 1, 1)) place
        ) || case when char_length(word) = 1 then ':*' else '' end;
    end if;
    return quote_lexeme(word);
end
$$;

-- The same, or else a word that begins so: the shortest of those that come first. That costs less
-- than to let the index collect every name with any such word.
create function beginning_query(typed text) returns text
language plpgsql stable strict parallel safe
set enable_seqscan = off set enable_sort = off set plan_cache_mode = force_generic_plan as $$
declare
    beyond constant text := typed || U&'\+10FFFF';
begin
    if is_unspaced(typed) or char_length(typed) not between 3 and 40 then
        return word_query(typed);
    end if;
    return concat_ws(' | ', quote_lexeme(typed), (
        select string_agg(quote_lexeme(longer.word), ' | ')
        from (
            select near.word from (
                select word from name_words where word ~>~ typed and word ~<~ beyond
                order by word using ~<~ limit 200
            ) near
            order by char_length(near.word), near.word limit 20
        ) longer
    ));
end
$$;

-- The same, or else a word that one slip of the finger makes of it, or two that it is made of.
create function forgiving_query(typed text) returns text
language plpgsql stable strict parallel safe
set enable_seqscan = off set enable_sort = off set plan_cache_mode = force_generic_plan as $$
declare
    keys_1 constant bigint[] := keys_around(typed, 1);
    keys_2 constant bigint[] := keys_around(typed, 2);
    keys_3 constant bigint[] := keys_around(typed, 3);
begin
    if is_unspaced(typed) or char_length(typed) not between 3 and 40 then
        return word_query(typed);
    end if;
    return concat_ws(' | ', beginning_query(typed), (
        select string_agg(quote_lexeme(near.word), ' | ')
        from (
            select distinct w.word from (
                select word from name_words where around_part(word, char_length(word), 1) = any(keys_1)
                union all
                select word from name_words where around_part(word, char_length(word), 2) = any(keys_2)
                union all
                select word from name_words where around_part(word, char_length(word), 3) = any(keys_3)
            ) w
            where slips(w.word, typed) = 1
            limit 40
        ) near
    ), (
        select string_agg('(' || quote_lexeme(left(typed, cut)) || ' & '
                          || quote_lexeme(substr(typed, cut + 1)) || ')', ' | ')
        from generate_series(2, char_length(typed) - 2) cut
        where exists (select from name_words where word = left(typed, cut))
          and exists (select from name_words where word = substr(typed, cut + 1))
    ));
end
$$;

create type found_name as (
    artist_id uuid, name text, search_key text, core text,
    reason text, tier integer, distance integer, misplaced integer, doubt integer
);

-- The names that somebody may mean who has typed this (a key), best first: as they are, then those
-- that begin so, then by slips of the finger, then by how many people block the artist. A few
-- hundred names are looked at at most, however many there are.
create function find_names(typed text, wanted integer)
returns table (artist_id uuid, name text, reason text)
language plpgsql stable parallel safe rows 20
set enable_seqscan = off set enable_sort = off set plan_cache_mode = force_generic_plan as $$
declare
    typed_core constant text := name_core(typed);
    size constant integer := char_length(typed_core);
    beyond constant text := typed || U&'\+10FFFF';
    core_beyond constant text := typed_core || U&'\+10FFFF';
    enough constant integer := 20 + 4 * wanted;
    together constant text := replace(typed, ' ', '');
    most integer;
    cores text[] := '{}';
    keys_1 bigint[] := '{}';
    keys_2 bigint[] := '{}';
    keys_3 bigint[] := '{}';
    word text;
    words text[];
    query tsquery;
    hits found_name[] := '{}';
    more found_name[];
    artists integer;
    is_whole boolean;
begin
    with candidates as (
        (select n.artist_id, n.name, n.search_key, n.core from artist_names n
         where n.search_key = typed limit enough)
        union all
        (select n.artist_id, n.name, n.search_key, n.core from artist_names n
         where n.core = typed_core limit enough)
        union all
        (select n.artist_id, n.name, n.search_key, n.core from artist_names n
         where n.search_key ~>~ typed and n.search_key ~<~ beyond
         order by n.search_key using ~<~ limit enough)
        union all
        (select n.artist_id, n.name, n.search_key, n.core from artist_names n
         where n.core ~>~ typed_core and n.core ~<~ core_beyond
         order by n.core using ~<~ limit enough)
        union all  -- a letter is missing at the end
        (select n.artist_id, n.name, n.search_key, n.core from artist_names n
         where around_part(n.core, char_length(n.core), 3) = around_part(typed_core, size + 1, 3)
           and starts_with(n.core, typed_core) limit enough)
        union all
        (select p.artist_id, p.name, p.search_key, p.core from popular_names p
         where left(p.core, 1) = typed_core order by p.popularity desc limit enough)
        union all
        (select p.artist_id, p.name, p.search_key, p.core from popular_names p
         where left(p.core, 2) = typed_core order by p.popularity desc limit enough)
        union all
        (select p.artist_id, p.name, p.search_key, p.core from popular_names p
         where left(p.core, 3) = typed_core order by p.popularity desc limit enough)
        union all
        (select p.artist_id, p.name, p.search_key, p.core from popular_names p
         where size > 3 and p.core ~>=~ typed_core and p.core ~<~ core_beyond limit enough)
    ), measured as (
        select c.*, case when c.search_key = typed then 0
                         when c.core = typed_core then 1
                         else 2 end as tier
        from candidates c
    )
    select array_agg((m.artist_id, m.name, m.search_key, m.core,
                      case when m.tier < 2 then 'exact' else 'prefix' end, m.tier,
                      greatest(least(char_length(m.core) - size, 2), 0), 0, 1)::found_name),
           count(distinct m.artist_id), coalesce(min(m.tier) < 2, false)
    into hits, artists, is_whole
    from measured m;

    if artists < wanted and size < 250 then
        -- Around a part of a short name there are many, none of them likelier than the others; and
        -- who has something to choose from already is shown a few.
        most := case when artists > 0 then 200 when size < 6 then 400 else 800 end;
        keys_1 := keys_around(typed_core, 1);
        keys_2 := keys_around(typed_core, 2);
        keys_3 := keys_around(typed_core, 3);
        for length in 2..4 loop  -- the slip may be in the very "the" that a core is without
            if size > length and slips(left(together, length), 'the') <= 1 then
                cores := cores || substr(together, length + 1);
            end if;
        end loop;
        foreach word in array string_to_array(typed, ' ') loop  -- or in an "and"
            if char_length(word) between 2 and 4 and slips(word, 'and') = 1 then
                cores := cores || name_core(replace(typed, ' ' || word || ' ', ' '));
            end if;
        end loop;
        with candidates as (
            (select n.artist_id, n.name, n.search_key, n.core from artist_names n
             where n.core = any(cores) limit enough)
            union all
            (select n.artist_id, n.name, n.search_key, n.core from artist_names n
             where around_part(n.core, char_length(n.core), 1) = any(keys_1) limit most)
            union all
            (select n.artist_id, n.name, n.search_key, n.core from artist_names n
             where around_part(n.core, char_length(n.core), 2) = any(keys_2) limit most)
            union all
            (select n.artist_id, n.name, n.search_key, n.core from artist_names n
             where around_part(n.core, char_length(n.core), 3) = any(keys_3) limit most)
        ), measured as (
            select c.*, case when c.core = any(cores) then 1
                             when char_length(c.core) > 255 then 3
                             else levenshtein_less_equal(c.core, typed_core, 2) end as edits
            from candidates c
            where not starts_with(c.core, typed_core)
        ), near as (
            select m.*, case
                when m.edits < 2 then m.edits
                when m.edits = 2 and char_length(m.core) = size and translate(m.core, typed_core, '') = ''
                then slips(m.core, typed_core)
                else m.edits
            end as distance
            from measured m
        )
        select array_agg((m.artist_id, m.name, m.search_key, m.core, 'typo', 3, m.distance,
                          -- spaces that are elsewhere
                          case when char_length(m.search_key) < 250 and char_length(typed) < 250
                              then greatest(levenshtein_less_equal(m.search_key, typed, 3) - m.edits, 0)
                              else 3 end,
                          -- a letter that nobody typed, or another than that, is likelier by chance
                          case when char_length(m.core) < size or m.edits = 2 then 0 else 1 end
                         )::found_name),
               artists + count(distinct m.artist_id)
        into more, artists
        from near m
        where m.distance = 1 or m.distance = 2 and size > 7;
        hits := hits || more;
    end if;

    words := array(
        select each.word from (
            select w as word, max(place) as place
            from unnest(string_to_array(typed, ' ')) with ordinality u (w, place)
            where w not in ('the', 'and') or typed in ('the', 'and')
            group by w order by max(char_length(w)) desc, w limit 8
        ) each order by each.place
    );
    for attempt in 1..3 loop
        exit when artists >= wanted or attempt > 1 and artists > 0 or cardinality(words) = 0;
        query := array_to_string(array(
            select '(' || case
                when attempt = 3 then forgiving_query(w)
                when attempt = 2 or place = cardinality(words) and not is_whole
                    then beginning_query(w)
                else word_query(w)
            end || ')' from unnest(words) with ordinality u (w, place)
        ), ' & ');
        with named as materialized (  -- by itself, so that the limit does not talk the planner into
            select n.artist_id, n.name, n.search_key, n.core  -- reading names until enough fit
            from artist_names n where name_lexemes(n.search_key) @@ query
        )
        select array_agg((w.artist_id, w.name, w.search_key, w.core,
                          case when attempt = 3 then 'typo' else 'words' end, 3,
                          case when attempt < 3 and char_length(w.core) = size then 0 else 2 end,
                          least(abs(char_length(w.search_key) - char_length(typed)), 3),
                          1)::found_name),
               artists + count(distinct w.artist_id)
        into more, artists
        from (select * from named limit 200) w
        where not exists (
            select from unnest(words) part
            where is_unspaced(part) and position(part in w.search_key) = 0
        );
        hits := hits || more;
    end loop;

    return query
    select b.artist_id, b.name, b.reason from (
        select distinct on (h.artist_id) h.*
        from unnest(hits) h
        order by h.artist_id, h.tier, h.distance, h.misplaced, char_length(h.core), h.search_key, h.name
    ) b
    left join lateral (
        select p.popularity from popular_names p where p.artist_id = b.artist_id limit 1
    ) p on true
    order by b.tier, b.distance, b.misplaced, coalesce(p.popularity, 0) desc, b.doubt,
             case when b.tier > 1 then row_number() over (partition by b.search_key) end,
             char_length(b.core), b.search_key, b.artist_id
    limit wanted;
end
$$;
