"""What a hit is called and why it is one, in words and links."""

import re
from collections.abc import Iterable

from domain.enforcement.report import ScanReport
from domain.enforcement.role import Role
from domain.enforcement.scan import Hit, MatchedBy, Reason
from domain.shared.library_export.item import ItemKind, Mark

_SPOTIFY = re.compile(r"spotify:(track|album|artist|show):([0-9A-Za-z]{22})")
_YOUTUBE = re.compile(r"https://music\.youtube\.com/watch\?v=[0-9A-Za-z_-]{11}")
_AS = {
    Role.MAIN: "",
    Role.PRESENTED: "presented",
    Role.FEATURED: "featured",
    Role.WITH: "with others",
    Role.REMIXER: "remixer",
    Role.PRODUCER: "producer",
}
_COUNTED = {
    ItemKind.TRACK: ("track", "tracks"),
    ItemKind.ALBUM: ("album", "albums"),
    ItemKind.ARTIST: ("followed artist", "followed artists"),
    ItemKind.SHOW: ("show", "shows"),
}


def link_of(hit: Hit) -> str | None:
    """Where the item is on its service, for a browser."""
    if found := _SPOTIFY.fullmatch(hit.item.uri):
        return f"https://open.spotify.com/{found[1]}/{found[2]}"
    return hit.item.uri if _YOUTUBE.fullmatch(hit.item.uri) else None


def why(reason: Reason) -> str:
    """Whom an item names, as what, and how sure that is: ``Drake (featured, by name, 60%)``."""
    if reason.matched_by is MatchedBy.TRACK:
        return f"{reason.artist.name}: {reason.written} (the track itself, by id)"
    by_id = reason.matched_by is MatchedBy.ID
    sureness = "by id" if by_id else f"by name, {reason.confidence:.0%}"
    return (
        f"{reason.artist.name} ({', '.join(part for part in (_AS[reason.role], sureness) if part)})"
    )


def is_play(hit: Hit) -> bool:
    """Whether it was only listened to: then there is nothing to remove."""
    return Mark.PLAYED in hit.item.marks


def counted(kinds: Iterable[tuple[ItemKind, int]]) -> str:
    """``3 tracks, 1 album``; ``nothing`` where there is none."""
    parts = [f"{n:,} {_COUNTED[kind][n != 1]}" for kind, n in kinds if n]
    return ", ".join(parts) or "nothing"


def read_in_words(report: ScanReport) -> str:
    """What there was in the file."""
    return counted((kind, report.read.get(kind, 0)) for kind in ItemKind)


def found_in_words(hits: Iterable[Hit]) -> str:
    """What of it is on the list."""
    numbers = dict.fromkeys(ItemKind, 0)
    for hit in hits:
        numbers[hit.item.kind] += 1
    return counted(numbers.items())
