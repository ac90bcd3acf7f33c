"""How far an import has come: a bar on a terminal, a line now and then elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from application.catalog.import_catalog import ImportProgress
from application.catalog.imports import ImportStage

_WORDS = {ImportStage.READING: "reading", ImportStage.MERGING: "merging"}
_STEP = 0.05  # of what is being done, between two lines


@contextmanager
def shown_progress(stream: TextIO) -> Iterator[Callable[[ImportProgress], None]]:
    """What to call each time that something has been done."""
    if not stream.isatty():
        yield _Lines(stream)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    numbers = TextColumn("{task.fields[artists]:,} artists")
    console = Console(file=stream)
    with Progress(*columns, numbers, TimeRemainingColumn(), console=console) as bars:
        tasks = {
            stage: bars.add_task(word, total=1.0, artists=0, visible=False)
            for stage, word in _WORDS.items()
        }

        def show(progress: ImportProgress) -> None:
            bars.update(
                tasks[progress.stage],
                completed=progress.done,
                artists=progress.artists,
                visible=True,
            )

        yield show


class _Lines:
    """A line for every twentieth of a stage."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._told: tuple[ImportStage, int] | None = None

    def __call__(self, progress: ImportProgress) -> None:
        step = (progress.stage, int(progress.done / _STEP))
        if step != self._told:
            self._told = step
            print(
                f"nodrake: {_WORDS[progress.stage]} {100 * progress.done:.0f} %, "
                f"{progress.artists} artists",
                file=self._stream,
                flush=True,
            )
