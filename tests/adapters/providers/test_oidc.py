"""OpenID Connect against a provider on loopback that is honest, or anything but."""

import asyncio
import gzip
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

from adapters.providers.oidc import OidcProvider
from adapters.providers.outbound import LARGEST_BODY, Outbound
from application.accounts.providers import WayBack, WayOut
from domain.accounts.identity import ProviderIdentity
from domain.accounts.provider_errors import ProviderSignInFailedError, ProviderUnavailableError
from tests.adapters.providers.conftest import REDIRECT_URI, registration
from tests.fakes.shared import FakeClock
from tests.providers.loopback import json_answer
from tests.providers.openid_provider import CANARY, Misbehaviour, OpenIdProvider, ada

pytestmark = pytest.mark.anyio

WAY = WayOut(state="state-1", nonce="nonce-1", verifier="v" * 43)


async def there_and_back(provider: OidcProvider) -> WayBack:
    """Through the provider, as a browser goes."""
    address = await provider.authorization_address(WAY)
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = await browser.get(address)
    assert answer.status_code == 302, answer.text
    query = {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    assert query["state"] == WAY.state
    return WayBack(
        code=query["code"], issuer=query.get("iss"), nonce=WAY.nonce, verifier=WAY.verifier
    )


async def sign_in(provider: OidcProvider) -> ProviderIdentity:
    """There, back, and the exchange."""
    return await provider.exchange(await there_and_back(provider))


async def test_an_honest_provider_says_who_it_is(
    provider: OidcProvider, issuer: OpenIdProvider
) -> None:
    identity = await sign_in(provider)
    assert (identity.issuer, identity.subject) == (issuer.url, issuer.person["sub"])
    assert (identity.email, identity.email_verified) == (issuer.person["email"], True)
    assert identity.name == "Ada Lovelace"


def test_the_challenge_is_the_one_of_rfc_7636_appendix_b() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert create_s256_code_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


async def test_the_request_has_pkce_a_nonce_and_our_address_to_the_letter(
    provider: OidcProvider, issuer: OpenIdProvider
) -> None:
    await there_and_back(provider)
    sent = issuer.requests[0]
    assert sent["code_challenge"] == create_s256_code_challenge(WAY.verifier)
    assert sent["code_challenge_method"] == "S256"
    assert (sent["nonce"], sent["redirect_uri"]) == (WAY.nonce, REDIRECT_URI)
    assert "v" * 43 not in str(sent)


async def test_a_code_is_worth_nothing_with_another_verifier(provider: OidcProvider) -> None:
    way = msgspec.structs.replace(await there_and_back(provider), verifier="w" * 43)
    with pytest.raises(ProviderSignInFailedError):
        await provider.exchange(way)


async def test_a_code_is_exchanged_once(provider: OidcProvider) -> None:
    way = await there_and_back(provider)
    await provider.exchange(way)
    with pytest.raises(ProviderSignInFailedError):
        await provider.exchange(way)


async def test_the_secret_can_go_in_the_form(
    provider: OidcProvider, issuer: OpenIdProvider
) -> None:
    issuer.auth_methods = ["client_secret_post"]
    assert (await sign_in(provider)).subject == issuer.person["sub"]


def without(claim: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Claims that lack one."""
    return lambda claims: {k: v for k, v in claims.items() if k != claim}


def but(**other: object) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Claims of which some are others."""
    return lambda claims: claims | other


def later(*, minutes: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Claims of somebody whose clock has gone on as ours has."""
    return lambda c: c | {name: c[name] + minutes * 60 for name in ("iat", "exp")}


LIES = {
    "another issuer": but(iss="https://evil.example"),
    "an issuer with a slash": lambda c: c | {"iss": c["iss"] + "/"},
    "no issuer": without("iss"),
    "another audience": but(aud="somebody-else"),
    "no audience": without("aud"),
    "several audiences without azp": but(aud=["nodrake", "somebody-else"]),
    "several audiences, another azp": but(aud=["nodrake", "other"], azp="other"),
    "one audience, another azp": but(azp="other"),
    "another nonce": but(nonce="nonce-2"),
    "no nonce": without("nonce"),
    "an empty nonce": but(nonce=""),
    "expired": lambda c: c | {"exp": c["iat"] - 3600},
    "no expiry": without("exp"),
    "an expiry in words": but(exp="tomorrow"),
    "from the future": lambda c: c | {"iat": c["iat"] + 3600, "exp": c["iat"] + 7200},
    "from an hour ago": lambda c: c | {"iat": c["iat"] - 3600},
    "no time": without("iat"),
    "not valid yet": lambda c: c | {"nbf": c["iat"] + 3600},
    "another access token": but(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "an empty at_hash": but(at_hash=""),
    "no text as at_hash": but(at_hash=None),
    "no subject": without("sub"),
    "an empty subject": but(sub=""),
    "a long subject": but(sub="x" * 256),
    "a subject with NUL": but(sub="a\0b"),
    "a number as subject": but(sub=1),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
async def test_an_id_token_that_lies_is_refused(
    provider: OidcProvider, issuer: OpenIdProvider, lie: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    issuer.misbehaviour = Misbehaviour(claims=lie)
    with pytest.raises(ProviderSignInFailedError):
        await sign_in(provider)


@pytest.mark.parametrize(
    "sign",
    [
        "none",
        "HS256 with the public key",
        "HS256 with the client secret",
        "another key",
        "unknown kid",
    ],
)
async def test_only_the_issuers_own_asymmetric_signature_counts(
    provider: OidcProvider, issuer: OpenIdProvider, sign: str
) -> None:
    issuer.misbehaviour = Misbehaviour(sign=sign)
    with pytest.raises(ProviderSignInFailedError):
        await sign_in(provider)


async def test_another_issuers_answer_is_refused_before_any_code_is_sent(
    provider: OidcProvider, issuer: OpenIdProvider
) -> None:
    way = await there_and_back(provider)
    for other in ("https://evil.example", issuer.url + "/", "", None):
        with pytest.raises(ProviderSignInFailedError):
            await provider.exchange(msgspec.structs.replace(way, issuer=other))
    assert issuer.asked["POST /token"] == 0


async def test_who_never_promised_an_issuer_need_not_send_one(
    outbound: Outbound, clock: FakeClock
) -> None:
    with OpenIdProvider(promises_issuer=False) as issuer:
        issuer.redirect_uri = REDIRECT_URI
        issuer.misbehaviour = Misbehaviour(no_issuer_parameter=True)
        provider = OidcProvider(registration(issuer), REDIRECT_URI, outbound, clock)
        assert (await sign_in(provider)).subject == issuer.person["sub"]


@pytest.mark.parametrize("said", [False, None, "true", "false", 1])
async def test_only_true_means_verified(
    provider: OidcProvider, issuer: OpenIdProvider, said: object
) -> None:
    issuer.person = ada(email_verified=said)
    if said == 1 and not isinstance(said, bool):
        with pytest.raises(ProviderSignInFailedError):
            await sign_in(provider)
    else:
        assert (await sign_in(provider)).email_verified is False


async def test_userinfo_adds_what_a_thin_token_lacks(
    provider: OidcProvider, issuer: OpenIdProvider
) -> None:
    issuer.thin_tokens = True
    assert (await sign_in(provider)).email == issuer.person["email"]


async def test_userinfo_of_somebody_else_is_refused(
    provider: OidcProvider, issuer: OpenIdProvider
) -> None:
    issuer.thin_tokens = True
    issuer.instead["GET /userinfo"] = json_answer({"sub": "victim", "email": "v@example.org"})
    with pytest.raises(ProviderSignInFailedError):
        await sign_in(provider)


async def test_an_access_token_that_nothing_vouches_for_is_not_used(
    provider: OidcProvider, issuer: OpenIdProvider
) -> None:
    issuer.thin_tokens = True
    issuer.misbehaviour = Misbehaviour(claims=without("at_hash"))
    assert (await sign_in(provider)).email is None
    assert issuer.asked["GET /userinfo"] == 0


@pytest.mark.parametrize(
    ("alg", "key"),
    [
        ("ES256", ECKey.generate_key("P-256", {"kid": "elliptic"})),
        ("Ed25519", OKPKey.generate_key("Ed25519", {"kid": "edwards"})),
    ],
)
async def test_other_asymmetric_algorithms_are_read(
    provider: OidcProvider, issuer: OpenIdProvider, alg: str, key: Any
) -> None:
    way = await there_and_back(provider)
    now = int(provider._clock().timestamp())
    claims = {
        "iss": issuer.url, "aud": "nodrake", "sub": "s", "nonce": WAY.nonce,
        "iat": now, "exp": now + 60,
    }  # fmt: skip
    issuer.instead["GET /jwks"] = json_answer({"keys": [key.as_dict(private=False)]})
    signed = jwt.encode({"alg": alg, "kid": key.kid}, claims, key, [alg])
    issuer.instead["POST /token"] = json_answer({"id_token": signed})
    assert (await provider.exchange(way)).subject == "s"


async def test_a_document_of_another_issuer_is_refused(
    provider: OidcProvider, issuer: OpenIdProvider
) -> None:
    document = issuer.routes["GET /.well-known/openid-configuration"]({}, {})[2]
    issuer.instead["GET /.well-known/openid-configuration"] = json_answer(
        msgspec.json.decode(document) | {"issuer": "https://evil.example"}
    )
    with pytest.raises(ProviderUnavailableError):
        await provider.authorization_address(WAY)


@pytest.mark.parametrize("scheme", ["https", "javascript", "file", "ftp"])
async def test_an_endpoint_of_another_scheme_is_refused(
    provider: OidcProvider, issuer: OpenIdProvider, scheme: str
) -> None:
    document = issuer.routes["GET /.well-known/openid-configuration"]({}, {})[2]
    issuer.instead["GET /.well-known/openid-configuration"] = json_answer(
        msgspec.json.decode(document) | {"authorization_endpoint": f"{scheme}:alert(1)"}
    )
    with pytest.raises(ProviderUnavailableError):
        await provider.authorization_address(WAY)


async def test_the_documents_are_fetched_once_for_many(
    provider: OidcProvider, issuer: OpenIdProvider, clock: FakeClock
) -> None:
    for _ in range(5):
        await sign_in(provider)
        clock.advance(timedelta(seconds=50))
    assert issuer.asked["GET /.well-known/openid-configuration"] == 1
    assert issuer.asked["GET /jwks"] == 1


async def test_a_thousand_unknown_keys_cause_one_fetch_in_thirty_seconds(
    provider: OidcProvider, issuer: OpenIdProvider, clock: FakeClock
) -> None:
    await sign_in(provider)
    clock.advance(timedelta(seconds=31))
    way = await there_and_back(provider)
    before = issuer.asked["GET /jwks"]
    issuer.misbehaviour = Misbehaviour(sign="unknown kid")

    async def attempt(number: int) -> None:
        forged = issuer.signed({"sub": str(number)})
        issuer.instead["POST /token"] = json_answer({"id_token": forged})
        with pytest.raises(ProviderSignInFailedError):
            await provider.exchange(way)

    for batch in range(0, 1000, 20):
        await asyncio.gather(*(attempt(batch + number) for number in range(20)))
    assert issuer.asked["GET /jwks"] - before == 1


async def test_a_new_key_is_found_when_it_is_needed(
    provider: OidcProvider, issuer: OpenIdProvider, clock: FakeClock
) -> None:
    await sign_in(provider)
    clock.advance(timedelta(seconds=31))
    issuer.rotate()
    assert (await sign_in(provider)).subject == issuer.person["sub"]


async def test_known_keys_verify_while_the_key_set_is_down(
    provider: OidcProvider, issuer: OpenIdProvider, clock: FakeClock
) -> None:
    await sign_in(provider)
    issuer.instead["GET /jwks"] = json_answer({"error": CANARY}, 500)
    clock.advance(timedelta(minutes=11))
    issuer.misbehaviour = Misbehaviour(claims=later(minutes=11))
    await sign_in(provider)
    asked = issuer.asked["GET /jwks"]
    await sign_in(provider)
    assert issuer.asked["GET /jwks"] == asked, "a failure is not repeated at once"


async def test_keys_of_yesterday_verify_nothing(
    provider: OidcProvider, issuer: OpenIdProvider, clock: FakeClock
) -> None:
    way = await there_and_back(provider)
    await provider.exchange(way)
    issuer.instead["GET /jwks"] = json_answer({"error": CANARY}, 500)
    issuer.instead["GET /.well-known/openid-configuration"] = json_answer({}, 500)
    clock.advance(timedelta(hours=24, seconds=1))
    for _ in range(2):
        with pytest.raises(ProviderUnavailableError):
            await provider.exchange(way)


PLACES = ["GET /.well-known/openid-configuration", "GET /jwks", "POST /token"]
GZIPPED_TWICE = gzip.compress(gzip.compress(b" " * 50_000_000))
HOSTILE = {
    "a large body": (200, {}, b" " * (LARGEST_BODY + 1)),
    "a compressed body": (200, {"content-encoding": "gzip"}, GZIPPED_TWICE),
    "a body compressed twice": (200, {"content-encoding": "gzip, gzip"}, GZIPPED_TWICE),
    "a redirect": (302, {"location": "http://169.254.169.254/latest/meta-data"}, b""),
    "no JSON": (200, {}, b"<html>"),
    "other JSON": (200, {}, b"[]"),
    "no UTF-8": (200, {}, b'{"issuer": "\xff"}'),
    "deep JSON": (200, {}, b"[" * 100_000),
    "an error": (500, {}, CANARY.encode()),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_answer_is_refused_without_a_word_of_it(
    provider: OidcProvider, issuer: OpenIdProvider, place: str, answer: Any
) -> None:
    way = WayBack(code="c", issuer=issuer.url, nonce=WAY.nonce, verifier=WAY.verifier)
    if place != "POST /token":
        way = await there_and_back(
            OidcProvider(registration(issuer), REDIRECT_URI, provider._outbound, provider._clock)
        )
    issuer.instead[place] = answer
    with pytest.raises(ProviderUnavailableError) as refusal:
        await provider.exchange(way)
    assert CANARY not in repr(refusal.value.__cause__) + refusal.value.detail


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("change", ["padded", "compressed"])
async def test_a_right_answer_that_is_too_long_or_compressed_is_refused(
    provider: OidcProvider, issuer: OpenIdProvider, clock: FakeClock, place: str, change: str
) -> None:
    other = OidcProvider(registration(issuer), REDIRECT_URI, provider._outbound, clock)
    way = await there_and_back(other)
    honest = issuer.routes[place]

    def changed(given: Any, fields: Any) -> Any:
        status, headers, body = honest(given, fields)
        if change == "padded":
            return status, headers, body + b" " * LARGEST_BODY
        return status, {**headers, "content-encoding": "gzip"}, gzip.compress(body)

    issuer.routes[place] = changed
    with pytest.raises(ProviderUnavailableError):
        await provider.exchange(way)


@pytest.mark.parametrize("place", PLACES)
async def test_a_provider_that_drips_is_given_up(
    issuer: OpenIdProvider, clock: FakeClock, place: str
) -> None:
    outbound = Outbound(total_seconds=0.5)
    provider = OidcProvider(registration(issuer), REDIRECT_URI, outbound, clock)
    way = WayBack(code="c", issuer=issuer.url, nonce=WAY.nonce, verifier=WAY.verifier)
    if place == "GET /jwks":
        way = await there_and_back(provider)
    issuer.dripping.add(place)
    with pytest.raises(ProviderUnavailableError):
        await provider.exchange(way)
    issuer.thaw()
    await outbound.aclose()


@pytest.mark.parametrize("place", PLACES)
async def test_a_frozen_provider_is_given_up(
    issuer: OpenIdProvider, clock: FakeClock, place: str
) -> None:
    outbound = Outbound(total_seconds=0.3)
    provider = OidcProvider(registration(issuer), REDIRECT_URI, outbound, clock)
    issuer.frozen.add(place)
    way = WayBack(code="c", issuer=issuer.url, nonce=WAY.nonce, verifier=WAY.verifier)
    if place == "GET /jwks":
        way = await there_and_back(provider)
    with pytest.raises(ProviderUnavailableError):
        await provider.exchange(way)
    issuer.thaw()
    await outbound.aclose()


async def test_a_proxy_in_the_environment_is_not_used(
    provider: OidcProvider, issuer: OpenIdProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    await provider.authorization_address(WAY)
