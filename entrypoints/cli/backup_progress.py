"""How far a backup has come: bars on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

_SECONDS_BETWEEN_LINES = 10.0


class Shown(Protocol):
    """What is told of as it goes on."""

    def moved(self, count: int) -> None:
        """So many bytes more were written or read."""
        ...

    def checked(self, table: str, share: float) -> None:
        """The rows of ``table`` come now; ``share`` of all is done, from 0 to 1."""
        ...


@contextmanager
def shown_progress(stream: TextIO, doing: str, total: int | None) -> Iterator[Shown]:
    """What to tell while ``doing`` it; ``total`` bytes are expected, if that is known."""
    if not stream.isatty():
        yield _Lines(stream, doing, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(file=stream)) as bars:
        yield _Bars(bars, doing, total)


class _Bars:
    """Bytes in a bar of their own; the table that is looked at beside it."""

    def __init__(self, bars: Progress, doing: str, total: int | None) -> None:
        self._bars = bars
        self._doing = doing
        self._task = bars.add_task(doing, total=total)

    def moved(self, count: int) -> None:
        """The bar moves."""
        self._bars.advance(self._task, count)

    def checked(self, table: str, share: float) -> None:
        """The words change."""
        told = f", {share:.0%} of the rows checked: {table}" if table else ""
        self._bars.update(self._task, description=f"{self._doing}{told}")


class _Lines:
    """A line every ten seconds."""

    def __init__(self, stream: TextIO, doing: str, total: int | None) -> None:
        self._stream = stream
        self._doing = doing
        self._total = total
        self._bytes = 0
        self._told_at = time.monotonic()

    def moved(self, count: int) -> None:
        """Now and then."""
        self._bytes += count
        of = f" of {self._total / 1e6:.0f}" if self._total else ""
        self._tell(f"{self._doing}, {self._bytes / 1e6:.0f}{of} MB")

    def checked(self, table: str, share: float) -> None:
        """Now and then."""
        self._tell(f"checking the rows, {share:.0%}: {table}")

    def _tell(self, text: str) -> None:
        if time.monotonic() - self._told_at >= _SECONDS_BETWEEN_LINES:
            self._told_at = time.monotonic()
            print(f"nodrake: {text}", file=self._stream, flush=True)
