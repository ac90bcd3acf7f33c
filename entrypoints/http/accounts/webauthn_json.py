"""Shapes of WebAuthn Level 3 sections 5.1 and 5.2, in the spelling of browsers.

A page hands them on as they are: ``PublicKeyCredential.parseCreationOptionsFromJSON`` and
``parseRequestOptionsFromJSON`` read the questions, ``credential.toJSON`` writes the answers.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from application.accounts.passkey_ceremonies import (
    Assertion,
    CreationOptions,
    NewCredential,
    RequestOptions,
)
from domain.accounts.passkey import ALGORITHMS, CHALLENGE_LIFETIME

_BASE64URL = "^[A-Za-z0-9_-]+$"
_TIMEOUT = int(CHALLENGE_LIFETIME.total_seconds() * 1000)

# The longest id is 1023 bytes, the longest handle 64 (sections 5.8.3 and 5.4.3); the rest leaves
# room for RSA keys and for a statement of self attestation.
CredentialId = Annotated[
    str,
    Meta(
        pattern=_BASE64URL,
        max_length=1364,
        description="The id of the credential, in base64url.",
        examples=["-R85HbTJsv3g6nAYnLo_tj9Xm6YSKzrZT_PsMwCEvkQ"],
    ),
]
Bytes = Annotated[
    str,
    Meta(
        pattern=_BASE64URL,
        max_length=8192,
        description="Bytes in base64url.",
        examples=["o2NmbXRkbm9uZWdhdHRTdG10oA"],
    ),
]
ClientData = Annotated[
    str,
    Meta(
        pattern=_BASE64URL,
        max_length=4096,
        description="What the browser says of the page, in base64url.",
        examples=["eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0"],
    ),
]
UserHandle = Annotated[
    str,
    Meta(
        pattern=_BASE64URL,
        max_length=86,
        description="What the authenticator keeps of the account, in base64url.",
        examples=["AaH8kvKNdCOLCBkzFHgk9Q"],
    ),
]
Challenge = Annotated[
    str,
    Meta(
        description="256 random bits in base64url, good for one answer within five minutes.",
        examples=["m2V4h0S8VvIyBfG7oUe0c0b6b4kq1x5o3y2a8d9e7fQ"],
    ),
]
Transport = Annotated[str, Meta(pattern="^[a-z0-9-]+$", max_length=32, examples=["internal"])]
Transports = Annotated[
    list[Transport],
    Meta(max_length=10, description="How the authenticator can be reached."),
]
Attachment = Annotated[
    str,
    Meta(
        max_length=32,
        description="Whether it is part of the device; not looked at.",
        examples=["platform"],
    ),
]
Extensions = Annotated[
    dict[str, Any],
    Meta(description="What the browser says of extensions; not looked at.", examples=[{}]),
]
CredentialType = Annotated[Literal["public-key"], Meta(description="The only type there is.")]


class RelyingParty(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks."""

    id: Annotated[str, Meta(examples=["music.example.org"])]
    name: Annotated[str, Meta(examples=["No Drake in the House"])]


class PasskeyUser(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """For whom the passkey is, as an authenticator shows it."""

    id: UserHandle
    name: Annotated[str, Meta(examples=["ada@example.org"])]
    display_name: Annotated[str, Meta(examples=["Ada"])]


class PasskeyAlgorithm(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of key that is accepted, the best first."""

    type: CredentialType
    alg: Annotated[int, Meta(description="Its number in COSE.", examples=[-7])]


class PasskeyDescriptor(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey, as an authenticator finds it."""

    type: CredentialType
    id: CredentialId
    transports: Transports


class AuthenticatorSelection(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the authenticator has to be able to do."""

    resident_key: Literal["required"]
    require_resident_key: Annotated[bool, Meta(examples=[True])]
    user_verification: Literal["required"]


class PasskeyCreationOptions(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What `navigator.credentials.create` is asked: PublicKeyCredentialCreationOptionsJSON."""

    rp: RelyingParty
    user: PasskeyUser
    challenge: Challenge
    pub_key_cred_params: list[PasskeyAlgorithm]
    timeout: Annotated[int, Meta(description="Milliseconds.", examples=[_TIMEOUT])]
    exclude_credentials: list[PasskeyDescriptor]
    authenticator_selection: AuthenticatorSelection
    attestation: Literal["none"]

    @classmethod
    def of(cls, options: CreationOptions) -> "PasskeyCreationOptions":
        """The wire shape of the question."""
        return cls(
            rp=RelyingParty(id=options.relying_party.id, name=options.relying_party.name),
            user=PasskeyUser(
                id=_text(options.user_handle),
                name=options.user_name,
                display_name=options.display_name,
            ),
            challenge=options.challenge,
            pub_key_cred_params=[PasskeyAlgorithm(type="public-key", alg=a) for a in ALGORITHMS],
            timeout=_TIMEOUT,
            exclude_credentials=[
                PasskeyDescriptor(
                    type="public-key",
                    id=_text(passkey.key.credential_id),
                    transports=list(passkey.transports),
                )
                for passkey in options.known
            ],
            authenticator_selection=AuthenticatorSelection(
                resident_key="required", require_resident_key=True, user_verification="required"
            ),
            attestation="none",
        )


class PasskeyRequestOptions(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What `navigator.credentials.get` is asked: PublicKeyCredentialRequestOptionsJSON."""

    challenge: Challenge
    timeout: Annotated[int, Meta(description="Milliseconds.", examples=[_TIMEOUT])]
    rp_id: Annotated[str, Meta(examples=["music.example.org"])]
    allow_credentials: Annotated[
        list[PasskeyDescriptor],
        Meta(description="Always empty: the authenticator finds one.", examples=[[]]),
    ]
    user_verification: Literal["required"]

    @classmethod
    def of(cls, options: RequestOptions) -> "PasskeyRequestOptions":
        """The wire shape of the question."""
        return cls(
            challenge=options.challenge,
            timeout=_TIMEOUT,
            rp_id=options.relying_party.id,
            allow_credentials=[],
            user_verification="required",
        )


class AttestationAnswer(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """What an authenticator tells of a new key; the last three repeat parts of it."""

    client_data_json: ClientData = msgspec.field(name="clientDataJSON")
    attestation_object: Bytes
    transports: Transports | UnsetType = UNSET
    authenticator_data: Bytes | UnsetType = UNSET
    public_key: Bytes | None | UnsetType = UNSET
    public_key_algorithm: int | UnsetType = UNSET


class PasskeyCredential(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """The answer of `navigator.credentials.create`: RegistrationResponseJSON."""

    id: CredentialId
    raw_id: CredentialId
    type: CredentialType
    response: AttestationAnswer
    authenticator_attachment: Attachment | None | UnsetType = UNSET
    client_extension_results: Extensions

    def credential(self) -> NewCredential:
        """The answer in bytes."""
        transports = self.response.transports
        return NewCredential(
            id=_one(self.id, self.raw_id),
            client_data=_bytes(self.response.client_data_json),
            attestation_object=_bytes(self.response.attestation_object),
            transports=tuple(transports) if transports is not UNSET else (),
        )


class AssertionAnswer(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """What an authenticator signed."""

    client_data_json: ClientData = msgspec.field(name="clientDataJSON")
    authenticator_data: Bytes
    signature: Bytes
    user_handle: UserHandle | None | UnsetType = UNSET
    attestation_object: Bytes | None | UnsetType = UNSET


class PasskeyAssertion(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """The answer of `navigator.credentials.get`: AuthenticationResponseJSON."""

    id: CredentialId
    raw_id: CredentialId
    type: CredentialType
    response: AssertionAnswer
    authenticator_attachment: Attachment | None | UnsetType = UNSET
    client_extension_results: Extensions

    def assertion(self) -> Assertion:
        """The answer in bytes."""
        answer = self.response
        handle = answer.user_handle
        return Assertion(
            id=_one(self.id, self.raw_id),
            client_data=_bytes(answer.client_data_json),
            authenticator_data=_bytes(answer.authenticator_data),
            signature=_bytes(answer.signature),
            user_handle=_bytes(handle) if isinstance(handle, str) else None,
        )


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    """What ``text`` stands for; nothing, which no check accepts, if it stands for nothing."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def _one(id: str, raw_id: str) -> bytes:
    """The credential id, which comes twice."""
    return _bytes(id) if id == raw_id else b""
