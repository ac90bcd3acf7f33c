"""The link between an account and an identity at a provider, with everything that goes with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from application.accounts.notices import notify
from application.accounts.ports import AccountsTransaction
from application.shared.ports import NewId
from application.shared.record import record
from domain.accounts.events import IdentityLinked
from domain.accounts.identity import Identity, ProviderIdentity
from domain.accounts.user import User
from domain.shared.ids import EventId, IdentityId, MailId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityLink:
    """Keep an identity inside somebody's transaction, say so and tell the owner by mail."""

    new_id: NewId

    async def __call__(
        self,
        tx: AccountsTransaction,
        user: User,
        said: ProviderIdentity,
        *,
        provider: str,
        origin: Origin,
        now: datetime,
    ) -> None:
        """``user`` is locked; ``IdentityAlreadyLinkedError`` where an account has it."""
        identity = Identity.link(
            said, id=IdentityId(self.new_id()), user_id=user.id, provider=provider, now=now
        )
        await tx.identities.add(identity)
        await record(
            tx,
            IdentityLinked(
                id=EventId(self.new_id()),
                occurred_at=now,
                user_id=user.id,
                identity_id=identity.id,
                provider=provider,
            ),
            origin,
            after=identity.state,
        )
        mail_id = MailId(self.new_id())
        await notify(tx, user, MailKind.PROVIDER_LINKED, mail_id, now, provider=provider)
