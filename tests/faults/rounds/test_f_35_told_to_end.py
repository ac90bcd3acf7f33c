"""F-35: SIGTERM under load, with a stream that nobody takes and jobs that are due."""

import socket
import subprocess
import time
from secrets import token_hex

import httpx
import psycopg

from tests.e2e.process import Worker, wait_for
from tests.faults.rounds.figures import between
from tests.faults.rounds.load import Load
from tests.faults.rounds.nginx import nginx
from tests.faults.rounds.oracle import NO_ANSWER, Account
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import Api, Stack, stack

LONGEST_END = 10.0
LONGEST_HURRY = 1.0
LONGEST_REST = 5.0


def fill(running: Stack, person: Account) -> None:
    """A list of several megabytes, so that an export of it fits into no buffer."""
    rows = "".join(f"Band,{n:022d},{token_hex(200)}\n" for n in range(8000))
    headers = {**person.headers, "content-type": "text/csv"}
    with httpx.Client(base_url=running.urls[0], trust_env=False, timeout=60) as api:
        content = "artist,id,note\n" + rows
        api.post("/api/v1/dnp/import", content=content, headers=headers).raise_for_status()


def stalled(api: Api, person: Account) -> socket.socket:
    """An export that has begun and of which nothing is taken."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    connection.settimeout(20)
    connection.connect(("127.0.0.1", api.port))
    connection.sendall(
        "GET /api/v1/dnp/export HTTP/1.1\r\nhost: localhost\r\n"
        f"authorization: {person.headers['authorization']}\r\n\r\n".encode()
    )
    assert connection.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 200"
    return connection


def is_whole(connection: socket.socket) -> bool:
    """Whether an answer seems to have come to its end."""
    last = b""
    try:
        while part := connection.recv(65536):
            last = (last + part)[-16:]
    except ConnectionResetError:
        pass
    return last.endswith(b"0\r\n\r\n")


def hurried(api: Api) -> float:
    """SIGTERM twice; the seconds from the second one to the end."""
    assert api.serve is not None
    api.serve.process.terminate()
    wait_for(lambda: api.ready() == 503, 10, "it is not ready")
    again = time.monotonic()
    api.serve.process.terminate()
    api.serve.process.wait(30)
    return time.monotonic() - again


def ended(process: "subprocess.Popen[bytes]") -> float:
    """SIGTERM; the seconds to the end, with status 0."""
    started = time.monotonic()
    process.terminate()
    assert process.wait(30) == 0
    return time.monotonic() - started


def oldest_event(running: Stack) -> float:
    """Seconds for which an event has waited to be told."""
    with psycopg.connect(running.database_url) as connection:
        row = connection.execute(
            "select extract(epoch from now() - min(occurred_at)) from outbox "
            "where relayed_at is null"
        ).fetchone()
    return float(row[0] or 0) if row else 0.0


def test_it_says_so_finishes_and_is_gone(rounds: int, seed: int, report: Report) -> None:
    ends, hurries, workers, rests, cut = [], [], [], [], 0
    with stack() as running:
        ports = [api.port for api in running.apis]
        people = running.people(4)
        reader = running.people(1)[0]
        fill(running, reader)
        other = Worker(running.folder / "other-worker.log", **running.settings)
        with (
            nginx(running.folder, ports) as proxy,
            Load(running.oracle, [proxy.url], people, running.artists, rate=60, seed=seed) as load,
        ):
            for turn in range(rounds):
                api = running.apis[turn % 2]
                with stalled(api, reader) as stream:
                    status, seconds = api.end()
                    assert status == 0
                    cut += not is_whole(stream)
                ends.append(seconds)
                assert running.worker is not None
                workers.append(ended(running.worker.process))
                rests.append(oldest_event(running))
                running.worker = Worker(running.folder / "worker.log", **running.settings)
                api.start()
                api.wait()
                rests.append(oldest_event(running))
            over = time.monotonic()
        lost = [
            each
            for each in between(load.outcomes, 0, over)
            if each.status == NO_ANSWER or each.status >= 500
        ]
        assert running.complaints(people) == []
        for api in running.apis:
            hurries.append(hurried(api))
        other.kill()
        assert running.worker is not None
        running.worker.kill()
    report.add(
        "F-35",
        "SIGTERM with a stream open, jobs due and requests coming through nginx",
        f"{len(lost)} of {len(load.outcomes):,} requests lost, {cut} streams seen to be cut off; "
        f"API gone within {max(ends):.1f} s, worker {max(workers):.1f} s, on a second SIGTERM "
        f"{max(hurries):.2f} s; events wait {max(rests):.1f} s",
        f"0 lost, all told, ≤ {LONGEST_END:.0f} s, ≤ {LONGEST_HURRY:.0f} s, ≤ {LONGEST_REST:.0f} s",
        met=not lost
        and cut == rounds
        and max(*ends, *workers) <= LONGEST_END
        and max(hurries) <= LONGEST_HURRY
        and max(rests) <= LONGEST_REST,
    )
    assert (lost, cut) == ([], rounds)
    assert max(*ends, *workers) <= LONGEST_END
    assert max(hurries) <= LONGEST_HURRY
    assert max(rests) <= LONGEST_REST
