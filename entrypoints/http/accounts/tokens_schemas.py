"""Wire shapes of API tokens."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from application.accounts.api_tokens import IssuedApiToken
from application.accounts.list_api_tokens import ListedApiToken
from domain.accounts.api_token import (
    MAX_DAYS,
    MAX_NAME,
    MAX_OVERLAP_HOURS,
    MAX_REQUESTS_PER_MINUTE,
    ApiToken,
    ApiTokenState,
)
from domain.accounts.principal import Scope
from entrypoints.http.wire import Time

_DEFAULT_DAYS = 90

Name = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_NAME,
        description="What the token is for.",
        examples=["Home server"],
    ),
]
RequestsPerMinute = Annotated[
    int,
    Meta(
        ge=1,
        le=MAX_REQUESTS_PER_MINUTE,
        description="As many requests as the token may send, of those that the account may.",
        examples=[30],
    ),
]


class ApiTokenRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An API token that is wanted."""

    name: Name
    scopes: Annotated[
        list[Scope],
        Meta(
            min_length=1,
            max_length=32,
            description="What it may do; the security scheme `api_token` explains each.",
            examples=[["list:read"]],
        ),
    ]
    expires_in_days: Annotated[
        int, Meta(ge=1, le=MAX_DAYS, description="For how many days it works.", examples=[90])
    ] = _DEFAULT_DAYS
    requests_per_minute: RequestsPerMinute | None = None


class ApiTokenRotation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an API token gets another secret."""

    overlap_hours: Annotated[
        int,
        Meta(
            ge=0,
            le=MAX_OVERLAP_HOURS,
            description="For how many hours the secret before still works; 0 ends it at once.",
            examples=[24],
        ),
    ] = MAX_OVERLAP_HOURS


class ApiTokenSummary(msgspec.Struct, frozen=True, kw_only=True):
    """An API token as its owner sees it; the secret is never shown again."""

    id: Annotated[UUID, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f5"])]
    name: Name
    prefix: Annotated[
        str,
        Meta(
            description="How the token begins, before the secret.",
            examples=["ndh_live_02vTGzkyvQzPqXqoP0Nf1Z"],
        ),
    ]
    last_four: Annotated[str, Meta(description="How the token ends.", examples=["x7Qa"])]
    scopes: Annotated[list[str], Meta(examples=[["list:read"]])]
    state: Annotated[ApiTokenState, Meta(description="Whether it can be used.")]
    requests_per_minute: RequestsPerMinute | None
    created_at: Time
    expires_at: Time
    rotated_at: Time | None
    previous_expires_at: Annotated[
        Time | None,
        Meta(description="Until when the secret before the last rotation works."),
    ]
    last_used_at: Annotated[Time | None, Meta(description="To the minute.")]
    revoked_at: Time | None

    @classmethod
    def of(cls, token: ApiToken, state: ApiTokenState) -> "ApiTokenSummary":
        """The wire shape of a token."""
        return cls(
            id=token.id,
            name=token.name,
            prefix=token.prefix,
            last_four=token.last_four,
            scopes=sorted(token.scopes),
            state=state,
            requests_per_minute=token.requests_per_minute,
            created_at=token.created_at,
            expires_at=token.expires_at,
            rotated_at=token.rotated_at,
            previous_expires_at=token.previous_expires_at,
            last_used_at=token.last_used_at,
            revoked_at=token.revoked_at,
        )


class ApiTokenList(msgspec.Struct, frozen=True, kw_only=True):
    """The API tokens of a person, the newest first."""

    items: list[ApiTokenSummary]

    @classmethod
    def of(cls, listed: list[ListedApiToken]) -> "ApiTokenList":
        """The wire shape of a list."""
        return cls(items=[ApiTokenSummary.of(each.token, each.state) for each in listed])


class NewApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """An API token with its text, this once."""

    token: Annotated[
        str,
        Meta(
            description="Keep it like a password: it cannot be read again.",
            examples=[
                "ndh_live_02vTGzkyvQzPqXqoP0Nf1Z_Zq3kT0v6mWc1nYxJ8rLbD5sPfGh2aQeUi7oNtKVwXyE_0dRx7Qa"
            ],
        ),
    ]
    details: ApiTokenSummary

    @classmethod
    def of(cls, issued: IssuedApiToken) -> "NewApiToken":
        """The wire shape of a new token, or of one with a new secret."""
        summary = ApiTokenSummary.of(issued.token, ApiTokenState.ACTIVE)
        return cls(token=issued.text, details=summary)

    def __repr__(self) -> str:
        return f"NewApiToken(details={self.details!r}, …)"
