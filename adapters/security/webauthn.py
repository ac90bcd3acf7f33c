"""The checks of WebAuthn with the ``webauthn`` library."""

import json
import re

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_attestation_object,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    CredentialDeviceType,
    RegistrationCredential,
)

from application.accounts.passkey_ceremonies import Assertion, NewCredential, VerifiedAssertion
from domain.accounts.errors import InvalidPasskeyError, PasskeyNotAcceptedError
from domain.accounts.passkey import ALGORITHMS, PublicKey, RelyingParty

# No attestation is asked for. What a browser lets through then says nothing of the maker.
_FORMATS = {AttestationFormat.NONE, AttestationFormat.PACKED}
_ALGORITHMS = [COSEAlgorithmIdentifier(number) for number in ALGORITHMS]
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{16,128}")
_LONGEST_CREDENTIAL_ID = 1023
_LEAST_RSA_BITS = 2048


class LibraryPasskeyVerifier:
    """``PasskeyVerifier``; whatever the library trips over is a refusal.

    It raises its own errors, and ``KeyError``, ``TypeError`` and more for CBOR of a strange
    shape: hence the broad ``except``. It does not look at ``crossOrigin`` nor whether a public
    key is one, and asks for the counter before the signature; so this does.
    """

    def __init__(self, relying_party: RelyingParty) -> None:
        self._relying_party = relying_party

    def challenge_of(self, client_data: bytes, /) -> str | None:
        """From ``clientDataJSON``, which is not believed yet."""
        challenge = _read(client_data).get("challenge")
        if isinstance(challenge, str) and _CHALLENGE.fullmatch(challenge):
            return challenge
        return None

    def new_key(self, credential: NewCredential, challenge: str, /) -> PublicKey:
        """Section 7.1."""
        try:
            _refuse_frames(credential.client_data)
            if parse_attestation_object(credential.attestation_object).fmt not in _FORMATS:
                raise ValueError("an attestation that nobody asked for")
            verified = verify_registration_response(
                credential=RegistrationCredential(
                    id=bytes_to_base64url(credential.id),
                    raw_id=credential.id,
                    response=AuthenticatorAttestationResponse(
                        client_data_json=credential.client_data,
                        attestation_object=credential.attestation_object,
                    ),
                ),
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self._relying_party.id,
                expected_origin=self._relying_party.origin,
                require_user_verification=True,
                supported_pub_key_algs=_ALGORITHMS,
            )
            if verified.credential_id != credential.id:
                raise ValueError("another credential id than the browser's")
            if len(credential.id) > _LONGEST_CREDENTIAL_ID:
                raise ValueError("a credential id that is too long")
            _refuse_weak(verified.credential_public_key)
        except Exception as error:
            raise PasskeyNotAcceptedError("Start again with this or another device.") from error
        return PublicKey(
            credential_id=credential.id,
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            backup_eligible=verified.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
            backed_up=verified.credential_backed_up,
        )

    def verify(
        self, assertion: Assertion, challenge: str, public_key: bytes, /
    ) -> VerifiedAssertion:
        """Section 7.2."""
        try:
            _refuse_frames(assertion.client_data)
            verified = verify_authentication_response(
                credential=AuthenticationCredential(
                    id=bytes_to_base64url(assertion.id),
                    raw_id=assertion.id,
                    response=AuthenticatorAssertionResponse(
                        client_data_json=assertion.client_data,
                        authenticator_data=assertion.authenticator_data,
                        signature=assertion.signature,
                        user_handle=assertion.user_handle,
                    ),
                ),
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self._relying_party.id,
                expected_origin=self._relying_party.origin,
                credential_public_key=public_key,
                # Zero passes any: whether it has gone forward is asked once the signature is
                # known to be right, or anybody could bring a passkey under suspicion.
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except Exception as error:
            raise InvalidPasskeyError("Start again, or sign in another way.") from error
        return VerifiedAssertion(
            sign_count=verified.new_sign_count,
            backup_eligible=verified.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
            backed_up=verified.credential_backed_up,
        )


def _read(client_data: bytes) -> dict[str, object]:
    try:
        document = json.loads(client_data)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _refuse_frames(client_data: bytes) -> None:
    """Nobody is to sign in from a page inside somebody else's page."""
    document = _read(client_data)
    if document.get("crossOrigin", False) is not False or "topOrigin" in document:
        raise ValueError("a frame in a page of another site")


def _refuse_weak(public_key: bytes) -> None:
    """A key that can never verify anything, or that others could find the private half of."""
    key = decoded_public_key_to_cryptography(decode_credential_public_key(public_key))
    if isinstance(key, RSAPublicKey) and key.key_size < _LEAST_RSA_BITS:
        raise ValueError("an RSA key that is too short")
