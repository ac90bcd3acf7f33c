"""`nodrake doctor`: one line for each thing, an exit status, and an end whatever the servers do."""

import json
import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.security.keyring_file import write_keyring
from application.shared.finding import Finding, Verdict, well
from entrypoints.cli.doctor import at_most, examine
from entrypoints.cli.main import main
from tests.builders.keyring import NOW, a_keyring, a_secret

SECRET = a_secret("doctor").hex()
GOOD = {
    "NODRAKE_MODE": "production",
    "NODRAKE_PUBLIC_URL": "https://music.example.org",
    "NODRAKE_SECRET": SECRET,
    "NODRAKE_MAIL_URL": "smtps://mail.example.org",
    "NODRAKE_MAIL_FROM": "No Drake in the House <no-reply@example.org>",
}


def found(**environ: str) -> dict[str, list[Finding]]:
    """What is found without servers, by subject."""
    findings: dict[str, list[Finding]] = {}
    for finding in examine({**GOOD, **environ}, processes=2):
        findings.setdefault(finding.subject, []).append(finding)
    return findings


def verdict(subject: str, **environ: str) -> Verdict:
    """The worst that is said of one thing."""
    order = list(Verdict)
    return max((f.verdict for f in found(**environ)[subject]), key=order.index)


SERVERS = {"DATABASE_URL": "postgresql://127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1"}


def test_good_settings_have_nothing_to_be_said_of() -> None:
    findings = found(**SERVERS)
    for subject in ("settings", "secret", "public address", "web origins"):
        assert [each.verdict for each in findings[subject]] == [Verdict.OK], findings[subject]


@pytest.mark.parametrize(
    ("subject", "environ", "expected"),
    [
        ("settings", {"NODRAKE_PORT": "x"}, "fail"),
        ("settings", {"NODRAKE_PROT": "1"}, "fail"),
        ("settings", {"NODRAKE_PUBLIC_URL": "http://music.example.org"}, "fail"),
        ("settings", {"NODRAKE_SECRET": ""}, "fail"),
        ("settings", {"NODRAKE_CORS_ORIGINS": "*"}, "fail"),
        ("secret", {"NODRAKE_SECRET": "a" * 40}, "fail"),
        ("secret", {"NODRAKE_SECRET": ""}, "warn"),
        ("secret", {"DATABASE_URL": f"postgresql://u:{SECRET}@127.0.0.1:1/x"}, "fail"),
        ("secret", {"REDIS_URL": f"redis://:{SECRET}@127.0.0.1:1"}, "fail"),
        (
            "public address",
            {"NODRAKE_MODE": "development", "NODRAKE_PUBLIC_URL": "https://music.example.org"},
            "warn",
        ),
        ("web origins", {"NODRAKE_CORS_ORIGINS": "http://app.example.org"}, "warn"),
        ("postgresql", {}, "fail"),
        ("redis", {}, "fail"),
    ],
)
def test_a_setting_that_is_not_well_is_seen(
    subject: str, environ: dict[str, str], expected: str
) -> None:
    assert verdict(subject, **{**SERVERS, **environ}) == expected


def test_a_keyring_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "keyring"
    given = {**SERVERS, "NODRAKE_KEYRING_FILE": str(path), "NODRAKE_SECRET": ""}
    assert verdict("keyring", **given) is Verdict.FAIL
    path.write_text("a:current:x\nb:next:y\n")
    assert len(found(**given)["keyring"]) == 2
    write_keyring(path, a_keyring("a"))
    assert verdict("keyring", **given) is Verdict.OK
    assert verdict("keyring file", **given) is Verdict.OK
    assert "secret" not in found(**given)
    path.chmod(0o644)
    assert verdict("keyring file", **given) is Verdict.WARN
    assert verdict("secret", **{**given, "NODRAKE_SECRET": SECRET}) is Verdict.WARN


@pytest.mark.parametrize(
    ("states", "years", "expected"),
    [
        ({}, 0, "ok"),
        ({"a": "previous"}, 0, "ok"),
        ({}, 2, "warn"),
        ({"a": "previous"}, 2, "warn"),
        ({"a": "retired"}, 0, "ok"),
        ({"a": "next"}, 2, "warn"),
    ],
)
def test_a_rotation_that_nobody_finished_is_seen(
    tmp_path: Path, states: dict[str, str], years: int, expected: str
) -> None:
    path = tmp_path / "keyring"
    since = NOW.replace(year=2022) if years else NOW.replace(year=2999)
    write_keyring(path, a_keyring("b", since, **states))
    given = {**SERVERS, "NODRAKE_KEYRING_FILE": str(path)}
    assert verdict("key rotation", **given) == expected


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    path = tmp_path / "keyring"
    path.write_text(f"a:current:{SECRET}")
    findings = found(
        NODRAKE_KEYRING_FILE=str(path),
        DATABASE_URL=f"postgresql://u:{SECRET}@127.0.0.1:1/x",
        REDIS_URL=f"redis://:{SECRET}@127.0.0.1:1",
    )
    assert SECRET[:12] not in str(findings)


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Runs the command with the environment alone."""

    def run(*arguments: str, **environ: str) -> tuple[int, str]:
        for name in [n for n in os.environ if n.startswith(("NODRAKE_", "DATABASE_", "REDIS_"))]:
            monkeypatch.delenv(name)
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        status = main(["doctor", *arguments])
        return status, capsys.readouterr().out

    return run


def test_real_servers_are_looked_at_in_one_line_each(
    command: Callable[..., tuple[int, str]], migrated_database_url: str, redis_url: str
) -> None:
    servers = {"DATABASE_URL": migrated_database_url, "REDIS_URL": redis_url}
    _, text = command(**{**GOOD, **servers})
    lines = text.splitlines()
    assert [line for line in lines if line.startswith("✓ ok   schema")]
    assert [line for line in lines if line.startswith("! warn database role")]
    assert lines[-1].startswith(f"{sum(line.startswith('✓') for line in lines)} well")
    status, text = command("--json", **{**GOOD, **servers})
    document = json.loads(text)
    assert document["ok"] is (status == 0)
    assert {"subject", "verdict", "found", "advice"} == set(document["findings"][0])


def test_in_development_only_what_matters_there_is_listed(
    command: Callable[..., tuple[int, str]], make_database: Callable[[], str], redis_url: str
) -> None:
    # A database of its own: what other tests have written waits there for a worker.
    servers = {"DATABASE_URL": make_database(), "REDIS_URL": redis_url}

    def listed(**environ: str) -> set[str]:
        *lines, tally, hint = command(**servers, **environ)[1].splitlines()
        assert " well, " in tally
        assert "NODRAKE_MODE=production" in hint
        # The database of the tests forgets on purpose what it has not written yet.
        return {line[7:24].strip() for line in lines if line} - {"durability"}

    assert listed() == set()
    assert listed(NODRAKE_PUBLIC_URL="https://music.example.org") == {"public address"}
    servers["REDIS_URL"] = "redis://127.0.0.1:1"
    assert listed() == {"redis"}


def test_it_exits_with_1_where_something_is_broken_and_0_where_it_is_only_doubtful(
    command: Callable[..., tuple[int, str]],
) -> None:
    status, text = command(**{**GOOD, **SERVERS})
    assert (status, "✗ fail postgresql" in text) == (1, True)
    status, text = command("--json")
    assert (status, json.loads(text)["ok"]) == (1, False)


class Silent(threading.Thread):
    """A server that takes connections and never says a word."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._kept: list[Any] = []

    def run(self) -> None:
        """Take them all."""
        while True:
            try:
                self._kept.append(self._listener.accept())
            except OSError:
                return

    def close(self) -> None:
        """Go away."""
        self._listener.close()
        for connection, _ in self._kept:
            connection.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    """One that runs."""
    server = Silent()
    server.start()
    yield server
    server.close()


@pytest.mark.slow
def test_servers_that_are_frozen_are_told_and_not_waited_for(silent: Silent) -> None:
    findings = found(
        DATABASE_URL=f"postgresql://127.0.0.1:{silent.port}/x",
        REDIS_URL=f"redis://127.0.0.1:{silent.port}",
    )
    assert [each.verdict for each in findings["postgresql"]] == [Verdict.FAIL]
    assert [each.verdict for each in findings["redis"]] == [Verdict.FAIL]


def test_what_was_found_before_a_server_froze_is_told() -> None:
    thawed = threading.Event()

    def freezes() -> Iterable[Finding]:
        yield well("version", "18")
        thawed.wait(60)

    def fails() -> Iterable[Finding]:
        yield well("memory", "enough")
        raise OSError

    findings = at_most(0.2, {"postgresql": freezes, "redis": fails})
    thawed.set()
    assert [(f.subject, f.verdict.value) for f in findings] == [
        ("version", "ok"),
        ("postgresql", "fail"),
        ("memory", "ok"),
        ("redis", "fail"),
    ]
    assert "no answer within 0.2 s" in findings[1].found
    assert "OSError" in findings[3].found
