"""An API token that somebody gave to an integrator: what it may do, and for how long."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from domain.accounts.api_token_text import ApiTokenText
from domain.accounts.principal import Scope
from domain.shared.errors import InvalidInputError
from domain.shared.ids import ApiTokenId, UserId
from domain.shared.text import has_forbidden_characters, normalise

# Of one person, those that are neither revoked nor expired.
MAX_API_TOKENS = 20
MAX_NAME = 80
MAX_DAYS = 365
MAX_OVERLAP_HOURS = 24
# A token can be given less than its account may send, never more.
MAX_REQUESTS_PER_MINUTE = 100


class ApiTokenState(StrEnum):
    """Whether a token can be used."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token as its owner sees it, without the secret.

    After a rotation the secret before it works until ``previous_expires_at``.
    """

    id: ApiTokenId
    user_id: UserId
    name: str
    scopes: frozenset[Scope]
    requests_per_minute: int | None
    prefix: str
    last_four: str
    created_at: datetime
    expires_at: datetime
    rotated_at: datetime | None = None
    previous_expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    @classmethod
    def issue(
        cls,
        text: ApiTokenText,
        *,
        user_id: UserId,
        name: str,
        scopes: Iterable[Scope],
        days: int,
        requests_per_minute: int | None,
        now: datetime,
    ) -> "ApiToken":
        """A token that works from now on; ``InvalidInputError`` where it may not be so."""
        if not 1 <= days <= MAX_DAYS:
            raise InvalidInputError.of("expires_in_days", f"expected 1 to {MAX_DAYS}")
        if not (wanted := frozenset(scopes)):
            raise InvalidInputError.of("scopes", "expected at least one")
        if requests_per_minute is not None and not (
            1 <= requests_per_minute <= MAX_REQUESTS_PER_MINUTE
        ):
            raise InvalidInputError.of(
                "requests_per_minute", f"expected 1 to {MAX_REQUESTS_PER_MINUTE}"
            )
        return cls(
            id=text.token_id,
            user_id=user_id,
            name=parse_name(name),
            scopes=wanted,
            requests_per_minute=requests_per_minute,
            prefix=text.prefix,
            last_four=text.last_four,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )

    def state_at(self, now: datetime) -> ApiTokenState:
        """Whether it can be used at that moment."""
        if self.revoked_at is not None:
            return ApiTokenState.REVOKED
        return ApiTokenState.ACTIVE if now < self.expires_at else ApiTokenState.EXPIRED


def parse_name(text: str) -> str:
    """What a token is called: 1 to 80 characters without controls."""
    name = normalise(text)
    if not name or len(name) > MAX_NAME or has_forbidden_characters(name):
        raise InvalidInputError.of("name", f"expected 1 to {MAX_NAME} characters without controls")
    return name
