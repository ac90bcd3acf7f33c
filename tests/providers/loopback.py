"""A server on loopback that tests can slow down, and that counts what it is asked."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import Self
from urllib.parse import parse_qsl, urlsplit

Answer = tuple[int, Mapping[str, str], bytes]
Route = Callable[[Mapping[str, str], Mapping[str, str]], Answer]


def json_answer(document: object, status: int = 200) -> Answer:
    """A document."""
    return status, {"content-type": "application/json"}, json.dumps(document).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # of the five that are usual, twenty at once find no place


class Loopback:
    """Routes by method and path; each gets the query or the form, and the header fields."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: Counter[str] = Counter()
        self.frozen: set[str] = set()
        self.dripping: set[str] = set()
        self.instead: dict[str, Answer] = {}
        self._thaw = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=[0.01], daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thaw.set()
        self._server.shutdown()
        self._server.server_close()

    def thaw(self) -> None:
        """Let everything go on that waits."""
        self.frozen.clear()
        self.dripping.clear()
        self._thaw.set()
        self._thaw = threading.Event()

    def answer(self, place: str, given: Mapping[str, str], fields: Mapping[str, str]) -> Answer:
        """What is answered at ``GET /path``; nothing while it is frozen."""
        self.asked[place] += 1
        if place in self.frozen:
            self._thaw.wait(60)
        if place in self.instead:
            return self.instead[place]
        if place not in self.routes:
            return json_answer({"error": "not_found"}, 404)
        return self.routes[place](given, fields)

    def write(self, place: str, body: bytes, out: BufferedIOBase) -> None:
        """All at once, or byte by byte until somebody thaws it."""
        if place not in self.dripping:
            out.write(body)
            return
        for byte in body:
            out.write(bytes([byte]))
            out.flush()
            if self._thaw.wait(0.1):
                return

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            """One request."""

            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                """With a query."""
                self._answer(urlsplit(self.path).query)

            def do_POST(self) -> None:
                """With a form."""
                length = int(self.headers.get("content-length", 0))
                self._answer(self.rfile.read(length).decode())

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

            def _answer(self, given: str) -> None:
                place = f"{self.command} {urlsplit(self.path).path}"
                status, headers, body = server.answer(
                    place, dict(parse_qsl(given)), dict(self.headers)
                )
                try:
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("content-length", str(len(body)))
                    self.end_headers()
                    server.write(place, body, self.wfile)
                except OSError:  # whoever asked has gone
                    self.close_connection = True

        return Handler
