"""Wire shapes of sign-in with a provider."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from application.accounts.attempt_start import StartedSignIn
from domain.accounts.identity import Identity
from entrypoints.http.accounts.delivery import Delivery
from entrypoints.http.accounts.schemas import DeliveryChoice, Email, RecoveryCode, SecondFactorCode
from entrypoints.http.wire import Time

ProviderName = Annotated[
    str, Meta(description="A provider, as /api/v1/auth/providers lists it.", examples=["github"])
]


class ProviderList(msgspec.Struct, frozen=True, kw_only=True):
    """The providers that people can sign in with."""

    items: list[ProviderName]


ReturnTo = Annotated[
    str,
    Meta(
        max_length=512,
        description="A path such as /lists; never an address of another site.",
        examples=["/lists"],
    ),
]


class ProviderStart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to go on in the web app afterwards."""

    return_to: ReturnTo | None = None


class ProviderRedirect(msgspec.Struct, frozen=True, kw_only=True):
    """Where the browser goes to sign in; it must come back within ten minutes."""

    authorization_url: Annotated[
        str,
        Meta(
            description="Send the browser there, with the cookie that came with this answer.",
            examples=["https://id.example.org/authorize?response_type=code"],
        ),
    ]
    expires_in: Annotated[int, Meta(description="Seconds to come back in.", examples=[600])]

    @classmethod
    def of(cls, started: StartedSignIn) -> "ProviderRedirect":
        """The wire shape of a start; the browser's secret is in a cookie."""
        return cls(authorization_url=started.authorization_address, expires_in=started.expires_in)


class ProviderSignIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The code that the browser landed with, and the second factor where the account has one."""

    code: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=128,
            description="The `code` in the fragment of /signed-in; it works once, for a minute.",
            examples=["m2V4h0S8VvIyBfG7oUe0c0b6b4kq1x5o3y2a8d9e7fQ"],
        ),
    ]
    totp_code: SecondFactorCode | None = None
    recovery_code: RecoveryCode | None = None
    refresh_token_in: DeliveryChoice = Delivery.BODY


class LinkedIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """An identity at a provider that opens the account; its address is as it was when linked."""

    id: Annotated[UUID, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f5"])]
    provider: ProviderName
    issuer: Annotated[str, Meta(examples=["https://github.com"])]
    email: Email | None
    created_at: Time
    last_used_at: Time

    @classmethod
    def of(cls, identity: Identity) -> "LinkedIdentity":
        """The wire shape of an identity; the provider's name for the person stays here."""
        return cls(
            id=identity.id,
            provider=identity.provider,
            issuer=identity.issuer,
            email=identity.email,
            created_at=identity.created_at,
            last_used_at=identity.last_used_at,
        )


class LinkedIdentityList(msgspec.Struct, frozen=True, kw_only=True):
    """The identities that open the account, oldest first."""

    items: list[LinkedIdentity]
