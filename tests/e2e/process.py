"""The real command as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.entrypoints.serving import UNLIMITED

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def environment(**settings: str) -> dict[str, str]:
    """The environment of a machine that knows nothing of the service, and these settings.

    Limits are raised: tests are many people at one address.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("NODRAKE_") and name not in {"DATABASE_URL", "REDIS_URL"}
    }
    return inherited | UNLIMITED | settings


def nodrake(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "entrypoints.cli.main", *arguments],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Up:
    """``nodrake up`` on a port and a folder of its own."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = data.with_suffix(".log")
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "entrypoints.cli.main", "up", "--data", str(data)],
                cwd=ROOT,
                env=environment(NODRAKE_PORT=str(self.port), **settings),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        """Everything that it has printed."""
        return self._log.read_text()

    def wait(self) -> "Up":
        """Wait until it serves."""
        deadline = time.monotonic() + 60
        while True:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            try:
                if httpx.get(f"{self.url}/health/ready", trust_env=False).status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.1)

    def wait_for(self, text: str) -> None:
        """Wait until it has printed ``text``."""
        deadline = time.monotonic() + 30
        while text not in self.output:
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit status."""
        self.process.send_signal(number)
        return self.process.wait(30)


class Serve:
    """``nodrake serve`` on a port of its own, with the processes that it starts.

    ``tree`` is where its code is, if not here.
    """

    def __init__(
        self,
        log: Path,
        *,
        workers: int = 1,
        port: int | None = None,
        tree: Path = ROOT,
        **settings: str,
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "entrypoints.cli.main", "serve", "--workers", str(workers)],
                cwd=tree,
                env=environment(NODRAKE_PORT=str(self.port), **settings),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> "Serve":
        """Wait until it serves."""
        deadline = time.monotonic() + 60
        while True:
            assert self.process.poll() is None, self._log.read_text()[-2000:]
            assert time.monotonic() < deadline, self._log.read_text()[-2000:]
            try:
                if httpx.get(f"{self.url}/health/ready", trust_env=False).status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.05)

    def kill(self) -> None:
        """End all its processes at once, as a power cut does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)


@contextmanager
def serving(log: Path, *, workers: int = 1, **settings: str) -> Iterator[Serve]:
    """``nodrake serve``, until the block ends."""
    serve = Serve(log, workers=workers, port=None, tree=ROOT, **settings)
    try:
        yield serve.wait()
    finally:
        if serve.process.poll() is None:
            serve.kill()


class Worker:
    """``nodrake worker``."""

    def __init__(self, log: Path | None, **settings: str) -> None:
        with (log or Path(os.devnull)).open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "entrypoints.cli.main", "worker"],
                cwd=ROOT,
                env=environment(**settings),
                stdout=output,
                stderr=None if log is None else subprocess.STDOUT,
                start_new_session=True,
            )

    def end(self) -> int:
        """Have it end in order; the exit status."""
        self.process.terminate()
        return self.process.wait(30)

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait(30)


@contextmanager
def running_worker(settings: dict[str, str]) -> Iterator[None]:
    """``nodrake worker``, until the block ends."""
    worker = Worker(None, **settings)
    try:
        yield
    finally:
        assert worker.end() == 0


@contextmanager
def running(data: Path, **settings: str) -> Iterator[Up]:
    """The service, until the block ends."""
    up = Up(data, **settings)
    try:
        yield up.wait()
    finally:
        if up.process.poll() is None:
            up.end()


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> float:
    """Ask until it holds; the seconds that it took, or ``AssertionError`` after so many."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, f"not in {seconds} s: {what}"
        time.sleep(0.02)
    return time.monotonic() - started


def processes_with(text: str) -> list[int]:
    """Processes whose command line holds ``text``."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if text in command:
                found.append(int(entry.name))
    return found


def wait_until_gone(text: str) -> None:
    """Wait until no process holds ``text`` in its command line."""
    deadline = time.monotonic() + 30
    while processes_with(text):
        assert time.monotonic() < deadline, f"still there: {processes_with(text)}"
        time.sleep(0.05)
