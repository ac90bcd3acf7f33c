"""`nodrake keys`: every step says what comes next, and the dangerous ones are refused."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from adapters.security.keyring_file import read_keyring, write_keyring
from adapters.security.secret_box import AesGcmSecretBox
from domain.shared.keyring import Keyring, parse_keyring, render_keyring
from entrypoints.cli.main import main
from entrypoints.setting_table import DEVELOPMENT_SECRET
from tests.builders.keyring import NOW, a_keyring, a_secret

SECRET = a_secret("one").hex()
LONG_AGO = datetime(2020, 1, 2, tzinfo=UTC)
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the keyring is going to be."""
    return tmp_path / "keyring"


@pytest.fixture
def run(path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a step; its exit status and what it said."""
    for name in [name for name in os.environ if name.startswith("NODRAKE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NODRAKE_KEYRING_FILE", str(path))

    def step(*arguments: str, **environ: str) -> tuple[int, str]:
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        status = main(["keys", *arguments])
        said = capsys.readouterr()
        return status, said.out + said.err

    return step


def states(path: Path) -> dict[str, str]:
    """The state of each key."""
    return {key.id: key.state.value for key in read_keyring(path).keys}


def aged(path: Path, keyring: Keyring) -> None:
    """Keep a keyring whose last steps are years ago."""
    write_keyring(path, parse_keyring(render_keyring(keyring), NOW))


def test_a_keyring_begins_with_the_one_secret(run: Run, path: Path) -> None:
    assert "is not set" in run("init")[1]
    status, said = run("init", NODRAKE_SECRET=SECRET)
    assert status == 0
    assert read_keyring(path).current.secret == SECRET.encode()
    assert path.stat().st_mode & 0o777 == 0o600
    assert SECRET not in said
    again, said = run("init")
    assert (again, "is there already" in said) == (1, True)


@pytest.mark.parametrize(
    ("secret", "reason"),
    [(DEVELOPMENT_SECRET, "which everybody knows"), ("a" * 40, "expected a random secret")],
)
def test_a_keyring_does_not_begin_with_a_bad_secret(
    run: Run, path: Path, secret: str, reason: str
) -> None:
    status, said = run("init", NODRAKE_SECRET=secret)
    assert status == 1
    assert reason in said
    assert "not set" not in said
    assert not path.exists()


def test_a_rotation_is_led_from_step_to_step(run: Run, path: Path) -> None:
    aged(path, a_keyring("a"))
    status, said = run("add", "b")
    assert (status, states(path)) == (0, {"a": "current", "b": "next"})
    assert re.search(r"next:\n  nodrake keys promote b +from 20..-..-.. ..:..:..Z on", said)
    status, said = run("promote")
    assert (status, "wait until" in said) == (1, True)
    aged(path, a_keyring("a", b="next"))
    status, said = run("promote")
    assert (status, states(path)) == (0, {"a": "previous", "b": "current"})
    assert "nodrake keys reseal\n  nodrake keys retire a" in said
    status, said = run("retire", "a")
    assert (status, "wait until" in said) == (1, True)
    aged(path, a_keyring("b", a="previous"))
    status, said = run("retire", "a")
    assert (status, states(path)) == (0, {"a": "retired", "b": "current"})
    assert "nodrake keys remove a" in said


def test_a_leak_is_answered_without_waiting(run: Run, path: Path) -> None:
    write_keyring(path, a_keyring("a"))
    assert [run(*step)[0] for step in (["add", "b"], ["promote", "b", "--force"])] == [0, 0]
    assert run("retire", "a", "--force")[0] == 0
    assert states(path) == {"a": "retired", "b": "current"}


def test_keys_without_a_name_are_named_by_the_day(run: Run, path: Path) -> None:
    aged(path, a_keyring("a"))
    run("add")
    run("promote", "--force")
    run("add")
    _, first, second = states(path)
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", first)
    assert second == f"{first}.2"


def test_the_list_shows_states_and_no_secret(run: Run, path: Path) -> None:
    aged(path, a_keyring("b", a="retired", c="next"))
    status, said = run("list")
    assert status == 0
    assert re.search(r"^a +retired +2026-01-02 03:04:05Z  [0-9a-f]{16}$", said, re.MULTILINE)
    for line in path.read_text().splitlines():
        if not line.startswith("#"):
            assert line.split(":")[2][:12] not in said


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (["retire", "b", "--force"], "promote another one first"),
        (["retire", "x"], "there is no key x"),
        (["remove", "b", "--force"], "retire it first"),
        (["promote", "b", "--force"], "only the next key"),
        (["promote"], "there is no next key"),
        (["add", "b"], "is there twice"),
        (["add", "no spaces"], "expected an id"),
    ],
)
def test_a_step_that_cannot_be_is_refused_and_changes_nothing(
    run: Run, path: Path, step: list[str], said: str
) -> None:
    aged(path, a_keyring("b", a="retired"))
    before = path.read_bytes()
    assert run(*step)[0] == 1
    assert said in run(*step)[1]
    assert path.read_bytes() == before


def test_without_a_keyring_it_says_how_to_get_one(run: Run) -> None:
    assert "nodrake keys init" in run("list", NODRAKE_KEYRING_FILE="")[1]
    assert "cannot be read" in run("list", NODRAKE_KEYRING_FILE="/nowhere/keyring")[1]


@pytest.fixture
def sealed(make_database: Callable[[], str]) -> str:
    """A database with one TOTP secret, sealed under key a."""
    url = make_database()
    person = "01890000-0000-7000-8000-000000000001"
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into users (id, email, email_key, password_hash) values (%s, 'a', 'a', 'x')",
            [person],
        )
        connection.execute(
            "insert into user_totp (user_id, secret_sealed, created_at) values (%s, %s, now())",
            [
                person,
                AesGcmSecretBox(lambda: a_keyring("a")).seal(b"seed", f"user_totp/{person}/secret"),
            ],
        )
    return url


def test_a_key_is_removed_when_nothing_is_sealed_under_it(
    run: Run, path: Path, sealed: str
) -> None:
    aged(path, a_keyring("b", LONG_AGO, a="retired"))
    servers = {"DATABASE_URL": sealed, "REDIS_URL": "redis://x"}
    status, said = run("remove", "a", **servers)
    assert (status, "run `nodrake keys reseal` first" in said) == (1, True)
    assert run("reseal", "--check") == (1, "1 secrets are not under the current key\n")
    status, said = run("reseal")
    assert (status, "1 of 1 secrets were sealed again" in said) == (0, True)
    assert run("reseal", "--check")[0] == 0
    assert run("remove", "a")[0] == 0
    assert states(path) == {"b": "current"}
    write_keyring(path, a_keyring("b", datetime.now(UTC), a="retired"))
    assert "rows of the audit log" in run("remove", "a")[1]
    assert "0 of 1 secrets" in run("reseal")[1]


def test_what_cannot_be_opened_is_named_and_exits_with_1(run: Run, path: Path, sealed: str) -> None:
    aged(path, a_keyring("b"))
    status, said = run("reseal", DATABASE_URL=sealed, REDIS_URL="redis://x")
    assert status == 1
    assert "user_totp/01890000-0000-7000-8000-000000000001/secret" in said


def test_a_key_is_not_removed_while_nobody_can_look(run: Run, path: Path) -> None:
    aged(path, a_keyring("b", a="retired"))
    away = {"DATABASE_URL": "postgresql://127.0.0.1:1/x", "REDIS_URL": "redis://x"}
    status, said = run("remove", "a", **away)
    assert (status, "did not answer" in said) == (1, True)
    assert states(path) == {"a": "retired", "b": "current"}
    assert run("remove", "a", "--force")[0] == 0
