"""Where the use cases of passkeys keep what they know."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from domain.accounts.passkey import Passkey
from domain.shared.ids import PasskeyId, UserId


class ChallengePurpose(StrEnum):
    """What a challenge may be answered with; an answer of the other kind does not fit."""

    REGISTRATION = "registration"
    ASSERTION = "assertion"


class PasskeyChallengeRepository(Protocol):
    """Digests of challenges, each good for one answer."""

    async def add(
        self,
        digest: bytes,
        purpose: ChallengePurpose,
        user_id: UserId | None,
        now: datetime,
        /,
        *,
        expires_at: datetime,
    ) -> None:
        """Keep a new challenge, for one person or for whoever comes; forget some expired ones."""
        ...

    async def use(
        self,
        digest: bytes,
        purpose: ChallengePurpose,
        user_id: UserId | None,
        now: datetime,
        /,
    ) -> bool:
        """Use a challenge up, if it is there, unused, not expired and for exactly this.

        One conditional statement: of any number of callers exactly one gets ``True``.
        """
        ...


class PasskeyRepository(Protocol):
    """Passkeys of everybody."""

    async def add(self, passkey: Passkey, /) -> None:
        """Keep a new one, under a lock on its owner that is held until the transaction ends.

        ``TooManyPasskeysError`` where the owner has ``MAX_PASSKEYS``, exactly, however many
        callers there are; ``PasskeyAlreadyRegisteredError`` where anybody has the credential.
        The transaction can go on after either.
        """
        ...

    async def all_of(self, user_id: UserId, /) -> list[Passkey]:
        """Everything that somebody has, oldest first."""
        ...

    async def find(self, user_id: UserId, credential_id: bytes, /) -> Passkey | None:
        """The passkey of this person with this credential id."""
        ...

    async def use(
        self,
        passkey_id: PasskeyId,
        sign_count: int,
        now: datetime,
        /,
        *,
        backed_up: bool,
    ) -> bool:
        """Note a use, if the counter goes forward or stays at zero and there is no suspicion.

        One conditional statement: of any number of callers with one count above zero exactly
        one gets ``True`` (WebAuthn Level 3 section 6.1.1).
        """
        ...

    async def suspect(self, passkey_id: PasskeyId, now: datetime, /) -> bool:
        """Mark it as one that somebody may hold a copy of; whether it was not marked before."""
        ...

    async def rename(self, user_id: UserId, passkey_id: PasskeyId, name: str, /) -> Passkey:
        """Call it by another name; ``PasskeyNotFoundError`` unless it is this person's."""
        ...

    async def remove(self, user_id: UserId, passkey_id: PasskeyId, /) -> Passkey:
        """Take it away, and say what it was; ``PasskeyNotFoundError`` unless this person's."""
        ...


class PasskeySummary(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey as its owner sees it."""

    id: PasskeyId
    name: str
    transports: tuple[str, ...]
    backed_up: bool
    created_at: datetime
    last_used_at: datetime | None
    suspected_at: datetime | None

    @classmethod
    def of(cls, passkey: Passkey) -> "PasskeySummary":
        """The summary of one that is at hand already."""
        return cls(
            id=passkey.id,
            name=passkey.name,
            transports=passkey.transports,
            backed_up=passkey.key.backed_up,
            created_at=passkey.created_at,
            last_used_at=passkey.last_used_at,
            suspected_at=passkey.suspected_at,
        )


class PasskeyReader(Protocol):
    """Passkeys, as they are shown."""

    async def list(self, user_id: UserId, /) -> list[PasskeySummary]:
        """Everything that somebody has, oldest first."""
        ...
