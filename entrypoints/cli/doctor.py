"""``nodrake doctor``: what is wrong with a deployment, and what to do about it."""

import argparse
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from adapters.postgres.examination import Plan, examine_database
from adapters.redis.examination import examine_redis
from adapters.security.examination import examine_keyring, examine_secret
from adapters.system.clock import utc_now
from application.shared.finding import Finding, Verdict, broken, doubtful, well
from entrypoints.setting_table import DEVELOPMENT_SECRET, SETTINGS
from entrypoints.setting_values import Mode
from entrypoints.settings import Settings, SettingsError, load_settings

_PATIENCE_SECONDS = 8.0
# What is doubted of these is as it should be where nobody but the developer is served.
_DOUBTED_IN_PRODUCTION = {"secret", "database role", "database tls", "redis tls"}
_SYMBOLS = {Verdict.OK: "✓", Verdict.WARN: "!", Verdict.FAIL: "✗"}

Examination = Callable[[], Iterable[Finding]]


def add_to(commands: Any) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "doctor",
        help="say what is wrong with a deployment",
        description=(
            "Look at settings, secrets, PostgreSQL and Redis with the environment of the service, "
            "and say of each thing how it is and what to do. Changes nothing, ends within ten "
            "seconds whatever the servers do, and exits with 1 where something is broken. In "
            "development only what is not well is listed, and nothing that only production needs."
        ),
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument(
        "--processes",
        type=int,
        default=2,
        metavar="N",
        help="processes of the service and of the worker on all hosts (default: 2)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Look, print, and 1 if anything is broken."""
    findings = examine(environ, processes=options.processes)
    print(_as_json(findings) if options.json else _as_text(findings, all_of_it=_serves(environ)))
    return int(any(finding.verdict is Verdict.FAIL for finding in findings))


def examine(
    environ: Mapping[str, str], *, processes: int, patience: float = _PATIENCE_SECONDS
) -> list[Finding]:
    """Everything that was found; servers are looked at side by side, even with bad settings."""
    settings, findings = _settings(environ)
    production = _serves(environ)
    pool_size = settings.database.pool_size if settings else 10
    plan = Plan(
        pool_size=pool_size,
        processes=processes,
        production=production,
        behind_pooler=settings is not None and settings.database.behind_pooler,
    )
    examinations: dict[str, Examination] = {}
    if database_url := environ.get("DATABASE_URL"):
        examinations["postgresql"] = partial(examine_database, database_url, plan, utc_now)
    if redis_url := environ.get("REDIS_URL"):
        examinations["redis"] = partial(examine_redis, redis_url, production=production)
    findings += _secrets(environ)
    if settings:
        findings += _addresses(settings)
    findings += at_most(patience, examinations)
    return findings if production else [each for each in findings if _matters_here(each)]


def _serves(environ: Mapping[str, str]) -> bool:
    return environ.get("NODRAKE_MODE") == Mode.PRODUCTION


def _matters_here(finding: Finding) -> bool:
    return finding.verdict is not Verdict.WARN or finding.subject not in _DOUBTED_IN_PRODUCTION


def at_most(seconds: float, examinations: Mapping[str, Examination]) -> list[Finding]:
    """What each finds in that time, side by side; who is not through by then is not waited for."""
    found: dict[str, list[Finding]] = {name: [] for name in examinations}
    threads = {
        name: threading.Thread(target=_collect, args=(name, each, found[name]), daemon=True)
        for name, each in examinations.items()
    }
    for thread in threads.values():
        thread.start()
    over = threading.Event()
    timer = threading.Timer(seconds, over.set)
    timer.daemon = True
    timer.start()
    while not over.is_set() and any(thread.is_alive() for thread in threads.values()):
        over.wait(0.02)
    timer.cancel()
    findings: list[Finding] = []
    for name, thread in threads.items():
        findings += tuple(found[name])
        if thread.is_alive():
            findings.append(
                broken(name, f"no answer within {seconds:g} s", "the server hangs: look into it")
            )
    return findings


def _collect(name: str, examination: Examination, into: list[Finding]) -> None:
    try:
        into.extend(examination())
    except Exception as error:  # whatever it is, the others are still told
        into.append(
            broken(name, f"it broke off: {type(error).__name__}", "the server fails: see its log")
        )


def _settings(environ: Mapping[str, str]) -> tuple[Settings | None, list[Finding]]:
    try:
        settings = load_settings(environ)
    except SettingsError as error:
        return None, [
            broken("settings", problem, "no process starts with it; `nodrake settings` lists all")
            for problem in error.problems
            if "(NODRAKE_KEYRING_FILE)" not in problem  # the keyring is looked at by itself
        ]
    return settings, [well("settings", f"{len(SETTINGS)} can be used")]


def _secrets(environ: Mapping[str, str]) -> Iterator[Finding]:
    file = environ.get("NODRAKE_KEYRING_FILE")
    secret = environ.get("NODRAKE_SECRET")
    if file:
        yield from examine_keyring(Path(file), secret.encode() if secret else None, utc_now())
    else:
        yield examine_secret(
            (secret or DEVELOPMENT_SECRET).encode(), default=DEVELOPMENT_SECRET.encode()
        )
    passwords = {
        name: urlsplit(environ.get(name, "")).password for name in ("DATABASE_URL", "REDIS_URL")
    }
    if secret and (same := [name for name, password in passwords.items() if password == secret]):
        yield broken(
            "secret",
            f"it is the password in {' and '.join(same)} too",
            "set a NODRAKE_SECRET of its own",
        )


def _addresses(settings: Settings) -> Iterator[Finding]:
    url = settings.http.public_url
    here = urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}
    if settings.mode is Mode.DEVELOPMENT and not here:
        yield doubtful(
            "public address",
            f"{url} is for people, and the mode is development",
            "set NODRAKE_MODE=production: it refuses what is not safe",
        )
    else:
        yield well("public address", f"{url}, mode {settings.mode}")
    plain = [origin for origin in settings.http.cors_origins if origin.startswith("http://")]
    if plain and settings.mode is Mode.PRODUCTION:
        yield doubtful(
            "web origins",
            f"{', '.join(plain)} can be changed by anybody on the way",
            "name https origins only in NODRAKE_CORS_ORIGINS",
        )
    else:
        yield well("web origins", ", ".join(settings.http.cors_origins) or "none")


def _as_json(findings: list[Finding]) -> str:
    ok = not any(finding.verdict is Verdict.FAIL for finding in findings)
    return msgspec.json.format(msgspec.json.encode({"ok": ok, "findings": findings})).decode()


def _as_text(findings: list[Finding], *, all_of_it: bool) -> str:
    lines = []
    for finding in findings:
        if finding.verdict is Verdict.OK and not all_of_it:
            continue
        sign = _SYMBOLS[finding.verdict]
        advice = f" → {finding.advice}" if finding.advice else ""
        lines.append(f"{sign} {finding.verdict:5}{finding.subject:17}{finding.found}{advice}")
    count = {verdict: sum(f.verdict is verdict for f in findings) for verdict in Verdict}
    if lines:
        lines.append("")
    lines.append(
        f"{count[Verdict.OK]} well, {count[Verdict.WARN]} doubtful, {count[Verdict.FAIL]} broken"
    )
    if not all_of_it:
        lines.append("with NODRAKE_MODE=production it says of each thing how it is")
    text = "\n".join(lines)
    encoding = sys.stdout.encoding or "ascii"
    return text.encode(encoding, "replace").decode(encoding)
