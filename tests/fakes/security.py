"""Security ports in memory: quick, readable and without any secrecy."""

import hashlib
import math
from collections.abc import Callable
from datetime import datetime

from application.accounts.one_time_secrets import OneTimeSecret
from application.accounts.ports import AccessClaims, RefreshToken
from domain.accounts.attempts import Admission, AttemptLimit, Attempts
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
        self.meanwhile: Callable[[], None] = lambda: None
        self.verified: list[str | None] = []

    async def hash(self, password: Password, /) -> str:
        """``fake$<strength>$<password>``."""
        self._take_place()
        return f"fake${self.strength}${password.text}"

    async def verify(
        self, password: Password, hash: str | None, /, *, preferred: bool = False
    ) -> bool:
        """Compare, and keep what was compared with; ``meanwhile`` happens meanwhile."""
        self._take_place()
        self.verified.append(hash)
        self.meanwhile()
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
        """What was issued under that number in the last ten minutes."""
        claims, issued_at = self._issued.get(token, (None, now))
        if claims is None or not issued_at <= now < issued_at + ACCESS_TOKEN_LIFETIME:
            raise AuthenticationRequiredError("The access token is not valid.")
        return claims

    def key_set(self) -> dict[str, object]:
        """No keys."""
        return {"keys": []}


class FakeRefreshTokens:
    """``RefreshTokens`` that are counted: ``refresh-1``, then ``refresh-1+``, ``refresh-1++``.

    ``keys`` are the signs that stand for what the real one derives successors with.
    """

    def __init__(self) -> None:
        self.keys = ["+"]
        self._families = 0

    def first(self) -> RefreshToken:
        """The first of the next family."""
        self._families += 1
        return self._token(f"refresh-{self._families}")

    def successors(self, secret: str, /) -> tuple[RefreshToken, ...]:
        """One more plus, or whatever sign is the key."""
        return tuple(self._token(f"{secret}{key}") for key in self.keys)

    def digest(self, secret: str, /) -> bytes:
        """SHA-256, as the database expects 32 bytes."""
        return hashlib.sha256(secret.encode()).digest()

    def _token(self, secret: str) -> RefreshToken:
        return RefreshToken(secret=secret, digest=self.digest(secret))


class FakePseudonym:
    """``Pseudonym`` that can be told from the text by its prefix alone."""

    def __call__(self, text: str, /) -> str:
        """A short digest."""
        return hashlib.sha256(text.encode()).hexdigest()[:8]


class FakeSecretBox:
    """``SecretBox`` that writes place, key and secret down; ``key`` can be changed."""

    def __init__(self) -> None:
        self.key = "1"
        self.lost: set[str] = set()
        self._sealed = 0

    def seal(self, secret: bytes, place: str, /) -> bytes:
        """``<place>|<key>|<number>|<secret>``; the number makes it different each time."""
        self._sealed += 1
        return f"{place}|{self.key}|{self._sealed}|".encode() + secret

    def open(self, sealed: bytes, place: str, /) -> bytes:
        """The secret, if it lies where it was put and its key is not ``lost``."""
        kept, _, rest = sealed.partition(b"|")
        key, _, rest = rest.partition(b"|")
        if kept != place.encode() or key.decode() in self.lost:
            raise UnreadableSecretError("It was altered or moved, or its key is gone.")
        return rest.partition(b"|")[2]

    def is_current(self, sealed: bytes, /) -> bool:
        """Whether it was sealed under today's key."""
        return sealed.split(b"|")[1:2] == [self.key.encode()]


class FakeAttemptThrottle:
    """``AttemptThrottle`` whose clock stands still until it is moved."""

    def __init__(self, now: Callable[[], float] = lambda: 0.0) -> None:
        self._now = now
        self._attempts: dict[str, list[float]] = {}

    async def admit(self, *subjects: Attempts) -> Admission:
        """Count unless a window is full."""
        standings = [
            self._standing(self._attempts.get(subject.key, []), limit)
            for subject in subjects
            for limit in subject.limits
        ]
        refusal = max(standings, key=lambda standing: standing.wait)
        if refusal.wait:
            return refusal
        for subject in subjects:
            self._attempts.setdefault(subject.key, []).append(self._now())
        return min(standings, key=lambda standing: (standing.remaining, -standing.limit.seconds))

    async def forgive(self, *keys: str) -> None:
        """Forget."""
        for key in keys:
            self._attempts.pop(key, None)

    async def take_back(self, *keys: str) -> None:
        """The newest one."""
        for key in keys:
            del self._attempts.get(key, [])[-1:]

    def _standing(self, times: list[float], limit: AttemptLimit) -> Admission:
        now, frees_at = self._now(), None
        recent = [at for at in times if at + limit.seconds > now]
        if limit.lock:
            # Wherever the last attempt had so many others before it, the lock is shut since.
            if times and times[-1] + limit.seconds > now:
                recent = [at for at in times if at + limit.seconds > times[-1]]
            if len(recent) >= limit.attempts:
                frees_at = recent[-1] + limit.seconds
        elif len(recent) >= limit.attempts:
            frees_at = recent[-limit.attempts] + limit.seconds
        if frees_at is not None:
            wait = max(1, math.ceil(frees_at - now))
            return Admission(wait=wait, limit=limit, remaining=0, reset=wait)
        reset = recent[0] + limit.seconds - now if recent else limit.seconds
        return Admission(
            wait=0,
            limit=limit,
            remaining=limit.attempts - len(recent) - 1,
            reset=max(1, math.ceil(reset)),
        )


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


class FakeKnownDevices:
    """``KnownDevices`` whose tokens can be read: the device and the account."""

    def __init__(self) -> None:
        self._devices = 0

    def recognise(self, token: str | None, email: EmailAddress, now: datetime, /) -> str | None:
        """The part before the account, if it is this one."""
        device, _, account = (token or "").partition("@@")
        return device if device and account == email.key else None

    def issue(self, device: str | None, email: EmailAddress, now: datetime, /) -> str:
        """``device-1@@account``, ``device-2@@account`` and so on."""
        if device is None:
            self._devices += 1
            device = f"device-{self._devices}"
        return f"{device}@@{email.key}"
