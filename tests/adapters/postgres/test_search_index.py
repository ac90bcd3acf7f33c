"""What searches read: never a whole table, little whatever is typed, and in step with names."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from adapters.postgres.catalog import FIND
from benchmarks.names import names
from benchmarks.queries import queries
from domain.catalog.artist_name import search_key
from tests.fakes.catalog import name_core, slips
from tests.services import Services, new_database

ARTISTS = 20_000
LISTENER = UUID(int=7)
TABLES = ["artists", "artist_names", "name_words", "popular_names", "user_artist_blocks"]
HOSTILE = [
    "a " * 127,
    "an le " * 42,
    " ".join("abcdefghijklmnopqrstuvwxyz" * 4),
    "x" * 255,
    "the " * 63,
    "and " * 63,
    " ".join(f"an{index}" for index in range(60)),
    "東" * 255,
    "東 京 " * 60,
    "a",
    "the",
    "an",
    "\ufdfa" * 255,
    "%_" * 100,
    "otto",
    "ott",
    "otte",
    "the otto band",
]
Connection = psycopg.Connection[tuple[Any, ...]]


def take_in(connection: Connection, taken: Iterable[str]) -> None:
    """Artists with one name each."""
    rows = [(uuid4(), name, search_key(name)) for name in taken]
    with connection.cursor() as cursor:
        with cursor.copy("copy artists (id, canonical_name, sort_key) from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        with cursor.copy("copy artist_names (artist_id, name, search_key, source) from stdin") as c:
            for row in rows:
                c.write_row((*row, "test"))


def find(connection: Connection, text: str) -> list[str]:
    """The names by which ten artists are found."""
    rows = connection.execute(
        FIND, {"key": search_key(text), "limit": 10, "listener": LISTENER, "aliases": 10}
    ).fetchall()
    return [row[1] for row in rows]


@pytest.fixture(scope="module")
def filled(services: Services, template_url: str) -> Iterator[Connection]:
    """A catalogue of twenty thousand."""
    template = str(conninfo_to_dict(template_url)["dbname"])
    with (
        new_database(services.database_url, template=template) as url,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        take_in(connection, [artist.name for artist in names(ARTISTS)])
        take_in(connection, ["Otto"] * 5_000)
        connection.execute(
            "insert into users (id, email, email_key, password_hash) "
            "values (%s, 'ada@example.org', 'ada@example.org', 'none')",
            [LISTENER],
        )
        connection.execute(
            "insert into user_artist_blocks (user_id, artist_id) select %s, id from artists",
            [LISTENER],
        )
        for table in TABLES:
            connection.execute(f"vacuum analyze {table}")
        yield connection


@pytest.fixture
def empty(make_database: Callable[[], str]) -> Iterator[Connection]:
    """A catalogue of one's own."""
    with psycopg.connect(make_database(), autocommit=True) as connection:
        yield connection


def read(connection: Connection, text: str) -> tuple[int, int]:
    """Tables that a search has read as a whole, and rows that it has fetched by an index."""
    with connection.transaction():  # what came before may still be counted along
        scans_before, rows_before = counted(connection)
        find(connection, text)
        scans, rows = counted(connection)
    return scans - scans_before, rows - rows_before


def counted(connection: Connection) -> tuple[int, int]:
    """PostgreSQL's own counters."""
    row = connection.execute(
        "select coalesce(sum(seq_scan), 0), coalesce(sum(idx_tup_fetch), 0) "
        "from pg_stat_xact_user_tables where relname = any(%s)",
        [TABLES],
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def test_no_table_is_read_as_a_whole(filled: Connection) -> None:
    asked = queries([artist.name for artist in names(ARTISTS)], 25)
    for text in [query.text for query in asked] + HOSTILE:
        scans, _ = read(filled, text)
        assert scans == 0, text


def test_little_is_read_whatever_is_typed(filled: Connection) -> None:
    for text in HOSTILE:
        _, rows = read(filled, text)
        assert rows < 2_000, text


def test_words_follow_names_that_come_and_change(empty: Connection) -> None:
    take_in(empty, ["Quiet Otters", "Quiet Ravens"])
    empty.execute(
        "update artist_names set name = 'Quiet Herons', search_key = 'quiet herons' "
        "where name = 'Quiet Ravens'"
    )
    words = [row[0] for row in empty.execute("select word from name_words order by word")]
    assert words == ["herons", "otters", "quiet", "ravens"]
    assert find(empty, "hreons qiuet") == ["Quiet Herons"]
    empty.execute("delete from artists where canonical_name = 'Quiet Otters'")
    assert find(empty, "otters") == []


def test_imports_of_the_same_new_words_do_not_wait_for_one_another(
    make_database: Callable[[], str],
) -> None:
    url, words = make_database(), ("Otters", "Ravens", "Herons")
    taken = threading.Barrier(len(words), timeout=20)
    problems: list[Exception] = []

    def run(number: int) -> None:
        try:
            with psycopg.connect(url, options="-c lock_timeout=5000") as connection:
                take_in(connection, [words[number]])
                taken.wait()
                take_in(connection, [words[(number + 1) % len(words)]])
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(words))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with psycopg.connect(url) as connection:
        assert len(find(connection, "otetrs")) == 2


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(alphabet="the and&東가あ%_\\()xy", max_size=30), st.text(alphabet="abc the", max_size=9)
)
def test_the_database_folds_and_compares_as_the_rules_say(
    filled: Connection, name: str, other: str
) -> None:
    key, typed = search_key(name), search_key(other)
    row = filled.execute(
        "select name_core(%s), least(slips(name_core(%s), %s), 3)", [key, key, typed]
    ).fetchone()
    assert row == (name_core(key), min(slips(name_core(key), typed), 3))
