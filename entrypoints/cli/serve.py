"""``nodrake serve``: the HTTP API."""

import argparse
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from entrypoints.ending import GRACE_SECONDS, end_at_once, end_on_sigterm
from entrypoints.settings import Settings, load_settings


def add_to(commands: Any) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "serve",
        help="serve the HTTP API",
        description=(
            "Serve the HTTP API. The schema must be there: run `nodrake migrate` before. On "
            "SIGTERM, readiness turns red and requests are still served for "
            "NODRAKE_DRAIN_SECONDS; then what is under way is finished, for 5 seconds at most, and "
            "the exit status is 0. A second SIGTERM, or Ctrl-C, does not wait."
        ),
    )
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes to serve with (default: 1)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Serve until a signal says to stop; requests that are under way are finished."""
    end_on_sigterm()
    settings = load_settings(environ)
    return serve(settings, workers=options.workers, application="create_draining")


def serve(settings: Settings, *, workers: int = 1, application: str = "create") -> int:
    """Listen and serve; 1 with a message where the port is taken.

    ``application`` names the function of ``entrypoints.cli.application`` that makes it: a process
    that serves loads the application by itself, and one that only leads others never does.
    """
    if complaint := port_complaint(settings.http.host, settings.http.port, "NODRAKE_PORT"):
        print(f"nodrake: {complaint}", file=sys.stderr)
        return 1
    if workers == 1:
        return _listen(settings, workers, application)
    with tempfile.TemporaryDirectory(prefix="nodrake-metrics-") as folder:
        os.environ.setdefault("NODRAKE_PROCESSES", str(workers))
        os.environ.setdefault("NODRAKE_METRICS_FOLDER", folder)
        return _listen(settings, workers, application)


def _listen(settings: Settings, workers: int, application: str) -> int:
    config = uvicorn.Config(
        f"entrypoints.cli.application:{application}",
        factory=True,
        host=settings.http.host,
        port=settings.http.port,
        workers=workers,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        log_level="warning",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=75,
    )
    if workers > 1:
        leader = _Workers(config, sockets=[config.bind_socket()])
        leader.run()
        return STARTUP_FAILURE if leader.has_failed else 0
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):  # raised again by the server, after an orderly end
        server.run()
    return 0 if server.started else STARTUP_FAILURE


class _Workers(Multiprocess):
    """The processes of ``--workers``, which hear a second SIGTERM too while they end."""

    has_failed = False

    def keep_subprocess_alive(self) -> None:
        """Replace who was killed; where one has ended with an error, none could do better.

        Nobody is asked whether it still lives: who is importing does not answer for a while, and
        who has died in that never does.
        """
        for index, process in enumerate(self.processes):
            if process.process.is_alive():
                continue
            process.kill()  # its pipes are closed
            process.join()
            if (process.exitcode or 0) > 0:
                print("nodrake: a process could not start, so none is left", file=sys.stderr)
                self.has_failed = True
                self.should_exit.set()
                return
            self.processes[index] = Process(self.config, self.sockets)
            self.processes[index].start()

    def join_all(self) -> None:
        """Wait for the end of all, or of none if asked again."""
        signal.signal(signal.SIGTERM, self._kill_all)
        super().join_all()

    def _kill_all(self, _: int, __: FrameType | None) -> NoReturn:
        for process in self.processes:
            process.process.kill()
        end_at_once()


def port_complaint(host: str, port: int, variable: str) -> str | None:
    """Why the port cannot be listened on, and what to do; ``None`` where it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            return (
                f"cannot listen on {host}:{port} ({error.strerror}). If something else uses the "
                f"port, choose another: {variable}={port + 1 if port < 65535 else 3000}"
            )
    return None
