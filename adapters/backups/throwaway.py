"""A folder for what is thrown away, even by a process that was killed."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "nodrake-verify-"
# PostgreSQL may run as another user than we do.
_REACHED_BY_ALL = 0o755


@contextmanager
def throwaway_folder(within: Path) -> Iterator[Path]:
    """A new one, locked while it is in use and then removed.

    Those that killed processes have left go first: they hold what people have written.
    """
    _remove_left(within)
    folder, lock = _made(within)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
        os.close(lock)


def _made(within: Path) -> tuple[Path, int]:
    """It, and its lock, which a process loses as it dies."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=within))
        with suppress(FileNotFoundError):  # another process has taken it for left: make another
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                folder.chmod(_REACHED_BY_ALL)
            except FileNotFoundError:
                os.close(lock)
                raise
            return folder, lock


def _remove_left(within: Path) -> None:
    for folder in within.glob(f"{_PREFIX}*"):
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:  # gone meanwhile, no folder, or somebody else's
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(lock).st_uid == os.geteuid():
                shutil.rmtree(folder, ignore_errors=True)  # what is left of it goes the next time
        except BlockingIOError:
            pass
        finally:
            os.close(lock)
