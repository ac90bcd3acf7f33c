"""Wire shapes of accounts."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from application.accounts.profile import Profile
from application.accounts.signed_in import SignedIn
from domain.accounts.role import Role
from domain.accounts.user import MAX_DISPLAY_NAME, Theme, UserSettings
from entrypoints.http.accounts.delivery import Delivery
from entrypoints.http.strict_request import TOO_LONG
from entrypoints.http.wire import Time

Email = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=254,
        description="An e-mail address.",
        examples=["ada@example.org"],
    ),
]
Language = Annotated[
    str,
    Meta(
        pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        max_length=35,
        description="A language tag (BCP 47).",
        examples=["en"],
    ),
]
DisplayName = Annotated[
    str,
    Meta(
        max_length=MAX_DISPLAY_NAME,
        description="The name that the person is shown under.",
        examples=["Ada"],
    ),
]


PasswordText = Annotated[
    str,
    Meta(
        max_length=1024,
        description="12 to 1024 bytes of UTF-8; a sentence is fine.",
        examples=["seven quiet otters on a raft"],
    ),
]
TotpCode = Annotated[
    str,
    Meta(
        min_length=6,
        max_length=7,
        description="The six digits that the authenticator shows.",
        examples=["492039"],
    ),
]
# Where there is another member for the other kind of code.
SecondFactorCode = Annotated[
    TotpCode, Meta(extra={TOO_LONG: "Expected six digits; a recovery code goes into recovery_code"})
]
RecoveryCode = Annotated[
    str,
    Meta(
        min_length=24,
        max_length=40,
        description="One of the codes that were given out with the second factor.",
        examples=["7k3m-p2qw-x9ab-4tcd-e6fg-h8jn"],
    ),
]
DeliveryChoice = Annotated[
    Delivery,
    Meta(
        description=(
            "`cookie` is for browsers: the refresh token comes as an HttpOnly cookie, which "
            "only pages of the service itself can use."
        ),
        examples=["body"],
    ),
]


class Registration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The address and the password that somebody wants an account with."""

    email: Email
    password: PasswordText
    refresh_token_in: DeliveryChoice = Delivery.BODY


class Credentials(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The address and the password of an account, and its second factor where there is one."""

    email: Email
    password: PasswordText
    totp_code: SecondFactorCode | None = None
    recovery_code: RecoveryCode | None = None
    refresh_token_in: DeliveryChoice = Delivery.BODY


class IdentityProof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The password of whoever is signed in, and their second factor where there is one."""

    password: PasswordText
    totp_code: SecondFactorCode | None = None
    recovery_code: RecoveryCode | None = None


class RefreshRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A refresh token that is to be used up; without one, that of the cookie."""

    refresh_token: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=256,
                description="The newest refresh token of the session.",
                examples=["m2V4h0S8VvIyBfG7oUe0c0b6b4kq1x5o3y2a8d9e7fQ"],
            ),
        ]
        | msgspec.UnsetType
    ) = msgspec.UNSET


class ProfileChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to change about a profile; what is left out stays."""

    display_name: DisplayName | None | msgspec.UnsetType = msgspec.UNSET


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the product behaves for one person."""

    theme: Annotated[Theme, Meta(description="Which colours to show.", examples=["dark"])]
    language: Language
    email_notifications: Annotated[
        bool, Meta(description="Whether news may come by e-mail.", examples=[True])
    ]


class UserProfile(msgspec.Struct, frozen=True, kw_only=True):
    """An account as its owner sees it."""

    id: Annotated[UUID, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f5"])]
    email: Email
    email_verified: bool
    two_factor_enabled: bool
    role: Role
    display_name: DisplayName | None
    settings: Settings
    created_at: Time
    updated_at: Time

    @classmethod
    def of(cls, profile: Profile) -> "UserProfile":
        """The wire shape of a profile."""
        return cls(
            id=profile.id,
            email=profile.email,
            email_verified=profile.email_verified,
            two_factor_enabled=profile.totp_enabled,
            role=profile.role,
            display_name=profile.display_name,
            settings=Settings(
                theme=profile.settings.theme,
                language=profile.settings.language,
                email_notifications=profile.settings.email_notifications,
            ),
            created_at=profile.created_at,
            updated_at=profile.updated_at,
        )


class TokenPair(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in user with the tokens of the session."""

    user: UserProfile
    access_token: Annotated[
        str,
        Meta(
            description="Send it as Authorization: Bearer.",
            examples=["eyJhbGciOiJFZDI1NTE5In0.eyJzdWIiOiIwMWExIn0.c2ln"],
        ),
    ]
    refresh_token: Annotated[
        str,
        Meta(
            description="Can be used once for the next pair; empty where it came in a cookie.",
            examples=["m2V4h0S8VvIyBfG7oUe0c0b6b4kq1x5o3y2a8d9e7fQ"],
        ),
    ]
    expires_in: Annotated[
        int, Meta(description="Seconds until the access token expires.", examples=[600])
    ]

    @classmethod
    def of(cls, answer: SignedIn) -> "TokenPair":
        """The wire shape of a sign-in."""
        return cls(
            user=UserProfile.of(answer.profile),
            access_token=answer.access_token,
            refresh_token=answer.refresh_token,
            expires_in=answer.expires_in,
        )


class JsonWebKeySet(msgspec.Struct, frozen=True, kw_only=True):
    """Public keys (RFC 7517)."""

    keys: list[dict[str, str]]


def settings_of(schema: Settings) -> UserSettings:
    """What the wire says, in the domain's shape."""
    return UserSettings(
        theme=schema.theme,
        language=schema.language,
        email_notifications=schema.email_notifications,
    )
