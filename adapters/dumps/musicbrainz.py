"""MusicBrainz's dumps, in either layout, as batches of rows to be staged."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from adapters.dumps.files import UNREADABLE, DumpFile, dump_files
from application.catalog.imports import Broken, DumpBatch, DumpMark
from domain.catalog.dump_rows import Cell, StagedRow, Staging
from domain.catalog.errors import BrokenDumpError
from domain.catalog.musicbrainz import json_lines, tables

_FILES = frozenset(tables.TABLES)
_ROWS_A_BATCH = 20_000
_LINES_A_BATCH = 200_000  # of files that most lines of are passed over
_MOST_BROKEN = 100  # of one batch: a dump of another layout has nothing but broken lines
_LONGEST_LINE = 64 << 20
# Without these, artists would lose names and ids that they have.
_NEEDED = ("artist", "artist_alias", "artist_type", "l_artist_url", "link", "url")

LineReader = Callable[[bytes, int], list[StagedRow]]


class MusicBrainzDump:
    """``ArtistDump`` of a folder ``mbdump``, a ``.tar.bz2`` or ``.tar.xz``, or a file of lines."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def mark(self) -> DumpMark:
        """Its name, and the sizes and times of its files."""
        path = self._path
        try:
            files = [path] if not path.is_dir() else sorted(path.rglob("*"))
            marks = [
                f"{file.name}:{file.stat().st_size}:{file.stat().st_mtime_ns}"
                for file in files
                if file.is_file() and (file == path or file.name in _FILES)
            ]
        except OSError as error:
            raise BrokenDumpError(f"{path}: {error.strerror}") from error
        if not marks:
            raise BrokenDumpError(f"{path}: there is no dump of MusicBrainz there")
        return DumpMark(name=path.resolve().name, mark=" ".join(marks))

    def read(self, lines_read: Mapping[str, int], /) -> Iterator[DumpBatch]:
        """File by file, in the order in which they are in the archive."""
        seen = set()
        in_json = False
        try:
            for file in dump_files(self._path, _FILES):
                if file.name == json_lines.FILE and _first_of(file) == b"{":
                    in_json = True
                yield from _batches(file, in_json=in_json, skip=lines_read.get(file.name, 0))
                seen.add(file.name)
                if in_json:
                    return
        except UNREADABLE as error:
            raise BrokenDumpError(f"{self._path} cannot be read to its end: {error}") from error
        if missing := [name for name in _NEEDED if name not in seen]:
            raise BrokenDumpError(
                f"{self._path} lacks {', '.join(f'mbdump/{name}' for name in missing)}"
            )


def _first_of(file: DumpFile) -> bytes:
    peek: Callable[[int], bytes] = getattr(file.lines, "peek")  # noqa: B009
    return peek(1)[:1]


def _batches(file: DumpFile, *, in_json: bool, skip: int) -> Iterator[DumpBatch]:
    lines = iter(lambda: file.lines.readline(_LONGEST_LINE), b"")
    number = sum(1 for _ in islice(lines, skip))
    read: LineReader = json_lines.read_line if in_json else _table_reader(file.name)
    while True:
        rows: dict[Staging, list[tuple[Cell, ...]]] = {}
        broken: list[Broken] = []
        count, began = 0, number
        for line in islice(lines, _LINES_A_BATCH):
            number += 1
            try:
                staged = read(line, number)
                if not line.endswith(b"\n") and not in_json:
                    raise BrokenDumpError("the line breaks off")
            except BrokenDumpError as error:
                broken.append(Broken(file=file.name, line=number, reason=error.detail))
                if len(broken) >= _MOST_BROKEN:
                    break
                continue
            for staging, row in staged:
                rows.setdefault(staging, []).append(row)
            count += len(staged)
            if count >= _ROWS_A_BATCH:
                break
        if number == began:
            return
        yield DumpBatch(
            file=file.name, lines=number, done=file.done(), rows=rows, broken=tuple(broken)
        )


def _table_reader(table: str) -> LineReader:
    def read(line: bytes, _: int) -> list[StagedRow]:
        return tables.read_line(table, line)

    return read
