"""An archive of WAL: whether every segment is there that going forward from a base backup takes.

Names are as in https://www.postgresql.org/docs/current/continuous-archiving.html: eight digits each
of timeline, log and segment; ``00000002.history`` tells where a timeline has left the one before;
``SEGMENT.OFFSET.backup`` that a base backup begins there.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from domain.shared.backup import BackupError

_SEGMENT = re.compile(r"([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})")
_BASE = re.compile(r"([0-9A-F]{24})\.[0-9A-F]{8}\.backup")
_SWITCH = re.compile(r"^\s*(\d+)\s+([0-9A-F]+)/([0-9A-F]+)", re.MULTILINE)
_LOG = 2**32  # bytes that one log number stands for


class WalArchive(msgspec.Struct, frozen=True, kw_only=True):
    """What was found: ``first`` and ``last`` segment, ``problems`` in words, newest file's time."""

    first: str
    last: str
    segments: int
    problems: tuple[str, ...]
    newest_at: float


def examine_archive(folder: Path, segment_bytes: int = 16 * 1024**2) -> WalArchive:
    """From the oldest base backup (without one: the oldest segment) to the end of the newest
    timeline; ``BackupError`` where there is nothing to look at.
    """
    try:
        names = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise BackupError(f"{folder} cannot be read: {error.strerror}") from error
    there = sorted(name for name in names if _SEGMENT.fullmatch(name))
    if not there:
        raise BackupError(f"{folder} has no segment of WAL: check archive_command, and the folder")
    counted = _Numbers(_LOG // segment_bytes)
    bases = sorted(match[1] for name in names if (match := _BASE.fullmatch(name))) or there
    last = there[-1]
    newest = int(last[:8], 16)
    # Where nothing older is kept than the newest timeline, it does not matter where that came from.
    is_newest = all(base[:8] == last[:8] for base in bases)
    switches = [] if is_newest else _switches(folder, newest, segment_bytes, counted)
    # Others are of a timeline that was given up before they were made: nothing leads on from there.
    first = next(
        base
        for base in (*bases, last)
        if _timeline(counted.number(base), switches, newest) == int(base[:8], 16)
    )
    begin, end = counted.number(first), counted.number(last)
    problems = []
    for number in range(begin, max(begin, end) + 1):
        name = counted.name(_timeline(number, switches, newest), number)
        if name not in names:
            problems.append(f"{name} is missing: nothing after it can be reached")
        elif (size := (folder / name).stat().st_size) != segment_bytes:
            problems.append(f"{name} has {size} bytes, not {segment_bytes}: it was cut off")
    return WalArchive(
        first=first,
        last=last,
        segments=max(0, end - begin + 1),
        problems=tuple(problems),
        newest_at=max((folder / name).stat().st_mtime for name in there),
    )


class _Numbers:
    """Segments counted through, whatever their timeline."""

    def __init__(self, per_log: int) -> None:
        self._per_log = per_log

    def number(self, name: str) -> int:
        """Of a segment."""
        return int(name[8:16], 16) * self._per_log + int(name[16:], 16)

    def name(self, timeline: int, number: int) -> str:
        """Of the segment with that number."""
        log, segment = divmod(number, self._per_log)
        return f"{timeline:08X}{log:08X}{segment:08X}"

    def at(self, log: int, offset: int, segment_bytes: int) -> int:
        """The number of the segment that has this place."""
        return log * self._per_log + offset // segment_bytes


def _switches(
    folder: Path, timeline: int, segment_bytes: int, counted: _Numbers
) -> list[tuple[int, int]]:
    """Pairs: a timeline, and the first segment that its successor has."""
    path = folder / f"{timeline:08X}.history"
    try:
        text = path.read_text("ascii")
    except OSError as error:
        raise BackupError(
            f"{path} is missing: nobody knows where timeline {timeline} comes from"
        ) from error
    return list(_parsed(text, segment_bytes, counted))


def _parsed(text: str, segment_bytes: int, counted: _Numbers) -> Iterator[tuple[int, int]]:
    for timeline, log, offset in _SWITCH.findall(text):
        yield int(timeline), counted.at(int(log, 16), int(offset, 16), segment_bytes)


def _timeline(number: int, switches: list[tuple[int, int]], newest: int) -> int:
    for timeline, left_at in switches:
        if number < left_at:
            return timeline
    return newest
