"""A first few artists for a catalogue that has none, so that there is something to find."""

from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

import psycopg

from domain.catalog.artist_name import search_key


def load_sample(database_url: str, names: Iterable[str]) -> int:
    """Put ``names`` into an empty catalogue; how many were put there.

    Their ids are derived from the names, so that every installation has the same ones.
    """
    rows = [
        (uuid5(NAMESPACE_URL, f"urn:nodrake:sample:{name}"), name, search_key(name))
        for name in names
        if name.strip()
    ]
    with psycopg.connect(database_url, connect_timeout=5) as connection:
        found = connection.execute("select exists (select from artists)").fetchone()
        if found is not None and found[0]:
            return 0
        cursor = connection.cursor()
        cursor.executemany(
            "insert into artists (id, canonical_name, sort_key, source) "
            "values (%s, %s, %s, 'sample') on conflict do nothing",
            rows,
        )
        cursor.executemany(
            "insert into artist_names (artist_id, name, search_key, source) "
            "values (%s, %s, %s, 'sample') on conflict do nothing",
            rows,
        )
    return len(rows)
