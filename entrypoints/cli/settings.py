"""``nodrake settings``: what can be set, and what it is set to."""

import argparse
from collections.abc import Mapping
from typing import Any

from entrypoints.setting_table import SETTINGS


def add_to(commands: Any) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "settings",
        help="list all settings",
        description="List every setting with its default and whether the environment sets it.",
    )
    parser.add_argument("--markdown", action="store_true", help="as the table of the README")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print the table; values of secrets are not shown."""
    if options.markdown:
        print(markdown())
        return 0
    for setting in SETTINGS:
        default = f"default: {setting.default}" if setting.default else "not set"
        state = "set" if environ.get(setting.variable) else default
        print(f"{setting.variable:32} {state}\n    {setting.meaning}")
    return 0


def markdown() -> str:
    """The table as the README has it."""
    rows = [
        f"| `{setting.variable}` | {_default(setting.default)} | {setting.meaning} |"
        for setting in SETTINGS
    ]
    return "\n".join(["| variable | default | what it does |", "| --- | --- | --- |", *rows])


def _default(text: str | None) -> str:
    return f"`{text}`" if text else "–"
