"""The HTTP application on a real socket, inside the test process."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from entrypoints.http.app import create_app
from entrypoints.settings import load_settings

# Tests are many people at one address.
UNLIMITED = {
    "NODRAKE_REGISTRATIONS_PER_HOUR": "1000000",
    "NODRAKE_SIGN_INS_PER_MINUTE": "1000000",
    "NODRAKE_LINK_ATTEMPTS_PER_HOUR": "1000000",
    "NODRAKE_REQUEST_LIMITS": "1000000/60",
}


@contextmanager
def serving(environ: dict[str, str]) -> Iterator[str]:
    """Serve with these settings; yields the base address."""
    settings = load_settings({**UNLIMITED, **environ})
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        config = uvicorn.Config(
            create_app(settings),
            loop="uvloop",
            http="httptools",
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive(), "the application did not start"
            assert time.monotonic() < deadline, "the application did not start in time"
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)
