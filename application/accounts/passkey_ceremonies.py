"""What authenticators are asked, what they answer, and who checks the answers."""

from typing import Protocol

import msgspec

from domain.accounts.passkey import Passkey, PublicKey, RelyingParty


class NewCredential(msgspec.Struct, frozen=True, kw_only=True):
    """An authenticator's answer to ``navigator.credentials.create()``."""

    id: bytes
    client_data: bytes
    attestation_object: bytes
    transports: tuple[str, ...]


class Assertion(msgspec.Struct, frozen=True, kw_only=True):
    """An authenticator's answer to ``navigator.credentials.get()``."""

    id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes
    user_handle: bytes | None


class VerifiedAssertion(msgspec.Struct, frozen=True, kw_only=True):
    """What an authenticator signed, besides the challenge."""

    sign_count: int
    backup_eligible: bool
    backed_up: bool


class PasskeyVerifier(Protocol):
    """The checks of WebAuthn Level 3 sections 7.1 and 7.2 that need no memory.

    Origin and relying party must be exactly ours, in no frame of another site, and the
    authenticator must have verified its user (by PIN, fingerprint or the like).
    """

    def challenge_of(self, client_data: bytes, /) -> str | None:
        """The challenge that an answer says it is for; ``None`` if it cannot be read."""
        ...

    def new_key(self, credential: NewCredential, challenge: str, /) -> PublicKey:
        """The new key; ``PasskeyNotAcceptedError`` unless all of it fits ``challenge``."""
        ...

    def verify(
        self, assertion: Assertion, challenge: str, public_key: bytes, /
    ) -> VerifiedAssertion:
        """What was signed; ``InvalidPasskeyError`` unless all of it fits.

        The counter is not looked at: that takes the database.
        """
        ...


class CreationOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to ask an authenticator for a new passkey with."""

    relying_party: RelyingParty
    user_handle: bytes
    user_name: str
    display_name: str
    challenge: str
    known: tuple[Passkey, ...]

    def __repr__(self) -> str:
        return "CreationOptions(…)"


class RequestOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to ask an authenticator for a proof with: any passkey for us that it finds."""

    relying_party: RelyingParty
    challenge: str

    def __repr__(self) -> str:
        return "RequestOptions(…)"
