"""The checks of WebAuthn, on published vectors and on an authenticator of our own."""

import hashlib
import secrets
from datetime import UTC, datetime

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from webauthn import verify_authentication_response, verify_registration_response

from adapters.security.webauthn import LibraryPasskeyVerifier
from application.accounts.passkey_ceremonies import Assertion, NewCredential, VerifiedAssertion
from domain.accounts.errors import InvalidPasskeyError, PasskeyNotAcceptedError
from domain.accounts.passkey import RelyingParty
from tests import authenticator as soft
from tests.adapters.security import webauthn_vectors as vectors
from tests.adapters.security.webauthn_vectors import Authentication, Registration
from tests.authenticator import Authenticator, Json, Mischief

ORIGIN = "https://example.org"
VERIFIER = LibraryPasskeyVerifier(RelyingParty(id="example.org", name="Example", origin=ORIGIN))
CHALLENGE = soft.to_text(bytes(range(32)))
CREATE = {"challenge": CHALLENGE, "rp": {"id": "example.org"}, "user": {"id": "AAAA"}}
GET = {"challenge": CHALLENGE, "rpId": "example.org"}


def answered(vector: Registration) -> NewCredential:
    """A published answer."""
    return NewCredential(
        id=bytes.fromhex(vector.credential_id),
        client_data=bytes.fromhex(vector.client_data),
        attestation_object=bytes.fromhex(vector.attestation_object),
        transports=(),
    )


def proved(vector: Authentication) -> Assertion:
    """A published proof."""
    return Assertion(
        id=bytes.fromhex(vector.credential_id),
        client_data=bytes.fromhex(vector.client_data),
        authenticator_data=bytes.fromhex(vector.authenticator_data),
        signature=bytes.fromhex(vector.signature),
        user_handle=None,
    )


def challenge_of(vector: Registration | Authentication) -> str:
    """The published challenge, as it is on the wire."""
    return soft.to_text(bytes.fromhex(vector.challenge))


def new_credential(json: Json) -> NewCredential:
    """An answer to ``create``."""
    return NewCredential(
        id=soft.to_bytes(json["id"]),
        client_data=soft.to_bytes(json["response"]["clientDataJSON"]),
        attestation_object=soft.to_bytes(json["response"]["attestationObject"]),
        transports=(),
    )


def assertion(json: Json) -> Assertion:
    """An answer to ``get``."""
    return Assertion(
        id=soft.to_bytes(json["id"]),
        client_data=soft.to_bytes(json["response"]["clientDataJSON"]),
        authenticator_data=soft.to_bytes(json["response"]["authenticatorData"]),
        signature=soft.to_bytes(json["response"]["signature"]),
        user_handle=None,
    )


def test_a_published_registration_is_accepted() -> None:
    key = VERIFIER.new_key(answered(vectors.SELF_ES256), challenge_of(vectors.SELF_ES256))
    assert key.credential_id.hex() == vectors.SELF_ES256.credential_id
    assert (key.sign_count, key.backup_eligible, key.backed_up) == (0, True, True)
    private = ec.derive_private_key(int(vectors.SELF_ES256.private_key, 16), ec.SECP256R1())
    assert key.public_key == soft.cose_key(private)


def test_a_published_proof_is_accepted() -> None:
    vector = vectors.VERIFIED_PROOF
    signed = VERIFIER.verify(proved(vector), challenge_of(vector), bytes.fromhex(vector.public_key))
    assert signed == VerifiedAssertion(sign_count=0, backup_eligible=True, backed_up=False)


def test_a_published_registration_without_verification_of_the_user_is_refused() -> None:
    with pytest.raises(PasskeyNotAcceptedError) as refusal:
        VERIFIER.new_key(answered(vectors.NONE_ES256), challenge_of(vectors.NONE_ES256))
    assert "User verification is required" in str(refusal.value.__cause__)


@pytest.mark.parametrize(
    ("vector", "reason"),
    [
        (vectors.NONE_ES256_PROOF, "User verification is required"),
        (vectors.EDDSA_PROOF, "User verification is required"),
        (vectors.CROSS_ORIGIN_PROOF, "a frame in a page of another site"),
    ],
)
def test_a_published_proof_that_is_too_weak_for_us_is_refused_for_that_alone(
    vector: Authentication, reason: str
) -> None:
    with pytest.raises(InvalidPasskeyError) as refusal:
        VERIFIER.verify(proved(vector), challenge_of(vector), bytes.fromhex(vector.public_key))
    assert reason in str(refusal.value.__cause__)
    verify_authentication_response(  # all else is right with it
        credential={
            "id": soft.to_text(bytes.fromhex(vector.credential_id)),
            "rawId": soft.to_text(bytes.fromhex(vector.credential_id)),
            "type": "public-key",
            "response": {
                "clientDataJSON": soft.to_text(bytes.fromhex(vector.client_data)),
                "authenticatorData": soft.to_text(bytes.fromhex(vector.authenticator_data)),
                "signature": soft.to_text(bytes.fromhex(vector.signature)),
            },
        },
        expected_challenge=bytes.fromhex(vector.challenge),
        expected_rp_id="example.org",
        expected_origin=ORIGIN,
        credential_public_key=bytes.fromhex(vector.public_key),
        credential_current_sign_count=0,
    )


def test_our_authenticator_makes_the_published_bytes() -> None:
    vector, proof = vectors.NONE_ES256, vectors.NONE_ES256_PROOF
    key: soft.PrivateKey = ec.derive_private_key(int(vector.private_key, 16), ec.SECP256R1())
    attested = soft.attested_credential(
        bytes.fromhex(vector.aaguid), bytes.fromhex(vector.credential_id), soft.cose_key(key)
    )
    data = soft.authenticator_data("example.org", 0x59, 0, attested)
    assert soft.attestation_object(data).hex() == vector.attestation_object
    keys = {
        proof: key,
        vectors.EDDSA_PROOF: ed25519.Ed25519PrivateKey.from_private_bytes(
            bytes.fromhex(vectors.EDDSA_PRIVATE_KEY)
        ),
    }
    for published, private in keys.items():
        assert soft.cose_key(private).hex() == published.public_key
        flags = bytes.fromhex(published.authenticator_data)[32]
        data = soft.authenticator_data("example.org", flags, 0)
        assert data.hex() == published.authenticator_data
        message = data + hashlib.sha256(bytes.fromhex(published.client_data)).digest()
        assert soft.sign(private, message).hex() == published.signature


@pytest.mark.parametrize("key", [soft.es256(), soft.eddsa(), rsa.generate_private_key(65537, 2048)])
def test_every_algorithm_that_is_asked_for_works(key: soft.PrivateKey) -> None:
    device = Authenticator(origin=ORIGIN, key=key, eligible=True)
    new = VERIFIER.new_key(new_credential(device.create(CREATE)), CHALLENGE)
    assert (new.credential_id, new.sign_count) == (device.credential_id, 0)
    signed = VERIFIER.verify(assertion(device.get(GET)), CHALLENGE, new.public_key)
    assert signed == VerifiedAssertion(sign_count=1, backup_eligible=True, backed_up=True)


BOTH = {
    "another origin": Mischief(origin="https://example.org.evil.example"),
    "plain http": Mischief(origin="http://example.org"),
    "another port": Mischief(origin="https://example.org:8443"),
    "a subdomain": Mischief(origin="https://sub.example.org"),
    "another relying party": Mischief(rp_id="evil.example"),
    "another challenge": Mischief(challenge=soft.to_text(bytes(32))),
    "the other ceremony": Mischief(type="webauthn.other"),
    "a frame": Mischief(cross_origin=True),
    "a page around ours": Mischief(top_origin="https://evil.example"),
    "nobody verified": Mischief(verified=False),
    "nobody present": Mischief(present=False),
}


@pytest.mark.parametrize("wrong", BOTH.values(), ids=BOTH)
def test_a_registration_that_is_wrong_in_one_way_is_refused(wrong: Mischief) -> None:
    device = Authenticator(origin=ORIGIN)
    with pytest.raises(PasskeyNotAcceptedError):
        VERIFIER.new_key(new_credential(device.create(CREATE, wrong)), CHALLENGE)


@pytest.mark.parametrize(
    "wrong",
    [
        Mischief(other_credential_id=True),
        Mischief(fmt="packed"),
        Mischief(fmt="tpm"),
        Mischief(fmt="strange"),
        Mischief(public_key=soft.cose_key(rsa.generate_private_key(65537, 1024))),  # noqa: S505
        Mischief(public_key=cbor2.dumps({1: 2, 3: -7, -1: 1, -2: b"\1" * 32, -3: b"\2" * 32})),
        Mischief(public_key=cbor2.dumps({1: 2, 3: -35, -1: 2, -2: b"\1" * 48, -3: b"\2" * 48})),
        Mischief(public_key=cbor2.dumps([])),
    ],
    ids=["another id", "no signature", "TPM", "no format", "short RSA", "off the curve", "P-384",
         "no key"],
)  # fmt: skip
def test_a_new_key_that_is_none_for_us_is_refused(wrong: Mischief) -> None:
    device = Authenticator(origin=ORIGIN)
    with pytest.raises(PasskeyNotAcceptedError):
        VERIFIER.new_key(new_credential(device.create(CREATE, wrong)), CHALLENGE)


def test_the_statement_of_a_maker_is_refused_even_where_it_is_right() -> None:
    device = Authenticator(origin=ORIGIN)
    json = device.create(CREATE)
    made = new_credential(json)
    data = soft.to_bytes(json["response"]["authenticatorData"])
    maker = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "A maker")])
    certificate = (
        x509.CertificateBuilder(name, name, maker.public_key(), 1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2126, 1, 1, tzinfo=UTC))
        .sign(maker, hashes.SHA256())
    )
    point = device.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    client_data_hash = hashlib.sha256(made.client_data).digest()
    message = b"\0" + data[:32] + client_data_hash + device.credential_id + point
    statement = {
        "x5c": [certificate.public_bytes(Encoding.DER)],
        "sig": maker.sign(message, ec.ECDSA(hashes.SHA256())),
    }
    stated = soft.attestation_object(data, "fido-u2f", statement)
    json["response"]["attestationObject"] = soft.to_text(stated)
    verify_registration_response(
        credential=json,
        expected_challenge=soft.to_bytes(CHALLENGE),
        expected_rp_id="example.org",
        expected_origin=ORIGIN,
        require_user_verification=True,
    )
    with pytest.raises(PasskeyNotAcceptedError):
        VERIFIER.new_key(new_credential(json), CHALLENGE)


def test_a_credential_id_that_is_longer_than_the_standard_allows_is_refused() -> None:
    for length, accepted in ((1023, True), (1024, False)):
        device = Authenticator(origin=ORIGIN, credential_id=secrets.token_bytes(length))
        made = new_credential(device.create(CREATE))
        if accepted:
            assert VERIFIER.new_key(made, CHALLENGE).credential_id == device.credential_id
        else:
            with pytest.raises(PasskeyNotAcceptedError):
                VERIFIER.new_key(made, CHALLENGE)


@pytest.mark.parametrize(
    "wrong",
    [*BOTH.values(), Mischief(other_key=True), Mischief(tampered_client_data=True)],
    ids=[*BOTH, "another key", "tampered client data"],
)
def test_a_proof_that_is_wrong_in_one_way_is_refused(wrong: Mischief) -> None:
    device = Authenticator(origin=ORIGIN)
    key = VERIFIER.new_key(new_credential(device.create(CREATE)), CHALLENGE)
    VERIFIER.verify(assertion(device.get(GET)), CHALLENGE, key.public_key)
    with pytest.raises(InvalidPasskeyError):
        VERIFIER.verify(assertion(device.get(GET, wrong)), CHALLENGE, key.public_key)


def test_the_counter_is_left_to_whoever_remembers_the_last_one() -> None:
    device = Authenticator(origin=ORIGIN)
    key = VERIFIER.new_key(new_credential(device.create(CREATE)), CHALLENGE)
    for count in (7, 3, 0):
        proof = assertion(device.get(GET, Mischief(count=count)))
        assert VERIFIER.verify(proof, CHALLENGE, key.public_key).sign_count == count


@pytest.mark.parametrize(
    "client_data",
    [b"", b"{", b"[]", b"null", b'{"challenge": 1}', b'{"challenge": "short"}', b"[" * 4000,
     b'{"challenge": "' + b"A" * 129 + b'"}', b'{"challenge": "' + b"=" * 43 + b'"}', b"\xff\xfe"],
)  # fmt: skip
def test_client_data_without_a_challenge_has_none(client_data: bytes) -> None:
    assert VERIFIER.challenge_of(client_data) is None


@pytest.mark.parametrize(
    "garbage",
    [b"", b"\xff", b"\x9f" * 4000, b"\x81" * 4000, b"\xbb" + b"\xff" * 8, b"\x9b" + b"\x7f" * 8,
     b"\x5b" + b"\x7f" * 8, b"\xc4\x82\x1b" + b"\x7f" * 8 + b"\x01", cbor2.dumps({"fmt": {}}),
     cbor2.dumps({"fmt": "none", "authData": 1}), secrets.token_bytes(5000)],
)  # fmt: skip
def test_garbage_is_refused_like_everything_else(garbage: bytes) -> None:
    device = Authenticator(origin=ORIGIN)
    made = new_credential(device.create(CREATE))
    spoilt = NewCredential(
        id=made.id, client_data=made.client_data, attestation_object=garbage, transports=()
    )
    with pytest.raises(PasskeyNotAcceptedError):
        VERIFIER.new_key(spoilt, CHALLENGE)
    right = assertion(device.get(GET))
    for data, signature in ((garbage, right.signature), (right.authenticator_data, garbage)):
        proof = Assertion(
            id=right.id,
            client_data=right.client_data,
            authenticator_data=data,
            signature=signature,
            user_handle=None,
        )
        with pytest.raises(InvalidPasskeyError):
            VERIFIER.verify(proof, CHALLENGE, soft.cose_key(device.key))
