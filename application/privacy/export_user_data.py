"""Give somebody everything that is kept about them."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import final

import msgspec

from application.privacy.ports import BeginPrivacy, PersonalData, PersonalDataSnapshot
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.privacy.events import UserDataExported
from domain.shared.ids import EventId, UserId
from domain.shared.origin import Origin


class DataRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks."""

    actor: UserId
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ExportUserData:
    """Record the request, then read everything as of one moment (GDPR articles 15 and 20)."""

    begin: BeginPrivacy
    personal_data: PersonalData
    clock: Clock
    new_id: NewId

    async def __call__(
        self, command: DataRequest, /
    ) -> AbstractAsyncContextManager[PersonalDataSnapshot]:
        """The data; the connection behind it is taken when the context is entered."""
        async with self.begin() as tx:
            event = UserDataExported(
                id=EventId(self.new_id()), occurred_at=self.clock(), user_id=command.actor
            )
            await record(tx, event, command.origin)
        return self.personal_data.open(command.actor)
