"""Passkeys in memory, and a verifier that reads what it is told."""

from dataclasses import replace
from datetime import datetime

import msgspec

from application.accounts.passkey_ceremonies import Assertion, NewCredential, VerifiedAssertion
from application.accounts.passkeys import ChallengePurpose, PasskeySummary
from domain.accounts.errors import (
    InvalidPasskeyError,
    PasskeyAlreadyRegisteredError,
    PasskeyNotAcceptedError,
    PasskeyNotFoundError,
    TooManyPasskeysError,
)
from domain.accounts.passkey import MAX_PASSKEYS, Passkey, PublicKey
from domain.shared.ids import PasskeyId, UserId
from tests.fakes.shared import FakeDatabase, Rows, StoredChallenge


class FakePasskeyChallengeRepository:
    """``PasskeyChallengeRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._challenges = rows.passkey_challenges

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
        """Keep it, and forget what has expired."""
        for old in [d for d, kept in self._challenges.items() if kept.expires_at <= now]:
            del self._challenges[old]
        self._challenges[digest] = StoredChallenge(purpose, user_id, expires_at)

    async def use(
        self,
        digest: bytes,
        purpose: ChallengePurpose,
        user_id: UserId | None,
        now: datetime,
        /,
    ) -> bool:
        """Once."""
        kept = self._challenges.get(digest)
        if kept is None or kept.used_at is not None or kept.expires_at <= now:
            return False
        if (kept.purpose, kept.user_id) != (purpose, user_id):
            return False
        self._challenges[digest] = replace(kept, used_at=now)
        return True


class FakePasskeyRepository:
    """``PasskeyRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._passkeys = rows.passkeys

    async def add(self, passkey: Passkey, /) -> None:
        """Unless there are too many or it is there."""
        if len(await self.all_of(passkey.user_id)) >= MAX_PASSKEYS:
            raise TooManyPasskeysError("full")
        credential_id = passkey.key.credential_id
        if any(kept.key.credential_id == credential_id for kept in self._passkeys.values()):
            raise PasskeyAlreadyRegisteredError("known")
        self._passkeys[passkey.id] = passkey

    async def all_of(self, user_id: UserId, /) -> list[Passkey]:
        """Oldest first."""
        return mine(self._passkeys, user_id)

    async def find(self, user_id: UserId, credential_id: bytes, /) -> Passkey | None:
        """Look it up."""
        return next(
            (p for p in await self.all_of(user_id) if p.key.credential_id == credential_id), None
        )

    async def use(
        self,
        passkey_id: PasskeyId,
        sign_count: int,
        now: datetime,
        /,
        *,
        backed_up: bool,
    ) -> bool:
        """Only forward."""
        passkey = self._passkeys.get(passkey_id)
        if passkey is None or passkey.suspected_at is not None:
            return False
        if sign_count <= passkey.key.sign_count and (sign_count or passkey.key.sign_count):
            return False
        key = msgspec.structs.replace(passkey.key, sign_count=sign_count, backed_up=backed_up)
        self._passkeys[passkey_id] = msgspec.structs.replace(passkey, key=key, last_used_at=now)
        return True

    async def suspect(self, passkey_id: PasskeyId, now: datetime, /) -> bool:
        """Once."""
        passkey = self._passkeys.get(passkey_id)
        if passkey is None or passkey.suspected_at is not None:
            return False
        self._passkeys[passkey_id] = msgspec.structs.replace(passkey, suspected_at=now)
        return True

    async def rename(self, user_id: UserId, passkey_id: PasskeyId, name: str, /) -> Passkey:
        """This person's."""
        renamed = msgspec.structs.replace(self._own(user_id, passkey_id), name=name)
        self._passkeys[passkey_id] = renamed
        return renamed

    async def remove(self, user_id: UserId, passkey_id: PasskeyId, /) -> Passkey:
        """This person's."""
        passkey = self._own(user_id, passkey_id)
        del self._passkeys[passkey_id]
        return passkey

    def _own(self, user_id: UserId, passkey_id: PasskeyId) -> Passkey:
        passkey = self._passkeys.get(passkey_id)
        if passkey is None or passkey.user_id != user_id:
            raise PasskeyNotFoundError("gone")
        return passkey


class FakePasskeyReader:
    """``PasskeyReader`` over what is committed."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def list(self, user_id: UserId, /) -> list[PasskeySummary]:
        """Oldest first."""
        return [PasskeySummary.of(p) for p in mine(self._database.rows.passkeys, user_id)]


class FakePasskeyVerifier:
    """``PasskeyVerifier`` whose client data is the challenge and whose signature is the key."""

    def challenge_of(self, client_data: bytes, /) -> str | None:
        """All of it."""
        return client_data.decode() or None

    def new_key(self, credential: NewCredential, challenge: str, /) -> PublicKey:
        """The attestation object, unless it is empty."""
        if not credential.attestation_object:
            raise PasskeyNotAcceptedError("nothing")
        return PublicKey(
            credential_id=credential.id,
            public_key=credential.attestation_object,
            sign_count=0,
            backup_eligible=False,
            backed_up=False,
        )

    def verify(
        self, assertion: Assertion, challenge: str, public_key: bytes, /
    ) -> VerifiedAssertion:
        """The authenticator data is the count; a plus after it makes it fit for backups."""
        if assertion.signature != public_key:
            raise InvalidPasskeyError("another key")
        data = assertion.authenticator_data.decode()
        return VerifiedAssertion(
            sign_count=int(data.rstrip("+")), backup_eligible="+" in data, backed_up=False
        )


def mine(passkeys: dict[PasskeyId, Passkey], user_id: UserId) -> list[Passkey]:
    """Somebody's, oldest first."""
    own = (passkey for passkey in passkeys.values() if passkey.user_id == user_id)
    return sorted(own, key=lambda passkey: (passkey.created_at, passkey.id))
