"""What entries copy from the catalogue follows it."""

from collections.abc import AsyncIterator, Callable
from uuid import UUID, uuid4

import pytest

from adapters.postgres.blocklists import PostgresBlockedArtistReader
from adapters.postgres.export_places import ExportPlaces
from adapters.postgres.list_counts import PostgresListCounts
from adapters.postgres.pool import Pool, create_pool
from adapters.postgres.transaction import begin_on
from application.blocklists.ports import ListOrder
from domain.accounts.user import User
from domain.shared.ids import ArtistId
from tests.builders.accounts import NOW, a_user
from tests.builders.blocklists import a_slice, an_entry
from tests.builders.transactions import SECRETS

pytestmark = pytest.mark.anyio


@pytest.fixture
async def pool(make_database: Callable[[], str]) -> AsyncIterator[Pool]:
    """Of a database of one's own."""
    pool = create_pool(make_database(), 2)
    await pool.open()
    yield pool
    await pool.close()


async def run(pool: Pool, statement: str, *values: object) -> None:
    """What another part of the service does."""
    async with pool.connection() as connection:
        await connection.execute(statement.encode(), values)


async def an_artist(pool: Pool, name: str) -> ArtistId:
    """Under one name."""
    artist = uuid4()
    await run(
        pool,
        "insert into artists (id, canonical_name, sort_key) values (%s, %s, %s)",
        artist,
        name,
        name,
    )
    await run(pool, "insert into artist_names values (%s, %s, %s, 'test')", artist, name, name)
    return ArtistId(artist)


async def somebody(pool: Pool, *artists: UUID) -> User:
    """With these on their list."""
    user = a_user()
    async with begin_on(pool, SECRETS)() as tx:
        await tx.users.add(user)
        for artist in artists:
            await tx.entries.add(an_entry(user.id, ArtistId(artist)))
    return user


async def read(pool: Pool, user: User, text: str | None = None) -> list[str]:
    """Names in their order."""
    reader = PostgresBlockedArtistReader(pool, ExportPlaces(pool), lambda: NOW)
    page = await reader.page(a_slice(user.id, order=ListOrder.NAME, text=text))
    return [entry.artist.canonical_name for entry in page.entries]


async def test_an_artist_that_is_renamed_moves_and_is_found_by_the_new_name(pool: Pool) -> None:
    one, two = await an_artist(pool, "alpha"), await an_artist(pool, "bravo")
    user = await somebody(pool, one, two)
    assert await read(pool, user) == ["alpha", "bravo"]
    await run(
        pool, "update artists set canonical_name = 'zulu', sort_key = 'zulu' where id = %s", one
    )
    await run(
        pool,
        "update artist_names set name = 'zulu', search_key = 'zulu' where artist_id = %s",
        one,
    )
    assert await read(pool, user) == ["bravo", "zulu"]
    assert await read(pool, user, "zul") == ["zulu"]
    assert await read(pool, user, "alp") == []


async def test_aliases_that_come_and_go_are_found_and_not(pool: Pool) -> None:
    one = await an_artist(pool, "alpha")
    user = await somebody(pool, one)
    await run(pool, "insert into artist_names values (%s, 'other', 'other', 'test')", one)
    assert await read(pool, user, "the") == ["alpha"]
    await run(pool, "delete from artist_names where name = 'other'")
    assert await read(pool, user, "the") == []


async def test_an_entry_that_moves_to_another_artist_takes_its_names(pool: Pool) -> None:
    one, two = await an_artist(pool, "alpha"), await an_artist(pool, "bravo")
    user = await somebody(pool, one)
    await run(pool, "update user_artist_blocks set artist_id = %s where artist_id = %s", two, one)
    assert await read(pool, user, "brav") == ["bravo"]
    assert await read(pool, user, "alph") == []


async def test_numbers_follow_when_the_catalogue_loses_an_artist_or_somebody_goes(
    pool: Pool,
) -> None:
    one, two = await an_artist(pool, "alpha"), await an_artist(pool, "bravo")
    user, other = await somebody(pool, one, two), await somebody(pool, one)
    counts = PostgresListCounts(pool, lambda: NOW)
    await run(pool, "delete from artists where id = %s", one)
    assert (await counts.summary(user.id)).entries == 1
    assert (await counts.summary(other.id)).entries == 0
    await run(pool, "delete from users where id = %s", user.id)
    assert (await counts.summary(user.id)).sources == []
