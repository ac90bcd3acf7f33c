"""Access tokens that are wrong: each is refused, in the same words, by no other exception."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st
from joserfc import jwe, jws
from joserfc.jwk import ECKey, OctKey, RSAKey

from domain.accounts.errors import AuthenticationRequiredError
from tests.adapters.security.forger import (
    CLAIMS,
    HEADER,
    KEY,
    NOW,
    PUBLIC_DER,
    PUBLIC_PEM,
    PUBLIC_RAW,
    base64url,
    part,
    public_jwk,
    signed,
    tokens,
    without,
)

KIDS: tuple[Any, ...] = ("' or 1=1 --", "../../dev/null", "a\0b", "k" * 2_500, "", None, 1, [], {})
WRONG: tuple[Any, ...] = (None, "", "other", [], {}, True, -1, 2**80, 1e308)
GOOD = signed(HEADER, CLAIMS)
FIRST, SECOND, THIRD = GOOD.split(".")
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))
RSA_KEY = RSAKey.import_key(rsa.generate_private_key(public_exponent=65537, key_size=2048))
EC_KEY = ECKey.import_key(ec.generate_private_key(ec.SECP256R1()))


def _by_hmac(secret: bytes) -> str:
    message = f"{part({**HEADER, 'alg': 'HS256'})}.{SECOND}"
    return f"{message}.{base64url(hmac.digest(secret, message.encode(), hashlib.sha256))}"


def _by_other_key(alg: str, key: RSAKey | ECKey) -> str:
    return jws.serialize_compact({**HEADER, "alg": alg}, json.dumps(CLAIMS), key, algorithms=[alg])


def _encrypted() -> str:
    header = {"alg": "dir", "enc": "A128CBC-HS256", "typ": "at+jwt", "kid": HEADER["kid"]}
    return jwe.encrypt_compact(header, GOOD, OctKey.import_key(hashlib.sha256(PUBLIC_RAW).digest()))


def _header(**members: Any) -> str:
    return signed({**HEADER, **members}, CLAIMS)


def _claim(**members: Any) -> str:
    return signed(HEADER, {**CLAIMS, **members})


ALGORITHMS = {
    **{
        f"{alg} {kind}": f"{part({**HEADER, 'alg': alg})}.{SECOND}.{signature}"
        for alg in ("none", "None", "nOnE", "NONE", "")
        for kind, signature in (("unsigned", ""), ("signed", THIRD))
    },
    "HS256 with the public key as PEM": _by_hmac(PUBLIC_PEM),
    "HS256 with the public key as stripped PEM": _by_hmac(PUBLIC_PEM.strip()),
    "HS256 with the public key as DER": _by_hmac(PUBLIC_DER),
    "HS256 with the public key raw": _by_hmac(PUBLIC_RAW),
    "HS256 with the public key as JWK": _by_hmac(json.dumps(public_jwk()).encode()),
    "HS256 with an empty key": _by_hmac(b""),
    "RS256": _by_other_key("RS256", RSA_KEY),
    "PS256": _by_other_key("PS256", RSA_KEY),
    "ES256": _by_other_key("ES256", EC_KEY),
    "another Ed25519 key": signed(HEADER, CLAIMS, STRANGER),
    "another name for the algorithm": _header(alg="EdDSA"),
    "the algorithm in small letters": _header(alg=HEADER["alg"].lower()),
    "the algorithm as a list": _header(alg=[HEADER["alg"]]),
    "no algorithm": signed(without(HEADER, "alg"), CLAIMS),
}
HEADERS = {
    "no kid": signed(without(HEADER, "kid"), CLAIMS),
    **{f"kid {kid!r:.30}": _header(kid=kid) for kid in KIDS},
    "kid of 10 KB": _header(kid="k" * 10_240),
    "kid with a NUL behind": _header(kid=HEADER["kid"] + "\0"),
    "jku": _header(jku="https://evil.example/jwks.json"),
    "x5u": _header(x5u="https://evil.example/key.pem"),
    "x5c": _header(x5c=[base64url(PUBLIC_DER)]),
    "jwk of ours": _header(jwk=public_jwk()),
    "jwk of a stranger": signed(
        {**HEADER, "jwk": {"kty": "OKP", "crv": "Ed25519", "x": base64url(bytes(32))}},
        CLAIMS,
        STRANGER,
    ),
    "crit": _header(crit=["exp"]),
    "empty crit": _header(crit=[]),
    "crit of something unknown": _header(crit=["x-unknown"], **{"x-unknown": True}),
    "b64 false": _header(b64=False, crit=["b64"]),
    "b64 true": _header(b64=True),
    "zip": _header(zip="DEF"),
    "cty": _header(cty="JWT"),
    **{
        f"typ {typ!r}": _header(typ=typ)
        for typ in ("JWT", "jwt", "AT+JWT", "application/at+jwt", "rt+jwt", "at+jwt ", "", None, 1)
    },
    "no typ": signed(without(HEADER, "typ"), CLAIMS),
    "a list as header": signed([HEADER], CLAIMS),
    "a header of null": signed(None, CLAIMS),
    "a header that is no JSON": signed(b"{", CLAIMS),
    "a header in UTF-16": signed(json.dumps(HEADER).encode("utf-16"), CLAIMS),
    "a deep header": signed(b"[" * 2_500, CLAIMS),
    "a deep member": signed(b'{"alg":' + b"[" * 2_500, CLAIMS),
    "nested": signed({**HEADER, "cty": "JWT"}, GOOD.encode()),
    "nested without saying so": signed(HEADER, GOOD.encode()),
    "encrypted": _encrypted(),
}
PAYLOADS = {
    **{f"no {name}": signed(HEADER, without(CLAIMS, name)) for name in CLAIMS},
    **{
        f"{name} {wrong!r:.20}": _claim(**{name: wrong})
        for name in CLAIMS
        for wrong in WRONG
        if not (name == "exp" and wrong == 2**80)  # signed by us and far away: it is just valid
        and not (name in {"iat", "nbf"} and wrong == -1)
    },
    **{f"{name} in a list": _claim(**{name: [CLAIMS[name]]}) for name in CLAIMS},
    **{f"{name} as text": _claim(**{name: str(CLAIMS[name])}) for name in ("iat", "nbf", "exp")},
    "another issuer": _claim(iss=CLAIMS["iss"] + "/"),
    "another audience": _claim(aud="https://other.example.org"),
    "a stranger's claim": _claim(email="person@example.org"),
    "not a UUID": _claim(sub="1' or '1'='1"),
    "NaN": signed(HEADER, json.dumps({**CLAIMS, "exp": float("nan")}).encode()),
    "a list as payload": signed(HEADER, [CLAIMS]),
    "no JSON": signed(HEADER, b"\xff\xfe"),
    "empty payload": signed(HEADER, b""),
}
FORMS = {
    "nothing": "",
    "dots": "..",
    "one part": FIRST,
    "two parts": f"{FIRST}.{SECOND}",
    "four parts": f"{GOOD}.{THIRD}",
    "a part twice": f"{FIRST}.{FIRST}.{SECOND}.{THIRD}",
    "header for payload": f"{FIRST}.{FIRST}.{THIRD}",
    "no signature": f"{FIRST}.{SECOND}.",
    "half a signature": GOOD[:-40],
    "padding": f"{GOOD}==",
    "plus and slash": f"{FIRST}.{SECOND}.{THIRD.replace('-', '+').replace('_', '/')}=",
    "white space before": f" {GOOD}",
    "white space behind": f"{GOOD}\n",
    "white space within": f"{FIRST}.\n{SECOND}.{THIRD}",
    "not ASCII": f"{GOOD[:-1]}é",
    "a full-width letter": GOOD.replace("A", "\uff21", 1),
    "a lone surrogate": f"{GOOD}\ud800",
    "NUL": f"{GOOD}\0",
    "with its scheme": f"Bearer {GOOD}",
    "JSON serialisation": json.dumps(
        {"payload": SECOND, "signatures": [{"protected": FIRST, "signature": THIRD}]}
    ),
    "too long": signed(HEADER, {**CLAIMS, "pad": "x" * 5_000}),
    "too long, without dots": "A" * 5_000,
    "very long": "." * 1_000_000,
    "a webhook's signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    "a refresh token": base64url(bytes(32)),
}


def _refusal(token: str) -> AuthenticationRequiredError:
    with pytest.raises(AuthenticationRequiredError) as caught:
        tokens().verify(token, NOW)
    return caught.value


CORPUS = {**ALGORITHMS, **HEADERS, **PAYLOADS, **FORMS}


@pytest.mark.parametrize("token", [pytest.param(token, id=name) for name, token in CORPUS.items()])
def test_a_wrong_token_is_refused_without_saying_why(token: str) -> None:
    refusal = _refusal(token)
    assert refusal.detail == _refusal("").detail
    assert token[:20] not in refusal.detail or not token


def test_the_longest_token_of_all_is_still_shorter_than_what_is_parsed() -> None:
    room = 4_096 - len(GOOD)
    just_right = signed(HEADER, json.dumps(CLAIMS).encode() + b" " * (room * 3 // 4 - 8))
    assert 4_000 < len(just_right) <= 4_096
    tokens().verify(just_right, NOW)
    _refusal(signed(HEADER, json.dumps(CLAIMS).encode() + b" " * (room * 3 // 4 + 8)))


def test_the_last_character_has_one_spelling_only() -> None:
    # The stray bits of the last character do not change the signature's bytes.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    sibling = alphabet[alphabet.index(GOOD[-1]) ^ 1]
    _refusal(GOOD[:-1] + sibling)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=10,
)
NAMES = st.sampled_from([*HEADER, *CLAIMS, "crit", "b64", "jwk", "x"])


@given(st.text() | st.text(alphabet="AQab-_.=", max_size=200))
@example("..." * 5)
def test_any_text_is_refused(text: str) -> None:
    _refusal(text)


@given(JSON | st.binary(max_size=60), JSON | st.binary(max_size=60))
def test_any_header_and_payload_are_refused_although_signed_by_our_key(
    header: object, payload: object
) -> None:
    _refusal(signed(header, payload, KEY))
    _refusal(signed(HEADER, payload, KEY))
    _refusal(signed(header, CLAIMS, KEY))


@given(st.dictionaries(NAMES, JSON, min_size=1), st.dictionaries(NAMES, JSON, min_size=1))
def test_members_of_any_type_raise_no_other_exception(
    header: dict[str, object], payload: dict[str, object]
) -> None:
    token = signed({**HEADER, **header}, {**CLAIMS, **payload})
    try:
        tokens().verify(token, NOW)
    except AuthenticationRequiredError:
        return
    assert header.items() <= HEADER.items()
