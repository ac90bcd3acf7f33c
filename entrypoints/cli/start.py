"""How the command ``nodrake`` begins: it can be ended before it knows what it is to do.

Importing the service takes a second or two, and the first process of a container has no default for
signals: a SIGTERM that comes meanwhile would be lost, and the container killed after its grace.
"""

import sys

from entrypoints.ending import end_loading_on_sigterm, end_unfinished_on_sigterm


def main() -> int:
    """Run a command, see ``entrypoints.cli.main``."""
    end_loading_on_sigterm()
    from entrypoints.cli.main import main as run  # noqa: PLC0415 - what takes so long

    return run(sys.argv[1:], loaded=end_unfinished_on_sigterm)
