"""Connections to PostgreSQL: how many, how long anything may take, how values travel."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Self, TypeVar

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
T = TypeVar("T")

# Every bound is explicit: the driver's own defaults wait for ever.
CONNECT_TIMEOUT_SECONDS = 3
POOL_TIMEOUT_SECONDS = 1.0
SESSION = {
    "statement_timeout": "10s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "15s",
    "synchronous_commit": "on",
}


class _ConnectionLostError(psycopg.OperationalError):
    """The connection is gone, whatever was asked of it; what the server refused stands."""


class ClosingConnection(AsyncConnection[tuple[Any, ...]]):
    """A connection of the pool; one that is given up while it is being made is closed at once.

    The driver leaves it to whatever the exception refers to, so that after a minute of silence a
    server had dozens of connections that nobody used.
    """

    @classmethod
    async def connect(cls, conninfo: str = "", **options: Any) -> Self:
        """As the driver does it."""
        try:
            return await super().connect(conninfo, **options)
        except psycopg.Error as error:
            cause: BaseException | None = error
            while cause is not None:
                traceback.clear_frames(cause.__traceback__)
                cause = cause.__context__
            raise


_urgent: ContextVar[bool] = ContextVar("urgent", default=False)


@contextmanager
def urgent() -> Iterator[None]:
    """What is asked for in this block may use the connections that are kept for it.

    For what is short and must go on when everything else waits: who somebody is, and health.
    """
    token = _urgent.set(True)
    try:
        yield
    finally:
        _urgent.reset(token)


class _ReservingPool(AsyncConnectionPool[Connection]):
    """A pool with a few connections apart, which nothing but urgent work is given."""

    def __init__(self, *arguments: Any, reserve: Pool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._reserve = reserve

    @asynccontextmanager
    async def connection(self, timeout: float | None = None) -> AsyncIterator[Connection]:
        taken = self._reserve.connection if _urgent.get() else super().connection
        async with taken(timeout) as connection:
            yield connection

    async def open(self, wait: bool = False, timeout: float = 30.0) -> None:
        await super().open(wait, timeout)
        await self._reserve.open(wait, timeout)

    async def close(self, timeout: float = 5.0) -> None:
        await super().close(timeout)
        await self._reserve.close(timeout)

    async def check(self) -> None:
        await (self._reserve.check() if _urgent.get() else super().check())

    def get_stats(self) -> dict[str, int]:
        ours, theirs = super().get_stats(), self._reserve.get_stats()
        return {name: ours.get(name, 0) + theirs.get(name, 0) for name in ours | theirs}


def create_pool(
    database_url: str, size: int, *, behind_pooler: bool = False, tracer: Tracer | None = None
) -> Pool:
    """A pool of up to ``size`` connections; it opens none before ``open`` is awaited.

    Of four or more, a quarter is for what is ``urgent``. Where there is a ``tracer``, every
    statement becomes a span of it.

    ``behind_pooler``: the address is that of a pooler which gives each transaction another
    session of the server (PgBouncer in transaction mode). Nothing is prepared there, and it is
    the pooler that bounds sessions (``deploy/pgbouncer``), as it takes no options.
    """
    session = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    apart = size // 4
    options: dict[str, Any] = {
        "connection_class": ClosingConnection,
        "timeout": POOL_TIMEOUT_SECONDS,
        "max_waiting": 200,
        "reconnect_timeout": 10,
        "open": False,
        "configure": _configure,
        "kwargs": {
            "autocommit": True,
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "application_name": "nodrake",
            "options": "" if behind_pooler else session,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
            "prepare_threshold": None if behind_pooler else 1,
            **({} if tracer is None else {"cursor_factory": traced_cursors(tracer)}),
        },
    }
    if not apart:
        return AsyncConnectionPool(database_url, min_size=min(2, size), max_size=size, **options)
    return _ReservingPool(
        database_url,
        reserve=AsyncConnectionPool(database_url, min_size=1, max_size=apart, **options),
        min_size=min(2, size - apart),
        max_size=size - apart,
        **options,
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
    async with _new_transaction(pool) as connection:
        shared = _Shared(pool, connection, asyncio.current_task())
        token = _shared.set(shared)
        try:
            yield connection
        finally:
            shared.is_open = False
            _shared.reset(token)


@asynccontextmanager
async def transaction_on(pool: Pool) -> AsyncIterator[Connection]:
    """A transaction of one's own, or a part of the one that is shared in this task.

    Such a part is undone by itself if it fails.
    """
    shared = _shared.get()
    if shared is None or shared.pool is not pool or not shared.is_open:
        async with _new_transaction(pool) as connection:
            yield connection
    elif shared.task is asyncio.current_task():
        async with shared.connection.transaction():
            yield shared.connection
    else:  # committed by itself, it would outlive a transaction that is rolled back
        raise RuntimeError("a shared transaction belongs to the task that has opened it")


@asynccontextmanager
async def _new_transaction(pool: Pool) -> AsyncIterator[Connection]:
    """Begun on another connection where the first turns out to be dead: nothing is lost by that."""
    async with AsyncExitStack() as stack:
        try:
            connection = await _begin(stack, pool)
        except _ConnectionLostError:
            await pool.check()
            connection = await _begin(stack, pool)
        yield connection


async def _begin(stack: AsyncExitStack, pool: Pool) -> Connection:
    async with AsyncExitStack() as trial:
        connection = await trial.enter_async_context(pool.connection())
        with _told_lost(connection):
            await trial.enter_async_context(connection.transaction())
        stack.push_async_exit(trial.pop_all())
        return connection


@contextmanager
def _told_lost(connection: Connection) -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError as error:
        if connection.closed:
            raise _ConnectionLostError(*error.args) from error
        raise


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
        return await on_living_connection(
            pool, lambda connection: _fetch_on(connection, query, parameters, prepare)
        )


async def on_living_connection(pool: Pool, act: Callable[[Connection], Awaitable[T]]) -> T:
    """What ``act`` gives on a connection, tried once more where that one had died.

    For what may be done twice: nobody knows whether a statement without an answer was carried out.
    """
    try:
        return await _on_connection(pool, act)
    except _ConnectionLostError:
        # A restart of the server closes every pooled connection, and each says so only when
        # it is used: the others are looked at first, or the second try would meet one more.
        await pool.check()
        return await _on_connection(pool, act)


async def _on_connection(pool: Pool, act: Callable[[Connection], Awaitable[T]]) -> T:
    async with pool.connection() as connection:
        with _told_lost(connection):
            return await act(connection)


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
        async with _new_transaction(pool) as connection:
            await connection.execute("set transaction isolation level repeatable read, read only")
            yield connection
