"""What becomes of a request when PostgreSQL drops connections, is busy or says no."""

import logging

import psycopg
import pytest

from adapters.postgres.errors import translated_errors
from adapters.postgres.password_failures import PostgresPasswordAttempts
from adapters.postgres.pool import Pool, create_pool, fetch_all, shared_transaction, snapshot
from adapters.postgres.transaction import begin_on
from domain.shared.errors import ServiceUnavailableError
from tests.builders.accounts import a_user
from tests.builders.transactions import SECRETS

pytestmark = pytest.mark.anyio


async def kill_all(url: str) -> None:
    """End every connection of the service, as a restart of the server would."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        cursor = await connection.execute(
            """
            select pg_terminate_backend(pid, 5000) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()
              and application_name = 'nodrake'
            """
        )
        assert await cursor.fetchall()


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """The pool warns about each connection that it throws away."""
    caplog.set_level(logging.ERROR, "psycopg.pool")


async def test_a_read_survives_the_loss_of_every_pooled_connection(
    pool: Pool, migrated_database_url: str
) -> None:
    await kill_all(migrated_database_url)
    for _ in range(6):
        assert await fetch_all(pool, "select 1", {}) == [(1,)]


async def test_a_transaction_begins_on_another_connection_where_the_first_is_lost(
    pool: Pool, migrated_database_url: str
) -> None:
    begin = begin_on(pool, SECRETS)
    user = a_user()
    await kill_all(migrated_database_url)
    async with begin() as tx:
        await tx.users.add(user)
    await kill_all(migrated_database_url)
    async with shared_transaction(pool), begin() as tx:
        assert await tx.users.get_for_update(user.id) == user


async def test_who_signs_in_first_after_a_restart_is_let_in(
    pool: Pool, migrated_database_url: str
) -> None:
    user, passwords = a_user(), PostgresPasswordAttempts(pool)
    async with begin_on(pool, SECRETS)() as tx:
        await tx.users.add(user)
    await kill_all(migrated_database_url)
    counted = await passwords.by_email(user.email, familiar=False)
    assert counted is not None
    await kill_all(migrated_database_url)
    await passwords.take_back(counted)
    assert await fetch_all(
        pool, "select failures from password_failures where user_id = %(id)s", {"id": user.id}
    ) == [(0,)]


async def test_an_export_begins_on_another_connection_where_the_first_is_lost(
    pool: Pool, migrated_database_url: str
) -> None:
    await kill_all(migrated_database_url)
    async with snapshot(pool) as connection:
        cursor = await connection.execute("show transaction_isolation")
        assert await cursor.fetchone() == ("repeatable read",)


async def test_a_connection_killed_half_way_through_leaves_nothing(
    pool: Pool, migrated_database_url: str
) -> None:
    user = a_user()

    async def lose_it() -> None:
        async with begin_on(pool, SECRETS)() as tx:
            await tx.users.add(user)
            await kill_all(migrated_database_url)
            await tx.users.get_for_update(user.id)

    with pytest.raises(ServiceUnavailableError):
        await lose_it()
    assert not await fetch_all(
        pool, "select from users where id = %(user_id)s", {"user_id": user.id}
    )


async def test_an_exhausted_pool_is_unavailable_after_one_try(migrated_database_url: str) -> None:
    pool = create_pool(migrated_database_url, 1)
    await pool.open(wait=True)
    async with pool.connection():
        with pytest.raises(ServiceUnavailableError):
            await fetch_all(pool, "select 1", {})
    assert pool.get_stats()["requests_errors"] == 1
    await pool.close()


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    pool = create_pool("postgresql://nobody@127.0.0.1:1/nowhere", 1)
    await pool.open()
    with pytest.raises(ServiceUnavailableError) as caught:
        await fetch_all(pool, "select 1", {})
    await pool.close()
    assert "127.0.0.1" not in caught.value.detail


@pytest.mark.parametrize(
    "failure",
    [
        psycopg.errors.QueryCanceled,
        psycopg.errors.LockNotAvailable,
        psycopg.errors.SerializationFailure,
        psycopg.errors.DeadlockDetected,
        psycopg.errors.AdminShutdown,
        psycopg.errors.TooManyConnections,
        psycopg.errors.IdleInTransactionSessionTimeout,
        psycopg.errors.ReadOnlySqlTransaction,
        psycopg.OperationalError,
        psycopg.InterfaceError,
    ],
)
def test_a_failure_that_may_pass_is_unavailable_and_tells_no_sql(
    failure: type[Exception],
) -> None:
    with pytest.raises(ServiceUnavailableError) as caught, translated_errors():
        raise failure("select secret from users")
    assert "secret" not in caught.value.detail
    assert caught.value.retry_after == 1


@pytest.mark.parametrize(
    "failure", [psycopg.errors.SyntaxError, psycopg.errors.NotNullViolation, KeyError]
)
def test_a_mistake_of_ours_stays_what_it_is(failure: type[Exception]) -> None:
    with pytest.raises(failure), translated_errors():
        raise failure


async def test_every_bound_is_set_on_the_server(pool: Pool) -> None:
    for name, value in {
        "statement_timeout": "10s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "15s",
        "application_name": "nodrake",
    }.items():
        assert await fetch_all(pool, f"show {name}", {}) == [(value,)]


async def test_a_statement_that_takes_too_long_is_unavailable(pool: Pool) -> None:
    async def too_long() -> None:
        async with snapshot(pool) as connection:
            await connection.execute("set local statement_timeout = '20ms'")
            await connection.execute("select pg_sleep(5)")

    with pytest.raises(ServiceUnavailableError):
        await too_long()


async def test_a_lock_that_is_held_too_long_is_unavailable(pool: Pool) -> None:
    user = a_user()
    begin = begin_on(pool, SECRETS)
    async with begin() as tx:
        await tx.users.add(user)

    async def wait() -> None:
        async with begin() as tx:
            await tx.users.get_for_update(user.id)

    async with begin() as tx:
        await tx.users.get_for_update(user.id)
        with pytest.raises(ServiceUnavailableError):
            await wait()
