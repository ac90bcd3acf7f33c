"""Wire shapes of scans."""

from typing import Annotated

import msgspec
from msgspec import Meta

from domain.enforcement import report, scan
from domain.enforcement.role import Role
from domain.enforcement.scan import MatchedBy
from domain.shared.library_export.item import ItemKind, Mark
from domain.shared.library_export.reading import ExportFormat


class ScanReason(msgspec.Struct, frozen=True, kw_only=True):
    """An artist on the list whom an item names, and how that was found.

    `track`: the track itself is on the list; then `artist` is who it is by, without an id.
    """

    artist_id: Annotated[str | None, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f5"])]
    artist: Annotated[str, Meta(examples=["Neural Groove Machine"])]
    written: Annotated[
        str, Meta(description="The name as the item has it.", examples=["Neural Groove Machine"])
    ]
    role: Role
    matched_by: MatchedBy
    confidence: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="1 for an id; less for a name, which is no identity: least where it is "
            "part of a longer text, or several artists on the list share it.",
            examples=[0.6],
        ),
    ]


class ScanHit(msgspec.Struct, frozen=True, kw_only=True):
    """A track, album, show or followed artist that the list concerns."""

    kind: ItemKind
    title: Annotated[str, Meta(examples=["Slow Tide (feat. Neural Groove Machine)"])]
    artists: Annotated[list[str], Meta(description="As written.", examples=[["Smokey September"]])]
    album: Annotated[str, Meta(examples=["Slow Tide"])]
    uri: Annotated[
        str | None,
        Meta(
            description="The item's own address on its service.",
            examples=["spotify:track:3ec16T2vMbjJi4luOqt6ps"],
        ),
    ]
    marks: Annotated[list[Mark], Meta(description="What the person has said or done about it.")]
    times: Annotated[int, Meta(ge=1, description="How often it was played, in a history.")]
    place: Annotated[str, Meta(description="Where in the file.", examples=["tracks 17"])]
    reasons: list[ScanReason]

    @classmethod
    def of(cls, hit: scan.Hit) -> "ScanHit":
        """The wire shape of a hit."""
        item = hit.item
        return cls(
            kind=item.kind,
            title=item.title,
            artists=list(item.artists),
            album=item.album,
            uri=item.uri or None,
            marks=sorted(item.marks),
            times=hit.times,
            place=item.place,
            reasons=[
                ScanReason(
                    artist_id=reason.artist.id or None,
                    artist=reason.artist.name,
                    written=reason.written,
                    role=reason.role,
                    matched_by=reason.matched_by,
                    confidence=reason.confidence,
                )
                for reason in hit.reasons
            ],
        )


class ScanSkip(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that could not be read, and why."""

    place: Annotated[str, Meta(examples=["line 17"])]
    reason: Annotated[str, Meta(examples=["the row has no name"])]


class ScanCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How much of each kind there was in the file; every play of a history is a track."""

    tracks: int
    albums: int
    artists: int
    shows: int


class LibraryScan(msgspec.Struct, frozen=True, kw_only=True):
    """What of a library is on the list."""

    format: ExportFormat
    listed: Annotated[int, Meta(description="Artists on the list.", examples=[7477])]
    read: ScanCounts
    already_banned: Annotated[
        int, Meta(description="Entries that the service plays no longer anyway; none is a hit.")
    ]
    skipped: Annotated[int, Meta(description="Entries that could not be read.", examples=[0])]
    skips: Annotated[list[ScanSkip], Meta(description="The first thousand of those.")]
    hits: list[ScanHit]

    @classmethod
    def of(cls, found: report.ScanReport) -> "LibraryScan":
        """The wire shape of a report."""
        read = found.read
        return cls(
            format=found.format,
            listed=found.listed,
            read=ScanCounts(
                tracks=read.get(ItemKind.TRACK, 0),
                albums=read.get(ItemKind.ALBUM, 0),
                artists=read.get(ItemKind.ARTIST, 0),
                shows=read.get(ItemKind.SHOW, 0),
            ),
            already_banned=found.already_banned,
            skipped=found.skipped,
            skips=[
                ScanSkip(place=f"{skip.section} {skip.position}", reason=skip.reason)
                for skip in found.skips
            ],
            hits=[ScanHit.of(hit) for hit in found.hits],
        )
