"""Spans of statements: their text and how they went, and nothing of what was in them."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from psycopg import sql

from adapters.postgres.pool import Pool, create_pool, fetch_all, shared_transaction

pytestmark = pytest.mark.anyio

CANARY = "ada@example.org"


class Traced:
    """A pool, and the spans of what is done on it."""

    def __init__(self, pool: Pool, exporter: InMemorySpanExporter) -> None:
        self.pool = pool
        self._exporter = exporter

    def spans(self) -> list[ReadableSpan]:
        """Those that have ended, without the ones of opening connections."""
        return list(self._exporter.get_finished_spans())


@pytest.fixture
async def traced(database_url: str) -> AsyncIterator[Traced]:
    """A pool whose statements are traced."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    pool = create_pool(database_url, 2, provider.get_tracer("x"))
    await pool.open()
    yield Traced(pool, exporter)
    await pool.close()


async def test_a_statement_is_a_span_with_places_for_values(traced: Traced) -> None:
    query = "select %(email)s::text,\n    1::int8"
    for prepare in (None, True, False):
        rows = await fetch_all(traced.pool, query, {"email": CANARY}, prepare=prepare)
        assert rows == [(CANARY, 1)]
    for span in traced.spans():
        assert span.name == "SELECT"
        assert dict(span.attributes or {}) == {
            "db.system.name": "postgresql",
            "db.operation.name": "SELECT",
            "db.query.text": "select %(email)s::text, 1::int8",
        }
        assert CANARY not in span.to_json()
    assert len(traced.spans()) == 3


async def test_what_an_error_says_is_not_told(traced: Traced) -> None:
    insert = sql.SQL("insert into {} values (%s)").format(sql.Identifier("people"))
    async with traced.pool.connection() as connection:
        await connection.execute("create temp table people (email text unique)")
        await connection.execute(insert, [CANARY])
        with pytest.raises(psycopg.errors.UniqueViolation) as refused:
            await connection.execute(insert, [CANARY])
    assert CANARY in str(refused.value)
    *_, failed = traced.spans()
    assert failed.name == "INSERT"
    assert not failed.status.is_ok
    assert (failed.attributes or {})["error.type"] == "23505"
    assert not any(CANARY in span.to_json() for span in traced.spans())


async def test_a_cursor_of_the_server_still_reads_in_batches(traced: Traced) -> None:
    async with (
        shared_transaction(traced.pool) as connection,
        connection.cursor("numbers", binary=True) as cursor,
    ):
        await cursor.execute("select generate_series(1, 10)")
        assert await cursor.fetchmany(3) == [(1,), (2,), (3,)]
