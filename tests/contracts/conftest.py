"""Both worlds in which every contract holds: memory, and PostgreSQL with thirty connections."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import uuid4

import pytest

from adapters.postgres.accounts import PostgresUserDirectory
from adapters.postgres.active_sessions import PostgresActiveSessions
from adapters.postgres.api_token_grants import PostgresApiTokens
from adapters.postgres.api_token_uses import PostgresApiTokenUses
from adapters.postgres.api_tokens import PostgresApiTokenReader
from adapters.postgres.artist_directory import PostgresArtistDirectory, PostgresArtistReader
from adapters.postgres.audit_chain import PostgresChainReader
from adapters.postgres.audit_log import PostgresAuditReader
from adapters.postgres.blocklists import PostgresBlockedArtistReader
from adapters.postgres.catalog import PostgresArtistSearch, PostgresBlockCounts
from adapters.postgres.export_places import ExportPlaces
from adapters.postgres.identities import PostgresIdentityReader
from adapters.postgres.kept_answers import PostgresKeptAnswers
from adapters.postgres.links import PostgresLinkDirectory
from adapters.postgres.list_counts import PostgresListCounts
from adapters.postgres.list_tracks import PostgresTrackReader
from adapters.postgres.listed_artists import PostgresListedArtists
from adapters.postgres.mail_queue import PostgresMailDispatch
from adapters.postgres.outbox import PostgresEventRelay
from adapters.postgres.passkeys import PostgresPasskeyReader
from adapters.postgres.password_failures import PostgresPasswordAttempts
from adapters.postgres.pool import Pool, create_pool, fetch_all
from adapters.postgres.transaction import begin_on
from application.accounts.api_tokens import ApiTokenReader, ApiTokens, ApiTokenUses
from application.accounts.identities import IdentityReader
from application.accounts.links import LinkDirectory
from application.accounts.open_sessions import ActiveSessions
from application.accounts.passkeys import PasskeyReader
from application.accounts.password_attempts import PasswordAttempts
from application.accounts.ports import AccountsTransaction, ProfileReader, UserDirectory
from application.audit.ports import AuditReader, AuditTransaction, ChainReader
from application.blocklists.bulk_ports import ListCounts
from application.blocklists.ports import BlockedArtistReader, BlocklistsTransaction
from application.blocklists.track_ports import TrackReader
from application.catalog.directory import ArtistDirectory, ArtistReader
from application.catalog.merges import BeginCatalog
from application.catalog.ports import Artist, ArtistSearch, BlockCounts
from application.enforcement.ports import ListedArtists
from application.notifications.ports import MailDispatch
from application.shared.ports import EventRelay, KeptAnswers
from domain.accounts.user import User
from domain.catalog.artist_name import search_key
from domain.shared.external_id import ExternalId
from domain.shared.ids import ArtistId, UserId
from tests.builders.accounts import NOW, a_user
from tests.builders.transactions import SECRETS
from tests.fakes.accounts import FakeUserDirectory, begin_accounts
from tests.fakes.api_tokens import FakeApiTokenReader, FakeApiTokens, FakeApiTokenUses
from tests.fakes.audit import FakeAuditReader, FakeChainReader, begin_audit
from tests.fakes.blocklists import FakeBlockedArtistReader, begin_blocklists
from tests.fakes.bulk_changes import FakeListCounts
from tests.fakes.catalog import FakeArtistSearch, FakeBlockCounts
from tests.fakes.enforcement import FakeListedArtists
from tests.fakes.identities_of_artists import (
    FakeArtistDirectory,
    FakeArtistReader,
    begin_catalog,
)
from tests.fakes.links import FakeLinkDirectory
from tests.fakes.list_tracks import FakeTrackReader
from tests.fakes.mails import FakeMailDispatch
from tests.fakes.passkeys import FakePasskeyReader
from tests.fakes.password_failures import FakePasswordAttempts
from tests.fakes.providers import FakeIdentityReader
from tests.fakes.security import FakeSecretBox
from tests.fakes.sessions import FakeActiveSessions
from tests.fakes.shared import FakeClock, FakeDatabase, FakeEventRelay, FakeKeptAnswers

# A race among twenty needs twenty connections: with fewer they only stand in line.
RACERS = 20
CONNECTIONS = 30

T = TypeVar("T")


@pytest.fixture
def anyio_backend() -> str:
    """The only event loop that the service runs on."""
    return "asyncio"


class Directory(UserDirectory, ProfileReader, Protocol):
    """Both ways to look a person up."""


class Describe(Protocol):
    """Says what tells an artist from others of the name, which only imports do."""

    async def __call__(self, artist_id: ArtistId, words: str, /) -> None:
        """Keep the words."""
        ...


class AddArtist(Protocol):
    """Puts an artist into the catalogue, which no port does yet."""

    async def __call__(
        self, artist: Artist, names: Iterable[str], external_ids: Iterable[ExternalId], /
    ) -> None:
        """Keep it under ``names``, with all of ``external_ids``."""
        ...


@dataclass(frozen=True, kw_only=True)
class Place:
    """One implementation of every port that leans on a database."""

    accounts: Callable[[], AbstractAsyncContextManager[AccountsTransaction]]
    blocklists: Callable[[], AbstractAsyncContextManager[BlocklistsTransaction]]
    audit: Callable[[], AbstractAsyncContextManager[AuditTransaction]]
    audit_records: AuditReader
    chain: ChainReader
    directory: Directory
    passwords: PasswordAttempts
    identities: IdentityReader
    active_sessions: ActiveSessions
    passkeys: PasskeyReader
    api_tokens: ApiTokens
    api_token_uses: ApiTokenUses
    api_token_reader: ApiTokenReader
    search: ArtistSearch
    catalog: BeginCatalog
    artists: ArtistReader
    artist_directory: ArtistDirectory
    block_counts: BlockCounts
    reader: BlockedArtistReader
    listed: ListedArtists
    counts: ListCounts
    tracks: TrackReader
    clock: FakeClock
    pretend: Callable[[UserId, dict[str, int]], Awaitable[None]]
    add_artist: AddArtist
    describe: Describe
    answers: KeptAnswers
    links: LinkDirectory
    dispatch: MailDispatch
    relay_to: Callable[[Callable[[bytes], Awaitable[None]]], EventRelay]
    count_audit_records: Callable[[UserId], Awaitable[int]]

    async def a_person(self) -> User:
        """Somebody who has an account here."""
        user = a_user()
        async with self.accounts() as tx:
            await tx.users.add(user)
        return user

    async def an_artist(
        self, name: str, *also: str, external_ids: Iterable[ExternalId] = ()
    ) -> ArtistId:
        """Somebody whom the catalogue here knows under ``name`` and ``also``."""
        ids = sorted(external_ids, key=lambda known: known.value, reverse=True)
        artist = Artist(
            id=ArtistId(uuid4()),
            canonical_name=name,
            external_ids={known.service: known.value for known in ids},
            metadata={},
            created_at=NOW,
        )
        await self.add_artist(artist, [name, *also], ids)
        return artist.id


def in_memory() -> Place:
    """Everything on dictionaries."""
    database = FakeDatabase()

    async def add_artist(
        artist: Artist, names: Iterable[str], external_ids: Iterable[ExternalId], /
    ) -> None:
        database.rows.artists[artist.id] = artist
        database.rows.names[artist.id] = list(names)
        database.rows.external_ids.update(dict.fromkeys(external_ids, artist.id))

    async def describe(artist_id: ArtistId, words: str, /) -> None:
        database.rows.disambiguations[artist_id] = words

    async def count_audit_records(user_id: UserId) -> int:
        return sum(record.user_id == user_id for record in database.rows.audit)

    async def pretend(user_id: UserId, held: dict[str, int], /) -> None:
        database.rows.pretended[user_id] = held

    clock = FakeClock(NOW)
    return Place(
        accounts=begin_accounts(database),
        blocklists=begin_blocklists(database),
        audit=begin_audit(database),
        audit_records=FakeAuditReader(database),
        chain=FakeChainReader(database),
        directory=FakeUserDirectory(database),
        passwords=FakePasswordAttempts(database),
        identities=FakeIdentityReader(database),
        active_sessions=FakeActiveSessions(database, clock),
        passkeys=FakePasskeyReader(database),
        api_tokens=FakeApiTokens(database),
        api_token_uses=FakeApiTokenUses(database),
        api_token_reader=FakeApiTokenReader(database),
        search=FakeArtistSearch(database, clock),
        catalog=begin_catalog(database),
        artists=FakeArtistReader(database),
        artist_directory=FakeArtistDirectory(database),
        block_counts=FakeBlockCounts(database),
        listed=FakeListedArtists(database, clock),
        reader=FakeBlockedArtistReader(database, clock),
        counts=FakeListCounts(database, clock),
        tracks=FakeTrackReader(database),
        clock=clock,
        pretend=pretend,
        add_artist=add_artist,
        describe=describe,
        answers=FakeKeptAnswers(database),
        links=FakeLinkDirectory(database),
        dispatch=FakeMailDispatch(database),
        relay_to=lambda announce: FakeEventRelay(database, announce),
        count_audit_records=count_audit_records,
    )


def on_postgres(pool: Pool) -> Place:
    """Everything on one pool."""

    async def add_artist(
        artist: Artist, names: Iterable[str], external_ids: Iterable[ExternalId], /
    ) -> None:
        async with pool.connection() as connection, connection.transaction():
            await connection.execute(
                "insert into artists (id, canonical_name, sort_key, created_at) "
                "values (%s, %s, %s, %s)",
                [
                    artist.id,
                    artist.canonical_name,
                    search_key(artist.canonical_name),
                    artist.created_at,
                ],
            )
            for name in names:
                await connection.execute(
                    "insert into artist_names values (%s, %s, %s, 'test')",
                    [artist.id, name, search_key(name)],
                )
            for known in external_ids:
                await connection.execute(
                    "insert into artist_external_ids values (%s, %s, %s)",
                    [known.service.value, known.value, artist.id],
                )

    async def describe(artist_id: ArtistId, words: str, /) -> None:
        async with pool.connection() as connection:
            await connection.execute(
                "update artists set disambiguation = %s where id = %s", [words, artist_id]
            )

    async def count_audit_records(user_id: UserId) -> int:
        rows = await fetch_all(
            pool, "select from audit_log where user_id = %(user_id)s", {"user_id": user_id}
        )
        return len(rows)

    async def pretend(user_id: UserId, held: dict[str, int], /) -> None:
        async with pool.connection() as connection:
            if "entries" in held:
                await connection.execute(
                    "insert into user_list_counts values (%s, 'list', 'pretended', '', %s)",
                    [user_id, held["entries"]],
                )
            if "tags" in held:
                await connection.execute(
                    "insert into user_list_counts select %s, 'tag', 'pretended ' || n, '', 1 "
                    "from generate_series(1, %s) n",
                    [user_id, held["tags"]],
                )
            await connection.execute(
                "update user_lists set tracks = %s, exceptions = %s where user_id = %s",
                [held.get("tracks", 0), held.get("exceptions", 0), user_id],
            )

    clock = FakeClock(NOW)
    begin = begin_on(pool, SECRETS)
    return Place(
        accounts=begin,
        blocklists=begin,
        audit=begin,
        audit_records=PostgresAuditReader(pool),
        chain=PostgresChainReader(pool),
        directory=PostgresUserDirectory(pool),
        passwords=PostgresPasswordAttempts(pool),
        identities=PostgresIdentityReader(pool),
        active_sessions=PostgresActiveSessions(pool),
        passkeys=PostgresPasskeyReader(pool),
        api_tokens=PostgresApiTokens(pool),
        api_token_uses=PostgresApiTokenUses(pool),
        api_token_reader=PostgresApiTokenReader(pool),
        search=PostgresArtistSearch(pool, clock),
        catalog=begin,
        artists=PostgresArtistReader(pool),
        artist_directory=PostgresArtistDirectory(pool),
        block_counts=PostgresBlockCounts(pool),
        listed=PostgresListedArtists(pool, ExportPlaces(pool), clock),
        reader=PostgresBlockedArtistReader(pool, ExportPlaces(pool), clock),
        counts=PostgresListCounts(pool, clock),
        tracks=PostgresTrackReader(pool),
        clock=clock,
        pretend=pretend,
        add_artist=add_artist,
        describe=describe,
        answers=PostgresKeptAnswers(pool, FakeSecretBox()),
        links=PostgresLinkDirectory(pool),
        dispatch=PostgresMailDispatch(pool, FakeSecretBox()),
        relay_to=lambda announce: PostgresEventRelay(pool, announce),
        count_audit_records=count_audit_records,
    )


@asynccontextmanager
async def open_pool(url: str) -> AsyncIterator[Pool]:
    """Every connection, from the start."""
    pool = create_pool(url, CONNECTIONS)
    await pool.open()
    await pool.resize(CONNECTIONS, CONNECTIONS)
    await pool.wait()
    yield pool
    await pool.close()


@pytest.fixture
async def pool(migrated_database_url: str) -> AsyncIterator[Pool]:
    """A pool whose connections are all open, so that racers start together."""
    async with open_pool(migrated_database_url) as pool:
        yield pool


@pytest.fixture(params=["memory", "postgres"])
def place(request: pytest.FixtureRequest) -> Place:
    """The same contracts, here and there; every test brings people and artists of its own."""
    if request.param == "memory":
        return in_memory()
    return on_postgres(request.getfixturevalue("pool"))


@pytest.fixture
async def empty_pool(make_database: Callable[[], str]) -> AsyncIterator[Pool]:
    """As ``pool``, on a database that nobody else writes to."""
    async with open_pool(make_database()) as pool:
        yield pool


@pytest.fixture(params=["memory", "postgres"])
def empty_place(request: pytest.FixtureRequest) -> Place:
    """As ``place``, without the traces of other tests."""
    if request.param == "memory":
        return in_memory()
    return on_postgres(request.getfixturevalue("empty_pool"))


Race = Callable[[Callable[[], Awaitable[T]]], Coroutine[Any, Any, list[T | BaseException]]]


@pytest.fixture
def race() -> Race[Any]:
    """Twenty at once: what each of them got, or what it raised."""

    async def run(attempt: Callable[[], Awaitable[T]]) -> list[T | BaseException]:
        return await asyncio.gather(*(attempt() for _ in range(RACERS)), return_exceptions=True)

    return run
