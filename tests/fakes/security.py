"""Security ports in memory: quick, readable and without any secrecy."""

import hashlib
import math
from collections.abc import Callable
from datetime import datetime

from application.accounts.one_time_secrets import OneTimeSecret
from application.accounts.ports import AccessClaims, RefreshToken
from domain.accounts.email_address import EmailAddress
from domain.accounts.errors import AuthenticationRequiredError, SignInBusyError
from domain.accounts.password import Password
from domain.accounts.session import ACCESS_TOKEN_LIFETIME
from domain.shared.errors import UnreadableSecretError


class FakePasswordHasher:
    """``PasswordHasher`` that writes the password down; ``strength`` can be raised."""

    def __init__(self) -> None:
        self.strength = 1
        self.busy = False
        self.verified: list[str | None] = []

    async def hash(self, password: Password, /) -> str:
        """``fake$<strength>$<password>``."""
        self._take_place()
        return f"fake${self.strength}${password.text}"

    async def verify(self, password: Password, hash: str | None, /) -> bool:
        """Compare, and keep what was compared with."""
        self._take_place()
        self.verified.append(hash)
        return hash is not None and hash.split("$", 2)[2:] == [password.text]

    def needs_rehash(self, hash: str, /) -> bool:
        """Whether ``strength`` was raised since."""
        return int(hash.split("$", 2)[1]) < self.strength

    def _take_place(self) -> None:
        if self.busy:
            raise SignInBusyError("Please try again in a moment.", retry_after=1)


class FakeCommonPasswords:
    """``CommonPasswords`` that knows the ones in ``common``."""

    def __init__(self, *common: str) -> None:
        self.common = {text.casefold() for text in common}

    async def includes(self, password: Password, /, *, email: EmailAddress) -> bool:
        """Whether it is one of them or the address itself."""
        return password.text.casefold() in self.common | {email.key}


class FakeAccessTokens:
    """``AccessTokens`` that are numbered and remembered."""

    def __init__(self) -> None:
        self._issued: dict[str, tuple[AccessClaims, datetime]] = {}

    def issue(self, claims: AccessClaims, now: datetime, /) -> str:
        """``access-1``, ``access-2`` and so on."""
        token = f"access-{len(self._issued) + 1}"
        self._issued[token] = (claims, now)
        return token

    def verify(self, token: str, now: datetime, /) -> AccessClaims:
        """What was issued under that number in the last fifteen minutes."""
        claims, issued_at = self._issued.get(token, (None, now))
        if claims is None or not issued_at <= now < issued_at + ACCESS_TOKEN_LIFETIME:
            raise AuthenticationRequiredError("The access token is not valid.")
        return claims

    def key_set(self) -> dict[str, object]:
        """No keys."""
        return {"keys": []}


class FakeRefreshTokens:
    """``RefreshTokens`` that are counted: ``refresh-1``, then ``refresh-1+``, ``refresh-1++``."""

    def __init__(self) -> None:
        self._families = 0

    def first(self) -> RefreshToken:
        """The first of the next family."""
        self._families += 1
        return self._token(f"refresh-{self._families}")

    def successor(self, secret: str, /) -> RefreshToken:
        """One more plus."""
        return self._token(f"{secret}+")

    def digest(self, secret: str, /) -> bytes:
        """SHA-256, as the database expects 32 bytes."""
        return hashlib.sha256(secret.encode()).digest()

    def _token(self, secret: str) -> RefreshToken:
        return RefreshToken(secret=secret, digest=self.digest(secret))


class FakeAttemptThrottle:
    """``AttemptThrottle`` whose clock stands still until it is moved."""

    def __init__(self, now: Callable[[], float] = lambda: 0.0) -> None:
        self._now = now
        self._attempts: dict[str, list[float]] = {}

    async def admit(self, key: str, limit: int, seconds: int, /) -> int | None:
        """Count unless the window is full."""
        now = self._now()
        recent = [at for at in self._attempts.get(key, []) if at + seconds > now]
        admitted = len(recent) < limit
        self._attempts[key] = [*recent, now] if admitted else recent
        return None if admitted else max(1, math.ceil(recent[0] + seconds - now))

    async def forgive(self, key: str, /) -> None:
        """Forget."""
        self._attempts.pop(key, None)


class FakeSecretBox:
    """``SecretBox`` that writes down what it was given and where."""

    def seal(self, secret: bytes, place: str, /) -> bytes:
        """Place and secret."""
        return f"{place}|".encode() + secret

    def open(self, sealed: bytes, place: str, /) -> bytes:
        """The secret, if the place is right."""
        kept, _, secret = sealed.partition(b"|")
        if kept != place.encode():
            raise UnreadableSecretError("moved")
        return secret

    def is_current(self, sealed: bytes, /) -> bool:
        """There is no key."""
        return True


class FakeOneTimeSecrets:
    """``OneTimeSecrets`` that are counted."""

    def __init__(self) -> None:
        self._made = 0

    def for_link(self) -> OneTimeSecret:
        """``link-1`` and so on."""
        return self._next("link")

    def for_typing(self) -> OneTimeSecret:
        """``code-2`` and so on."""
        return self._next("code")

    def digest(self, secret: str, /) -> bytes:
        """SHA-256, as the database expects 32 bytes."""
        return hashlib.sha256(secret.encode()).digest()

    def _next(self, kind: str) -> OneTimeSecret:
        self._made += 1
        secret = f"{kind}-{self._made}"
        return OneTimeSecret(secret=secret, digest=self.digest(secret))


class FakeNewSecret:
    """``NewSecret`` that counts."""

    def __init__(self) -> None:
        self._made = 0

    def __call__(self) -> bytes:
        """1 and so on, in 256 bits."""
        self._made += 1
        return self._made.to_bytes(32, "big")


class FakeTotpCodes:
    """``TotpCodes`` whose code is the number of the step."""

    def new_secret(self) -> str:
        """Always the same."""
        return "SECRET"

    def uri(self, secret: str, account: str, /) -> str:
        """An address."""
        return f"otpauth://totp/{account}?secret={secret}"

    def picture(self, uri: str, /) -> str:
        """No picture."""
        return f"<svg>{uri}</svg>"

    def code(self, now: datetime) -> str:
        """What an authenticator shows."""
        return str(int(now.timestamp()) // 30)

    def step(self, secret: str, code: str, now: datetime, /) -> int | None:
        """This one or the one before."""
        current = int(now.timestamp()) // 30
        return next((step for step in (current, current - 1) if str(step) == code), None)
