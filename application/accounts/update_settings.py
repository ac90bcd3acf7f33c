"""Replace somebody's settings."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.ports import BeginAccounts
from application.accounts.profile import Profile
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.events import SettingsUpdated
from domain.accounts.user import UserSettings
from domain.shared.ids import EventId, UserId
from domain.shared.origin import Origin
from domain.shared.version import Version, check_version


class SettingsChange(msgspec.Struct, frozen=True, kw_only=True):
    """All the settings that somebody wants."""

    actor: UserId
    settings: UserSettings
    origin: Origin
    expected: frozenset[Version] | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSettings:
    """Keep other settings in place of the old ones."""

    begin: BeginAccounts
    clock: Clock
    new_id: NewId

    async def __call__(self, command: SettingsChange, /) -> Profile:
        """The account as it is now; ``PreconditionFailedError`` where it is not as expected."""
        now = self.clock()
        async with self.begin() as tx:
            before = await tx.users.get_for_update(command.actor)
            check_version(Profile.of(before).version, command.expected)
            user = before.with_settings(command.settings, now)
            await tx.users.update(user)
            await record(
                tx,
                SettingsUpdated(id=EventId(self.new_id()), occurred_at=now, user_id=user.id),
                command.origin,
                before=before.state,
                after=user.state,
            )
            return Profile.of(user)
