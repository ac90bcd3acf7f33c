"""Pages of a list cost the same however long the list is and however large the catalogue.

Plans are looked at and rows are counted: nothing is timed. 100,000 artists are on one list, and
twenty other lists have some of them as well.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from adapters.postgres.list_counts import SUMMARY, TAGS
from adapters.postgres.list_pages import page_statement
from application.blocklists.ports import ListOrder, ListPosition, ListSlice
from domain.blocklists.dnp_entry import SourceKind
from domain.shared.ids import ArtistId, UserId
from tests.builders.blocklists import a_slice
from tests.services import Services, new_database

pytestmark = pytest.mark.slow

ENTRIES = 100_000
LIMIT = 50
START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=30)

_FILL = """
insert into users (id, email, email_key)
select case n when 0 then %(user)s else gen_random_uuid() end, n || '@example.org',
       n || '@example.org' from generate_series(0, 20) n;
insert into artists (id, canonical_name, sort_key, created_at)
select gen_random_uuid(), name, name, %(start)s from (
    select substr(md5((n %% 5003)::text), 1, 6) || ' ' || substr(md5((n * 7)::text), 1, 7) as name
    from generate_series(1, %(entries)s) n
) names;
insert into artist_names (artist_id, name, search_key, source)
select id, canonical_name, sort_key, 'test' from artists;
insert into user_artist_blocks (user_id, artist_id, source, tags, note, note_key, created_at)
select %(user)s, id, case when n %% 20000 = 0 then 'import' else 'own' end,
       case when n %% 20000 = 0 then '{rare}'::text[] when n %% 100 = 0 then '{some,many}'
            when n %% 2 = 0 then '{many}' else '{}' end,
       case when n %% 25000 = 0 then 'zebra' end, case when n %% 25000 = 0 then 'zebra' else '' end,
       %(start)s::timestamptz + n * interval '1 second'
from (select id, row_number() over (order by id) as n from artists) a;
insert into user_artist_blocks (user_id, artist_id, tags, created_at)
select u.id, a.id, '{rare,some}', %(start)s::timestamptz + a.n * interval '1 second'
from users u, (select id, row_number() over (order by sort_key) as n from artists) a
where u.id <> %(user)s and a.n %% 50 = 0;
analyze;
"""


class Long:
    """A list of 100,000 artists, and what it takes to read it."""

    def __init__(self, connection: psycopg.Connection[Any], user_id: UUID) -> None:
        self.connection = connection
        self.user_id = UserId(user_id)

    def explain(self, slice: ListSlice) -> dict[str, Any]:
        """The plan of a page, with what it really read."""
        values: dict[str, object] = {
            "user_id": slice.user_id,
            "now": NOW,
            "fetch": slice.limit + 1,
            "tag": slice.tag,
            "text": f"%{slice.text}%",
            "source": slice.source,
            "source_name": slice.source_name,
        }
        if slice.after is not None:
            values |= {"value": slice.after.value, "artist_id": slice.after.artist_id}
        statement = "explain (analyze, timing off, format json) " + page_statement(slice)
        row = self.connection.execute(statement.encode(), values, prepare=False).fetchone()
        assert row is not None
        plan: dict[str, Any] = row[0][0]["Plan"]
        return plan

    def middle(self, order: ListOrder) -> ListPosition:
        """The position of the entry in the middle of the list."""
        by_time = order in {ListOrder.NEWEST, ListOrder.OLDEST}
        column = "created_at" if by_time else "sort_key"
        row = self.connection.execute(
            f"select {column}, artist_id from user_artist_blocks where user_id = %s "
            f"order by {column}, artist_id offset {ENTRIES // 2} limit 1".encode(),
            [self.user_id],
        ).fetchone()
        assert row is not None
        return ListPosition(value=row[0], artist_id=ArtistId(row[1]))


@pytest.fixture(scope="module")
def long(services: Services, template_url: str) -> Iterator[Long]:
    """One for all tests here; they only read."""
    template, user_id = str(conninfo_to_dict(template_url)["dbname"]), uuid4()
    with new_database(services.database_url, template=template) as url:
        filling = psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor)
        with filling:
            filling.execute(_FILL, {"user": user_id, "start": START, "entries": ENTRIES})
        with psycopg.connect(url, autocommit=True) as connection:
            yield Long(connection, user_id)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every step of a plan."""
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def rows_read(plan: dict[str, Any]) -> float:
    """The most that any step has read, what it threw away included."""
    removed = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    return max(
        float(
            (node["Actual Rows"] + sum(node.get(key, 0) for key in removed)) * node["Actual Loops"]
        )
        for node in nodes(plan)
    )


def scans(plan: dict[str, Any]) -> set[str]:
    """Tables that are read from end to end."""
    return {node["Relation Name"] for node in nodes(plan) if node["Node Type"] == "Seq Scan"}


@pytest.mark.parametrize("order", ListOrder)
@pytest.mark.parametrize("deep", [False, True])
def test_a_page_reads_no_more_rows_than_it_shows(long: Long, order: ListOrder, deep: bool) -> None:
    after = long.middle(order) if deep else None
    plan = long.explain(a_slice(long.user_id, order=order, limit=LIMIT, after=after))
    assert scans(plan) == set()
    assert rows_read(plan) <= 2 * (LIMIT + 1)
    assert plan["Actual Rows"] == LIMIT + 1


@pytest.mark.parametrize("order", ListOrder)
@pytest.mark.parametrize(
    ("tag", "text", "hits"),
    [
        ("rare", None, 5),
        (None, "rare", 5),  # a tag, found by a text
        (None, "zebra", 4),  # a note
        (None, "c4ca42", None),  # a word of some twenty names
        (None, "nowhere at all", 0),
        ("nowhere", None, 0),
        ("some", None, LIMIT + 1),  # one in a hundred
        (None, "some", LIMIT + 1),
        ("many", None, LIMIT + 1),  # every other
        (None, "many", LIMIT + 1),
        ("many", "zebra", 3),
    ],
)
def test_a_filter_reads_a_part_that_does_not_grow_with_the_list(
    long: Long, order: ListOrder, tag: str | None, text: str | None, hits: int | None
) -> None:
    plan = long.explain(a_slice(long.user_id, order=order, limit=LIMIT, tag=tag, text=text))
    assert scans(plan) <= {"user_list_counts"}  # a few dozen rows; a table of one page
    assert rows_read(plan) <= 2_000
    if hits is not None:
        assert plan["Actual Rows"] == hits


@pytest.mark.parametrize("order", ListOrder)
@pytest.mark.parametrize(("source", "hits"), [(SourceKind.IMPORT, 5), (SourceKind.LIST, 0)])
def test_few_entries_of_a_source_are_found_without_reading_the_others(
    long: Long, order: ListOrder, source: SourceKind, hits: int
) -> None:
    plan = long.explain(a_slice(long.user_id, order=order, limit=LIMIT, source=source))
    assert rows_read(plan) <= 2_000
    assert plan["Actual Rows"] == hits


def test_numbers_of_a_list_are_read_and_not_counted(long: Long) -> None:
    for statement in (TAGS, SUMMARY):
        row = long.connection.execute(
            ("explain (analyze, timing off, format json) " + statement).encode(),
            {"user_id": long.user_id, "now": NOW},
        ).fetchone()
        assert row is not None
        assert rows_read(row[0][0]["Plan"]) <= 100
