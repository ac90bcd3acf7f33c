"""Where each table would live on a PostgreSQL that is distributed by user, and what keeps it away.

The rules are Citus's: a table is *distributed* by a column, a *reference* table that every node
has whole, or *local* to the coordinator. Every unique key of a distributed table has its column;
a foreign key leads to a reference table, or, with both columns in it, to a table distributed
alike; one between a local and a distributed table cannot be. (Citus documentation, "Creating and
Modifying Distributed Objects", "Table Co-Location".)
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import psycopg


class Place(StrEnum):
    """Where the rows of a table are."""

    BY_USER = "distributed by user_id"
    EVERYWHERE = "reference"
    COORDINATOR = "local"


# Lists are what grows with people, and each is one person's. Accounts stay on the coordinator,
# and ``users``, which everything leads to, is on every node.
PLACES = {
    **dict.fromkeys(
        (
            "user_artist_blocks", "user_exceptions", "user_list_counts", "user_lists",
            "user_tracks",
        ),
        Place.BY_USER,
    ),
    **dict.fromkeys(
        (
            "artists", "artist_names", "artist_external_ids", "artist_redirects",
            "catalog_sources", "users",
        ),
        Place.EVERYWHERE,
    ),
    **dict.fromkeys(
        (
            "account_deletions", "admin_codes", "api_tokens", "artist_merge_entries",
            "artist_merge_exceptions", "artist_merges", "audit_chain", "audit_log",
            "bulk_change_entries", "bulk_changes", "catalog_imports", "contested_external_ids",
            "erased_users", "kept_answers", "name_words", "one_time_links", "outbox",
            "outgoing_mails", "passkey_challenges", "password_failures",
            "password_reset_requests", "popular_names", "recovery_codes", "refresh_tokens",
            "schema_migrations", "sign_in_attempts", "staged_artists", "staged_ended_links",
            "staged_ids", "staged_links", "staged_names", "staged_types", "staged_urls",
            "user_identities", "user_passkeys", "user_sessions", "user_totp",
        ),
        Place.COORDINATOR,
    ),
}  # fmt: skip

_TABLES = """
select relname from pg_class
where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace order by relname
"""
_COLUMNS = """
select array_agg(attname::text) from pg_attribute
where attrelid = %s::regclass and attnum > 0 and not attisdropped
"""
_UNIQUE = """
select c.relname::text, coalesce(
    (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
     where a.attrelid = i.indrelid and a.attnum = any(i.indkey)), '{}')
from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indrelid = %s::regclass and i.indisunique order by c.relname
"""
_FOREIGN = """
select k.conname::text, t.relname::text,
    (select array_agg(a.attname::text) from pg_attribute a
     where a.attrelid = k.conrelid and a.attnum = any(k.conkey))
from pg_constraint k join pg_class t on t.oid = k.confrelid
where k.conrelid = %s::regclass and k.contype = 'f' order by k.conname
"""


def obstacles(connection: "psycopg.Connection[tuple[Any, ...]]") -> dict[str, list[str]]:
    """What breaks a rule, by table; tables that break none are not in it."""
    tables = [row[0] for row in connection.execute(_TABLES)]
    found = {table: list(_obstacles(connection, table)) for table in tables}
    return {table: reasons for table, reasons in found.items() if reasons}


def _obstacles(connection: "psycopg.Connection[tuple[Any, ...]]", table: str) -> Iterator[str]:
    place = PLACES.get(table)
    if place is None:
        yield "nobody has said where it would be"
        return
    if place is Place.BY_USER:
        if "user_id" not in _asked(connection, _COLUMNS, table)[0][0]:
            yield "it has no user_id"
        for name, key in _asked(connection, _UNIQUE, table):
            if "user_id" not in key:
                yield f"{name} ({', '.join(key)}) lacks user_id"
    for name, target, key in _asked(connection, _FOREIGN, table):
        match place, PLACES.get(target):
            case (Place.BY_USER, Place.BY_USER) if "user_id" not in key:
                yield f"{name} to {target} lacks user_id"
            case (Place.BY_USER, Place.COORDINATOR) | (_, Place.BY_USER) if place != PLACES.get(
                target
            ):
                yield f"{name} leads to {target}, which is elsewhere"
            case (Place.EVERYWHERE, Place.COORDINATOR):
                yield f"{name} leads to {target}, which is elsewhere"


def _asked(
    connection: "psycopg.Connection[tuple[Any, ...]]", query: str, table: str
) -> list[tuple[Any, ...]]:
    return connection.execute(query, [f"public.{table}"]).fetchall()
