"""Second factors, recovery codes and administrators' codes in memory."""

from dataclasses import replace
from datetime import datetime

import msgspec

from application.accounts.second_factors import Totp
from domain.shared.ids import UserId
from tests.fakes.shared import Rows, StoredTotp


class FakeTotpRepository:
    """``TotpRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def start(self, user_id: UserId, secret_sealed: bytes, now: datetime, /) -> bool:
        """Unless one is confirmed."""
        stored = self._rows.totp.get(user_id)
        if stored and stored.totp.confirmed:
            return False
        totp = Totp(secret_sealed=secret_sealed, created_at=now, confirmed=False)
        self._rows.totp[user_id] = StoredTotp(totp)
        return True

    async def find(self, user_id: UserId, /) -> Totp | None:
        """Look it up."""
        stored = self._rows.totp.get(user_id)
        return stored.totp if stored else None

    async def confirm(self, user_id: UserId, step: int, now: datetime, /) -> bool:
        """Once."""
        stored = self._rows.totp.get(user_id)
        if stored is None or stored.totp.confirmed:
            return False
        confirmed = msgspec.structs.replace(stored.totp, confirmed=True)
        self._rows.totp[user_id] = StoredTotp(confirmed, step)
        return True

    async def use(self, user_id: UserId, step: int, /) -> bool:
        """Only forward."""
        stored = self._rows.totp.get(user_id)
        if stored is None or not stored.totp.confirmed or stored.last_used_step >= step:
            return False
        self._rows.totp[user_id] = replace(stored, last_used_step=step)
        return True

    async def remove(self, user_id: UserId, /) -> bool:
        """Take it away."""
        stored = self._rows.totp.pop(user_id, None)
        return stored is not None and stored.totp.confirmed


class FakeRecoveryCodeRepository:
    """``RecoveryCodeRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._codes = rows.recovery_codes

    async def replace(self, user_id: UserId, digests: list[bytes], now: datetime, /) -> None:
        """Void the old ones."""
        for digest in [d for d, (owner, _) in self._codes.items() if owner == user_id]:
            del self._codes[digest]
        self._codes.update(dict.fromkeys(digests, (user_id, None)))

    async def use(self, user_id: UserId, digest: bytes, now: datetime, /) -> bool:
        """Once."""
        if self._codes.get(digest) != (user_id, None):
            return False
        self._codes[digest] = (user_id, now)
        return True

    async def remaining(self, user_id: UserId, /) -> int:
        """Count."""
        return sum(code == (user_id, None) for code in self._codes.values())


class FakeAdminCodeRepository:
    """``AdminCodeRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._codes = rows.admin_codes

    async def add(self, digest: bytes, now: datetime, expires_at: datetime, /) -> None:
        """Keep it."""
        self._codes[digest] = (expires_at, None)

    async def use(self, digest: bytes, user_id: UserId, now: datetime, /) -> bool:
        """Once."""
        expires_at, used_by = self._codes.get(digest, (now, None))
        if expires_at <= now or used_by is not None:
            return False
        self._codes[digest] = (expires_at, user_id)
        return True
