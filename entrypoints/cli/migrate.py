"""``nodrake migrate``: the schema."""

import argparse
from collections.abc import Mapping
from typing import Any

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
    parser.set_defaults(run=run)


def run(_: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Apply and say what was applied."""
    database_url = load_settings(environ).database.url.value.decode()
    applied = migrate(database_url)
    print("\n".join(f"applied {name}" for name in applied) or "the schema is up to date")
    return 0
