"""The files of a dump, one after the other, wherever they are: in a folder or an archive."""

import bz2
import io
import lzma
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, cast

import msgspec

from domain.catalog.errors import BrokenDumpError

_READ_AT_ONCE = 1 << 20
_TAR_MAGIC_AT, _TAR_MAGIC = 257, b"ustar"
_COMPRESSIONS = {b"BZh": "bz2", b"\xfd7zXZ\x00": "xz"}
# What decompressors say of a file that breaks off or is none.
UNREADABLE = (EOFError, OSError, lzma.LZMAError, tarfile.TarError)


class DumpFile(msgspec.Struct, frozen=True, kw_only=True):
    """An open file of a dump; ``done`` says how much of the dump has been read, from 0 to 1."""

    name: str
    lines: IO[bytes]
    done: Callable[[], float]


def dump_files(path: Path, wanted: frozenset[str]) -> Iterator[DumpFile]:
    """The files called ``wanted`` in ``path``: a folder, an archive, or one file of lines.

    Archives are read once from front to back, and nothing is unpacked on the way. The name of a
    single file does not matter: it has the lines of the first of ``wanted`` in the alphabet.
    """
    if path.is_dir():
        yield from _in_folder(path, wanted)
        return
    with ExitStack() as stack:
        raw = stack.enter_context(path.open("rb"))
        total = max(1, path.stat().st_size)
        plain = stack.enter_context(_decompressed(raw))

        def done() -> float:
            return min(1.0, raw.tell() / total)

        head = plain.peek(_TAR_MAGIC_AT + len(_TAR_MAGIC))
        if head[_TAR_MAGIC_AT:].startswith(_TAR_MAGIC):
            archive = stack.enter_context(
                tarfile.open(fileobj=plain, mode="r|", bufsize=_READ_AT_ONCE)
            )
            for member in archive:
                name = member.name.rpartition("/")[2]
                if member.isfile() and name in wanted and _is_in_dump(member.name):
                    lines = archive.extractfile(member)
                    assert lines is not None
                    ahead = io.BufferedReader(cast(io.BufferedReader, lines), _READ_AT_ONCE)
                    yield DumpFile(name=name, lines=ahead, done=done)
        else:
            yield DumpFile(name=min(wanted), lines=plain, done=done)


def _is_in_dump(name: str) -> bool:
    folder = name.removeprefix("./").rpartition("/")[0]
    return folder in {"", "mbdump"}


def _decompressed(raw: io.BufferedReader) -> io.BufferedReader:
    head = raw.read(6)
    raw.seek(0)
    kind = next((k for magic, k in _COMPRESSIONS.items() if head.startswith(magic)), None)
    if kind == "bz2":
        return io.BufferedReader(bz2.BZ2File(raw), _READ_AT_ONCE)
    if kind == "xz":
        return io.BufferedReader(lzma.LZMAFile(raw), _READ_AT_ONCE)
    return io.BufferedReader(raw, _READ_AT_ONCE)


def _in_folder(path: Path, wanted: frozenset[str]) -> Iterator[DumpFile]:
    folder = path / "mbdump" if (path / "mbdump").is_dir() else path
    found = [file for name in sorted(wanted) if (file := folder / name).is_file()]
    if not found:
        raise BrokenDumpError(f"{path} has no file called {min(wanted)}, and no folder mbdump")
    total = max(1, sum(file.stat().st_size for file in found))
    before = 0
    for file in found:
        with file.open("rb", buffering=_READ_AT_ONCE) as lines:

            def done(lines: IO[bytes] = lines, before: int = before) -> float:
                return (before + lines.tell()) / total

            yield DumpFile(name=file.name, lines=lines, done=done)
        before += file.stat().st_size
