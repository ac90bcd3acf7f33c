"""``nodrake``: one command for whoever runs the service."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version

from adapters.embedded.errors import EmbeddedServerError
from adapters.postgres.migrations import MigrationError
from adapters.postgres.reach import NoDatabaseError, told_refusals
from adapters.postgres.resealing import ResealError
from domain.shared.backup import BackupError
from domain.shared.keyring import KeyringError
from entrypoints.settings import SettingsError

_EPILOGUE = """
to try it on this machine:     nodrake up
to look through one's library: nodrake scan --list list.csv YourLibrary.json
to run it in production:       nodrake migrate && nodrake serve   (and: nodrake worker)
all settings and their values: nodrake settings
"""
_BAD_SETTINGS = _BAD_USAGE = 2
# Modules of this package, in the order in which help lists them.
_COMMANDS = (
    "up", "serve", "worker", "migrate", "admin", "audit", "backup", "catalog", "keys", "doctor",
    "erasures", "settings", "scan", "openapi",
)  # fmt: skip


def main(
    arguments: Sequence[str] | None = None, *, loaded: Callable[[], None] | None = None
) -> int:
    """Run a command; 0 when it went well, 1 when it did not, 2 for settings or usage.

    ``loaded`` is called when all is imported and nothing is begun.
    """
    parser = argparse.ArgumentParser(
        prog="nodrake",
        description="One do-not-play list of artists for every streaming service.",
        epilog=_EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=version("nodrake"))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    given = sys.argv[1:] if arguments is None else list(arguments)
    # Loading all of them takes a second and a half, and each process of a service would.
    for command in given[:1] if given and given[0] in _COMMANDS else _COMMANDS:
        import_module(f"{__package__}.{command}").add_to(commands)
    if not given:
        parser.print_help(sys.stderr)
        return _BAD_USAGE
    options = parser.parse_args(given)
    if loaded is not None:
        loaded()
    try:
        with told_refusals():
            return int(options.run(options, os.environ))
    except SettingsError as error:
        print("nodrake: these settings cannot be used:", file=sys.stderr)
        for problem in error.problems:
            print(f"  {problem}", file=sys.stderr)
        return _BAD_SETTINGS
    except KeyringError as error:
        print("\n".join(f"nodrake: {problem}" for problem in error.problems), file=sys.stderr)
        return 1
    except (
        BackupError,
        EmbeddedServerError,
        MigrationError,
        NoDatabaseError,
        ResealError,
    ) as error:
        print(f"nodrake: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
