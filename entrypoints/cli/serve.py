"""``nodrake serve``: the HTTP API."""

import argparse
import gc
import multiprocessing
import multiprocessing.process
import os
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from entrypoints.cli.stopping import GRACE_SECONDS, OrderlyStop
from entrypoints.ending import end_at_once, end_on_sigterm
from entrypoints.http.app import create_app
from entrypoints.http.edge import Edge
from entrypoints.settings import Settings, load_settings

# After so long a process that says nothing is replaced: on a busy machine starting takes a while,
# and with the usual five seconds none would ever come to its end.
_START_SECONDS = 60


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

    ``application`` names the function here that makes it, in each process.
    """
    if complaint := port_complaint(settings):
        print(f"nodrake: {complaint}", file=sys.stderr)
        return 1
    if workers > 1:
        os.environ.setdefault("NODRAKE_PROCESSES", str(workers))
    config = uvicorn.Config(
        f"{__name__}:{application}",
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
        timeout_worker_healthcheck=_START_SECONDS,
    )
    if workers > 1:
        _Workers(config, sockets=[config.bind_socket()]).run()
        return 0
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):  # raised again by the server, after an orderly end
        server.run()
    return 0 if server.started else STARTUP_FAILURE


def create() -> Edge:
    """The application of one process, from its environment."""
    if (leader := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_follow, args=(leader,), daemon=True).start()
    app = create_app(load_settings(os.environ))
    # What is here now stays, and a page of a list makes thousands of short-lived objects without
    # cycles: looking for some every 700 allocations is what makes the slowest requests slow.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    return app


def create_draining() -> Edge:
    """The same, which on SIGTERM first says that it is about to end."""
    app = create()
    OrderlyStop(app, load_settings(os.environ).http.drain_seconds).install()
    return app


class _Workers(Multiprocess):
    """The processes of ``--workers``, which hear a second SIGTERM too while they end."""

    def join_all(self) -> None:
        """Wait for the end of all, or of none if asked again."""
        signal.signal(signal.SIGTERM, self._kill_all)
        super().join_all()

    def _kill_all(self, _: int, __: FrameType | None) -> NoReturn:
        for process in self.processes:
            process.process.kill()
        end_at_once()


def _follow(leader: "multiprocessing.process.BaseProcess") -> None:
    """End at once where the process that has started us is gone: we would hold its port for ever.

    In order it never goes before us; so it was killed, and is about to be started again.
    """
    leader.join()
    os._exit(1)


def port_complaint(settings: Settings) -> str | None:
    """Why the port cannot be listened on, and what to do; ``None`` where it can."""
    host, port = settings.http.host, settings.http.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            return (
                f"cannot listen on {host}:{port} ({error.strerror}). If something else uses the "
                f"port, choose another: NODRAKE_PORT={port + 1 if port < 65535 else 3000}"
            )
    return None
