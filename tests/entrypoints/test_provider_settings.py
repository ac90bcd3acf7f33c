"""Providers as the operator writes them down."""

import json
from pathlib import Path
from typing import Any

import pytest

from application.accounts.providers import ProviderKind
from entrypoints.settings import SettingsError, load_settings

SECRET = "a secret of the provider"
BASE = {"DATABASE_URL": "postgresql://x/y", "REDIS_URL": "redis://x"}
GOOD: dict[str, Any] = {
    "name": "example",
    "kind": "oidc",
    "issuer": "https://id.example.org",
    "client_id": "nodrake",
    "client_secret": SECRET,
}


def problems(*entries: object, **environ: str) -> list[str]:
    """Everything that is wrong with these providers."""
    with pytest.raises(SettingsError) as refusal:
        load_settings({**BASE, "NODRAKE_PROVIDERS": json.dumps(entries), **environ})
    assert all(SECRET not in problem for problem in refusal.value.problems)
    return refusal.value.problems


def test_there_are_none_unless_they_are_named() -> None:
    assert load_settings(BASE).providers == ()


def test_an_issuer_is_kept_to_the_letter_and_its_secret_is_not_shown() -> None:
    entry = GOOD | {"issuer": "https://id.example.org/"}
    (provider,) = load_settings({**BASE, "NODRAKE_PROVIDERS": json.dumps([entry])}).providers
    assert provider.issuer == "https://id.example.org/"
    assert provider.scopes == ("openid", "email", "profile")
    assert provider.client_secret == SECRET
    assert SECRET not in repr(provider)


def test_github_is_known() -> None:
    entry = {**GOOD, "name": "github", "kind": "github"}
    del entry["issuer"]
    (provider,) = load_settings({**BASE, "NODRAKE_PROVIDERS": json.dumps([entry])}).providers
    assert provider.kind is ProviderKind.GITHUB
    assert provider.issuer == "https://github.com"
    assert provider.scopes == ("read:user", "user:email")


def test_they_may_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "providers.json"
    file.write_text(json.dumps([GOOD]))
    (provider,) = load_settings({**BASE, "NODRAKE_PROVIDERS": f"@{file}"}).providers
    assert provider.name == "example"


def test_every_problem_of_every_provider_is_told_at_once() -> None:
    found = problems(
        GOOD | {"name": "Bad Name", "kind": "saml", "issuer": "http://id.example.org"},
        {"name": "empty", "kind": "oidc"},
        GOOD | {"scopes": ["email"], "secret": "x"},
        NODRAKE_PORT="abc",
    )
    for part in (
        "http.port",
        "number 1: name:",
        "number 1: kind:",
        "number 1: issuer:",
        "empty: issuer:",
        "empty: client_id:",
        "empty: client_secret:",
        "example: scopes: OpenID",
        "example: secret is no field",
    ):
        assert any(part in problem for problem in found), part


@pytest.mark.parametrize(
    "issuer",
    [
        "http://id.example.org",
        "ftp://id.example.org",
        "https://",
        "https://id.example.org?x=1",
        "https://id.example.org#x",
        "https://user@id.example.org",
        "https://id.example.org:port",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "javascript:alert(1)",
        "",
        1,
        None,
    ],
)
def test_an_issuer_that_cannot_be_one_is_refused(issuer: object) -> None:
    assert any("issuer:" in problem for problem in problems(GOOD | {"issuer": issuer}))


@pytest.mark.parametrize("issuer", ["http://localhost:9000", "http://127.0.0.1:1", "http://[::1]"])
def test_plain_http_is_for_loopback_in_development(issuer: str) -> None:
    entries = json.dumps([GOOD | {"issuer": issuer}])
    assert load_settings({**BASE, "NODRAKE_PROVIDERS": entries}).providers
    found = problems(
        GOOD | {"issuer": issuer},
        NODRAKE_MODE="production",
        NODRAKE_PUBLIC_URL="https://music.example.org",
        NODRAKE_SECRET="x" * 32,
    )
    assert "providers (NODRAKE_PROVIDERS): example: production needs an https issuer" in found


def test_names_and_issuers_are_there_once() -> None:
    found = problems(GOOD, GOOD)
    assert any("the name is there twice" in problem for problem in found)
    assert any("the issuer is there twice" in problem for problem in found)


@pytest.mark.parametrize("text", ["{}", "[1]", "nonsense", '"x"', "@/nowhere/at/all.json"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings({**BASE, "NODRAKE_PROVIDERS": text})
    assert "NODRAKE_PROVIDERS" in refusal.value.problems[0]
