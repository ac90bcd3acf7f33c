"""What holds in every database of the service at any time, whatever has happened to it."""

from typing import Any

import psycopg

# Each finds rows that must not be; a row is shown in the complaint.
_NEVER = {
    "a session has two unused refresh tokens": """
        select session_id, count(*) from refresh_tokens where used_at is null
        group by session_id having count(*) > 1
    """,
    "two refresh tokens have one successor": """
        select successor_hash, count(*) from refresh_tokens where successor_hash is not null
        group by successor_hash having count(*) > 1
    """,
    "a family of refresh tokens has two beginnings": """
        select t.session_id, count(*) from refresh_tokens t
        where not exists (select from refresh_tokens p where p.successor_hash = t.token_hash)
        group by t.session_id having count(*) > 1
    """,
    "a used refresh token has no successor": """
        select t.session_id from refresh_tokens t
        where t.successor_hash is not null
          and not exists (select from refresh_tokens n where n.token_hash = t.successor_hash)
    """,
    "an event has no audit record": """
        select o.type, o.id from outbox o left join audit_log a on a.id = o.id where a.id is null
    """,
    "a change of a list has no event in the outbox": """
        select a.action, a.id from audit_log a left join outbox o on o.id = a.id
        where o.id is null and a.action like 'blocklists.%' and a.outcome = 'success'
          and a.user_id in (select id from users)  -- events of erased people are erased
    """,
    "a list's number of entries is wrong": """
        select l.user_id, l.entries, count(b.artist_id) from user_lists l
        left join user_artist_blocks b on b.user_id = l.user_id
        group by l.user_id, l.entries having l.entries <> count(b.artist_id)
    """,
    "a list's number of tags is wrong": """
        select l.user_id, l.tags, count(c.name) from user_lists l
        left join user_list_counts c on c.user_id = l.user_id and c.kind = 'tag'
        group by l.user_id, l.tags having l.tags <> count(c.name)
    """,
    "a tag is counted wrongly": """
        select * from (
            select user_id, tag, count(*)::int as n from user_artist_blocks, unnest(tags) tag
            group by 1, 2
        ) there full join (
            select user_id, name as tag, entries from user_list_counts where kind = 'tag'
        ) counted using (user_id, tag) where n is distinct from entries
    """,
    "a source is counted wrongly": """
        select * from (
            select user_id, source, coalesce(source_name, '') as name, count(*)::int as n
            from user_artist_blocks group by 1, 2, 3
        ) there full join (
            select user_id, kind as source, name, entries from user_list_counts
            where kind <> 'tag'
        ) counted using (user_id, source, name) where n is distinct from entries
    """,
    "a list's number of tracks or exceptions is wrong": """
        select l.user_id from user_lists l
        where l.tracks <> (select count(*) from user_tracks t where t.user_id = l.user_id)
           or l.exceptions <> (select count(*) from user_exceptions e where e.user_id = l.user_id)
    """,
    "somebody has no list": """
        select id from users u
        where not exists (select from user_lists l where l.user_id = u.id)
    """,
    "places in the audit chain have gaps": """
        select max(chain_position), count(chain_position) from audit_log
        where chain_position is not null
        having max(chain_position) - min(chain_position) + 1 <> count(chain_position)
    """,
    "an index is invalid": """
        select indexrelid::regclass from pg_index where not indisvalid or not indisready
    """,
    "a constraint is not validated": """
        select conrelid::regclass, conname from pg_constraint where not convalidated
    """,
    "a transaction is prepared and forgotten": "select gid from pg_prepared_xacts",
    "a transaction is idle for more than five seconds": """
        select pid, query from pg_stat_activity
        where datname = current_database() and state like 'idle in transaction%'
          and now() - state_change > interval '5 seconds'
    """,
}


def invariant_complaints(database_url: str) -> list[str]:
    """Every rule that does not hold, with the first rows that break it."""
    with psycopg.connect(database_url) as connection:
        return [
            f"{what}: {rows[:3]}"
            for what, query in _NEVER.items()
            if (rows := connection.execute(query).fetchall())
        ] + _sequence_complaints(connection)


def _sequence_complaints(connection: "psycopg.Connection[Any]") -> list[str]:
    columns = connection.execute(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'public' and is_identity = 'YES'"
    ).fetchall()
    found = []
    for table, column in columns:
        row = connection.execute(
            f"select coalesce(max({column}), 0), "
            f"coalesce(pg_sequence_last_value(pg_get_serial_sequence('{table}', '{column}')), 0) "
            f"from {table}"
        ).fetchone()
        if row is not None and row[0] > row[1]:
            found.append(f"the sequence of {table}.{column} is at {row[1]}, used was {row[0]}")
    return found
