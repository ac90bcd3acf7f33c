"""One request, one log line, whatever it carries (OWASP ASVS 5.0, 16.4.1)."""

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

from adapters.telemetry.logs import _serialise
from tests.e2e.process import ROOT, environment, free_port

FORGED = '{"event": "request", "forged": true}'
# Everything that some reader takes for a new line, a command or an end.
NASTY = ["\r\n", "\n", "\r", "\x1b[2J\x1b[31m", "\u2028", "\u2029", "\x85", "\x9b1m", "\x7f", "\0"]
LINES = set("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


def percent(text: str) -> str:
    """Every byte escaped."""
    return "".join(f"%{byte:02x}" for byte in text.encode())


def requests() -> list[bytes]:
    """As raw as a client can make them."""
    made = []
    for nasty in NASTY:
        text = f"{nasty}{FORGED}{nasty}"
        made += [
            f"GET /api/v1/{percent(text)} HTTP/1.1\r\nHost: x\r\n".encode(),
            f"GET /health/live?q={percent(text)} HTTP/1.1\r\nHost: x\r\n".encode(),
            f"GET /api/v1/dnp/entries/{percent(text)} HTTP/1.1\r\nHost: x\r\n".encode(),
        ]
        if nasty not in {"\r\n", "\n", "\r", "\0"}:  # these end a field, or the connection
            header = text.encode()
            made += [
                b"GET /health/live HTTP/1.1\r\nHost: x\r\nUser-Agent: " + header + b"\r\n",
                b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Request-Id: " + header + b"\r\n",
            ]
    return made


def test_a_request_leaves_exactly_one_line(
    migrated_database_url: str, redis_url: str, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "log"
    settings = {
        "DATABASE_URL": migrated_database_url,
        "REDIS_URL": redis_url,
        "NODRAKE_PORT": str(port),
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "entrypoints.cli.main", "serve"],
            cwd=ROOT,
            env=environment(**settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(port, process)
        sent = requests()
        for request in sent:
            assert ask(port, request).startswith(b"HTTP/1.1 "), request
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    content = log.read_bytes().decode("utf-8")
    lines = content.split("\n")[:-1]
    assert not LINES & set(content.replace("\n", "")), "a reader would see more lines"
    assert len(lines) == len(content.splitlines()) == len(sent) + 1
    documents = [json.loads(line) for line in lines]
    assert not [document for document in documents if "forged" in document]
    # What is no HTTP at all is turned away by the server, which says so.
    served = [document for document in documents if document["event"] != "library"]
    assert len({document["request_id"] for document in served}) == len(served) > 30
    assert all(char.isprintable() for line in lines for char in line)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until a first request is answered."""
    deadline = time.monotonic() + 30
    while True:
        assert process.poll() is None
        assert time.monotonic() < deadline
        try:
            ask(port, b"GET /health/live HTTP/1.1\r\nHost: x\r\n")
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return


def ask(port: int, head: bytes) -> bytes:
    """The answer to a request that is sent byte by byte as it is."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head + b"Connection: close\r\n\r\n")
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return answer


def test_names_and_messages_stay_on_one_line_of_bounded_length() -> None:
    for nasty in NASTY:
        line = _serialise({"event": "import", "name": f"a{nasty}b", "list": [f"{nasty}"]})
        text = line.decode()
        assert len(text.splitlines()) == 1
        assert text.isprintable()
        assert json.loads(text)["name"] == f"a{nasty}b"
    key = uuid4().hex
    for value in ("\x01" * 20_000, ["x" * 2000] * 50, {"é" * 3000: "…" * 9000}):
        line = _serialise({"event": key, "level": "info", "value": value})
        assert len(line) <= 8 * 1024
        assert json.loads(line)["event"] == key
