"""How many rounds, with which seed, which rows; and the table at the end.

ROUNDS=2 ROWS=F-7,F-9 SEED=1 pytest tests/faults/rounds
"""

import os
import random
import re
from pathlib import Path

import pytest

from tests.faults.rounds.report import Report

_ROW = re.compile(r"test_([a-z])_0*(\d+)_")
_SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
_ROUNDS = int(os.environ.get("ROUNDS") or 20)
_REPORT = Report(_ROUNDS, _SEED)


@pytest.fixture
def rounds() -> int:
    """How often a random fault is repeated."""
    return _ROUNDS


@pytest.fixture
def seed() -> int:
    """What all chance of this run comes from; printed at its end."""
    return _SEED


@pytest.fixture
def dice(seed: int, request: pytest.FixtureRequest) -> random.Random:
    """Chance of the test's own."""
    return random.Random(f"{seed} {request.node.name}")


@pytest.fixture
def report() -> Report:
    """Where figures go."""
    return _REPORT


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the rows that ROWS names; refuse one that there is not."""
    wanted = {row.strip().upper() for row in os.environ.get("ROWS", "").split(",") if row.strip()}
    there = {_row_of(item.path) for item in items}
    if missing := wanted - there:
        raise pytest.UsageError(
            f"there is no row {', '.join(sorted(missing))}; there are {', '.join(sorted(there))}"
        )
    if wanted:
        config.hook.pytest_deselected(
            items=[item for item in items if _row_of(item.path) not in wanted]
        )
        items[:] = [item for item in items if _row_of(item.path) in wanted]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table, and where it was written."""
    if _REPORT.results:
        terminalreporter.section(f"faults, seed {_SEED}")
        terminalreporter.line(_REPORT.text())
        terminalreporter.line(_REPORT.keep())


def _row_of(path: Path) -> str:
    match = _ROW.match(path.name)
    return f"{match[1].upper()}-{match[2]}" if match else path.stem
