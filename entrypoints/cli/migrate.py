"""``nodrake migrate``: the schema."""

import argparse
from collections.abc import Mapping
from typing import Any

from adapters.postgres.grants import grant_application_role
from adapters.postgres.migrations import migrate
from adapters.postgres.reach import require_database
from entrypoints.settings import load_settings


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
    parser.set_defaults(run=run)


def run(_: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Apply and say what was applied."""
    database = load_settings(environ).database
    database_url = database.own_sessions()
    require_database(database_url)
    applied = migrate(database_url)
    print("\n".join(f"applied {name}" for name in applied) or "the schema is up to date")
    if database.application_role:
        grant_application_role(database_url, database.application_role)
        print(f"granted what the application needs to {database.application_role}")
    return 0
