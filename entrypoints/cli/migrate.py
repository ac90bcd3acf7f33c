"""``nodrake migrate``: the schema."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.postgres.grants import grant_application_role
from adapters.postgres.migrations import migrate
from adapters.postgres.reach import require_database
from adapters.postgres.sample import load_sample
from entrypoints.settings import load_settings

_SAMPLE = Path(__file__).with_name("sample_artists.txt")


def add_to(commands: Any) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "migrate",
        help="bring the database's schema up to date",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=(
            "Apply the migrations that are missing, each in a transaction of its own. Safe to "
            "run at any time and from several hosts at once; it never waits long for a lock.\n\n"
            "In production, migrate as the role that owns the tables and let the service sign in "
            "as another one, which can neither change the schema nor rewrite the audit log:\n\n"
            "  psql -c \"create role nodrake_app login password '...'\"\n"
            "  NODRAKE_APPLICATION_ROLE=nodrake_app nodrake migrate\n\n"
            "That grants the role exactly what it needs, each time again."
        ),
    )
    parser.add_argument(
        "--sample",
        action="store_true",
        help="put a few made-up artists into a catalogue that has none, for development",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Apply and say what was applied."""
    database = load_settings(environ).database
    database_url = database.own_sessions()
    require_database(database_url)
    applied = migrate(database_url)
    print("\n".join(f"applied {name}" for name in applied) or "the schema is up to date")
    if database.application_role:
        grant_application_role(database_url, database.application_role)
        print(f"granted what the application needs to {database.application_role}")
    if options.sample:
        print(f"catalogue: {load_sample(database_url, sample_artists())} sample artists loaded")
    return 0


def sample_artists() -> list[str]:
    """Names of artists that there are not."""
    return _SAMPLE.read_text("utf-8").splitlines()
