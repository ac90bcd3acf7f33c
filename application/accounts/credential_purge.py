"""The removal of everything that may have been planted in an account before its owner came."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from application.accounts.ports import AccountsTransaction
from application.shared.ports import NewId
from application.shared.record import record
from domain.accounts.events import IdentityUnlinked, PasskeyRemoved, TotpDisabled
from domain.accounts.user import User
from domain.shared.ids import EventId
from domain.shared.origin import Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialPurge:
    """Take every way in away but the password, which whoever calls replaces.

    An account whose address was never proven may have been opened by a stranger who waits for
    its owner ("pre-hijacking", Sudhodanan and Paverd 2022). Each kind of credential is removed
    HERE: whoever adds one adds a line.
    """

    new_id: NewId

    async def __call__(
        self, tx: AccountsTransaction, user: User, origin: Origin, now: datetime
    ) -> None:
        """Remove second factor, recovery codes, passkeys and identities of ``user``, locked."""
        await tx.recovery_codes.replace(user.id, [], now)
        if await tx.totp.remove(user.id):
            disabled = TotpDisabled(id=EventId(self.new_id()), occurred_at=now, user_id=user.id)
            await record(tx, disabled, origin)
        for passkey in await tx.passkeys.all_of(user.id):
            await tx.passkeys.remove(user.id, passkey.id)
            removed = PasskeyRemoved(
                id=EventId(self.new_id()), occurred_at=now, user_id=user.id, passkey_id=passkey.id
            )
            await record(tx, removed, origin)
        for identity in await tx.identities.remove_all(user.id):
            unlinked = IdentityUnlinked(
                id=EventId(self.new_id()),
                occurred_at=now,
                user_id=user.id,
                identity_id=identity.id,
                provider=identity.provider,
            )
            await record(tx, unlinked, origin, before=identity.state)
