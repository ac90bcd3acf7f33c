"""A port of its own for metrics, for a process that serves nothing else."""

from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, start_http_server


class MetricsPort:
    """Serves a registry on ``host``:``port`` while it is open; 0 is no port, and nothing is."""

    def __init__(self, registry: CollectorRegistry, host: str, port: int) -> None:
        self._registry = registry
        self._host = host
        self._port = port
        self._server: WSGIServer | None = None

    def open(self) -> None:
        """Listen; ``OSError`` if somebody else does."""
        if self._port:
            self._server, _ = start_http_server(self._port, self._host, self._registry)

    def close(self) -> None:
        """Let go of the port."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
