"""Answers to keyed requests in PostgreSQL, each in the transaction of its effect."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec

from adapters.postgres.errors import translated_errors
from adapters.postgres.places import Places
from adapters.postgres.pool import Connection, Pool, shared_transaction
from application.shared.ports import Answer, KeptAnswer, KeyedRequest, SecretBox
from domain.shared.errors import ConnectionLostError, RequestInProgressError


class PostgresKeptAnswers:
    """``KeptAnswers``: an advisory lock for each key, gone with its connection.

    A keyed request holds a connection from its first statement to its last. At most half of the
    pool is given to them at once, so that they never keep all others from being answered.
    """

    def __init__(self, pool: Pool, box: SecretBox) -> None:
        self._pool = pool
        self._box = box
        self._places = Places(
            pool.max_size // 2,
            refusal="Too many requests with a key are being answered; try again in a moment.",
            retry_after=1,
        )

    @asynccontextmanager
    async def begin(
        self, request: KeyedRequest, /
    ) -> AsyncIterator["PostgresAnsweringTransaction"]:
        """Lock first and look then: in one statement, the look would be older than the lock."""
        scope = _scope(request)
        connection = None
        try:
            with translated_errors():
                async with self._places.take(), shared_transaction(self._pool) as connection:
                    cursor = await connection.execute(
                        "select pg_try_advisory_xact_lock(%s)",
                        [int.from_bytes(scope[:8], signed=True)],
                    )
                    if await cursor.fetchone() != (True,):
                        raise RequestInProgressError("Ask again in a moment.", retry_after=1)
                    yield PostgresAnsweringTransaction(connection, self._box, request, scope)
        except Exception as error:
            if connection is not None and connection.closed:
                raise ConnectionLostError(
                    "The database was lost half-way; send the request again with the same key.",
                    retry_after=1,
                ) from error
            raise

    async def forget(self, kept_before: datetime, /) -> int:
        """Delete by the index on ``kept_at``."""
        with translated_errors():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(
                    "delete from kept_answers where kept_at < %s", [kept_before]
                )
                return cursor.rowcount


class PostgresAnsweringTransaction:
    """``AnsweringTransaction`` on the connection that everything else joins."""

    def __init__(
        self, connection: Connection, box: SecretBox, request: KeyedRequest, scope: bytes
    ) -> None:
        self._connection = connection
        self._box = box
        self._request = request
        self._scope = scope

    async def find(self, kept_since: datetime, /) -> KeptAnswer | None:
        """One row by its key."""
        cursor = await self._connection.execute(
            "select fingerprint, sealed from kept_answers where scope = %s and kept_at >= %s",
            [self._scope, kept_since],
        )
        row = await cursor.fetchone()
        if row is None:
            return None
        opened = self._box.open(row[1], self._place)
        return KeptAnswer(fingerprint=row[0], answer=msgspec.msgpack.decode(opened, type=Answer))

    async def keep(self, answer: Answer, now: datetime, /) -> None:
        """Insert, or replace one that is too old to count and not yet forgotten."""
        await self._connection.execute(
            """
            insert into kept_answers (scope, user_id, fingerprint, sealed, kept_at)
            values (%s, %s, %s, %s, %s)
            on conflict (scope) do update
            set user_id = excluded.user_id, fingerprint = excluded.fingerprint,
                sealed = excluded.sealed, kept_at = excluded.kept_at
            """,
            [
                self._scope,
                self._request.user_id,
                self._request.fingerprint,
                self._box.seal(msgspec.msgpack.encode(answer), self._place),
                now,
            ],
        )

    @property
    def _place(self) -> str:
        return f"kept_answers/{self._scope.hex()}"


def _scope(request: KeyedRequest) -> bytes:
    """Whose key for what: SHA-256, of which the first 64 bits are the lock's number as well."""
    sender = request.user_id or request.fingerprint
    return hashlib.sha256(msgspec.msgpack.encode([sender, request.operation, request.key])).digest()
