"""What joins a shared transaction, what cannot, and how many there are at once."""

import asyncio
import logging

import pytest

from adapters.postgres.accounts import PostgresUserDirectory
from adapters.postgres.kept_answers import PostgresKeptAnswers
from adapters.postgres.pool import Pool, create_pool, fetch_all, shared_transaction
from adapters.postgres.transaction import begin_on
from adapters.security.secret_box import AesGcmSecretBox
from domain.shared.errors import ServiceUnavailableError, UnreadableSecretError
from domain.shared.keyring import Keyring
from tests.builders.accounts import NOW, a_user
from tests.builders.answers import a_request, an_answer
from tests.builders.transactions import SECRETS

pytestmark = pytest.mark.anyio

_RING, _OTHER_RING = (Keyring.of_one(secret) for secret in (bytes(32), bytes(31) + b"x"))
_PID = "select pg_backend_pid()"
BOX = AesGcmSecretBox(lambda: _RING)


async def pid_of(pool: Pool) -> int:
    """The process of the server that answers."""
    return int((await fetch_all(pool, _PID, {}))[0][0])


async def test_reads_of_the_task_are_part_of_it_and_those_of_others_are_not(pool: Pool) -> None:
    async with shared_transaction(pool) as connection:
        own = connection.info.backend_pid
        assert await pid_of(pool) == own
        assert await asyncio.create_task(pid_of(pool)) != own
    assert len({await pid_of(pool) for _ in range(8)} | {own}) > 1


async def test_another_task_cannot_write_beside_it(pool: Pool) -> None:
    user = a_user()

    async def write() -> None:
        async with begin_on(pool, SECRETS)() as tx:
            await tx.users.add(user)

    async with shared_transaction(pool):
        with pytest.raises(RuntimeError, match="belongs to the task"):
            await asyncio.create_task(write())
    await write()


async def test_a_task_that_outlives_it_writes_by_itself(pool: Pool) -> None:
    user, ended = a_user(), asyncio.Event()

    async def write_later() -> None:
        await ended.wait()
        async with begin_on(pool, SECRETS)() as tx:
            await tx.users.add(user)

    async with shared_transaction(pool):
        later = asyncio.create_task(write_later())
    ended.set()
    await later
    async with begin_on(pool, SECRETS)() as tx:
        assert (await tx.users.get_for_update(user.id)).id == user.id


@pytest.mark.parametrize("size", [1, 4])
async def test_fifty_at_once_wait_for_each_other_and_not_for_themselves(
    migrated_database_url: str, size: int
) -> None:
    pool = create_pool(migrated_database_url, size)
    await pool.open()
    answers, directory = PostgresKeptAnswers(pool, BOX), PostgresUserDirectory(pool)

    async def one() -> None:
        user = a_user()
        async with answers.begin(a_request(None)) as tx:
            async with begin_on(pool, SECRETS)() as inner:
                await inner.users.add(user)
            assert await directory.find(user.email) == user
            await tx.keep(an_answer(), NOW)

    await asyncio.gather(*(one() for _ in range(50)))
    await pool.close()


async def test_half_of_the_pool_is_left_to_others(pool: Pool) -> None:
    answers, leave = PostgresKeptAnswers(pool, BOX), asyncio.Event()

    async def stay() -> None:
        async with answers.begin(a_request(None)):
            await leave.wait()

    staying = [asyncio.create_task(stay()) for _ in range(pool.max_size // 2)]
    await asyncio.sleep(0.1)
    one_more = asyncio.create_task(stay())
    await asyncio.wait({one_more}, timeout=3)
    assert await pid_of(pool)
    leave.set()
    await asyncio.gather(*staying)
    with pytest.raises(ServiceUnavailableError):
        await one_more
    async with answers.begin(a_request(None)):
        pass


async def test_one_that_is_cancelled_leaves_neither_rows_nor_a_lock(pool: Pool) -> None:
    answers, user = PostgresKeptAnswers(pool, BOX), a_user()
    request, written = a_request(None), asyncio.Event()

    async def dawdle() -> None:
        async with answers.begin(request) as tx:
            async with begin_on(pool, SECRETS)() as inner:
                await inner.users.add(user)
            await tx.keep(an_answer(), NOW)
            written.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(dawdle())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with answers.begin(request) as tx:
        assert await tx.find(NOW) is None
    assert not await fetch_all(pool, "select from users where id = %(id)s", {"id": user.id})


async def test_a_server_that_ends_the_connection_leaves_nothing(
    pool: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, "psycopg.pool")
    answers, request = PostgresKeptAnswers(pool, BOX), a_request(None)

    async def lose_it() -> None:
        async with answers.begin(request) as tx:
            await tx.keep(an_answer(), NOW)
            pid = await pid_of(pool)
            await asyncio.create_task(
                fetch_all(pool, "select pg_terminate_backend(%(pid)s, 5000)", {"pid": pid})
            )

    with pytest.raises(ServiceUnavailableError):
        await lose_it()
    async with answers.begin(request) as tx:
        assert await tx.find(NOW) is None


async def test_an_answer_is_unreadable_under_another_secret_and_in_the_database(
    pool: Pool,
) -> None:
    request = a_request(None)
    async with PostgresKeptAnswers(pool, BOX).begin(request) as tx:
        await tx.keep(an_answer(body=b"a secret that must not be seen"), NOW)
    rows = await fetch_all(pool, "select sealed from kept_answers", {})
    assert rows
    assert not any(b"must not be seen" in row[0] for row in rows)
    other = PostgresKeptAnswers(pool, AesGcmSecretBox(lambda: _OTHER_RING))
    with pytest.raises(UnreadableSecretError):
        async with other.begin(request) as tx:
            await tx.find(NOW)
