"""``nodrake keys reseal``: what is sealed in the database moves to the current key."""

import argparse
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from adapters.postgres.resealing import Resealed, ResealError, count_stale, reseal
from adapters.postgres.sealed_columns import SEALED_COLUMNS
from domain.shared.keyring import KeyringError
from entrypoints.container import Container
from entrypoints.settings import load_settings


def add_to(steps: Any) -> None:
    """Describe the step."""
    parser: argparse.ArgumentParser = steps.add_parser(
        "reseal",
        help="move what is sealed in the database to the current key",
        description=(
            "Seal every secret in the database again that is not under the current key. Safe at "
            "any time, several times at once and under load; when it was stopped, however that "
            "was, the next run goes on."
        ),
    )
    parser.add_argument("--batch", type=int, default=200, metavar="N", help="rows a transaction")
    parser.add_argument("--check", action="store_true", help="only count what is left to do")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Reseal and say how many; 1 while something is left."""
    settings = load_settings(environ)
    database_url = settings.database.own_sessions()
    box = Container(settings=settings).secret_box()
    if options.check:
        left = count_stale(database_url, box, SEALED_COLUMNS)
        print(f"{left} secrets are not under the current key")
        return int(left > 0)
    console = Console(stderr=True)
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*bar, TimeRemainingColumn(), console=console) as shown:
        tasks: dict[str, Any] = {}

        def tell(name: str, done: int, total: int) -> None:
            task = tasks[name] if name in tasks else tasks.setdefault(name, shown.add_task(name))
            shown.update(task, completed=done, total=total)

        result = reseal(
            database_url, box, SEALED_COLUMNS, batch=max(1, options.batch), progress=tell
        )
    return _told(result)


def refuse_if_needed(id: str, environ: Mapping[str, str]) -> None:
    """``KeyringError`` while something is sealed under another key than the current one."""
    settings = load_settings(environ)
    box = Container(settings=settings).secret_box()
    try:
        left = count_stale(settings.database.own_sessions(), box, SEALED_COLUMNS)
    except ResealError as error:
        raise KeyringError(
            "the database did not answer, so nobody knows whether something is still sealed under "
            f"key {id}: try again when it does"
        ) from error
    if left:
        raise KeyringError(
            f"{left} secrets are not under the current key, and without key {id} some of them "
            "could never be opened again: run `nodrake keys reseal` first"
        )


def _told(result: Resealed) -> int:
    print(f"{result.resealed} of {result.rows} secrets were sealed again under the current key")
    if result.unreadable:
        print(
            f"nodrake: {len(result.unreadable)} cannot be opened and were left as they are: they "
            "were altered, or their key is not in the keyring:",
            file=sys.stderr,
        )
        for place in result.unreadable[:20]:
            print(f"  {place}", file=sys.stderr)
    left = result.stale > len(result.unreadable)
    if left:
        print("nodrake: some changed meanwhile; run it again", file=sys.stderr)
    return int(left or bool(result.unreadable))
