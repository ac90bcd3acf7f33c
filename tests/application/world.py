"""Every use case, wired to fakes around one small database in memory."""

from datetime import timedelta
from uuid import uuid4

from application.accounts.authenticate import Attempt, Authenticate
from application.accounts.get_profile import GetProfile
from application.accounts.links import LinkIssue
from application.accounts.log_in import Credentials, LogIn
from application.accounts.log_out import LogOut
from application.accounts.new_passwords import NewPasswords
from application.accounts.ports import AccessClaims
from application.accounts.refresh_session import RefreshRequest, RefreshSession
from application.accounts.register_user import RegisterUser, Registration
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
from domain.accounts.attempts import AttemptLimit
from domain.accounts.principal import Principal
from domain.shared.ids import ArtistId, UserId
from tests.application.mail_world import MailWorld
from tests.builders.accounts import an_origin
from tests.fakes.accounts import FakeUserDirectory, begin_accounts
from tests.fakes.blocklists import FakeBlockedArtistReader, begin_blocklists
from tests.fakes.catalog import FakeArtistSearch
from tests.fakes.security import (
    FakeAccessTokens,
    FakeAttemptThrottle,
    FakeCommonPasswords,
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
        issue_link = LinkIssue(secrets=self.secrets, new_id=self.new_id)
        new_passwords = NewPasswords(hasher=self.hasher, common_passwords=self.common_passwords)
        self.mail = MailWorld(
            database=self.database,
            clock=self.clock,
            new_id=self.new_id,
            secrets=self.secrets,
            throttle=self.throttle,
            new_passwords=new_passwords,
            issue_link=issue_link,
            end_session=end,
        )
        self.register_user = RegisterUser(
            begin=begin,
            new_passwords=new_passwords,
            throttle=self.throttle,
            limit=AttemptLimit(attempts=3, seconds=3600),
            start_session=start,
            issue_link=issue_link,
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
            new_id=self.new_id,
        )
        self.log_out = LogOut(begin=begin, end_session=end, clock=self.clock)
        self.authenticate = Authenticate(
            access_tokens=self.access_tokens, active_sessions=active_sessions, clock=self.clock
        )
        self.get_profile = GetProfile(profiles=directory)
        self.update_profile = UpdateProfile(begin=begin, clock=self.clock, new_id=self.new_id)
        self.update_settings = UpdateSettings(begin=begin, clock=self.clock, new_id=self.new_id)

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
