"""Who searches: the service's own statement inside PostgreSQL, and tantivy inside the process."""

import time
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from uuid import UUID

import psycopg
import tantivy

from adapters.postgres.catalog import FIND
from benchmarks.names import Name
from domain.catalog.artist_name import search_key

WANTED = 10
_AT_ONCE = 50_000
_POPULAR = """
insert into popular_names (artist_id, name, search_key, core, popularity)
select n.artist_id, n.name, n.search_key, n.core, b.blocked
from unnest(%s::uuid[], %s::integer[]) b (artist_id, blocked)
join artist_names n on n.artist_id = b.artist_id
"""


class Postgres:
    """The statement of the search, timed by the server itself: no client, no network."""

    def __init__(self, database_url: str) -> None:
        self._connection = psycopg.connect(database_url, autocommit=True)
        self._made = 0
        statement = FIND
        for name, value in {
            "key": "typed", "limit": str(WANTED), "aliases": "10", "listener": f"'{UUID(int=7)}'",
        }.items():  # fmt: skip
            statement = statement.replace(f"%({name})s", value)
        self._connection.execute(f"""
            create function pg_temp.timed(typed text, out names text[], out microseconds float)
            language plpgsql as $$
            declare
                since timestamptz := clock_timestamp();
            begin
                names := array(select found.name from ({statement}) found (reason, name));
                microseconds := 1e6 * extract(epoch from clock_timestamp() - since);
            end $$
        """)

    def take_in(self, artists: Iterable[Name]) -> float:
        """Load further artists, with every index in place; the seconds that PostgreSQL took."""
        seconds = 0.0
        remaining = iter(artists)
        while batch := list(islice(remaining, _AT_ONCE)):
            rows = [(UUID(int=self._made + place), artist) for place, artist in enumerate(batch, 1)]
            self._made += len(rows)
            seconds += self._load(rows)
        since = time.perf_counter()
        for table in ("artists", "artist_names", "name_words", "popular_names"):
            self._connection.execute(f"vacuum analyze {table}")
        return seconds + time.perf_counter() - since

    def _load(self, rows: Sequence[tuple[UUID, Name]]) -> float:
        artists = [(key, artist.name, search_key(artist.name)) for key, artist in rows]
        names = [
            (key, name, search_key(name), "bench")
            for key, artist in rows
            for name in {artist.name, *artist.aliases}
        ]
        since = time.perf_counter()
        with self._connection.transaction():
            self._copy("artists (id, canonical_name, sort_key)", artists)
            self._copy("artist_names (artist_id, name, search_key, source)", names)
            blocked = {key: artist.blocked for key, artist in rows if artist.blocked}
            self._connection.execute(_POPULAR, [list(blocked), list(blocked.values())])
        return time.perf_counter() - since

    def _copy(self, into: str, rows: Sequence[tuple[object, ...]]) -> None:
        statement = f"copy {into} from stdin"
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def search(self, key: str) -> tuple[list[str], float]:
        """The names of the hits, and the milliseconds inside the database."""
        found = self._connection.execute("select * from pg_temp.timed(%s)", [key]).fetchone()
        assert found is not None
        return found[0], found[1] / 1000

    def processor_seconds(self) -> float:
        """What its process has had of a processor so far; other load does not add to it."""
        stat = Path(f"/proc/{self._connection.info.backend_pid}/schedstat")
        return int(stat.read_text("ascii").split()[0]) / 1e9 if stat.exists() else 0.0

    def one(self, query: str) -> str:
        """A single value."""
        row = self._connection.execute(query).fetchone()
        assert row is not None
        return str(row[0])


class Tantivy:
    """The embedded engine on the same keys: every word within one letter, nearer ones higher."""

    def __init__(self, folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("name", stored=True, tokenizer_name="raw")
        builder.add_text_field("words", stored=False)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(folder))

    def take_in(self, artists: Iterable[Name]) -> float:
        """Index them; the seconds that it took, those of making the names included."""
        since = time.perf_counter()
        writer = self._index.writer(heap_size=512 << 20)
        for artist in artists:
            for name in {artist.name, *artist.aliases}:
                writer.add_document(tantivy.Document(name=[name], words=[search_key(name)]))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        return time.perf_counter() - since

    def search(self, key: str) -> tuple[list[str], float]:
        """The names of the hits, and the milliseconds inside the process."""
        since = time.perf_counter()
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, self._word(word)) for word in key.split()]
        )
        found = self._searcher.search(query, WANTED).hits
        names = [self._searcher.doc(address)["name"][0] for _, address in found]
        return names, 1000 * (time.perf_counter() - since)

    def _word(self, word: str) -> tantivy.Query:
        exact = tantivy.Query.term_query(self._schema, "words", word)
        fuzzy = tantivy.Query.fuzzy_term_query(self._schema, "words", word, 1, True)
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, exact), (tantivy.Occur.Should, fuzzy)]
        )
