"""``nodrake audit``: whether the audit log is what the service wrote."""

import argparse
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from application.audit.verify_audit_log import Verdict, Verification
from domain.audit.chain import Mark
from domain.audit.chain_check import Fault
from domain.audit.errors import BadMarkError, ChainBrokenError
from domain.shared.errors import DomainError
from entrypoints.cli.with_database import NoDatabaseError, with_database
from entrypoints.container import Container

_WHOLE, _BROKEN, _UNKNOWN = 0, 1, 2
_ABOUT = """\
Every security and data event leaves a row in the audit log. Each row is signed as it is written,
and a second later the worker seals it to the row before it, with a key that the database never
sees (it is derived from NODRAKE_SECRET). Whoever edits, removes, adds or moves a row breaks the
chain.

What the chain alone cannot show is that its end was cut off together with its head, or that the
whole database was put back to an earlier day. For that, keep the head somewhere else:

  nodrake audit head >> /somewhere/else/audit-heads     (once a day, say)
  nodrake audit verify --head /somewhere/else/audit-heads
"""
_VERIFY = """\
Read the whole log as of this moment, in memory that does not grow with it, while the service
goes on. Stops at the first bad row and names it by its place, id and time.

exit status: 0  the log is whole
             1  it is not: the first bad row is named on standard output
             2  it could not be checked (settings, database, a head of another log)
"""


def add_to(commands: Any) -> None:
    """Describe the commands."""
    raw = argparse.RawDescriptionHelpFormatter
    parser: argparse.ArgumentParser = commands.add_parser(
        "audit",
        help="check that nobody has tampered with the audit log",
        description=_ABOUT,
        formatter_class=raw,
    )
    parts = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    verify = parts.add_parser(
        "verify",
        help="name the first row that is not as it was written",
        description=_VERIFY,
        formatter_class=raw,
    )
    verify.add_argument(
        "--head",
        metavar="FILE|HEX",
        help="a head that `nodrake audit head` has printed, or a file whose last line is one",
    )
    verify.add_argument(
        "--grace",
        type=int,
        default=60,
        metavar="SECONDS",
        help="how long a row may wait for the worker to seal it (default: 60)",
    )
    verify.set_defaults(run=run_verify)
    head = parts.add_parser(
        "head",
        help="print the head of the chain, to be kept somewhere else",
        description="Print the signed place of the newest sealed row: 144 hexadecimal digits.",
    )
    head.set_defaults(run=run_head)


def run_verify(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Check, and say what was found."""

    async def verify(container: Container) -> Verdict:
        verdict: Verdict = await container.verify_audit_log()(
            Verification(
                kept=_kept(options.head),
                grace=timedelta(seconds=options.grace),
                progress=_progress,
            )
        )
        return verdict

    try:
        verdict = with_database(environ, verify)
    except (DomainError, NoDatabaseError, OSError) as error:
        return _cannot(error)
    if verdict.kept_is_too_old:
        _say("the kept head is older than what retention has removed: it proves nothing")
    if verdict.fault is not None:
        print(f"NOT WHOLE after {verdict.checked} good rows: {_named(verdict.fault)}")
        return _BROKEN
    position = verdict.head.position if verdict.head else 0
    removed = f", {verdict.floor.position} removed by retention" if verdict.floor else ""
    print(
        f"whole: {verdict.checked} rows up to place {position}{removed}, "
        f"{verdict.waiting} waiting to be sealed"
    )
    return _WHOLE


def run_head(_: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print it."""

    async def read(container: Container) -> Mark | None:
        mark: Mark | None = await container.read_chain_head()()
        return mark

    try:
        head = with_database(environ, read)
    except ChainBrokenError as error:
        print(f"nodrake: {error.detail}", file=sys.stderr)
        return _BROKEN
    except (DomainError, NoDatabaseError, OSError) as error:
        return _cannot(error)
    if head is None:
        _say("nothing has been sealed yet: is a worker running?")
        return _BROKEN
    print(head.to_hex())
    return _WHOLE


def _kept(text: str | None) -> Mark | None:
    if text is None:
        return None
    try:
        return Mark.from_hex(text)
    except BadMarkError:
        lines = Path(text).read_text("utf-8").split()
        return Mark.from_hex(lines[-1] if lines else "")


def _named(fault: Fault) -> str:
    parts = [
        f"place {fault.position}" if fault.position is not None else None,
        f"id {fault.record_id}" if fault.record_id is not None else None,
        fault.created_at.isoformat() if fault.created_at is not None else None,
    ]
    where = ", ".join(part for part in parts if part)
    return f"{where}: {fault.what}" if where else fault.what


def _progress(checked: int, total: int) -> None:
    if total > 0 and checked:
        _say(f"{checked} of {total} rows ({100 * checked // total} %)")


def _say(text: str) -> None:
    print(f"nodrake: {text}", file=sys.stderr, flush=True)


def _cannot(error: Exception) -> int:
    detail = error.detail if isinstance(error, DomainError) else str(error)
    _say(f"the audit log could not be checked: {detail}")
    return _UNKNOWN
