"""Change how somebody is shown."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.ports import BeginAccounts
from application.accounts.profile import Profile
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.events import ProfileUpdated
from domain.shared.ids import EventId, UserId
from domain.shared.origin import Origin


class ProfileChange(msgspec.Struct, frozen=True, kw_only=True):
    """The display name that somebody wants; ``None`` for none."""

    actor: UserId
    display_name: str | None
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateProfile:
    """Keep another display name."""

    begin: BeginAccounts
    clock: Clock
    new_id: NewId

    async def __call__(self, command: ProfileChange, /) -> Profile:
        """The account as it is now."""
        now = self.clock()
        async with self.begin() as tx:
            known = await tx.users.get_for_update(command.actor)
            user = known.renamed(command.display_name, now)
            await tx.users.update(user)
            await record(
                tx,
                ProfileUpdated(id=EventId(self.new_id()), occurred_at=now, user_id=user.id),
                command.origin,
                before=known.state,
                after=user.state,
            )
            return Profile.of(user)
