"""Connections to PostgreSQL: how many, how long anything may take, how values travel."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg
from opentelemetry.trace import Tracer
from psycopg import AsyncConnection
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool

from adapters.postgres.errors import translated_errors
from adapters.postgres.traced import traced_cursors

Connection = AsyncConnection[tuple[Any, ...]]
Pool = AsyncConnectionPool[Connection]

# Every bound is explicit: the driver's own defaults wait for ever.
CONNECT_TIMEOUT_SECONDS = 3
POOL_TIMEOUT_SECONDS = 1.0
_SESSION = (
    "-c statement_timeout=10000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=15000 "
    "-c synchronous_commit=on"
)


class _ConnectionLostError(psycopg.OperationalError):
    """The connection is gone, whatever was asked of it; what the server refused stands."""


def create_pool(database_url: str, size: int, tracer: Tracer | None = None) -> Pool:
    """A pool of up to ``size`` connections; it opens none before ``open`` is awaited.

    Where there is a ``tracer``, every statement becomes a span of it.
    """
    return AsyncConnectionPool(
        database_url,
        connection_class=AsyncConnection[tuple[Any, ...]],
        min_size=min(2, size),
        max_size=size,
        timeout=POOL_TIMEOUT_SECONDS,
        max_waiting=200,
        reconnect_timeout=10,
        open=False,
        configure=_configure,
        kwargs={
            "autocommit": True,
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "application_name": "nodrake",
            "options": _SESSION,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
            "prepare_threshold": 1,
            **({} if tracer is None else {"cursor_factory": traced_cursors(tracer)}),
        },
    )


async def _configure(connection: Connection) -> None:
    set_json_loads(msgspec.json.decode, connection)
    set_json_dumps(msgspec.json.encode, connection)


@dataclass(slots=True)
class _Shared:
    """A transaction that other work of the same task is part of, while it is open."""

    pool: Pool
    connection: Connection
    task: "asyncio.Task[Any] | None"
    is_open: bool = True


_shared: ContextVar[_Shared | None] = ContextVar("shared_transaction", default=None)


@asynccontextmanager
async def shared_transaction(pool: Pool) -> AsyncIterator[Connection]:
    """A transaction that all writes and reads of this task on ``pool`` join, until it ends."""
    async with pool.connection() as connection, connection.transaction():
        shared = _Shared(pool, connection, asyncio.current_task())
        token = _shared.set(shared)
        try:
            yield connection
        finally:
            shared.is_open = False
            _shared.reset(token)


@asynccontextmanager
async def connection_of(pool: Pool) -> AsyncIterator[Connection]:
    """The connection of the transaction that is shared in this task, or one of the pool."""
    shared = _shared.get()
    if shared is None or shared.pool is not pool or not shared.is_open:
        async with pool.connection() as connection:
            yield connection
    elif shared.task is asyncio.current_task():
        yield shared.connection
    else:  # committed by itself, it would outlive a transaction that is rolled back
        raise RuntimeError("a shared transaction belongs to the task that has opened it")


def _joined(pool: Pool) -> Connection | None:
    shared = _shared.get()
    if shared is None or shared.pool is not pool or not shared.is_open:
        return None
    return shared.connection if shared.task is asyncio.current_task() else None


async def fetch_all(
    pool: Pool, query: str, parameters: dict[str, object], *, prepare: bool | None = None
) -> list[tuple[Any, ...]]:
    """The rows of one reading statement; run once more if its connection had died meanwhile.

    Inside a shared transaction it sees what that has written, and is run once. Without
    ``prepare`` it is planned each time, for the parameters that it has.
    """
    with translated_errors():
        if (connection := _joined(pool)) is not None:
            return await _fetch_on(connection, query, parameters, prepare)
        try:
            return await _fetch_all(pool, query, parameters, prepare)
        except _ConnectionLostError:
            # A restart of the server closes every pooled connection, and each says so only when
            # it is used: the others are looked at first, or the second try would meet one more.
            await pool.check()
            return await _fetch_all(pool, query, parameters, prepare)


async def _fetch_all(
    pool: Pool, query: str, parameters: dict[str, object], prepare: bool | None
) -> list[tuple[Any, ...]]:
    async with pool.connection() as connection:
        try:
            return await _fetch_on(connection, query, parameters, prepare)
        except psycopg.OperationalError as error:
            if connection.closed:
                raise _ConnectionLostError(*error.args) from error
            raise


async def _fetch_on(
    connection: Connection, query: str, parameters: dict[str, object], prepare: bool | None
) -> list[tuple[Any, ...]]:
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(query, parameters, prepare=prepare)
        return await cursor.fetchall()


@asynccontextmanager
async def snapshot(pool: Pool) -> AsyncIterator[Connection]:
    """A connection inside a read-only transaction that sees the data of one moment."""
    with translated_errors():
        async with pool.connection() as connection, connection.transaction():
            await connection.execute("set transaction isolation level repeatable read, read only")
            yield connection
