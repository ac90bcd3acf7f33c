"""Hold somebody's own library export against their do-not-play list; nothing is kept of it."""

from contextlib import aclosing
from dataclasses import dataclass
from typing import final

import msgspec

from application.enforcement.ports import ListedArtists, LongWork
from domain.enforcement.listed_artist import DoNotPlayList
from domain.enforcement.report import ScanReport, scan_export
from domain.shared.ids import UserId

# A third of what ``nodrake scan`` takes, which is its caller's own time and memory.
MAX_ITEMS = 150_000


class LibraryToScan(msgspec.Struct, frozen=True, kw_only=True):
    """An export, as the service wrote it; ``features`` says whether guests count."""

    actor: UserId
    content: bytes
    features: bool


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ScanLibrary:
    """What of the export is by, or with, somebody on the list, and why."""

    listed: ListedArtists
    long_work: LongWork

    async def __call__(self, command: LibraryToScan, /) -> ScanReport:
        """The report; ``UnreadableExportError`` or ``ExportTooLargeError`` for the file."""
        async with aclosing(self.listed.all(command.actor)) as listed:
            artists = [artist async for artist in listed]
        async with aclosing(self.listed.tracks(command.actor)) as listed_tracks:
            tracks = [track async for track in listed_tracks]
        return await self.long_work.run(
            command.actor,
            lambda is_wanted: scan_export(
                command.content,
                DoNotPlayList.of(artists, tracks),
                features=command.features,
                max_items=MAX_ITEMS,
                is_wanted=is_wanted,
            ),
        )
