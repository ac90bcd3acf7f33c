"""Every use case, wired to fakes around one small database in memory."""

from datetime import timedelta
from uuid import uuid4

from application.accounts.api_token_check import ApiTokenCheck
from application.accounts.api_token_end import ApiTokenEnd
from application.accounts.api_tokens import IssuedApiToken
from application.accounts.authenticate import Attempt, Authenticate
from application.accounts.create_api_token import ApiTokenWish, CreateApiToken
from application.accounts.get_profile import GetProfile
from application.accounts.list_api_tokens import ListApiTokens
from application.accounts.log_in import Credentials, LogIn
from application.accounts.log_out import LogOut
from application.accounts.ports import AccessClaims
from application.accounts.refresh_session import RefreshRequest, RefreshSession
from application.accounts.register_user import RegisterUser, Registration
from application.accounts.revoke_api_token import RevokeApiToken
from application.accounts.rotate_api_token import RotateApiToken
from application.accounts.second_factor_check import SecondFactorCheck
from application.accounts.session_end import SessionEnd
from application.accounts.signed_in import SessionStart, SignedIn
from application.accounts.update_profile import UpdateProfile
from application.accounts.update_settings import UpdateSettings
from application.blocklists.block_artist import ArtistToBlock, BlockArtist
from application.blocklists.export_blocked_artists import ExportBlockedArtists
from application.blocklists.import_blocked_artists import (
    FileToImport,
    ImportBlockedArtists,
    ImportResult,
)
from application.blocklists.list_blocked_artists import ListBlockedArtists
from application.blocklists.ports import BlockedArtist
from application.blocklists.unblock_artist import UnblockArtist
from application.blocklists.update_blocked_artist import UpdateBlockedArtist
from application.catalog.ports import Artist
from application.catalog.search_artists import SearchArtists
from domain.accounts.api_token_text import TokenEnvironment
from domain.accounts.attempts import AttemptLimit
from domain.accounts.principal import Principal, Scope
from domain.shared.ids import ArtistId, UserId
from tests.builders.accounts import an_origin
from tests.fakes.accounts import FakeUserDirectory, begin_accounts
from tests.fakes.api_tokens import FakeApiTokenReader, FakeApiTokens, FakeApiTokenUses
from tests.fakes.blocklists import FakeBlockedArtistReader, begin_blocklists
from tests.fakes.catalog import FakeArtistSearch
from tests.fakes.security import (
    FakeAccessTokens,
    FakeAttemptThrottle,
    FakeCommonPasswords,
    FakeNewSecret,
    FakeOneTimeSecrets,
    FakePasswordHasher,
    FakeRefreshTokens,
    FakeSecretBox,
    FakeTotpCodes,
)
from tests.fakes.sessions import FakeActiveSessions
from tests.fakes.shared import FakeClock, FakeDatabase, FakeNewId

PASSWORD = "seven quiet otters on a raft"
ORIGIN = an_origin()


class World:
    """The whole application in memory; a test reads ``database.rows`` to see what is kept."""

    def __init__(self) -> None:
        self.database = FakeDatabase()
        self.clock = FakeClock()
        self.new_id = FakeNewId()
        self.hasher = FakePasswordHasher()
        self.common_passwords = FakeCommonPasswords("correcthorsebattery")
        self.throttle = FakeAttemptThrottle(lambda: self.clock().timestamp())
        self.access_tokens = FakeAccessTokens()
        self.refresh_tokens = FakeRefreshTokens()
        self.secrets = FakeOneTimeSecrets()
        self.codes = FakeTotpCodes()
        self.box = FakeSecretBox()
        self._accounts()
        self._blocklists()

    def _accounts(self) -> None:
        begin = begin_accounts(self.database)
        directory = FakeUserDirectory(self.database)
        active_sessions = FakeActiveSessions(self.database, self.clock)
        start = SessionStart(
            access_tokens=self.access_tokens,
            refresh_tokens=self.refresh_tokens,
            new_id=self.new_id,
        )
        end = SessionEnd(active_sessions=active_sessions, new_id=self.new_id)
        second_factor = SecondFactorCheck(
            begin=begin,
            codes=self.codes,
            secrets=self.secrets,
            box=self.box,
            throttle=self.throttle,
            clock=self.clock,
            new_id=self.new_id,
        )
        self.register_user = RegisterUser(
            begin=begin,
            hasher=self.hasher,
            common_passwords=self.common_passwords,
            throttle=self.throttle,
            limit=AttemptLimit(attempts=3, seconds=3600),
            start_session=start,
            clock=self.clock,
            new_id=self.new_id,
        )
        self.log_in = LogIn(
            begin=begin,
            directory=directory,
            hasher=self.hasher,
            throttle=self.throttle,
            second_factor=second_factor,
            start_session=start,
            clock=self.clock,
        )
        self.refresh_session = RefreshSession(
            begin=begin,
            profiles=directory,
            access_tokens=self.access_tokens,
            refresh_tokens=self.refresh_tokens,
            clock=self.clock,
            end_session=end,
        )
        self.log_out = LogOut(begin=begin, end_session=end, clock=self.clock)
        self._api_tokens(active_sessions)
        self.get_profile = GetProfile(profiles=directory)
        self.update_profile = UpdateProfile(begin=begin, clock=self.clock, new_id=self.new_id)
        self.update_settings = UpdateSettings(begin=begin, clock=self.clock, new_id=self.new_id)

    def _api_tokens(self, active_sessions: FakeActiveSessions) -> None:
        begin = self.begin_accounts = begin_accounts(self.database)
        new_secret = FakeNewSecret()
        self.tokens = FakeApiTokens(self.database)
        self.authenticate = Authenticate(
            access_tokens=self.access_tokens,
            active_sessions=active_sessions,
            check_api_token=ApiTokenCheck(
                environment=TokenEnvironment.DEV,
                tokens=self.tokens,
                uses=FakeApiTokenUses(self.database),
            ),
            clock=self.clock,
        )
        self.create_api_token = CreateApiToken(
            begin=begin,
            environment=TokenEnvironment.DEV,
            new_secret=new_secret,
            most_requests_per_minute=100,
            clock=self.clock,
            new_id=self.new_id,
        )
        self.list_api_tokens = ListApiTokens(
            reader=FakeApiTokenReader(self.database), clock=self.clock
        )
        self.rotate_api_token = RotateApiToken(
            begin=begin,
            tokens=self.tokens,
            environment=TokenEnvironment.DEV,
            new_secret=new_secret,
            clock=self.clock,
            new_id=self.new_id,
        )
        self.end_api_token = ApiTokenEnd(tokens=self.tokens, new_id=self.new_id)
        self.revoke_api_token = RevokeApiToken(
            begin=begin, end_api_token=self.end_api_token, clock=self.clock
        )

    def _blocklists(self) -> None:
        begin = begin_blocklists(self.database)
        reader = FakeBlockedArtistReader(self.database)
        self.search_artists = SearchArtists(artists=FakeArtistSearch(self.database))
        self.list_blocked_artists = ListBlockedArtists(reader=reader)
        self.block_artist = BlockArtist(
            begin=begin, reader=reader, clock=self.clock, new_id=self.new_id
        )
        self.update_blocked_artist = UpdateBlockedArtist(
            begin=begin, reader=reader, clock=self.clock, new_id=self.new_id
        )
        self.unblock_artist = UnblockArtist(begin=begin, clock=self.clock, new_id=self.new_id)
        self.import_blocked_artists = ImportBlockedArtists(
            begin=begin, clock=self.clock, new_id=self.new_id
        )
        self.export_blocked_artists = ExportBlockedArtists(reader=reader)

    async def ada(self, email: str = "ada@example.org") -> SignedIn:
        """A person with an account."""
        return await self.register_user(Registration(email=email, password=PASSWORD, origin=ORIGIN))

    async def sign_in(self, password: str = PASSWORD, email: str = "ada@example.org") -> SignedIn:
        """An attempt to sign in."""
        return await self.log_in(Credentials(email=email, password=password, origin=ORIGIN))

    async def refresh(self, token: str) -> SignedIn:
        """An attempt to refresh."""
        return await self.refresh_session(RefreshRequest(refresh_token=token, origin=ORIGIN))

    def claims(self, signed_in: SignedIn) -> AccessClaims:
        """What their access token says."""
        return self.access_tokens.verify(signed_in.access_token, self.clock())

    async def api_token(
        self, actor: UserId, *scopes: Scope, days: int = 90, most: int | None = None
    ) -> IssuedApiToken:
        """A token of theirs, for all scopes unless some are named."""
        return await self.create_api_token(
            ApiTokenWish(
                actor=actor,
                name="Home server",
                scopes=scopes or tuple(Scope),
                expires_in_days=days,
                requests_per_minute=most,
                origin=ORIGIN,
            )
        )

    async def integrator(self, text: str, operation: str = "getProfile") -> Principal:
        """Whose API token it is, if they may do ``operation``."""
        return await self.authenticate(Attempt(token=text, operation=operation))

    async def principal(self, signed_in: SignedIn, operation: str = "getProfile") -> Principal:
        """Whose access token it is, if they may do ``operation``."""
        return await self.authenticate(Attempt(token=signed_in.access_token, operation=operation))

    def artist(self, name: str = "Static Bloom") -> ArtistId:
        """An artist in the catalogue."""
        artist_id = ArtistId(uuid4())
        self.database.rows.artists[artist_id] = Artist(
            id=artist_id,
            canonical_name=name,
            external_ids={},
            metadata={},
            created_at=self.clock(),
        )
        self.database.rows.names[artist_id] = [name]
        return artist_id

    async def block(
        self, actor: UserId, artist_id: ArtistId, tags: list[str] | None = None
    ) -> BlockedArtist:
        """An artist put on somebody's list; a minute passes."""
        self.clock.advance(timedelta(minutes=1))
        return await self.block_artist(
            ArtistToBlock(
                actor=actor, artist_id=artist_id, tags=tags or [], note=None, origin=ORIGIN
            )
        )

    async def import_file(self, actor: UserId, text: str) -> ImportResult:
        """A file put on somebody's list."""
        return await self.import_blocked_artists(
            FileToImport(actor=actor, content=text.encode(), origin=ORIGIN)
        )
