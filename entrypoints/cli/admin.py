"""``nodrake admin``: what only the operator can do."""

import argparse
from collections.abc import Mapping
from typing import Any

from entrypoints.cli.with_database import with_database


def add_to(commands: Any) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "admin",
        help="make a code that turns a person into an administrator",
        description="What only the operator can do.",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    code: argparse.ArgumentParser = actions.add_parser(
        "code",
        help="make a code that turns a person into an administrator",
        description=(
            "Print a code that works once, within an hour. Whoever is signed in and sends it to "
            "POST /api/v1/admin/claim becomes an administrator. There are no default accounts."
        ),
    )
    code.set_defaults(run=run)


def run(_: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print a new code."""
    print(with_database(environ, lambda container: container.issue_admin_code()()))
    return 0
