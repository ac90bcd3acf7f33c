"""A folder of backups: which are there, how one comes into being, how one goes.

``NAME.dump.age`` holds the rows, ``NAME.json`` what is written down of them. The second is put in
place last, in one step: without it there is no backup, whatever else lies around.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from domain.shared.backup import FORMAT, BackupError, Manifest

_ROWS, _MANIFEST, _UNFINISHED = ".dump.age", ".json", ".unfinished"
_PRIVATE, _PRIVATE_FOLDER = 0o600, 0o700
_AT_ONCE = 1024 * 1024


class BackupFolder:
    """Backups under ``path``; whoever writes or removes holds ``only_writer``."""

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()

    @contextmanager
    def only_writer(self) -> Iterator[None]:
        """Until the block ends; ``BackupError`` where another process writes here.

        What an earlier one left unfinished is removed.
        """
        try:
            self._path.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
            lock = os.open(self._path / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
        except OSError as error:
            raise BackupError(f"{self._path} cannot be written to: {error.strerror}") from error
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BackupError(
                    f"another `nodrake backup` is writing to {self._path}: wait until it has ended"
                ) from error
            self._remove_unfinished()
            yield
        finally:
            os.close(lock)

    @contextmanager
    def new(self, name: str) -> Iterator[tuple[BinaryIO, Callable[[Manifest], None]]]:
        """A file to write the rows to, and what makes a backup of it; without that it is removed.

        ``BackupError`` where the disk does not take it.
        """
        unfinished = self._path / f"{name}{_ROWS}{_UNFINISHED}"
        rows, manifest = self.rows_of(name), self._path / f"{name}{_MANIFEST}"
        try:
            with _private(unfinished) as file:

                def finish(of: Manifest) -> None:
                    file.flush()
                    os.fsync(file.fileno())
                    written = self._write(manifest, msgspec.json.encode(of))
                    unfinished.rename(rows)
                    self._sync()
                    written.rename(manifest)
                    self._sync()

                yield file, finish
        except OSError as error:
            raise BackupError(
                f"the backup could not be written to {self._path}: {error.strerror or error}; "
                "nothing was kept of it"
            ) from error
        finally:
            unfinished.unlink(missing_ok=True)
            if not manifest.exists():
                rows.unlink(missing_ok=True)

    def all(self) -> list[Manifest]:
        """Every finished backup, newest first; ``BackupError`` for a manifest that is damaged."""
        found = [self._read(path) for path in self._path.glob(f"*{_MANIFEST}")]
        return sorted(found, key=lambda manifest: manifest.taken_at, reverse=True)

    def get(self, name: str) -> Manifest:
        """One by its name."""
        path = self._path / f"{name}{_MANIFEST}"
        if Path(name).name != name or not path.exists():
            raise BackupError(
                f"there is no backup {name} in {self._path}: `nodrake backup list` shows them"
            )
        return self._read(path)

    def rows_of(self, name: str) -> Path:
        """The file with the rows."""
        return self._path / f"{name}{_ROWS}"

    def is_whole(self, manifest: Manifest, *, thorough: bool = True) -> bool:
        """Whether the rows are there in full length; where ``thorough``, byte for byte."""
        if thorough:
            file = self.open_whole(manifest)
            if file is not None:
                file.close()
            return file is not None
        try:
            return self.rows_of(manifest.name).stat().st_size == manifest.size
        except FileNotFoundError:
            return False

    def open_whole(self, manifest: Manifest) -> BinaryIO | None:
        """The rows, of which all was read and found as it was written, at their beginning.

        Whoever reads them here reads the same file, whatever is put in its place meanwhile.
        """
        try:
            file = self.rows_of(manifest.name).open("rb")
        except FileNotFoundError:
            return None
        try:
            size = os.fstat(file.fileno()).st_size
            if size == manifest.size and _sha256_of(file) == manifest.sha256:
                file.seek(0)
                return file
        except BaseException:
            file.close()
            raise
        file.close()
        return None

    def remove(self, name: str) -> None:
        """The manifest first: from then on it is no backup."""
        (self._path / f"{name}{_MANIFEST}").unlink(missing_ok=True)
        self._sync()
        self.rows_of(name).unlink(missing_ok=True)

    def _read(self, path: Path) -> Manifest:
        try:
            manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
        except (OSError, msgspec.DecodeError) as error:
            raise BackupError(
                f"{path} cannot be read: {error}; move it away with its {_ROWS} if it is damaged"
            ) from error
        if manifest.format != FORMAT or f"{manifest.name}{_MANIFEST}" != path.name:
            raise BackupError(f"{path} is not of this release of nodrake, or was renamed")
        return manifest

    def _write(self, path: Path, content: bytes) -> Path:
        unfinished = path.with_name(path.name + _UNFINISHED)
        with _private(unfinished) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return unfinished

    def _sync(self) -> None:
        folder = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _remove_unfinished(self) -> None:
        for path in self._path.glob(f"*{_UNFINISHED}"):
            path.unlink(missing_ok=True)


def _sha256_of(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while part := file.read(_AT_ONCE):
        digest.update(part)
    return digest.hexdigest()


def _private(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, _PRIVATE), "wb", buffering=_AT_ONCE)
