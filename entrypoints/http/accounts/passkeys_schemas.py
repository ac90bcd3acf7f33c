"""Wire shapes of passkeys; those that browsers read and write are in ``webauthn_json``."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from application.accounts.passkeys import PasskeySummary
from domain.accounts.passkey import MAX_PASSKEY_NAME
from entrypoints.http.accounts.delivery import Delivery
from entrypoints.http.accounts.schemas import DeliveryChoice
from entrypoints.http.accounts.webauthn_json import (
    PasskeyAssertion,
    PasskeyCredential,
    Transports,
)
from entrypoints.http.wire import Time

PasskeyName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_PASSKEY_NAME,
        description="A name to tell it from others.",
        examples=["Phone"],
    ),
]


class NewPasskey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A passkey that has just been made."""

    name: PasskeyName
    credential: PasskeyCredential


class PasskeyProof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A proof by passkey of who somebody is."""

    credential: PasskeyAssertion


class PasskeySignIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A proof by passkey, and how the refresh token is to come."""

    credential: PasskeyAssertion
    refresh_token_in: DeliveryChoice = Delivery.BODY


class PasskeyChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a passkey is to be called."""

    name: PasskeyName


class Passkey(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey, as its owner sees it."""

    id: Annotated[UUID, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f5"])]
    name: PasskeyName
    transports: Transports
    backed_up: Annotated[
        bool, Meta(description="Whether copies of it are on other devices of its owner.")
    ]
    created_at: Time
    last_used_at: Time | None
    suspected_at: Annotated[
        Time | None,
        Meta(
            description="Since when it signs nobody in, because somebody may hold a copy of it; "
            "remove it then."
        ),
    ]

    @classmethod
    def of(cls, passkey: PasskeySummary) -> "Passkey":
        """The wire shape of a passkey."""
        return cls(
            id=passkey.id,
            name=passkey.name,
            transports=list(passkey.transports),
            backed_up=passkey.backed_up,
            created_at=passkey.created_at,
            last_used_at=passkey.last_used_at,
            suspected_at=passkey.suspected_at,
        )


class PasskeyList(msgspec.Struct, frozen=True, kw_only=True):
    """All passkeys of somebody, oldest first."""

    items: list[Passkey]
