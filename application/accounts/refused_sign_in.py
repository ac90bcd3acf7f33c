"""The trace of a sign-in that was refused: an audit record in a transaction of its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from application.accounts.password_attempts import PasswordAttempt
from application.accounts.password_closure import PasswordClosure
from application.accounts.ports import BeginAccounts
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import NewId, Pseudonym
from domain.accounts.attempts import UNKNOWN_ADDRESS_RECORDS, Attempts
from domain.accounts.email_address import EmailAddress
from domain.accounts.user import User
from domain.shared.audit_record import AuditRecord, Outcome
from domain.shared.ids import AuditId
from domain.shared.network import network_of
from domain.shared.origin import Origin

ACTION = "accounts.sign_in_refused.v1"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedSignIn:
    """Record a refusal: of an account by its id, of an unknown address by a keyed hash.

    Only attempts that the throttle admitted come here, so an account gets twenty records an
    hour at most. Of unknown addresses, which cost a flood nothing to make up, a network address
    leaves a hundred an hour.
    """

    begin: BeginAccounts
    throttle: AttemptThrottle
    close: PasswordClosure
    pseudonym: Pseudonym
    new_id: NewId

    async def __call__(
        self,
        email: EmailAddress,
        known: User | None,
        origin: Origin,
        now: datetime,
        *,
        attempt: PasswordAttempt | None = None,
    ) -> None:
        """Keep the record; an ``attempt`` with the password may have been the last."""
        # Counted for both and heeded for one: the answers take the same time.
        recorded = Attempts(
            key=f"refused-sign-in:{network_of(origin.address)}", limits=(UNKNOWN_ADDRESS_RECORDS,)
        )
        admission = await self.throttle.admit(recorded)
        if known is None and admission.wait:
            return
        async with self.begin() as tx:
            if attempt is not None:
                await self.close(tx, attempt, origin, now)
            await tx.audit.append(
                AuditRecord(
                    id=AuditId(self.new_id()),
                    user_id=known.id if known else None,
                    action=ACTION,
                    outcome=Outcome.REFUSED,
                    resource_type="user" if known else "unknown_email",
                    resource_id=str(known.id) if known else self.pseudonym(email.key),
                    origin=origin,
                    created_at=now,
                )
            )
