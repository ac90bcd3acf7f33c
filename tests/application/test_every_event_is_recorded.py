"""Every fact leaves exactly one audit record, in the transaction that made it true."""

import importlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from application.accounts.log_out import SignOut
from application.accounts.rename_passkey import PasskeyNaming
from application.accounts.revoke_all_sessions import EverybodyToSignOut
from application.accounts.revoke_api_token import ApiTokenToRevoke
from application.accounts.rotate_api_token import ApiTokenToRotate
from application.accounts.set_up_totp import TotpRequest
from application.accounts.unlink_identity import IdentityToUnlink
from application.accounts.update_profile import ProfileChange
from application.accounts.update_settings import SettingsChange
from application.blocklists.add_exception import ExceptionToAdd
from application.blocklists.block_artists import ArtistsToBlock
from application.blocklists.block_tracks import TracksToBlock
from application.blocklists.remove_exception import ExceptionToRemove
from application.blocklists.remove_tag import TagToRemove
from application.blocklists.rename_tag import TagRenaming
from application.blocklists.unblock_artist import ArtistToUnblock
from application.blocklists.unblock_artists import ArtistsToUnblock
from application.blocklists.unblock_tracks import TracksToUnblock
from application.blocklists.undo_bulk_change import ChangeToUndo
from application.blocklists.update_blocked_artist import EntryChange
from application.blocklists.update_blocked_artists import EntryChanges
from application.catalog.merge_artists import ArtistsToMerge
from application.catalog.undo_artist_merge import MergeToUndo
from application.privacy.export_user_data import DataRequest
from domain.accounts import events as accounts
from domain.accounts.errors import InvalidPasskeyError, WrongPasswordError
from domain.accounts.user import Theme, UserSettings
from domain.blocklists import events as blocklists
from domain.catalog import events as catalog
from domain.privacy import events as privacy
from domain.shared.events import Event
from domain.shared.ids import ArtistId
from domain.shared.mail import MailKind
from tests.application.accounts.providers import Browser
from tests.application.passkey_world import PasskeyWorld
from tests.application.world import ORIGIN, World
from tests.builders.blocklists import a_track

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
FILE = "artist,id\nNeural Groove Machine,3ec16T2vMbjJi4luOqt6ps\n"


async def log_out(world: World) -> None:
    """Open a session and end it."""
    claims = world.claims(await world.ada())
    await world.log_out(SignOut(actor=claims.user_id, session_id=claims.session_id, origin=ORIGIN))


async def rename(world: World) -> None:
    """Another display name."""
    actor = (await world.ada()).profile.id
    await world.update_profile(ProfileChange(actor=actor, display_name="Ada", origin=ORIGIN))


async def change_settings(world: World) -> None:
    """Another theme."""
    actor = (await world.ada()).profile.id
    settings = UserSettings(theme=Theme.DARK)
    await world.update_settings(SettingsChange(actor=actor, settings=settings, origin=ORIGIN))


async def block(world: World) -> None:
    """An artist on a list."""
    await world.block((await world.ada()).profile.id, world.artist(), ["a"])


async def update_entry(world: World) -> None:
    """A note."""
    actor, artist_id = (await world.ada()).profile.id, world.artist()
    await world.block(actor, artist_id, ["a"])
    await world.update_blocked_artist(
        EntryChange(actor=actor, artist_id=artist_id, tags=["b"], note="why", origin=ORIGIN)
    )


async def unblock(world: World) -> None:
    """An artist off a list."""
    actor, artist_id = (await world.ada()).profile.id, world.artist()
    await world.block(actor, artist_id, ["a"])
    await world.unblock_artist(ArtistToUnblock(actor=actor, artist_id=artist_id, origin=ORIGIN))


async def import_file(world: World) -> None:
    """A file on a list."""
    await world.import_file((await world.ada()).profile.id, FILE)


async def register(world: World) -> None:
    """A person and their first session."""
    await world.ada()


async def use_second_factor(world: World) -> None:
    """A second factor, from its beginning to its end."""
    ada = await world.ada()
    codes = await world.with_totp(ada)
    await world.sign_in(recovery_code=codes[0])
    request = TotpRequest(actor=ada.profile.id, origin=ORIGIN)
    await world.replace_recovery_codes(request)
    await world.disable_totp(request)


async def prove(world: World) -> None:
    """A fresh proof of identity."""
    await world.prove(await world.ada())


async def become_administrator(world: World) -> None:
    """By a code of the operator's."""
    await world.an_admin()


async def sign_everybody_out(world: World) -> None:
    """By an administrator."""
    root = await world.an_admin()
    await world.revoke_all_sessions(EverybodyToSignOut(actor=root.profile.id, origin=ORIGIN))


async def use_passkeys(world: World) -> None:
    """One that is renamed, copied and removed."""
    assert isinstance(world, PasskeyWorld)
    actor = (await world.ada()).profile.id
    kept = await world.passkey(actor)
    naming = PasskeyNaming(actor=actor, passkey_id=kept.id, name="Old phone", origin=ORIGIN)
    await world.rename_passkey(naming)
    await world.sign_in_by(await world.assertion(actor, count="5"))
    with pytest.raises(InvalidPasskeyError):
        await world.sign_in_by(await world.assertion(actor, count="4"))
    await world.remove(actor, kept.id)


async def use_api_token(world: World) -> None:
    """One that gets another secret and ends."""
    actor = (await world.ada()).profile.id
    issued = await world.api_token(actor)
    token_id = issued.token.id
    await world.rotate_api_token(
        ApiTokenToRotate(actor=actor, token_id=token_id, overlap_hours=1, origin=ORIGIN)
    )
    await world.revoke_api_token(ApiTokenToRevoke(actor=actor, token_id=token_id, origin=ORIGIN))


async def prove_address(world: World) -> None:
    """By the link that came with the registration."""
    ada = await world.ada()
    await world.mail.verify(world.mail.token(ada.profile.email, MailKind.VERIFY_EMAIL))


async def move_and_come_back(world: World) -> None:
    """To another address, and back by the link that went to the first."""
    ada = await world.ada()
    await world.mail.verify(world.mail.token(ada.profile.email, MailKind.VERIFY_EMAIL))
    await world.mail.ask_to_move(ada.profile.id, "new@example.net")
    await world.mail.move(world.mail.token("new@example.net", MailKind.CONFIRM_EMAIL_CHANGE))
    await world.mail.undo(world.mail.token(ada.profile.email, MailKind.EMAIL_CHANGED))


async def change_password(world: World) -> None:
    """While signed in."""
    await world.mail.change(await world.principal(await world.ada()))


async def forget_password(world: World) -> None:
    """And choose another by a link."""
    ada = await world.ada()
    await world.mail.forget(ada.profile.email)
    await world.mail.reset(world.mail.token(ada.profile.email, MailKind.RESET_PASSWORD))


async def guess_in_vain(world: World) -> None:
    """Twenty times, within a session."""
    ada = await world.ada()
    for _ in range(20):
        (ada,) = await world.later(timedelta(minutes=16), ada)
        with pytest.raises(WrongPasswordError):
            await world.prove(ada, "not the password at all")


async def take_away(world: World) -> None:
    """Everything that is kept."""
    ada = await world.ada()
    await world.export_user_data(DataRequest(actor=ada.profile.id, origin=ORIGIN))


async def ask_for_deletion(world: World) -> None:
    """In seven days."""
    ada = await world.ada()
    await world.request_deletion(DataRequest(actor=ada.profile.id, origin=ORIGIN))


async def change_ones_mind(world: World) -> None:
    """Before it is too late."""
    ada = await world.ada()
    request = DataRequest(actor=ada.profile.id, origin=ORIGIN)
    await world.request_deletion(request)
    await world.cancel_deletion(request)


async def link_and_unlink(world: World) -> None:
    """A provider, there and gone."""
    ada = await world.ada()
    browser = Browser(world)
    await browser.start_link(ada)
    await browser.come_back()
    (identity,) = await world.list_identities(ada.profile.id)
    await world.unlink_identity(
        IdentityToUnlink(actor=ada.profile.id, identity_id=identity.id, origin=ORIGIN)
    )


async def merge_and_undo(world: World) -> None:
    """Two artists, one, and two again."""
    actor = (await world.an_admin()).profile.id
    part, whole = world.artist("Part"), ArtistId(UUID(int=1))
    world.database.rows.artists[whole] = world.database.rows.artists[part]
    merged = await world.merge_artists(
        ArtistsToMerge(actor=actor, artist_id=part, survivor_id=whole, origin=ORIGIN)
    )
    await world.undo_artist_merge(MergeToUndo(actor=actor, merge_id=merged.merge.id, origin=ORIGIN))


# A use case for each event, and the old and new state that its record shows.
async def change_many(world: World) -> None:
    """Add, edit and remove an artist as if it were many; take the removal back."""
    actor, artist = (await world.ada()).profile.id, world.artist()
    await world.lists.block_artists(
        ArtistsToBlock(
            actor=actor, artist_ids=[artist], tags=["a"], note=None, until=None, origin=ORIGIN
        )
    )
    await world.lists.update_blocked_artists(
        EntryChanges(
            actor=actor,
            artist_ids=[artist],
            add_tags=["b"],
            remove_tags=[],
            note=msgspec.UNSET,
            until=msgspec.UNSET,
            origin=ORIGIN,
        )
    )
    await world.lists.unblock_artists(
        ArtistsToUnblock(actor=actor, artist_ids=[artist], origin=ORIGIN)
    )
    world.clock.advance(timedelta(seconds=1))
    await world.lists.undo_bulk_change(ChangeToUndo(actor=actor, change_id=None, origin=ORIGIN))


async def change_tags(world: World) -> None:
    """Rename a tag, and remove it."""
    actor = (await world.ada()).profile.id
    await world.block(actor, world.artist(), ["ai"])
    await world.lists.rename_tag(TagRenaming(actor=actor, tag="ai", to="robots", origin=ORIGIN))
    await world.lists.remove_tag(TagToRemove(actor=actor, tag="robots", origin=ORIGIN))


async def change_tracks(world: World) -> None:
    """A track on the list and off it."""
    actor, track = (await world.ada()).profile.id, a_track()
    await world.lists.block_tracks(TracksToBlock(actor=actor, tracks=[track], origin=ORIGIN))
    await world.lists.unblock_tracks(TracksToUnblock(actor=actor, ids=[track.id], origin=ORIGIN))


async def change_exceptions(world: World) -> None:
    """An exception, and its end."""
    actor = (await world.ada()).profile.id
    exception = await world.lists.add_exception(
        ExceptionToAdd(actor=actor, subject=world.artist(), note="Loved.", origin=ORIGIN)
    )
    await world.lists.remove_exception(
        ExceptionToRemove(actor=actor, exception_id=exception.id, origin=ORIGIN)
    )


SCENARIOS: dict[type[Event], tuple[Callable[[World], Awaitable[None]], object, object]] = {
    accounts.UserRegistered: (
        register,
        None,
        {
            "email": "a…@example.org",
            "email_verified": False,
            "display_name": None,
            "theme": "system",
            "language": "en",
            "email_notifications": False,
        },
    ),
    accounts.SessionOpened: (register, None, None),
    accounts.SessionRevoked: (log_out, None, {"reason": "signed_out"}),
    accounts.ProfileUpdated: (rename, {"display_name": None}, {"display_name": "3 characters"}),
    accounts.SettingsUpdated: (change_settings, {"theme": "system"}, {"theme": "dark"}),
    accounts.AuthenticationRenewed: (prove, None, None),
    accounts.TotpSetUp: (use_second_factor, None, None),
    accounts.TotpEnabled: (use_second_factor, None, None),
    accounts.RecoveryCodeUsed: (use_second_factor, None, None),
    accounts.RecoveryCodesReplaced: (use_second_factor, None, None),
    accounts.TotpDisabled: (use_second_factor, None, None),
    accounts.RoleChanged: (
        become_administrator,
        {"role": "member"},
        {"role": "admin", "by": "a code of the operator's"},
    ),
    accounts.PasskeyAdded: (use_passkeys, None, None),
    accounts.PasskeyRenamed: (use_passkeys, None, None),
    accounts.PasskeySuspected: (use_passkeys, None, None),
    accounts.PasskeyRemoved: (use_passkeys, None, None),
    accounts.ApiTokenCreated: (use_api_token, None, None),
    accounts.ApiTokenRotated: (use_api_token, None, None),
    accounts.ApiTokenRevoked: (use_api_token, None, None),
    accounts.EmailVerified: (
        prove_address,
        {"email_verified": False},
        {"email_verified": True},
    ),
    accounts.EmailChanged: (
        move_and_come_back,
        {"email": "a…@example.org"},
        {"email": "n…@example.net"},
    ),
    accounts.EmailChangeUndone: (
        move_and_come_back,
        {"email": "n…@example.net"},
        {"email": "a…@example.org"},
    ),
    accounts.PasswordChanged: (change_password, None, None),
    accounts.PasswordReset: (forget_password, {}, {}),
    accounts.PasswordClosed: (guess_in_vain, None, {"closed_to": "known devices"}),
    accounts.AllSessionsRevoked: (sign_everybody_out, None, {"sessions": 1}),
    accounts.IdentityLinked: (
        link_and_unlink,
        None,
        {"provider": "google", "email": "a…@example.org"},
    ),
    accounts.IdentityUnlinked: (
        link_and_unlink,
        {"provider": "google", "email": "a…@example.org"},
        None,
    ),
    privacy.UserDataExported: (take_away, None, None),
    privacy.DeletionRequested: (
        ask_for_deletion,
        None,
        {"due_at": "2026-02-07T12:00:00+00:00"},
    ),
    privacy.DeletionCancelled: (change_ones_mind, None, None),
    catalog.ArtistsMerged: (
        merge_and_undo,
        None,
        {"survivor_id": str(UUID(int=1)), "moved": 0, "combined": 0},
    ),
    catalog.ArtistMergeUndone: (
        merge_and_undo,
        {"survivor_id": str(UUID(int=1))},
        {"restored": 0},
    ),
    blocklists.ArtistBlocked: (block, None, {"tags": "1 words", "note": None, "until": None}),
    blocklists.BlockedArtistUpdated: (
        update_entry,
        {"tags": "1 words", "note": None},
        {"tags": "1 words", "note": "3 characters"},
    ),
    blocklists.ArtistUnblocked: (unblock, {"tags": "1 words", "note": None, "until": None}, None),
    blocklists.BlockedArtistsImported: (
        import_file,
        None,
        {"added": 1, "already_there": 0, "rejected": 0},
    ),
    blocklists.ArtistsBlocked: (change_many, None, {"entries": 1}),
    blocklists.BlockedArtistsUpdated: (change_many, None, {"entries": 1}),
    blocklists.ArtistsUnblocked: (change_many, {"entries": 1}, None),
    blocklists.BulkChangeUndone: (
        change_many,
        None,
        {"kind": "remove", "restored": 1, "left": 0},
    ),
    blocklists.TagRenamed: (
        change_tags,
        {"tag": "2 characters"},
        {"tag": "6 characters", "entries": 1},
    ),
    blocklists.TagRemoved: (change_tags, {"tag": "6 characters", "entries": 1}, None),
    blocklists.TracksBlocked: (change_tracks, None, {"tracks": 1}),
    blocklists.TracksUnblocked: (change_tracks, {"tracks": 1}, None),
    blocklists.ExceptionAdded: (
        change_exceptions,
        None,
        {"subject": "artist", "note": "6 characters"},
    ),
    blocklists.ExceptionRemoved: (change_exceptions, None, None),
}


# Their records are the worker's own: test_erase_users.py, test_remove_ended_entries.py.
BY_THE_WORKER: set[type[Event]] = {privacy.UserErased, blocklists.BlockEnded}


def all_events() -> set[type[Event]]:
    """Every event of every context."""
    for path in ROOT.glob("domain/*/events.py"):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found, waiting = set[type[Event]](), [Event]
    while waiting:
        heirs = [h for h in waiting.pop().__subclasses__() if h.__module__.startswith("domain.")]
        found |= set(heirs)
        waiting += heirs
    return found


def test_every_event_has_a_use_case_here() -> None:
    missing = all_events() - set(SCENARIOS) - BY_THE_WORKER
    assert missing == set(), "add what makes it happen to SCENARIOS"


@pytest.mark.parametrize("event", SCENARIOS, ids=lambda event: event.__name__)
async def test_its_use_case_leaves_one_record_with_both_states(
    passkeys: PasskeyWorld, event: type[Event]
) -> None:
    run, before, after = SCENARIOS[event]
    world: World = passkeys
    await run(world)
    (happened,) = [e for e in world.database.rows.events if type(e) is event]
    (record,) = [r for r in world.database.rows.audit if r.action == happened.type]
    assert record.id == happened.id
    assert record.user_id == happened.user_id
    assert (record.resource_type, record.resource_id) == happened.resource
    assert record.created_at == happened.occurred_at
    assert record.origin == ORIGIN
    assert (record.before, record.after) == (before, after)


def test_nothing_but_the_recorder_writes_events() -> None:
    writers = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "application").rglob("*.py")
        if "outbox.append" in path.read_text("utf-8")
    ]
    assert writers == ["application/shared/record.py"]
