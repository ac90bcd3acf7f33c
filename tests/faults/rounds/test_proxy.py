"""nginx with the file that operators get: what it refuses, and what it passes on."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.faults.rounds.nginx import Nginx, nginx

HOST = b"Host: music.example.org\r\n"
# What a proxy and the service behind it could understand differently: RFC 9112 sections 2.2, 5, 6.
AMBIGUOUS = {
    "length and chunks": HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": HOST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "one length twice": HOST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "a length with a sign": HOST + b"Content-Length: +4\r\n\r\nhell",
    "a list of lengths": HOST + b"Content-Length: 5, 5\r\n\r\nhello",
    "a length in hexadecimal": HOST + b"Content-Length: 0x5\r\n\r\nhello",
    "another coding": HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "two codings": HOST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "chunks twice": HOST
    + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a folded field": HOST + b"X-A: 1\r\n b\r\nContent-Length: 0\r\n\r\n",
    "a space before the colon": HOST + b"Content-Length : 5\r\n\r\nhello",
    "a NUL in a field": HOST + b"X-A: a\0b\r\nContent-Length: 0\r\n\r\n",
    "a NUL in a name": HOST + b"X\0A: b\r\nContent-Length: 0\r\n\r\n",
    "no host": b"Content-Length: 0\r\n\r\n",
    "two hosts": HOST + b"Host: other.example.org\r\nContent-Length: 0\r\n\r\n",
    "an odd chunk": HOST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n",
    "a chunk of no size": HOST + b"Transfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n",
}
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: music.example.org\r\n\r\n"


class Behind:
    """A process of ours that writes down what reaches it, and answers with that."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], int]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Answer nobody any more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            while line := lines.readline():
                fields = {}
                while (field := lines.readline().strip()) != b"":
                    name, _, value = field.partition(b":")
                    fields[name.decode().lower()] = value.strip().decode("latin-1")
                body = lines.read(int(fields.get("content-length", 0)))
                self.requests.append((line.decode().strip(), fields, len(body)))
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")


@contextmanager
def proxied(folder: Path) -> Iterator[tuple[Nginx, Behind]]:
    """nginx, and what is behind it."""
    behind = Behind()
    try:
        with nginx(folder, [behind.port, behind.port], tls=True) as proxy:
            yield proxy, behind
    finally:
        with suppress(OSError):
            behind.close()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nginx, Behind]]:
    """For all tests of this file."""
    folder = tmp_path_factory.mktemp("proxy")
    with proxied(folder) as both:
        yield both


def connect(proxy: Nginx) -> ssl.SSLSocket:
    """A connection as a client has it, whose certificate is checked."""
    context = ssl.create_default_context(cafile=str(proxy.certificate))
    plain = socket.create_connection(("127.0.0.1", proxy.port), timeout=60)
    return context.wrap_socket(plain, server_hostname="127.0.0.1")


def exchange(proxy: Nginx, sent: bytes) -> bytes:
    """Everything that comes back until the connection is closed, or nothing does for a second."""
    with connect(proxy) as connection:
        connection.sendall(sent)
        connection.settimeout(1)
        found = b""
        try:
            while part := connection.recv(65536):
                found += part
        except (TimeoutError, ssl.SSLError, OSError):
            pass
        return found


def client(proxy: Nginx) -> httpx.Client:
    """A client that trusts the certificate."""
    context = ssl.create_default_context(cafile=str(proxy.certificate))
    return httpx.Client(base_url=proxy.url, verify=context, trust_env=False, timeout=30)


@pytest.mark.parametrize("what", AMBIGUOUS)
def test_ambiguous_framing_is_refused_and_the_connection_closed(
    both: tuple[Nginx, Behind], what: str
) -> None:
    proxy, behind = both
    behind.requests.clear()
    found = exchange(proxy, b"POST /api/v1/x HTTP/1.1\r\n" + AMBIGUOUS[what] + SMUGGLED)
    assert found.split(b" ")[1:2] in ([b"400"], [b"501"]), found[:200]
    assert found.count(b"HTTP/1.1 ") == 1, "a second request was found in it"
    assert b"connection: close" in found.lower()
    assert behind.requests == []


def test_a_line_that_ends_with_a_bare_line_feed_is_passed_on_as_one_clean_request(
    both: tuple[Nginx, Behind],
) -> None:
    proxy, behind = both
    behind.requests.clear()
    exchange(proxy, b"GET /api/v1/x HTTP/1.1\nHost: music.example.org\n\n")
    ((line, fields, _),) = behind.requests
    assert line == "GET /api/v1/x HTTP/1.1"
    assert fields["host"] == "music.example.org"


def test_who_asks_is_appended_and_what_others_claim_is_dropped(
    both: tuple[Nginx, Behind],
) -> None:
    proxy, behind = both
    behind.requests.clear()
    claims = {
        "x-forwarded-for": "203.0.113.7",
        "x_forwarded_for": "203.0.113.8",
        "x-real-ip": "203.0.113.9",
        "forwarded": "for=203.0.113.10",
        "x-request-id": "not one of ours!",
    }
    with client(proxy) as api:
        assert api.get("/api/v1/x", headers=claims).text == "ok"
        api.get("/api/v1/x", headers={"x-request-id": "a-good-request-id"})
    (_, first, _), (_, second, _) = behind.requests
    assert first["x-forwarded-for"] == "203.0.113.7, 127.0.0.1"
    assert first.keys().isdisjoint({"x_forwarded_for", "x-real-ip", "forwarded"})
    assert len(first["x-request-id"]) == 32
    assert second["x-request-id"] == "a-good-request-id"


@pytest.mark.parametrize(
    "line", ["GARBAGE", "GET /%zz HTTP/1.1", "GET / HTTP/9.9", "\0 / HTTP/1.1"]
)
def test_a_first_line_that_is_none_is_a_problem(both: tuple[Nginx, Behind], line: str) -> None:
    proxy, behind = both
    behind.requests.clear()
    found = exchange(proxy, f"{line}\r\n".encode() + HOST + b"\r\n")
    assert b'"code":"http.malformed_request"' in found or b" 505 " in found, found
    assert behind.requests == []


METRICS = ("/metrics", "/metrics/", "//metrics", "/./metrics", "/x/../metrics", "/%6detrics")


@pytest.mark.parametrize("path", METRICS)
def test_metrics_are_nothing_for_the_outside(both: tuple[Nginx, Behind], path: str) -> None:
    proxy, behind = both
    behind.requests.clear()
    found = exchange(proxy, f"GET {path} HTTP/1.1\r\n".encode() + HOST + b"\r\n")
    assert b" 404 " in found
    assert b'"code":"http.not_found"' in found
    assert behind.requests == []


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/api/v1/dnp/add", 2),
        ("/api/v1/dnp/import", 11),
        ("/api/v1/library/scan", 26),
    ],
)
def test_a_body_has_a_largest_size_by_its_route(
    both: tuple[Nginx, Behind], path: str, most: int
) -> None:
    proxy, _ = both
    with client(proxy) as api:
        assert api.post(path, content=bytes(most * 1024**2)).status_code == 200
        refused = api.post(path, content=bytes(most * 1024**2 + 1))
    assert_problem(refused, 413, "http.body_too_large", retryable=False)


def test_an_address_and_a_header_have_a_largest_size(both: tuple[Nginx, Behind]) -> None:
    proxy, _ = both
    with client(proxy) as api:
        assert api.get("/" + "a" * 8000).status_code == 200
        assert_problem(api.get("/" + "a" * 8300), 414, "http.uri_too_long", retryable=False)
        assert api.get("/", headers={"x-a": "a" * 8000}).status_code == 200
        large = api.get("/", headers={f"x-{n}": "a" * 6000 for n in range(4)})
    assert_problem(large, 431, "http.header_too_large", retryable=False)


def test_a_service_that_is_not_there_is_a_problem_that_may_be_tried_again(tmp_path: Path) -> None:
    with proxied(tmp_path) as (proxy, behind), client(proxy) as api:
        behind.close()
        answer = api.post("/api/v1/x", json={})
    assert_problem(answer, 502, "shared.unavailable", retryable=True)
    assert answer.headers["retry-after"] == "1"


def assert_problem(answer: httpx.Response, status: int, code: str, *, retryable: bool) -> None:
    """A problem document as the service's own, with its safe headers."""
    assert answer.status_code == status, answer.text[:200]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    document = json.loads(answer.text)
    assert (document["status"], document["code"]) == (status, code)
    assert document["retryable"] is retryable
    assert document["request_id"] == answer.headers["x-request-id"]
    assert set(document) == {
        "type", "title", "status", "detail", "instance", "code", "request_id", "timestamp",
        "retryable",
    }  # fmt: skip


def test_slow_clients_are_closed_in_time(both: tuple[Nginx, Behind]) -> None:
    proxy, behind = both
    behind.requests.clear()
    slow = {
        "a header by and by": [b"GET / HTTP/1.1\r\n" + HOST, *[b"X-A: b\r\n"] * 60],
        "half a body": [b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 10\r\n\r\nhello"],
        "nothing": [b""],
    }
    closed: dict[str, float] = {}

    def trickle(what: str) -> None:
        started = time.monotonic()
        with connect(proxy) as connection:
            connection.settimeout(1)
            for part in slow[what] + [b""] * 60:
                try:
                    connection.sendall(part)
                    if connection.recv(65536) == b"":
                        break
                except TimeoutError:
                    continue
                except OSError:
                    break
        closed[what] = time.monotonic() - started

    threads = [threading.Thread(target=trickle, args=[what]) for what in slow]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(closed.values()) < 15, closed
    assert behind.requests == [], "the service has not seen them"


def test_without_tls_nobody_is_led_on_to_send_a_password(both: tuple[Nginx, Behind]) -> None:
    proxy, _ = both
    with httpx.Client(base_url=f"http://127.0.0.1:{proxy.plain_port}", trust_env=False) as api:
        assert api.post("/api/v1/auth/login", json={}).status_code == 403
        led = api.get("/lists?x=1")
    assert led.status_code == 308
    assert led.headers["location"].endswith("/lists?x=1")
