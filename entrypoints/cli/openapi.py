"""``nodrake openapi``: the API's document."""

import argparse
import sys
from collections.abc import Mapping
from typing import Any

from entrypoints.http.app import api_document


def add_to(commands: Any) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "openapi",
        help="print the API's OpenAPI document",
        description="Print the OpenAPI 3.1 document; it needs no server and no settings.",
    )
    parser.set_defaults(run=run)


def run(_: argparse.Namespace, __: Mapping[str, str]) -> int:
    """Print it."""
    sys.stdout.buffer.write(api_document())
    return 0
