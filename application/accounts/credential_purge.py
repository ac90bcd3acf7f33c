"""The removal of everything that a stranger may have planted in an account."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import final

from application.accounts.ports import AccountsTransaction
from application.shared.ports import NewId
from application.shared.record import record
from domain.accounts.events import IdentityUnlinked, PasskeyRemoved, TotpDisabled
from domain.accounts.user import User
from domain.shared.ids import EventId
from domain.shared.origin import Origin

EVER = datetime.min.replace(tzinfo=UTC)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialPurge:
    """Take every way in away but the password, which whoever calls replaces.

    An account whose address was never proven may have been opened by a stranger who waits for
    its owner ("pre-hijacking", Sudhodanan and Paverd 2022), and whoever takes an account over
    plants what lets him in again. Each kind of credential is removed HERE: whoever adds one adds
    a line.
    """

    new_id: NewId

    async def __call__(
        self,
        tx: AccountsTransaction,
        user: User,
        origin: Origin,
        now: datetime,
        *,
        since: datetime,
    ) -> bool:
        """Remove what was added to ``user``, locked, at ``since`` or later.

        Second factor with its recovery codes, passkeys, identities; and whether a deletion was
        pending, which is cancelled.
        """
        factor = await tx.totp.find(user.id)
        if factor and factor.created_at >= since and await tx.totp.remove(user.id):
            await tx.recovery_codes.replace(user.id, [], now)
            disabled = TotpDisabled(id=EventId(self.new_id()), occurred_at=now, user_id=user.id)
            await record(tx, disabled, origin)
        for passkey in await tx.passkeys.all_of(user.id):
            if passkey.created_at < since:
                continue
            await tx.passkeys.remove(user.id, passkey.id)
            removed = PasskeyRemoved(
                id=EventId(self.new_id()), occurred_at=now, user_id=user.id, passkey_id=passkey.id
            )
            await record(tx, removed, origin)
        for identity in await tx.identities.remove_since(user.id, since):
            unlinked = IdentityUnlinked(
                id=EventId(self.new_id()),
                occurred_at=now,
                user_id=user.id,
                identity_id=identity.id,
                provider=identity.provider,
            )
            await record(tx, unlinked, origin, before=identity.state)
        return await tx.deletions.cancel(user.id, now)
