"""What a scan of one library export found."""

from collections import Counter
from collections.abc import Callable

import msgspec

from domain.enforcement.listed_artist import DoNotPlayList
from domain.enforcement.scan import Hit, Scanner
from domain.shared.library_export.item import ItemKind, Mark, Skipped
from domain.shared.library_export.reading import ExportFormat, read_export

MAX_SKIPS_TOLD = 1_000
_ITEMS_BETWEEN_LOOKS = 256


class ScanAbandonedError(Exception):
    """Nobody waits for the report any longer."""


class ScanReport(msgspec.Struct, frozen=True, kw_only=True):
    """The hits in the order of the file, and what was read besides.

    Every play of a listening history is an item; of each track that was played only the first
    play is a hit. ``skips`` are the first thousand entries that could not be read.
    """

    format: ExportFormat
    read: dict[ItemKind, int]
    already_banned: int
    skipped: int
    skips: tuple[Skipped, ...]
    listed: int
    hits: tuple[Hit, ...]


def scan_export(
    body: bytes,
    do_not_play: DoNotPlayList,
    *,
    features: bool,
    max_items: int,
    is_wanted: Callable[[], bool] = lambda: True,
) -> ScanReport:
    """Read the export and hold each of its items against the list.

    Takes time that grows with the export alone, and looks now and then whether the report
    ``is_wanted`` still. Raises ``UnreadableExportError``, ``ExportTooLargeError`` and
    ``ScanAbandonedError``.
    """
    skips: list[Skipped] = []
    skipped = 0

    def skip(entry: Skipped) -> None:
        nonlocal skipped
        skipped += 1
        if len(skips) < MAX_SKIPS_TOLD:
            skips.append(entry)

    export = read_export(body, skip, max_items=max_items)
    scanner = Scanner(do_not_play, features=features)
    read: Counter[ItemKind] = Counter()
    banned = 0
    hits: list[Hit] = []
    played: dict[tuple[str, str, tuple[str, ...]], int] = {}
    for number, item in enumerate(export.items):
        if number % _ITEMS_BETWEEN_LOOKS == 0 and not is_wanted():
            raise ScanAbandonedError
        read[item.kind] += 1
        banned += Mark.BANNED in item.marks
        hit = scanner.hit(item)
        if hit is None:
            continue
        if Mark.PLAYED in item.marks:
            place = played.setdefault((item.uri, item.title, item.artists), len(hits))
            if place < len(hits):
                hits[place] = msgspec.structs.replace(hits[place], times=hits[place].times + 1)
                continue
        hits.append(hit)
    return ScanReport(
        format=export.format,
        read=dict(read),
        already_banned=banned,
        skipped=skipped,
        skips=tuple(skips),
        listed=do_not_play.size,
        hits=tuple(hits),
    )
