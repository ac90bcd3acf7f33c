"""A browser that signs in with providers: it keeps cookies and follows nothing by itself."""

from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx

COOKIE = "__Host-nodrake-signin"


class Browser:
    """Cookies of one person at one service; loopback counts as secure, as it does in browsers."""

    def __init__(self, api: httpx.Client) -> None:
        self._api = api
        self.cookies: dict[str, str] = {}

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Ask the service, with the cookies; those it sets are kept."""
        headers = {**options.pop("headers", {})}
        if self.cookies:
            headers["cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        answer = self._api.request(method, path, headers=headers, follow_redirects=False, **options)
        for field in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(field).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return answer

    def start(self, provider: str, **body: object) -> str:
        """Begin to sign in; the provider's address."""
        answer = self.request("POST", f"/api/v1/auth/providers/{provider}/start", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["authorization_url"])

    def consent(self, address: str) -> str:
        """Sign in at the provider; the address back to us, as a path."""
        with httpx.Client(trust_env=False) as away:
            answer = away.get(address)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["location"])
        return f"{back.path}?{back.query}"

    def come_back(self, path: str) -> dict[str, str]:
        """Land; what the fragment says, with ``page``."""
        answer = self.request("GET", path)
        assert answer.status_code == 303, answer.text
        landed = urlsplit(answer.headers["location"])
        assert landed.query == ""
        return {"page": landed.path, **dict(parse_qsl(landed.fragment))}

    def complete(self, code: str, **proof: object) -> httpx.Response:
        """Ask for the tokens."""
        return self.request("POST", "/api/v1/auth/providers/complete", json={"code": code, **proof})

    def sign_in(self, provider: str, **proof: object) -> httpx.Response:
        """All of it."""
        landed = self.come_back(self.consent(self.start(provider)))
        assert landed["page"] == "/signed-in", landed
        return self.complete(landed["code"], **proof)


def query_of(path: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
