"""An OpenID provider on loopback, made of Authlib's grants, that can be told to misbehave."""

import base64
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from authlib.common.security import generate_token
from authlib.oauth2 import OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.providers.loopback import Answer, Loopback, json_answer

CANARY = "canary-that-no-log-may-hold"


class Person(dict[str, Any]):
    """What the provider knows of somebody."""


def ada(**claims: object) -> Person:
    """Somebody new at the provider, with an address that it vouches for."""
    unique = secrets.token_hex(8)
    known = {
        "sub": f"subject-{unique}",
        "email": f"{unique}@example.org",
        "email_verified": True,
        "name": "Ada Lovelace",
    }
    return Person(known | claims)


@dataclass
class Misbehaviour:
    """How the next answers differ from those of an honest provider."""

    claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    sign: str = "RS256"
    issuer_parameter: str | None = None  # in place of the true one
    no_issuer_parameter: bool = False
    without_code: Mapping[str, str] | None = None  # in place of code


class OpenIdProvider(Loopback):
    """One issuer with one client; whoever comes is ``person`` and consents."""

    def __init__(self, client_id: str = "nodrake", promises_issuer: bool = True) -> None:
        super().__init__()
        self.client_id = client_id
        self.client_secret = f"secret-{CANARY}"
        self.redirect_uri = ""
        self.person = ada()
        self.misbehaviour = Misbehaviour()
        self.promises_issuer = promises_issuer
        self.auth_methods: list[str] | None = None
        self.thin_tokens = False
        self.key = self._new_key()
        self.codes: dict[str, _Code] = {}
        self.requests: list[dict[str, str]] = []
        self._tokens: dict[str, Person] = {}
        self._grants = _Server(self)
        self.routes = {
            "GET /.well-known/openid-configuration": lambda *_: json_answer(self._metadata()),
            "GET /jwks": lambda *_: json_answer(KeySet([self.key]).as_dict(private=False)),
            "GET /authorize": self._authorize,
            "POST /token": self._token,
            "GET /userinfo": self._userinfo,
        }

    def rotate(self) -> None:
        """Sign with a new key; the old one is gone."""
        self.key = self._new_key()

    def _new_key(self) -> RSAKey:
        return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})

    def _metadata(self) -> dict[str, object]:
        methods = self.auth_methods
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": self.promises_issuer,
            **({"token_endpoint_auth_methods_supported": methods} if methods else {}),
        }

    def _authorize(self, query: Mapping[str, str], fields: Mapping[str, str]) -> Answer:
        self.requests.append(dict(query))
        request = _Request("GET", query, fields)
        if query.get("code_challenge_method") != "S256":
            return json_answer({"error": "invalid_request", "error_description": CANARY}, 400)
        try:
            grant = self._grants.get_consent_grant(request, self.person)
            redirect_uri = grant.validate_authorization_request()
            _, _, headers = grant.create_authorization_response(redirect_uri, self.person)
        except OAuth2Error as error:
            return json_answer(dict(error.get_body()), 400)
        location = dict(headers)["Location"]
        if (other := self.misbehaviour.without_code) is not None:
            pairs = {**other, "state": query["state"], "error_description": CANARY}
            location = f"{redirect_uri}?" + "&".join(f"{k}={v}" for k, v in pairs.items())
        if not self.misbehaviour.no_issuer_parameter:
            location += f"&iss={self.misbehaviour.issuer_parameter or self.url}"
        return 302, {"location": location}, b""

    def _token(self, form: Mapping[str, str], fields: Mapping[str, str]) -> Answer:
        request = _Request("POST", form, fields)
        try:
            grant = self._grants.get_token_grant(request)
            grant.validate_token_request()
            status, token, _ = grant.create_token_response()
        except OAuth2Error as error:
            return json_answer({**dict(error.get_body()), "error_description": CANARY}, 400)
        return json_answer(token, status)

    def _userinfo(self, _: Mapping[str, str], fields: Mapping[str, str]) -> Answer:
        token = next((v for k, v in fields.items() if k.lower() == "authorization"), "")
        person = self._tokens.get(token.removeprefix("Bearer "))
        return json_answer(person) if person else json_answer({"error": "invalid_token"}, 401)

    def remember(self, token: str, person: Person) -> None:
        """Whose access token it is."""
        self._tokens[token] = person

    def signed(self, claims: dict[str, Any]) -> str:
        """An ID token, as an honest provider or the misbehaviour has it."""
        claims = self.misbehaviour.claims(claims)
        header = {"alg": "RS256", "kid": self.key.kid}
        match self.misbehaviour.sign:
            case "none":
                parts = [{"alg": "none", "kid": self.key.kid}, claims]
                return ".".join([*map(_encoded, parts), ""])
            case "HS256 with the public key":
                return _hs256(header, claims, self.key.as_pem(private=False))
            case "HS256 with the client secret":
                return _hs256(header, claims, self.client_secret.encode())
            case "another key":
                return jwt.encode(header, claims, self._new_key(), ["RS256"])
            case "unknown kid":
                stranger = {"alg": "RS256", "kid": secrets.token_hex(4)}
                return jwt.encode(stranger, claims, self.key, ["RS256"])
        return jwt.encode(header, claims, self.key, ["RS256"])


@dataclass
class _Code:
    code: str
    redirect_uri: str
    scope: str
    nonce: str
    person: Person
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class _Client(ClientMixin):  # type: ignore[misc]
    def __init__(self, provider: OpenIdProvider) -> None:
        self._provider = provider

    def get_client_id(self) -> str:
        return self._provider.client_id

    def get_default_redirect_uri(self) -> str:
        return self._provider.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self._provider.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == self._provider.client_secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in (self._provider.auth_methods or ["client_secret_basic"])

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class _Request(OAuth2Request):  # type: ignore[misc]
    def __init__(self, method: str, given: Mapping[str, str], fields: Mapping[str, str]) -> None:
        headers = {name.title(): value for name, value in fields.items()}
        super().__init__(method, "https://provider.test/", headers=headers)
        self._given = dict(given)
        self.payload = BasicOAuth2Payload(self._given)

    @property
    def args(self) -> dict[str, str]:
        return self._given

    @property
    def form(self) -> dict[str, str]:
        return self._given


class _Server(AuthorizationServer):  # type: ignore[misc]
    def __init__(self, provider: OpenIdProvider) -> None:
        super().__init__(["openid", "email", "profile"])
        self._provider = provider
        self.register_token_generator("default", _bearer_token)
        self.register_grant(_grant_of(provider), [_OpenId(provider), CodeChallenge(required=True)])

    def query_client(self, client_id: str) -> _Client | None:
        return _Client(self._provider) if client_id == self._provider.client_id else None

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        self._provider.remember(token["access_token"], request.user)

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""


def _bearer_token(**given: Any) -> dict[str, Any]:
    return {
        "token_type": "Bearer",
        "access_token": f"{CANARY}-{generate_token(40)}",
        "expires_in": 3600,
        "scope": given["scope"],
    }


def _grant_of(provider: OpenIdProvider) -> type[AuthorizationCodeGrant]:
    class Grant(AuthorizationCodeGrant):  # type: ignore[misc]
        """Codes that are used once."""

        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]  # noqa: RUF012

        def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
            data = request.payload.data
            provider.codes[code] = _Code(
                code=code,
                redirect_uri=data["redirect_uri"],
                scope=request.scope,
                nonce=data.get("nonce", ""),
                person=request.user,
                code_challenge=data["code_challenge"],
                code_challenge_method=data["code_challenge_method"],
            )

        def query_authorization_code(self, code: str, client: _Client) -> _Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: _Code) -> None:
            del provider.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: _Code) -> Person:
            return authorization_code.person

    return Grant


class _OpenId(OpenIDCode):  # type: ignore[misc]
    def __init__(self, provider: OpenIdProvider) -> None:
        super().__init__(require_nonce=True)
        self._provider = provider

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        return any(code.nonce == nonce for code in self._provider.codes.values())

    def get_client_claims(self, client: _Client) -> dict[str, Any]:
        return {"iss": self._provider.url}

    def resolve_client_private_key(self, client: _Client) -> RSAKey:
        return self._provider.key

    def generate_user_info(self, user: Person, scope: str) -> dict[str, Any]:
        return {"sub": user["sub"]} if self._provider.thin_tokens else dict(user)

    def encode_id_token(self, token: dict[str, Any], request: OAuth2Request) -> str:
        honest = super().encode_id_token(token, request)
        claims = jwt.decode(honest, self._provider.key, algorithms=["RS256"]).claims
        return self._provider.signed(claims)


def _encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _hs256(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    signed = f"{_encoded(header | {'alg': 'HS256'})}.{_encoded(claims)}"
    mac = hmac.digest(secret, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
