"""The trace of a request that the policy refused: an audit record in a transaction of its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from application.accounts.ports import BeginAccounts
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import NewId
from domain.accounts.attempts import REFUSED_ACCESS_RECORDS, Attempts
from domain.accounts.errors import InsufficientScopeError, NotPermittedError
from domain.accounts.principal import Principal
from domain.shared.audit_record import AuditRecord, Outcome
from domain.shared.ids import AuditId
from domain.shared.origin import Origin

ACTION = "accounts.access_refused.v1"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedAccess:
    """Record that a role or a scope did not suffice, a hundred times an hour for a person.

    That an old proof of identity is to be renewed is no refusal: every client meets it.
    """

    begin: BeginAccounts
    throttle: AttemptThrottle
    new_id: NewId

    async def __call__(
        self,
        principal: Principal,
        operation: str,
        refusal: NotPermittedError | InsufficientScopeError,
        origin: Origin,
        now: datetime,
    ) -> None:
        """Keep the record, with the operation and the code of the refusal."""
        user_id = principal.user_id
        recorded = Attempts(key=f"refused-access:{user_id}", limits=(REFUSED_ACCESS_RECORDS,))
        if (await self.throttle.admit(recorded)).wait:
            return
        async with self.begin() as tx:
            await tx.audit.append(
                AuditRecord(
                    id=AuditId(self.new_id()),
                    user_id=user_id,
                    action=ACTION,
                    outcome=Outcome.REFUSED,
                    resource_type="operation",
                    resource_id=operation,
                    origin=origin,
                    created_at=now,
                    after={"refused_with": refusal.code},
                )
            )
