"""Every use case, wired to fakes around one small database in memory."""

from datetime import timedelta
from uuid import uuid4

import msgspec

from application.accounts.api_token_check import ApiTokenCheck
from application.accounts.api_token_end import ApiTokenEnd
from application.accounts.api_tokens import IssuedApiToken
from application.accounts.attempt_start import AttemptStart
from application.accounts.authenticate import Attempt, Authenticate
from application.accounts.claim_administration import AdminClaim, ClaimAdministration
from application.accounts.complete_provider_sign_in import CompleteProviderSignIn
from application.accounts.create_api_token import ApiTokenWish, CreateApiToken
from application.accounts.disable_totp import DisableTotp
from application.accounts.finish_provider_sign_in import FinishProviderSignIn
from application.accounts.get_profile import GetProfile
from application.accounts.identity_link import IdentityLink
from application.accounts.issue_admin_code import IssueAdminCode
from application.accounts.links import LinkIssue
from application.accounts.list_api_tokens import ListApiTokens
from application.accounts.list_identities import ListIdentities
from application.accounts.list_providers import ListProviders
from application.accounts.list_sessions import ListSessions
from application.accounts.list_users import ListUsers
from application.accounts.log_in import Credentials, LogIn
from application.accounts.log_out import LogOut
from application.accounts.new_passwords import NewPasswords
from application.accounts.password_closure import PasswordClosure
from application.accounts.ports import AccessClaims, BeginAccounts
from application.accounts.reauthenticate import IdentityProof, Reauthenticate
from application.accounts.refresh_session import RefreshRequest, RefreshSession
from application.accounts.refused_access import RefusedAccess
from application.accounts.refused_sign_in import RefusedSignIn
from application.accounts.register_user import RegisterUser, Registration
from application.accounts.replace_recovery_codes import ReplaceRecoveryCodes
from application.accounts.revoke_all_sessions import RevokeAllSessions
from application.accounts.revoke_api_token import RevokeApiToken
from application.accounts.revoke_session import RevokeSession
from application.accounts.revoke_sessions import RevokeSessions
from application.accounts.revoke_user_sessions import RevokeUserSessions
from application.accounts.rotate_api_token import RotateApiToken
from application.accounts.second_factor_check import SecondFactorCheck, SecondFactorProof
from application.accounts.session_end import SessionEnd
from application.accounts.set_up_totp import SetUpTotp, TotpRequest
from application.accounts.set_user_role import RoleChange, SetUserRole
from application.accounts.signed_in import SessionStart, SignedIn
from application.accounts.start_provider_link import StartProviderLink
from application.accounts.start_provider_sign_in import StartProviderSignIn
from application.accounts.surroundings import NewSurroundings
from application.accounts.unlink_identity import UnlinkIdentity
from application.accounts.update_profile import UpdateProfile
from application.accounts.update_settings import UpdateSettings
from application.accounts.verify_totp import TotpProof, VerifyTotp
from application.audit.expire_audit_records import ExpireAuditRecords
from application.audit.list_all_audit_events import ListAllAuditEvents
from application.audit.list_audit_events import ListAuditEvents
from application.audit.read_chain_head import ReadChainHead
from application.audit.seal_audit_log import SealAuditLog
from application.audit.verify_audit_log import VerifyAuditLog
from application.blocklists.block_artist import ArtistToBlock, BlockArtist
from application.blocklists.export_blocked_artists import ExportBlockedArtists
from application.blocklists.get_blocked_artist import GetBlockedArtist
from application.blocklists.import_blocked_artists import (
    FileToImport,
    ImportBlockedArtists,
    ImportResult,
)
from application.blocklists.list_blocked_artists import ListBlockedArtists
from application.blocklists.ports import BlockedArtist
from application.blocklists.unblock_artist import UnblockArtist
from application.blocklists.update_blocked_artist import UpdateBlockedArtist
from application.catalog.count_blocks import CountBlocks
from application.catalog.get_artist import GetArtist
from application.catalog.merge_artists import MergeArtists
from application.catalog.ports import Artist
from application.catalog.resolve_artists import ResolveArtists
from application.catalog.search_artists import SearchArtists
from application.catalog.undo_artist_merge import UndoArtistMerge
from application.enforcement.scan_library import ScanLibrary
from application.privacy.apply_retention import ApplyRetention
from application.privacy.cancel_deletion import CancelDeletion
from application.privacy.erase_users import EraseUsers
from application.privacy.export_user_data import ExportUserData
from application.privacy.get_deletion import GetDeletion
from application.privacy.request_deletion import RequestDeletion
from application.shared.answer_once import AnswerOnce
from application.shared.forget_answers import ForgetAnswers
from domain.accounts.api_token_text import TokenEnvironment
from domain.accounts.attempts import AttemptLimit
from domain.accounts.principal import Principal, Scope
from domain.accounts.role import Role
from domain.blocklists.list_formats.sniffing import ListFormat
from domain.shared.ids import ArtistId, UserId
from domain.shared.mail import MailKind
from tests.application.list_world import ListWorld
from tests.application.mail_world import MailWorld
from tests.builders.accounts import an_origin
from tests.builders.audit import CHAIN_KEY
from tests.builders.blocklists import a_slice
from tests.fakes.accounts import FakeUserDirectory, begin_accounts
from tests.fakes.api_tokens import FakeApiTokenReader, FakeApiTokens, FakeApiTokenUses
from tests.fakes.audit import FakeAuditReader, FakeChainReader, begin_audit
from tests.fakes.blocklists import FakeBlockedArtistReader, begin_blocklists
from tests.fakes.catalog import FakeArtistSearch, FakeBlockCounts
from tests.fakes.enforcement import FakeListedArtists, FakeLongWork
from tests.fakes.identities_of_artists import (
    FakeArtistDirectory,
    FakeArtistReader,
    begin_catalog,
)
from tests.fakes.password_failures import FakePasswordAttempts
from tests.fakes.privacy import (
    FakeDeletionReader,
    FakePersonalData,
    FakeRetention,
    begin_privacy,
)
from tests.fakes.providers import FakeIdentityProviders, FakeIdentityReader, FakePause
from tests.fakes.security import (
    FakeAccessTokens,
    FakeAttemptThrottle,
    FakeCommonPasswords,
    FakeKnownDevices,
    FakeNewSecret,
    FakeOneTimeSecrets,
    FakePasswordHasher,
    FakePseudonym,
    FakeRefreshTokens,
    FakeSecretBox,
    FakeTotpCodes,
)
from tests.fakes.sessions import FakeActiveSessions, FakeSessionReader
from tests.fakes.shared import FakeClock, FakeDatabase, FakeKeptAnswers, FakeNewId

PASSWORD = "seven quiet otters on a raft"
ORIGIN = an_origin()


def device_name(user_agent: str | None) -> str:
    """What comes before the version."""
    return (user_agent or "unknown").partition("/")[0]


class World:
    """The whole application in memory; a test reads ``database.rows`` to see what is kept."""

    def __init__(self) -> None:
        self.database = FakeDatabase()
        self.clock = FakeClock()
        self.new_id = FakeNewId()
        self.hasher = FakePasswordHasher()
        self.common_passwords = FakeCommonPasswords("correcthorsebattery")
        self.throttle = FakeAttemptThrottle(lambda: self.clock().timestamp())
        self.devices = FakeKnownDevices()
        self.access_tokens = FakeAccessTokens()
        self.refresh_tokens = FakeRefreshTokens()
        self.secrets = FakeOneTimeSecrets()
        self.codes = FakeTotpCodes()
        self.box = FakeSecretBox()
        self.providers = FakeIdentityProviders("google", "github")
        self._accounts()
        self._providers()
        self._blocklists()
        self._privacy()
        self._audit()
        answers = FakeKeptAnswers(self.database)
        self.answer_once = AnswerOnce(answers=answers, clock=self.clock)
        self.forget_answers = ForgetAnswers(answers=answers, clock=self.clock)

    def _accounts(self) -> None:
        begin = begin_accounts(self.database)
        directory = FakeUserDirectory(self.database)
        active_sessions = FakeActiveSessions(self.database, self.clock)
        start = SessionStart(
            access_tokens=self.access_tokens,
            refresh_tokens=self.refresh_tokens,
            tell=NewSurroundings(device_names=device_name, new_id=self.new_id),
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
        self.start_session, self.second_factor = start, second_factor
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
            end_api_token=ApiTokenEnd(tokens=FakeApiTokens(self.database), new_id=self.new_id),
        )
        self.register_user = RegisterUser(
            begin=begin,
            new_passwords=new_passwords,
            throttle=self.throttle,
            devices=self.devices,
            limit=AttemptLimit(attempts=3, seconds=3600),
            start_session=start,
            issue_link=issue_link,
            clock=self.clock,
            new_id=self.new_id,
        )
        self.refuse = RefusedSignIn(
            begin=begin,
            throttle=self.throttle,
            close=PasswordClosure(new_id=self.new_id),
            pseudonym=FakePseudonym(),
            new_id=self.new_id,
        )
        self.log_in = LogIn(
            begin=begin,
            passwords=FakePasswordAttempts(self.database),
            hasher=self.hasher,
            throttle=self.throttle,
            second_factor=second_factor,
            devices=self.devices,
            network_limit=AttemptLimit(attempts=20, seconds=60),
            start_session=start,
            refuse=self.refuse,
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
        self._api_tokens(active_sessions)
        self.set_up_totp = SetUpTotp(
            begin=begin, codes=self.codes, box=self.box, clock=self.clock, new_id=self.new_id
        )
        self.verify_totp = VerifyTotp(
            begin=begin,
            codes=self.codes,
            secrets=self.secrets,
            box=self.box,
            throttle=self.throttle,
            end_session=end,
            clock=self.clock,
            new_id=self.new_id,
        )
        self.disable_totp = DisableTotp(begin=begin, clock=self.clock, new_id=self.new_id)
        self.replace_recovery_codes = ReplaceRecoveryCodes(
            begin=begin, secrets=self.secrets, clock=self.clock, new_id=self.new_id
        )
        self.reauthenticate = Reauthenticate(
            begin=begin,
            passwords=FakePasswordAttempts(self.database),
            hasher=self.hasher,
            throttle=self.throttle,
            second_factor=second_factor,
            active_sessions=active_sessions,
            close=PasswordClosure(new_id=self.new_id),
            clock=self.clock,
            new_id=self.new_id,
        )
        self.list_sessions = ListSessions(
            sessions=FakeSessionReader(self.database),
            device_names=device_name,
            clock=self.clock,
        )
        self.revoke_session = RevokeSession(begin=begin, end_session=end, clock=self.clock)
        self.revoke_sessions = RevokeSessions(begin=begin, end_session=end, clock=self.clock)
        self._administration(begin, end, directory)
        self.get_profile = GetProfile(profiles=directory)
        self.update_profile = UpdateProfile(begin=begin, clock=self.clock, new_id=self.new_id)
        self.update_settings = UpdateSettings(begin=begin, clock=self.clock, new_id=self.new_id)

    def _administration(
        self, begin: BeginAccounts, end: SessionEnd, directory: FakeUserDirectory
    ) -> None:
        self.issue_admin_code = IssueAdminCode(begin=begin, secrets=self.secrets, clock=self.clock)
        self.claim_administration = ClaimAdministration(
            begin=begin,
            secrets=self.secrets,
            throttle=self.throttle,
            clock=self.clock,
            new_id=self.new_id,
        )
        self.list_users = ListUsers(
            begin=begin, users=directory, clock=self.clock, new_id=self.new_id
        )
        self.set_user_role = SetUserRole(
            begin=begin, end_session=end, clock=self.clock, new_id=self.new_id
        )
        self.revoke_user_sessions = RevokeUserSessions(
            begin=begin, end_session=end, clock=self.clock
        )
        self.revoke_all_sessions = RevokeAllSessions(
            begin=begin, clock=self.clock, new_id=self.new_id
        )

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
            refuse=RefusedAccess(begin=begin, throttle=self.throttle, new_id=self.new_id),
            clock=self.clock,
        )
        self.create_api_token = CreateApiToken(
            begin=begin,
            environment=TokenEnvironment.DEV,
            new_secret=new_secret,
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

    def _providers(self) -> None:
        begin = begin_accounts(self.database)
        start = AttemptStart(
            begin=begin,
            providers=self.providers,
            secrets=self.secrets,
            box=self.box,
            clock=self.clock,
            new_id=self.new_id,
        )
        link = IdentityLink(new_id=self.new_id)
        self.list_providers = ListProviders(providers=self.providers)
        self.start_provider_sign_in = StartProviderSignIn(
            providers=self.providers, throttle=self.throttle, start=start
        )
        self.start_provider_link = StartProviderLink(
            providers=self.providers, throttle=self.throttle, start=start
        )
        self.finish_provider_sign_in = FinishProviderSignIn(
            begin=begin,
            providers=self.providers,
            secrets=self.secrets,
            box=self.box,
            link=link,
            pause=FakePause(),
            clock=self.clock,
        )
        self.complete_provider_sign_in = CompleteProviderSignIn(
            begin=begin,
            secrets=self.secrets,
            box=self.box,
            throttle=self.throttle,
            limit=AttemptLimit(attempts=3, seconds=3600),
            second_factor=self.second_factor,
            refuse=self.refuse,
            link=link,
            start_session=self.start_session,
            clock=self.clock,
            new_id=self.new_id,
        )
        self.list_identities = ListIdentities(identities=FakeIdentityReader(self.database))
        self.unlink_identity = UnlinkIdentity(begin=begin, clock=self.clock, new_id=self.new_id)

    def _blocklists(self) -> None:
        begin = begin_blocklists(self.database)
        reader = FakeBlockedArtistReader(self.database, self.clock)
        self._catalog()
        self.list_blocked_artists = ListBlockedArtists(reader=reader)
        self.get_blocked_artist = GetBlockedArtist(reader=reader)
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
        self.scan_library = ScanLibrary(
            listed=FakeListedArtists(self.database, self.clock), long_work=FakeLongWork()
        )
        self.lists = ListWorld(self.database, self.clock, self.new_id)

    def _catalog(self) -> None:
        begin = begin_catalog(self.database)
        self.search_artists = SearchArtists(artists=FakeArtistSearch(self.database, self.clock))
        self.count_blocks = CountBlocks(counts=FakeBlockCounts(self.database))
        self.get_artist = GetArtist(artists=FakeArtistReader(self.database))
        self.resolve_artists = ResolveArtists(directory=FakeArtistDirectory(self.database))
        self.merge_artists = MergeArtists(begin=begin, clock=self.clock, new_id=self.new_id)
        self.undo_artist_merge = UndoArtistMerge(begin=begin, clock=self.clock, new_id=self.new_id)

    def _privacy(self) -> None:
        begin = begin_privacy(self.database)
        self.retention = FakeRetention()
        self.export_user_data = ExportUserData(
            begin=begin,
            personal_data=FakePersonalData(self.database),
            clock=self.clock,
            new_id=self.new_id,
        )
        self.request_deletion = RequestDeletion(begin=begin, clock=self.clock, new_id=self.new_id)
        self.cancel_deletion = CancelDeletion(begin=begin, clock=self.clock, new_id=self.new_id)
        self.get_deletion = GetDeletion(deletions=FakeDeletionReader(self.database))
        self.erase_users = EraseUsers(begin=begin, clock=self.clock, new_id=self.new_id)
        self.apply_retention = ApplyRetention(retention=self.retention, clock=self.clock)

    def _audit(self) -> None:
        begin = begin_audit(self.database)
        reader, records = FakeChainReader(self.database), FakeAuditReader(self.database)
        self.seal_audit_log = SealAuditLog(begin=begin)
        self.expire_audit_records = ExpireAuditRecords(
            begin=begin, clock=self.clock, new_id=self.new_id
        )
        self.verify_audit_log = VerifyAuditLog(reader=reader, key=CHAIN_KEY, clock=self.clock)
        self.read_chain_head = ReadChainHead(reader=reader, key=CHAIN_KEY)
        self.list_audit_events = ListAuditEvents(reader=records)
        self.list_all_audit_events = ListAllAuditEvents(
            begin=begin, reader=records, clock=self.clock, new_id=self.new_id
        )

    async def ada(self, email: str = "ada@example.org") -> SignedIn:
        """A person with an account."""
        return await self.register_user(Registration(email=email, password=PASSWORD, origin=ORIGIN))

    async def sign_in(
        self,
        password: str = PASSWORD,
        email: str = "ada@example.org",
        *,
        totp_code: str | None = None,
        recovery_code: str | None = None,
        address: str | None = ORIGIN.address,
        user_agent: str | None = ORIGIN.user_agent,
        device: str | None = None,
    ) -> SignedIn:
        """An attempt to sign in."""
        return await self.log_in(
            Credentials(
                email=email,
                password=password,
                second_factor=SecondFactorProof(totp_code=totp_code, recovery_code=recovery_code),
                origin=msgspec.structs.replace(ORIGIN, address=address, user_agent=user_agent),
                device=device,
            )
        )

    async def with_totp(self, signed_in: SignedIn) -> list[str]:
        """Switch their second factor on; their recovery codes. A minute passes."""
        claims = self.claims(signed_in)
        await self.set_up_totp(TotpRequest(actor=claims.user_id, origin=ORIGIN))
        codes = await self.verify_totp(
            TotpProof(
                actor=claims.user_id,
                session_id=claims.session_id,
                code=self.codes.code(self.clock()),
                origin=ORIGIN,
            )
        )
        self.clock.advance(timedelta(minutes=1))
        return codes

    async def prove(self, signed_in: SignedIn, password: str = PASSWORD, **code: str) -> None:
        """Prove again who they are."""
        claims = self.claims(signed_in)
        await self.reauthenticate(
            IdentityProof(
                actor=claims.user_id,
                session_id=claims.session_id,
                password=password,
                second_factor=SecondFactorProof(**code),
                origin=ORIGIN,
            )
        )

    async def an_admin(self, email: str = "root@example.org") -> SignedIn:
        """Somebody who redeemed a code of the operator's."""
        signed_in = await self.ada(email)
        await self.claim_administration(
            AdminClaim(
                actor=signed_in.profile.id, code=await self.issue_admin_code(), origin=ORIGIN
            )
        )
        return signed_in

    async def give_role(self, actor: SignedIn, user_id: UserId, role: Role) -> None:
        """What an administrator does."""
        await self.set_user_role(
            RoleChange(actor=actor.profile.id, user_id=user_id, role=role, origin=ORIGIN)
        )

    def mailed(self) -> list[MailKind]:
        """What messages were about, besides those that follow each registration."""
        kinds = [mail.kind for mail in self.database.rows.mails]
        return [kind for kind in kinds if kind is not MailKind.VERIFY_EMAIL]

    async def refresh(self, token: str) -> SignedIn:
        """An attempt to refresh."""
        return await self.refresh_session(RefreshRequest(refresh_token=token, origin=ORIGIN))

    async def later(self, pause: timedelta, *signed_in: SignedIn) -> list[SignedIn]:
        """What clients hold after a pause in which their access tokens may have expired."""
        self.clock.advance(pause)
        return [await self.refresh(one.refresh_token) for one in signed_in]

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
        return await self.authenticate(Attempt(token=text, operation=operation, origin=ORIGIN))

    async def principal(self, signed_in: SignedIn, operation: str = "getProfile") -> Principal:
        """Whose access token it is, if they may do ``operation``."""
        return await self.integrator(signed_in.access_token, operation)

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

    async def listed(self, actor: UserId) -> list[BlockedArtist]:
        """A person's list, newest first."""
        return (await self.list_blocked_artists(a_slice(actor))).entries

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

    async def import_file(
        self, actor: UserId, text: str, *, dry_run: bool = False, format: ListFormat | None = None
    ) -> ImportResult:
        """A file put on somebody's list, or looked at."""
        return await self.import_blocked_artists(
            FileToImport(
                actor=actor,
                content=text.encode(),
                origin=ORIGIN,
                dry_run=dry_run,
                format=format,
            )
        )
