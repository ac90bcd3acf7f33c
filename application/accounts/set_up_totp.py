"""Begin to use a second factor."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.ports import BeginAccounts
from application.accounts.second_factors import TotpCodes, secret_place
from application.shared.ports import Clock, NewId, SecretBox
from application.shared.record import record
from domain.accounts.errors import TotpEnabledError
from domain.accounts.events import TotpSetUp
from domain.shared.ids import EventId, UserId
from domain.shared.origin import Origin


class TotpRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants a second factor."""

    actor: UserId
    origin: Origin


class TotpEnrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What an authenticator needs, to be typed, followed or photographed."""

    secret: str
    uri: str
    picture: str

    def __repr__(self) -> str:
        return "TotpEnrolment(…)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpTotp:
    """Keep a new secret, sealed, until its first code proves that an authenticator has it."""

    begin: BeginAccounts
    codes: TotpCodes
    box: SecretBox
    clock: Clock
    new_id: NewId

    async def __call__(self, command: TotpRequest, /) -> TotpEnrolment:
        """The secret, this once; ``TotpEnabledError`` where a factor counts already."""
        now = self.clock()
        secret = self.codes.new_secret()
        sealed = self.box.seal(secret.encode(), secret_place(command.actor))
        async with self.begin() as tx:
            user = await tx.users.get_for_update(command.actor)
            if not await tx.totp.start(user.id, sealed, now):
                raise TotpEnabledError("Disable it first to use another authenticator.")
            event = TotpSetUp(id=EventId(self.new_id()), occurred_at=now, user_id=user.id)
            await record(tx, event, command.origin)
        uri = self.codes.uri(secret, user.email.text)
        return TotpEnrolment(secret=secret, uri=uri, picture=self.codes.picture(uri))
