"""``python -m benchmarks``: run the measurements, print them, write them to ``RESULTS.md``."""

import argparse
import os
import sys
from datetime import UTC, datetime

import psycopg

from benchmarks.measure_abuse import measure_abuse
from benchmarks.measure_audit import measure_audit
from benchmarks.measure_cost import measure_cost
from benchmarks.measure_enumeration import measure_enumeration
from benchmarks.measure_import import measure_import
from benchmarks.measure_list import measure_list
from benchmarks.measure_login import measure_login
from benchmarks.measure_long_import import measure_long_import
from benchmarks.measure_outage import measure_outage
from benchmarks.measure_refresh import measure_refresh
from benchmarks.measure_resolution import measure_resolution
from benchmarks.measure_scan import measure_scan
from benchmarks.measure_traces import measure_traces
from benchmarks.measure_web import measure_web
from benchmarks.result import RESULTS, Result, machine, report, table, write_section
from benchmarks.stage import Stage, stage

MEASUREMENTS = {
    "import": measure_import,
    "long-import": measure_long_import,
    "list": measure_list,
    "refresh": measure_refresh,
    "login": measure_login,
    "abuse": measure_abuse,
    "outage": measure_outage,
    "enumeration": measure_enumeration,
    "audit": measure_audit,
    "resolution": measure_resolution,
    "scan": measure_scan,
    "cost": measure_cost,
    "traces": measure_traces,
    "web": measure_web,
}
_MEANINGS = """
measurements:
  import   the list of 7,477 artists in one request: seconds, memory, and again
  long-import
           100,000 rows in one request beside a bare COPY of the same into the same tables
  list     a page of 50 against FastAPI, SQLAlchemy and asyncpg, and against pgbench
  refresh  20 refreshes of one token at once, 100 rounds: one successor each
  login    the p99 of a signed-in read while 64 connections try to sign in
  abuse    floods against honest sign-ins, one account hammered, pairs stuffed from one network
  outage   pages and sign-ins while Redis is dead or frozen, against the same with it alive
           (about 3 minutes)
  enumeration
           whether the time of an answer tells if an address has an account (about 3 minutes)
  audit    what it costs to sign, seal and check a record of the audit log
  resolution
           who is meant by rows of people's files, on a labelled set; merges of artists
  scan     50,000 tracks against a list of 10,000 artists, and how well credits are parsed
  cost     what a request costs in processor time, round trips and bytes, and what a user keeps
  traces   what it costs to trace requests, and what a frozen collector costs
  web      the web app in Chromium: its weight, the first screen, a list of 10,000 (about a minute;
           needs Node and Chromium)

All of them take about twelve minutes. They bring their own PostgreSQL and Redis in a temporary
folder and touch nothing else. A run of all of them is written to benchmarks/RESULTS.md. The
exit status is 1 where a bar was missed.
"""


def main() -> int:
    """0 if every bar was met, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the service on this machine, against others in the same run.",
        epilog=_MEANINGS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure (default: all)")
    names = parser.parse_args().names or list(MEASUREMENTS)
    if unknown := set(names) - set(MEASUREMENTS):
        parser.error(
            f"there is no {', '.join(sorted(unknown))}; there are {', '.join(MEASUREMENTS)}"
        )
    try:
        with stage() as running:
            found = _measure(names, running)
            postgres_version = _postgres_version(running)
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        return 130
    if set(names) == set(MEASUREMENTS):
        RESULTS.write_text(report(found, postgres_version), "utf-8")
    else:
        for name, results in found.items():
            write_section(name, _measured_alone(name, postgres_version), results)
    print(f"written: benchmarks/{RESULTS.name}")
    missed = [r.what for results in found.values() for r in results if r.met is False]
    for what in missed:
        print(f"missed: {what}")
    return 1 if missed else 0


def _measure(names: list[str], running: Stage) -> dict[str, list[Result]]:
    if "import" not in names:
        running.import_list()  # the others read it
    found = {}
    for name, measure in MEASUREMENTS.items():  # in this order: a fresh process imports first
        if name in names:
            print(f"{name} …", flush=True)
            found[name] = measure(running)
            print(table(found[name]), flush=True)
    return found


def _measured_alone(name: str, postgres_version: str) -> str:
    return (
        f"Measured by itself (`.venv/bin/python -m benchmarks {name}`) on "
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC. {machine()}, PostgreSQL {postgres_version}; "
        f"the machine's load in the last quarter of an hour was {os.getloadavg()[2]:.1f}."
    )


def _postgres_version(running: Stage) -> str:
    with psycopg.connect(running.database_url) as connection:
        row = connection.execute("show server_version").fetchone()
    assert row is not None
    return str(row[0])


if __name__ == "__main__":
    sys.exit(main())
