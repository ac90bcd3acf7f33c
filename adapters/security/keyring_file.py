"""The keyring in a file: read, watched while the process runs, replaced in one step."""

import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from adapters.security.derived_keys import KeyringSource
from domain.shared.keyring import Keyring, KeyringError, parse_keyring, render_keyring

_LOOK_EVERY_SECONDS = 1.0
_PRIVATE = 0o600
# Others must not read it, a group must not write it; that a group reads it is how Kubernetes
# hands a secret to a process that is not root.
_TOO_OPEN = stat.S_IRWXO | stat.S_IWGRP | stat.S_IXGRP


class KeyringLog(Protocol):
    """Where it is told that the keyring has changed, or cannot be read."""

    def info(self, event: str, *args: Any, **kw: Any) -> Any:
        """What happened as it should."""
        ...

    def error(self, event: str, *args: Any, **kw: Any) -> Any:
        """What somebody should look at."""
        ...


def read_keyring(path: Path) -> Keyring:
    """The keyring in that file; ``KeyringError`` with all that is wrong with it."""
    try:
        text = path.read_text("ascii")
        written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise KeyringError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise KeyringError(f"{path} is no keyring: it is not plain ASCII text") from error
    return parse_keyring(text, written_at)


def mode_complaint(path: Path) -> str | None:
    """Who else can reach the file; ``None`` where only its owner, or a group to read it, can."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _TOO_OPEN:
        return f"{path} has mode {mode:04o}: others than its owner can reach it; chmod 600 {path}"
    return None


class WatchedKeyring:
    """A ``KeyringSource`` that follows its file within a second of being asked.

    Whoever asks causes the look, so there is no task that could die. A file that cannot be used
    is reported once, and the keyring from before stays in force until the file is put right.
    """

    def __init__(self, path: Path, log: KeyringLog) -> None:
        self._path = path
        self._log = log
        self._looked_at = time.monotonic()
        self._seen = _signature(path)
        self._reported: object = None
        self._keyring = read_keyring(path)
        if complaint := mode_complaint(path):
            log.error("keyring", problem=complaint)

    def __call__(self) -> Keyring:
        """The same object until the file changes."""
        now = time.monotonic()
        if now - self._looked_at >= _LOOK_EVERY_SECONDS:
            self._looked_at = now
            self._look()
        return self._keyring

    def _look(self) -> None:
        signature = _signature(self._path)
        if signature == self._seen:
            return
        try:
            keyring = read_keyring(self._path)
        except KeyringError as error:
            if self._reported != signature:
                self._reported = signature
                self._log.error("keyring", problem=str(error))
            return  # and look again: it may have been read while it was being written
        self._seen, self._reported = signature, None
        if keyring != self._keyring:
            self._keyring = keyring
            self._log.info("keyring", keys={key.id: key.state.value for key in keyring.keys})


def open_keyring(path: Path | None, secret: bytes, log: KeyringLog) -> KeyringSource:
    """The keyring of the file, or without one that of the one secret."""
    if path is not None:
        return WatchedKeyring(path, log)
    keyring = Keyring.of_one(secret)
    return lambda: keyring


@contextmanager
def only_editor(path: Path) -> Iterator[None]:
    """Keep other editors of that file waiting."""
    try:
        folder = os.open(path.resolve().parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise KeyringError(f"{path.parent} cannot be opened: {error.strerror}") from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def write_keyring(path: Path, keyring: Keyring) -> None:
    """Replace the file in one step: a reader sees the old one or the new one, also after a crash.

    Owner and group stay; the mode is 0600, or 0640 where a group could read it before.
    """
    target = path.resolve()
    try:
        _replace(target, render_keyring(keyring).encode("ascii"))
    except OSError as error:
        raise KeyringError(f"{target} cannot be written: {error.strerror}") from error


def _replace(target: Path, content: bytes) -> None:
    before = target.stat() if target.exists() else None
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if before is not None:
                if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
                    os.fchown(file.fileno(), before.st_uid, before.st_gid)
                os.fchmod(file.fileno(), _PRIVATE | before.st_mode & stat.S_IRGRP)
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _signature(path: Path) -> object:
    try:
        found = path.stat()
    except OSError as error:
        return error.errno
    return (found.st_mtime_ns, found.st_ino, found.st_size)
