"""Call a passkey by another name."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.passkeys import PasskeySummary
from application.accounts.ports import BeginAccounts
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.events import PasskeyRenamed
from domain.accounts.passkey import parse_passkey_name
from domain.shared.ids import EventId, PasskeyId, UserId
from domain.shared.origin import Origin


class PasskeyNaming(msgspec.Struct, frozen=True, kw_only=True):
    """Which passkey, and what its owner wants to call it."""

    actor: UserId
    passkey_id: PasskeyId
    name: str
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RenamePasskey:
    """Keep another name."""

    begin: BeginAccounts
    clock: Clock
    new_id: NewId

    async def __call__(self, command: PasskeyNaming, /) -> PasskeySummary:
        """The passkey as it is now; ``PasskeyNotFoundError`` for somebody else's."""
        name = parse_passkey_name(command.name)
        async with self.begin() as tx:
            user = await tx.users.get_for_update(command.actor)  # first, as everywhere
            passkey = await tx.passkeys.rename(user.id, command.passkey_id, name)
            event = PasskeyRenamed(
                id=EventId(self.new_id()),
                occurred_at=self.clock(),
                user_id=user.id,
                passkey_id=passkey.id,
            )
            await record(tx, event, command.origin)
        return PasskeySummary.of(passkey)
