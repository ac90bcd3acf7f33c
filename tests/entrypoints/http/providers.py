"""Two OpenID providers and a GitHub on loopback, and the API that knows them."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

import httpx

from tests.entrypoints.serving import serving
from tests.providers.browser import Browser
from tests.providers.github import GitHubStandIn
from tests.providers.openid_provider import OpenIdProvider

PUBLIC_URL = "http://localhost:3000"


@dataclass
class Scene:
    """The API, and the providers that it knows as ``honest``, ``mallory`` and ``github``."""

    api: httpx.Client
    honest: OpenIdProvider
    mallory: OpenIdProvider
    github: GitHubStandIn

    def browser(self) -> Browser:
        """Somebody's browser, empty."""
        return Browser(self.api)


def callback(name: str) -> str:
    """Where a provider sends people back to."""
    return f"{PUBLIC_URL}/api/v1/auth/providers/{name}/callback"


def setting_of(name: str, provider: OpenIdProvider | GitHubStandIn) -> dict[str, object]:
    """One provider, as the operator writes it."""
    provider.redirect_uri = callback(name)
    return {
        "name": name,
        "kind": "oidc" if isinstance(provider, OpenIdProvider) else "github",
        "issuer": provider.url,
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
    }


@contextmanager
def scene(
    database_url: str,
    redis_url: str,
    serve: Callable[[dict[str, str]], AbstractContextManager[str]] = serving,
) -> Iterator[Scene]:
    """All of them, until the block ends."""
    with ExitStack() as stack:
        honest = stack.enter_context(OpenIdProvider())
        mallory = stack.enter_context(OpenIdProvider("nodrake-at-mallory"))
        github = stack.enter_context(GitHubStandIn())
        providers = [
            setting_of("honest", honest),
            setting_of("mallory", mallory),
            setting_of("github", github),
        ]
        settings = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "NODRAKE_PUBLIC_URL": PUBLIC_URL,
            "NODRAKE_PROVIDERS": json.dumps(providers),
        }
        url = stack.enter_context(serve(settings))
        api = stack.enter_context(httpx.Client(base_url=url, trust_env=False, timeout=30))
        yield Scene(api=api, honest=honest, mallory=mallory, github=github)
