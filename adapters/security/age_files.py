"""Files encrypted with age (https://age-encryption.org/v1), read and written as streams."""

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import pyrage

from domain.shared.backup import BackupError

_SECRET = re.compile(r"AGE-SECRET-KEY-1[A-Z0-9]+")
_PRIVATE = 0o600


class Reader(Protocol):
    """Where bytes come from."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` of them; none at the end."""
        ...


class Writer(Protocol):
    """Where bytes go to."""

    def write(self, data: bytes, /) -> int:
        """Take all of them."""
        ...

    def flush(self) -> None:
        """Pass on what was taken."""
        ...


def encrypt(reader: Reader, writer: Writer, recipients: Sequence[str]) -> None:
    """Everything that can be read, for whoever has the key of one of the recipients.

    In memory that does not grow. What reader and writer raise comes out as it was raised.
    """
    known = [_recipient(text) for text in recipients]
    if not known:
        raise BackupError("nobody could read the backup: name recipients")
    source, target = _KeptErrors(reader), _KeptErrors(writer)
    try:
        pyrage.encrypt_io(source, target, known)
    except (pyrage.EncryptError, OSError) as error:
        raise source.error or target.error or error from error


def decrypt(reader: Reader, writer: Writer, identities: Sequence[str]) -> None:
    """What was encrypted; ``BackupError`` where the key is another one, or the file is damaged.

    No byte is passed on before it was authenticated; that the end is missing shows at the end.
    """
    source, target = _KeptErrors(reader), _KeptErrors(writer)
    try:
        pyrage.decrypt_io(source, target, [pyrage.x25519.Identity.from_str(i) for i in identities])
    except (pyrage.DecryptError, OSError) as error:
        if kept := source.error or target.error:
            raise kept from error
        if "No matching keys" in str(error):
            raise BackupError(
                "the backup is for another key than the one in the identity file"
            ) from error
        raise BackupError(f"the backup is damaged: {error}") from error


def read_identities(path: Path) -> list[str]:
    """The secret keys in a file as age-keygen writes it; ``BackupError`` where there is none."""
    try:
        found = _SECRET.findall(path.read_text("ascii"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not plain text"
        raise BackupError(f"the identity file {path} cannot be read: {reason}") from error
    try:
        for text in found:
            pyrage.x25519.Identity.from_str(text)
    except pyrage.IdentityError as error:
        raise BackupError(f"{path}: one of its keys is mistyped: {error}") from error
    if not found:
        raise BackupError(
            f"{path} has no line AGE-SECRET-KEY-1…: `nodrake backup key FILE` or age-keygen makes "
            "such a file"
        )
    return found


def write_identity(path: Path) -> str:
    """Make a key, write it to a new file for its owner alone; the recipient that belongs to it."""
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE)
    except FileExistsError as error:
        raise BackupError(f"{path} is there already: a key is never overwritten") from error
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}") from error
    with os.fdopen(file, "w", encoding="ascii") as text:
        text.write(f"# public key: {recipient}\n{identity}\n")
    return recipient


def _recipient(text: str) -> "pyrage.x25519.Recipient":
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise BackupError(f"{text} is no recipient of age, it may be mistyped: {error}") from error


class _KeptErrors:
    """A stream whose error is kept: the library passes on no more than its text."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.error: Exception | None = None

    def read(self, size: int = -1, /) -> bytes:
        """From the stream."""
        data: bytes = self._kept(self._stream.read, size)
        return data

    def write(self, data: bytes, /) -> int:
        """To the stream, all of it."""
        self._kept(self._stream.write, data)
        return len(data)

    def flush(self) -> None:
        """To the stream."""
        self._kept(self._stream.flush)

    def _kept(self, act: Callable[..., Any], *arguments: object) -> Any:
        try:
            return act(*arguments)
        except Exception as error:
            self.error = error
            raise
