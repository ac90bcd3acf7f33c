"""``nodrake up``: everything on this machine, in one command."""

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn
from urllib.error import URLError
from urllib.request import urlopen

from adapters.embedded.guarded import GuardedProcess
from adapters.embedded.servers import EmbeddedServers
from adapters.postgres.migrations import migrate
from adapters.postgres.sample import load_sample
from entrypoints.cli.migrate import sample_artists
from entrypoints.cli.serve import port_complaint, serve
from entrypoints.http.app import shows_mail
from entrypoints.http.web.routes import FOLDER
from entrypoints.settings import Settings, load_settings

# Addresses that stand in until the servers have told theirs, so that bad settings are told first.
_PLACEHOLDERS = {"DATABASE_URL": "postgresql:///", "REDIS_URL": "unix:///"}


def add_to(commands: Any) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "up",
        help="start everything on this machine: PostgreSQL, Redis, the API and its worker",
        description=(
            "Start PostgreSQL and Redis (unless DATABASE_URL and REDIS_URL name others), bring "
            "the schema up to date, load a few sample artists into an empty catalogue, and "
            "serve the API. Ctrl-C stops all of it; the data stays."
        ),
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(".nodrake"),
        metavar="FOLDER",
        help="where the servers keep their data (default: .nodrake)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Start, serve, stop."""
    started = time.monotonic()
    signal.signal(signal.SIGTERM, _interrupt)
    settings = load_settings({**_PLACEHOLDERS, **_given(environ)})
    if complaint := port_complaint(settings):
        print(f"nodrake: {complaint}", file=sys.stderr)
        return 1
    with ExitStack() as stack:
        try:
            given = _given(environ)
            settings = _start(stack, options.data, environ)
            ours = {name: os.environ[name] for name in _PLACEHOLDERS if name not in given}
            greeting = (settings, started, ours)
            threading.Thread(target=_greet, args=greeting, daemon=True).start()
            status = serve(settings)
        except KeyboardInterrupt:
            status = 0
        _say("stopping; the data stays")
    return status


def _start(stack: ExitStack, data: Path, environ: Mapping[str, str]) -> Settings:
    wanted = {name: name not in _given(environ) for name in ("DATABASE_URL", "REDIS_URL")}
    if any(wanted.values()):
        _say(f"starting {' and '.join(_names(wanted))} (data in {data}/)")
    servers = stack.enter_context(
        EmbeddedServers(data, postgres=wanted["DATABASE_URL"], redis=wanted["REDIS_URL"])
    )
    # Also for the worker below and for the application, which read the same variables.
    if wanted["DATABASE_URL"]:
        os.environ["DATABASE_URL"] = servers.database_url
    if wanted["REDIS_URL"]:
        os.environ["REDIS_URL"] = servers.redis_url
    if not _given(environ).get("NODRAKE_MAIL_URL"):
        os.environ["NODRAKE_MAIL_URL"] = f"folder:{data}/mail"
    settings = load_settings(os.environ)
    database_url = settings.database.url.value.decode()
    applied = migrate(database_url)
    _say(f"schema: {len(applied)} migrations applied" if applied else "schema: up to date")
    if loaded := load_sample(database_url, sample_artists()):
        _say(f"catalogue: {loaded} sample artists loaded")
    worker = GuardedProcess(
        [sys.executable, "-m", "entrypoints.cli.main", "worker"],
        stop_signal="SIGTERM",
        environ=dict(os.environ),
    )
    stack.callback(worker.stop)
    return settings


def _given(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if value}


def _names(wanted: Mapping[str, bool]) -> list[str]:
    names = {"DATABASE_URL": "PostgreSQL", "REDIS_URL": "Redis"}
    return [names[variable] for variable, needed in wanted.items() if needed]


def _addresses(ours: Mapping[str, str]) -> str:
    """What other commands need to reach the servers that were started here."""
    if not ours:
        return ""
    exports = "".join(f"    export {name}='{url}'\n" for name, url in ours.items())
    return f"For nodrake admin, audit, doctor … in another terminal:\n\n{exports}\n"


def _greet(settings: Settings, started: float, ours: Mapping[str, str]) -> None:
    """Say where to look once the API answers."""
    host = "localhost" if settings.http.host in {"0.0.0.0", "127.0.0.1"} else settings.http.host  # noqa: S104
    url = f"http://{host}:{settings.http.port}"
    for _ in range(200):
        try:
            with urlopen(f"{url}/health/live", timeout=1):  # noqa: S310
                break
        except (URLError, OSError):
            time.sleep(0.05)
    mail = f"    mail that it would send  {url}/dev/mail\n" if shows_mail(settings) else ""
    app = f"    open the web app         {url}\n" if (FOLDER / "index.html").exists() else ""
    _say(
        f"serving after {time.monotonic() - started:.1f} s\n\n"
        f"{app}"
        f"    read and try the API     {url}/docs\n"
        f"    its document             {url}/api-docs/openapi.json\n"
        f"{mail}"
        f"    how it is doing          {url}/health\n\n"
        f"{_addresses(ours)}"
        "Ctrl-C stops everything; the data stays."
    )


def _say(text: str) -> None:
    print(f"nodrake: {text}", flush=True)


def _interrupt(_: int, __: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
