"""``nodrake serve``: the HTTP API."""

import argparse
import gc
import multiprocessing
import multiprocessing.process
import os
import socket
import sys
import threading
from collections.abc import Mapping
from typing import Any

import uvicorn

from entrypoints.http.app import create_app
from entrypoints.http.edge import Edge
from entrypoints.settings import Settings, load_settings

_GRACE_SECONDS = 5
# After so long a process that says nothing is replaced: on a busy machine starting takes a while,
# and with the usual five seconds none would ever come to its end.
_START_SECONDS = 60


def add_to(commands: Any) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "serve",
        help="serve the HTTP API",
        description="Serve the HTTP API. The schema must be there: run `nodrake migrate` before.",
    )
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes to serve with (default: 1)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Serve until a signal says to stop; requests that are under way are finished."""
    return serve(load_settings(environ), workers=options.workers)


def serve(settings: Settings, *, workers: int = 1) -> int:
    """Listen and serve; 1 with a message where the port is taken."""
    if complaint := port_complaint(settings):
        print(f"nodrake: {complaint}", file=sys.stderr)
        return 1
    if workers > 1:
        os.environ.setdefault("NODRAKE_PROCESSES", str(workers))
    uvicorn.run(
        "entrypoints.cli.serve:create",
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
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_keep_alive=75,
        timeout_worker_healthcheck=_START_SECONDS,
    )
    return 0


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
