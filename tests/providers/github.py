"""A stand-in for GitHub on loopback: as a GitHub Enterprise Server would be, with PKCE."""

import secrets
from collections.abc import Mapping
from urllib.parse import urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge

from tests.providers.loopback import Answer, Loopback, json_answer


class GitHubStandIn(Loopback):
    """One OAuth app; whoever comes is number ``person`` and consents."""

    def __init__(self) -> None:
        super().__init__()
        self.client_id = "nodrake-at-github"
        self.client_secret = secrets.token_hex(20)
        self.redirect_uri = ""
        self.person = secrets.randbelow(10**9)
        self.emails: list[dict[str, object]] = [
            {"email": f"{self.person}@noreply.example", "primary": False, "verified": True},
            {"email": f"{self.person}@example.org", "primary": True, "verified": True},
        ]
        self._codes: dict[str, str] = {}
        self._tokens: set[str] = set()
        self.routes = {
            "GET /login/oauth/authorize": self._authorize,
            "POST /login/oauth/access_token": self._token,
            "GET /api/v3/user": self._user,
            "GET /api/v3/user/emails": self._emails,
        }

    def _authorize(self, query: Mapping[str, str], _: Mapping[str, str]) -> Answer:
        if query["client_id"] != self.client_id or query["redirect_uri"] != self.redirect_uri:
            return json_answer({"error": "redirect_uri_mismatch"}, 400)
        if query.get("code_challenge_method") != "S256":
            return json_answer({"error": "invalid_request"}, 400)
        code = secrets.token_hex(10)
        self._codes[code] = query["code_challenge"]
        back = urlencode({"code": code, "state": query["state"]})
        return 302, {"location": f"{self.redirect_uri}?{back}"}, b""

    def _token(self, form: Mapping[str, str], fields: Mapping[str, str]) -> Answer:
        challenge = self._codes.pop(form["code"], None)
        right = (
            form["client_id"] == self.client_id
            and form["client_secret"] == self.client_secret
            and form["redirect_uri"] == self.redirect_uri
            and challenge == create_s256_code_challenge(form["code_verifier"])
        )
        if not right:  # with status 200, as GitHub does
            return json_answer({"error": "bad_verification_code"})
        token = f"gho_{secrets.token_hex(18)}"
        self._tokens.add(token)
        return json_answer({"access_token": token, "token_type": "bearer", "scope": "user:email"})

    def _user(self, _: Mapping[str, str], fields: Mapping[str, str]) -> Answer:
        if not self._is_known(fields):
            return json_answer({"message": "Bad credentials"}, 401)
        return json_answer({"id": self.person, "login": "ada", "name": None})

    def _emails(self, _: Mapping[str, str], fields: Mapping[str, str]) -> Answer:
        if not self._is_known(fields):
            return json_answer({"message": "Bad credentials"}, 401)
        return json_answer(self.emails)

    def _is_known(self, fields: Mapping[str, str]) -> bool:
        given = next((v for k, v in fields.items() if k.lower() == "authorization"), "")
        return given.removeprefix("Bearer ") in self._tokens
