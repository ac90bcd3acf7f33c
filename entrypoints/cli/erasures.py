"""``nodrake erasures``: people who were erased stay erased, whatever backup is restored."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from entrypoints.cli.with_database import with_database

_EPILOGUE = """
Keep the list where no backup of the database is, and take it anew each day:

  nodrake erasures list > /elsewhere/erased

After a backup was restored, and before anybody is let in again:

  nodrake erasures replay /elsewhere/erased     the worker erases them within a minute
"""


def add_to(commands: Any) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "erasures",
        help="keep erased people erased when a backup is restored",
        description=(
            "A backup still has the people who were erased after it was made. The list has a "
            "keyed digest for each, which says nothing to whoever lacks the service's secret."
        ),
        epilog=_EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing: argparse.ArgumentParser = actions.add_parser(
        "list", help="print the digests, one on a line"
    )
    listing.set_defaults(run=run_list)
    replay: argparse.ArgumentParser = actions.add_parser(
        "replay", help="erase whoever is on a kept list and here again"
    )
    replay.add_argument("file", metavar="FILE", help="a kept list; - for standard input")
    replay.set_defaults(run=run_replay)


def run_list(_: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print the ledger."""
    for digest in with_database(environ, lambda container: container.list_erasures()()):
        print(digest.hex())
    return 0


def run_replay(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Schedule, and say how many."""
    try:
        text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text("ascii")
        digests = [bytes.fromhex(line) for line in text.split()]
    except (OSError, ValueError) as error:
        print(f"nodrake: {options.file} is no list of erasures: {error}", file=sys.stderr)
        return 2
    found = with_database(environ, lambda container: container.replay_erasures()(digests))
    print(f"{found} of {len(digests)} are here again; the worker erases them now")
    return 0
