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


class SettingsChange(msgspec.Struct, frozen=True, kw_only=True):
    """All the settings that somebody wants."""

    actor: UserId
    settings: UserSettings
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSettings:
    """Keep other settings in place of the old ones."""

    begin: BeginAccounts
    clock: Clock
    new_id: NewId

    async def __call__(self, command: SettingsChange, /) -> Profile:
        """The account as it is now."""
        now = self.clock()
        async with self.begin() as tx:
            known = await tx.users.get_for_update(command.actor)
            user = known.with_settings(command.settings, now)
            await tx.users.update(user)
            await record(
                tx,
                SettingsUpdated(id=EventId(self.new_id()), occurred_at=now, user_id=user.id),
                command.origin,
                before=known.state,
                after=user.state,
            )
            return Profile.of(user)
