"""``nodrake migrate``: the schema."""

import argparse
from collections.abc import Mapping
from typing import Any

from adapters.postgres.grants import grant_to
from adapters.postgres.migrations import migrate
from entrypoints.settings import load_settings


def add_to(commands: Any) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "migrate",
        help="bring the database's schema up to date",
        description=(
            "Apply the migrations that are missing, each in a transaction of its own. Safe to "
            "run at any time and from several hosts at once; it never waits long for a lock."
        ),
    )
    parser.add_argument(
        "--grant-to",
        metavar="ROLE",
        help="afterwards, let ROLE read and write the data and nothing else: the service's own "
        "role, which then is neither superuser nor owner",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Apply and say what was applied."""
    database_url = load_settings(environ).database.url.value.decode()
    applied = migrate(database_url)
    print("\n".join(f"applied {name}" for name in applied) or "the schema is up to date")
    if options.grant_to:
        grant_to(database_url, options.grant_to)
        print(f"{options.grant_to} may read and write the data")
    return 0
