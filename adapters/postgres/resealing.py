"""Sealed columns under the newest key: row by row, at any time, from anywhere, again and again.

What is done is seen from the rows themselves, so nothing has to be remembered: a run that was
killed is finished by the next one, several may run at once, and the service goes on writing.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import psycopg
from psycopg import sql

from adapters.postgres.pool import CONNECT_TIMEOUT_SECONDS
from adapters.postgres.sealed_columns import SealedColumn
from application.shared.ports import SecretBox
from domain.shared.errors import UnreadableSecretError

_Connection = psycopg.Connection[tuple[Any, ...]]
_Row = tuple[Any, ...]  # the columns of the key, then the sealed one
_SESSION = "-c statement_timeout=30000 -c lock_timeout=2000 -c synchronous_commit=on"
_ATTEMPTS = 5
_PASSES = 10


class ResealError(Exception):
    """The database did not let it go on; what was done stays done, and the next run goes on."""


class Resealed(msgspec.Struct, frozen=True, kw_only=True):
    """What a run has found and done."""

    rows: int = 0
    resealed: int = 0
    stale: int = 0
    unreadable: tuple[str, ...] = ()


Progress = Callable[[str, int, int], None]


def reseal(
    database_url: str,
    box: SecretBox,
    columns: Sequence[SealedColumn],
    *,
    batch: int = 200,
    progress: Progress = lambda _, __, ___: None,
) -> Resealed:
    """Seal again whatever is not under the newest key, until a pass finds nothing left.

    A row that somebody else writes meanwhile is left to them: the update holds only where the
    column is still what was read. Rows that cannot be opened are named and left as they are.
    ``progress`` is told the column, the rows seen and the rows there are.
    """
    total = Resealed()
    with _connected(database_url) as connection:
        for _ in range(_PASSES):
            found = [_pass(connection, box, column, batch, progress) for column in columns]
            total = Resealed(
                rows=sum(each.rows for each in found),
                resealed=total.resealed + sum(each.resealed for each in found),
                stale=sum(each.stale for each in found),
                unreadable=tuple(place for each in found for place in each.unreadable),
            )
            if total.stale == len(total.unreadable):
                return total
    return total


def count_stale(database_url: str, box: SecretBox, columns: Sequence[SealedColumn]) -> int:
    """How many secrets are not sealed under the newest key."""
    with _connected(database_url) as connection:
        return sum(
            not box.is_current(row[-1])
            for column in columns
            for rows in _batches(connection, column, 1000)
            for row in rows
        )


def _pass(
    connection: _Connection, box: SecretBox, column: SealedColumn, batch: int, progress: Progress
) -> Resealed:
    counted = connection.execute(_count(column)).fetchone()
    there_are = counted[0] if counted else 0
    name = f"{column.table}.{column.column}"
    rows = resealed = stale = 0
    unreadable: list[str] = []
    progress(name, 0, there_are)
    for found in _batches(connection, column, batch):
        old = [row for row in found if not box.is_current(row[-1])]
        changes = list(_sealed_again(box, column, old, unreadable))
        resealed += _write(connection, column, changes)
        rows += len(found)
        stale += len(old)
        progress(name, rows, max(rows, there_are))
    return Resealed(rows=rows, resealed=resealed, stale=stale, unreadable=tuple(unreadable))


def _sealed_again(
    box: SecretBox, column: SealedColumn, rows: Iterable[_Row], unreadable: list[str]
) -> Iterator[_Row]:
    """New sealed value, key, old sealed value."""
    for *key, sealed in rows:
        place = column.place_of(*key)
        try:
            secret = box.open(sealed, place)
        except UnreadableSecretError:
            unreadable.append(place)
        else:
            yield (box.seal(secret, place), *key, sealed)


def _batches(connection: _Connection, column: SealedColumn, size: int) -> Iterator[list[_Row]]:
    """All rows in the order of their key; each batch is read afresh and nothing is kept open."""
    after: tuple[Any, ...] | None = None
    while True:
        query = _select(column, first=after is None)
        rows = connection.execute(query, [*(after or ()), size], binary=True).fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][:-1]


def _write(connection: _Connection, column: SealedColumn, changes: list[_Row]) -> int:
    """One transaction, in the order of the key; tried again where a lock was in the way."""
    if not changes:
        return 0
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany(_update(column), changes)
                return cursor.rowcount
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            if attempt == _ATTEMPTS:
                raise
            time.sleep(0.1 * 2**attempt)
    return 0


def _count(column: SealedColumn) -> sql.Composed:
    table, sealed = sql.Identifier(column.table), sql.Identifier(column.column)
    return sql.SQL("select count(*) from {} where {} is not null").format(table, sealed)


def _select(column: SealedColumn, *, first: bool) -> sql.Composed:
    key = sql.SQL(", ").join(map(sql.Identifier, column.key))
    places = sql.SQL(", ").join([sql.Placeholder()] * len(column.key))
    return sql.SQL(
        "select {key}, {sealed} from {table} where {sealed} is not null {after} "
        "order by {key} limit %s"
    ).format(
        key=key,
        sealed=sql.Identifier(column.column),
        table=sql.Identifier(column.table),
        after=sql.SQL("" if first else "and ({}) > ({})").format(*(() if first else (key, places))),
    )


def _update(column: SealedColumn) -> sql.Composed:
    sealed = sql.Identifier(column.column)
    same_row = [sql.SQL("{} = %s").format(sql.Identifier(name)) for name in column.key]
    return sql.SQL("update {} set {} = %s where {} and {} = %s").format(
        sql.Identifier(column.table), sealed, sql.SQL(" and ").join(same_row), sealed
    )


@contextmanager
def _connected(database_url: str) -> Iterator[_Connection]:
    """A connection of its own, whose failures are told in words."""
    try:
        with psycopg.connect(
            database_url,
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            application_name="nodrake-reseal",
            options=_SESSION,
        ) as connection:
            yield connection
    except psycopg.OperationalError as error:
        raise ResealError(
            f"the database did not let it go on ({type(error).__name__}): what was sealed again "
            "stays so, and `nodrake keys reseal` goes on from there"
        ) from error
