"""Small valid accounts, sessions and tokens."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from application.accounts.ports import RefreshToken
from domain.accounts.email_address import EmailAddress
from domain.accounts.passkey import Passkey, PublicKey
from domain.accounts.principal import SignInMethod
from domain.accounts.session import Session
from domain.accounts.user import User
from domain.shared.ids import PasskeyId, SessionId, UserId
from domain.shared.origin import Origin

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def an_origin() -> Origin:
    """Somebody at a documentation address (RFC 5737)."""
    return Origin(address="192.0.2.1", user_agent="pytest", request_id="request-1")


def a_user(*, email: str | None = None, now: datetime = NOW) -> User:
    """A person with an address of their own, unless one is given."""
    address = EmailAddress.parse(email or f"{uuid4().hex}@example.org")
    return User.register(id=UserId(uuid4()), email=address, password_hash="$argon2id$x", now=now)


def a_session(user: User, *, now: datetime = NOW) -> Session:
    """A sign-in of ``user``."""
    return Session.open(
        id=SessionId(uuid4()),
        user_id=user.id,
        methods=(SignInMethod.PASSWORD,),
        origin=an_origin(),
        now=now,
    )


def a_token() -> RefreshToken:
    """A refresh token that nobody else has."""
    secret = secrets.token_urlsafe(32)
    return RefreshToken(secret=secret, digest=hashlib.sha256(secret.encode()).digest())


def in_a_week(now: datetime = NOW) -> datetime:
    """When tokens of these tests expire."""
    return now + timedelta(days=7)


def a_passkey(user: User, *, sign_count: int = 0, now: datetime = NOW) -> Passkey:
    """A passkey of ``user`` that nobody else has."""
    return Passkey(
        id=PasskeyId(uuid4()),
        user_id=user.id,
        key=PublicKey(
            credential_id=secrets.token_bytes(32),
            public_key=secrets.token_bytes(77),
            sign_count=sign_count,
            backup_eligible=True,
            backed_up=False,
        ),
        transports=("internal", "hybrid"),
        name="Phone",
        created_at=now,
    )
