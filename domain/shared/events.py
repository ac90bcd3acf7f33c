"""Facts: what has happened, in the past tense, told once to whoever listens."""

from datetime import datetime

import msgspec

from domain.shared.ids import EventId, UserId


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """A fact about one person's data, written in the transaction that made it true."""

    id: EventId
    occurred_at: datetime
    user_id: UserId

    @property
    def type(self) -> str:
        """The event's name on the wire, ``<context>.<fact>.v<version>``."""
        return str(self.__struct_config__.tag)

    @property
    def resource(self) -> tuple[str, str]:
        """The kind and the id of what the fact is about; the person unless said otherwise."""
        return "user", str(self.user_id)
