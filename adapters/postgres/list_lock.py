"""What every change of a list begins with: its lock; and what its limits say in the end."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import psycopg

from adapters.postgres.errors import constraint_of
from adapters.postgres.pool import Connection
from domain.blocklists.errors import ListFullError
from domain.blocklists.limits import (
    MAX_ENTRIES,
    MAX_EXCEPTIONS,
    MAX_TAGS_OF_LIST,
    MAX_TRACKS,
)
from domain.shared.ids import UserId
from domain.shared.search_key import search_key, text_key

# The names of an artist ``a`` as one text, as the triggers of the table keep it.
NAMES_KEY = r"""(
    select coalesce(string_agg(n.search_key, E'\n' order by n.search_key), '')
    from artist_names n where n.artist_id = a.id
)"""

_LIMITS = {
    "user_lists_entries_limit": f"A list has at most {MAX_ENTRIES:,} entries.",
    "user_lists_tags_limit": f"A list has at most {MAX_TAGS_OF_LIST:,} tags.",
    "user_lists_tracks_limit": f"A list has at most {MAX_TRACKS:,} tracks.",
    "user_lists_exceptions_limit": f"There are at most {MAX_EXCEPTIONS:,} exceptions.",
}


@asynccontextmanager
async def locked_list(connection: Connection, user_id: UserId) -> AsyncIterator[None]:
    """A list that nobody else changes until the transaction ends.

    ``ListFullError`` where what is done inside puts too much on it.
    """
    await connection.execute("select from user_lists where user_id = %s for update", [user_id])
    try:
        yield
    except psycopg.errors.CheckViolation as error:
        if (constraint := constraint_of(error)) not in _LIMITS:
            raise
        raise ListFullError(f"{_LIMITS[constraint]} Take something off first.") from error


async def keep_tag_keys(connection: Connection, user_id: UserId, tags: Iterable[str]) -> None:
    """Keep by which key each tag is found; entries that get it are counted by triggers."""
    keys = {tag: search_key(tag) for tag in tags}
    if keys:
        await connection.execute(
            """
            insert into user_list_counts as c (user_id, kind, name, search_key, entries)
            select l.user_id, 'tag', k.tag, k.key, 0
            from user_lists l, unnest(%s::text[], %s::text[]) as k (tag, key)
            where l.user_id = %s order by k.tag
            on conflict (user_id, kind, name) do update set search_key = excluded.search_key
                where c.search_key <> excluded.search_key
            """,
            [list(keys), list(keys.values()), user_id],
        )


def note_key(note: str | None) -> str:
    """By what a note is found."""
    return text_key(note) if note else ""
