"""The application of one process that serves, as uvicorn asks for it by name."""

import gc
import multiprocessing
import multiprocessing.process
import os
import threading

from entrypoints.cli.stopping import OrderlyStop
from entrypoints.http.app import create_app
from entrypoints.http.edge import Edge
from entrypoints.settings import Settings, load_settings


def create() -> Edge:
    """The application of one process, from its environment."""
    return _create(load_settings(os.environ))


def create_draining() -> Edge:
    """The same, which on SIGTERM first says that it is about to end."""
    settings = load_settings(os.environ)
    app = _create(settings)
    OrderlyStop(app, settings.http.drain_seconds).install()
    return app


def _create(settings: Settings) -> Edge:
    if (leader := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_follow, args=(leader,), daemon=True).start()
    app = create_app(settings)
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
