"""``nodrake admin``: what only the operator can do."""

import argparse
import asyncio
from collections.abc import Mapping
from typing import Any

from entrypoints.container import Container
from entrypoints.settings import Settings, load_settings


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
    print(asyncio.run(_issue(load_settings(environ))))
    return 0


async def _issue(settings: Settings) -> str:
    container = Container(settings=settings)
    pool = container.pool()
    await pool.open()
    try:
        return str(await container.issue_admin_code()())
    finally:
        await pool.close(timeout=3)
