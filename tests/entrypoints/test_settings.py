"""Settings that cannot be used: each is told in a clear line, and none starts a process."""

from base64 import b64encode
from pathlib import Path

import pytest

from entrypoints.container import Container
from entrypoints.setting_table import DEVELOPMENT_SECRET
from entrypoints.settings import SettingsError, load_settings
from tests.builders.keyring import a_secret

GOOD = {
    "NODRAKE_MODE": "production",
    "NODRAKE_PUBLIC_URL": "https://music.example.org",
    "NODRAKE_SECRET": a_secret("x").hex(),
    "DATABASE_URL": "postgresql:///x",
    "REDIS_URL": "redis://x",
    "NODRAKE_MAIL_URL": "smtps://mail.example.org",
    "NODRAKE_MAIL_FROM": "No Drake in the House <no-reply@example.org>",
}
A, B = (b64encode(a_secret(name)).decode() for name in "ab")


def problems(**environ: str) -> list[str]:
    """What is wrong with these."""
    try:
        load_settings({**GOOD, **environ})
    except SettingsError as error:
        return error.problems
    return []


def test_good_settings_are_taken() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NODRAKE_SECRET", ""),
        ("NODRAKE_SECRET", "short"),
        ("NODRAKE_SECRET", DEVELOPMENT_SECRET),
        ("NODRAKE_MODE", "debug"),
        ("NODRAKE_MODE", "Production"),
        ("NODRAKE_DEBUG", "1"),
        ("NODRAKE_PUBLIC_URL", "http://music.example.org"),
        ("NODRAKE_PUBLIC_URL", "https://*.example.org"),
        ("NODRAKE_PUBLIC_URL", "music.example.org"),
        ("NODRAKE_CORS_ORIGINS", "*"),
        ("NODRAKE_CORS_ORIGINS", "https://*.example.org"),
        ("NODRAKE_CORS_ORIGINS", "https://a.example.org, null"),
        ("NODRAKE_HOST", "http://0.0.0.0"),
        ("NODRAKE_PORT", "0"),
        ("NODRAKE_PORT", "65536"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "mysql://x"),
        ("REDIS_URL", ""),
        ("REDIS_URL", "http://x"),
        ("NODRAKE_DATABASE_POOL_SIZE", "0"),
        ("NODRAKE_KEYRING_FILE", "/nowhere/keyring"),
        ("NODRAKE_KEYRING_FILE", "/"),
    ],
)
def test_a_bad_setting_is_told_in_one_line_that_names_it(variable: str, value: str) -> None:
    (problem,) = problems(**{variable: value})
    assert variable in problem
    assert "\n" not in problem
    assert value != GOOD.get("NODRAKE_SECRET")


def test_every_problem_of_a_keyring_is_told_beside_those_of_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "keyring"
    path.write_text(f"a:current:{A}\nb:next:{A}\nc:what:{B}\n")
    found = problems(NODRAKE_KEYRING_FILE=str(path), NODRAKE_PORT="x")
    assert len(found) == 3
    assert sum("(NODRAKE_KEYRING_FILE)" in problem for problem in found) == 2
    assert any("have the same secret" in problem for problem in found)
    assert A[:12] not in str(found)


def test_with_a_keyring_no_other_secret_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "keyring"
    path.write_text(f"a:current:{A}\nb:next:{B}\n")
    settings = load_settings({**GOOD, "NODRAKE_SECRET": "", "NODRAKE_KEYRING_FILE": str(path)})
    assert Container(settings=settings).keyring()().current.secret == a_secret("a")
    assert A[:12] not in repr(settings)


def test_without_a_keyring_the_one_secret_counts() -> None:
    container = Container(settings=load_settings(GOOD))
    assert container.keyring()().current.secret == GOOD["NODRAKE_SECRET"].encode()
    assert len(container.keyring()().keys) == 1


def test_the_public_address_follows_the_port_unless_it_is_set() -> None:
    servers = {name: GOOD[name] for name in ("DATABASE_URL", "REDIS_URL")}
    elsewhere = {**servers, "NODRAKE_PORT": "3177"}
    known = {"NODRAKE_PUBLIC_URL": "http://music.test:80"}
    assert load_settings(servers).http.public_url == "http://localhost:3000"
    assert load_settings({**servers, "NODRAKE_PORT": ""}).http.public_url == "http://localhost:3000"
    assert load_settings(elsewhere).http.public_url == "http://localhost:3177"
    assert load_settings({**elsewhere, **known}).http.public_url == "http://music.test:80"
