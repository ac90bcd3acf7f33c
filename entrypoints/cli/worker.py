"""``nodrake worker``: what is done apart from any request."""

import argparse
import asyncio
import sys
from collections.abc import Mapping
from typing import Any

from entrypoints.cli.serve import port_complaint
from entrypoints.ending import end_on_sigterm
from entrypoints.settings import load_settings
from entrypoints.worker.loop import work


def add_to(commands: Any) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "worker",
        help="send messages, tell events, tidy up; run as many as you like",
        description=(
            "Until stopped: send the messages that are due, tell events from the outbox to the "
            "log, one JSON line each, take entries off lists that have come to their end, erase "
            "accounts whose time has come, seal new records of the "
            "audit log into its chain, and delete what has been kept long enough. On SIGTERM or "
            "Ctrl-C it finishes what it has begun, for three seconds at most, and leaves the rest "
            "to the others; a second one does not wait."
        ),
    )
    parser.set_defaults(run=run)


def run(_: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Work until a signal says to stop."""
    end_on_sigterm()
    settings = load_settings(environ)
    port = settings.telemetry.worker_port
    if port and (
        complaint := port_complaint(settings.http.host, port, "NODRAKE_WORKER_METRICS_PORT")
    ):
        print(f"nodrake: {complaint}", file=sys.stderr)
        return 1
    asyncio.run(work(settings))
    return 0
