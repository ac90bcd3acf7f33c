"""Access tokens that are right: what they hold, how long, and under which key."""

import json
from base64 import urlsafe_b64decode
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey

from adapters.security.derived_keys import PurposeKeys, derive_key
from application.accounts.ports import AccessClaims
from domain.accounts.errors import AuthenticationRequiredError
from domain.accounts.session import ACCESS_TOKEN_LIFETIME
from domain.shared.ids import SessionId, UserId
from tests.adapters.security.forger import (
    CLAIMS,
    HEADER,
    NOW,
    SEED,
    SESSION,
    USER,
    public_jwk,
    signed,
    tokens,
)

WHO = AccessClaims(user_id=UserId(USER), session_id=SessionId(SESSION))
EXPIRY = NOW + ACCESS_TOKEN_LIFETIME


def _read(part: str) -> dict[str, object]:
    value = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert isinstance(value, dict)
    return value


def test_what_was_issued_is_read_back() -> None:
    assert tokens().verify(tokens().issue(WHO, NOW), NOW) == WHO


def test_a_token_of_the_forger_is_accepted_so_that_its_refusals_mean_something() -> None:
    assert tokens().verify(signed(HEADER, CLAIMS), NOW) == WHO


def test_a_token_holds_these_claims_and_no_personal_data() -> None:
    header, payload, _ = tokens().issue(WHO, NOW).split(".")
    claims = _read(payload)
    assert _read(header) == HEADER
    assert claims.pop("jti") != tokens().issue(WHO, NOW)
    assert claims == {name: value for name, value in CLAIMS.items() if name != "jti"}


def test_two_tokens_for_one_session_have_different_ids() -> None:
    subject = tokens()
    ids = {str(_read(subject.issue(WHO, NOW).split(".")[1])["jti"]) for _ in range(20)}
    assert len(ids) == 20


@pytest.mark.parametrize("seconds", [-29, 0, 599, 629])
def test_a_token_is_good_for_ten_minutes_and_29_seconds_either_way(seconds: int) -> None:
    token = tokens().issue(WHO, NOW)
    assert tokens().verify(token, NOW + timedelta(seconds=seconds)) == WHO


@pytest.mark.parametrize("seconds", [-86_400, -31, 631, 86_400])
def test_31_seconds_off_is_too_much(seconds: int) -> None:
    token = tokens().issue(WHO, NOW)
    with pytest.raises(AuthenticationRequiredError):
        tokens().verify(token, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_each_beginning_counts_by_itself(claim: str) -> None:
    ahead = {**CLAIMS, claim: CLAIMS[claim] + 31}
    with pytest.raises(AuthenticationRequiredError):
        tokens().verify(signed(HEADER, ahead), NOW)
    assert tokens().verify(signed(HEADER, {**CLAIMS, claim: CLAIMS[claim] + 29}), NOW) == WHO


def test_a_token_that_is_remembered_still_expires() -> None:
    subject = tokens()
    token = subject.issue(WHO, NOW)
    assert subject.verify(token, NOW) == subject.verify(token, NOW) == WHO
    with pytest.raises(AuthenticationRequiredError):
        subject.verify(token, EXPIRY + timedelta(seconds=31))


def test_a_remembered_token_lends_nothing_to_one_that_differs_in_a_character() -> None:
    subject = tokens()
    token = subject.issue(WHO, NOW)
    subject.verify(token, NOW)
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(AuthenticationRequiredError):
            subject.verify(token[:place] + other + token[place + 1 :], NOW)


def test_no_more_tokens_are_remembered_than_there_is_room_for() -> None:
    subject = tokens()
    for _ in range(5_000):
        subject.verify(subject.issue(WHO, NOW), NOW)
    assert len(subject._keys().verified) == 4_096


def test_the_published_key_verifies_a_token_and_is_named_by_its_thumbprint() -> None:
    jwk = public_jwk()
    key = OKPKey.import_key(jwk)
    assert jwk["kid"] == key.thumbprint()
    assert {name: jwk[name] for name in ("kty", "crv", "use")} == {
        "kty": "OKP",
        "crv": "Ed25519",
        "use": "sig",
    }
    signature = jws.deserialize_compact(tokens().issue(WHO, NOW), key, algorithms=[jwk["alg"]])
    assert json.loads(signature.payload)["sub"] == str(USER)


def test_the_private_half_is_not_published() -> None:
    assert set(public_jwk()) == {"kty", "crv", "x", "kid", "use", "alg"}


def test_the_same_secret_gives_the_same_key_in_every_process() -> None:
    assert tokens(PurposeKeys(current=SEED)).key_set() == {"keys": [public_jwk()]}
    assert tokens(PurposeKeys(current=bytes(32))).key_set() != {"keys": [public_jwk()]}


@given(st.binary(min_size=32, max_size=64), st.text(max_size=40), st.text(max_size=40))
def test_two_labels_give_two_keys_of_32_bytes(secret: bytes, label: str, other: str) -> None:
    first = derive_key(secret, label)
    assert len(first) == 32
    assert first == derive_key(secret, label)
    assert (first == derive_key(secret, other)) == (label == other)


def test_the_derivation_never_changes_or_every_session_would_end() -> None:
    assert (
        derive_key(b"s" * 32, "access-token-signing").hex()
        == "c2d618a1f175507254dca47d49646d532a8b1f8b85182936bcda240525d42500"
    )
