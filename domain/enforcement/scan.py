"""What of a library is by, or with, somebody on a do-not-play list, and how sure that is."""

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

import msgspec

from domain.enforcement.credits import Credit, credits_of_artists, with_title
from domain.enforcement.listed_artist import DoNotPlayList, ListedArtist, ListedTrack
from domain.enforcement.role import Role
from domain.enforcement.title_credits import may_credit
from domain.shared.external_id import ExternalId
from domain.shared.library_export.item import ItemKind, LibraryItem, Mark


class MatchedBy(StrEnum):
    """What an artist of the library and one of the list have in common."""

    ID = "id"
    NAME = "name"
    TRACK = "track"  # the track itself is on the list


# A name is no identity. Least sure is one that was taken out of a longer text, or that several
# artists on the list share.
_CONFIDENCE_OF_ID = 1.0
_CONFIDENCE_OF_WHOLE_NAME = 0.8
_CONFIDENCE_OF_NAME_IN_TEXT = 0.6
_CONFIDENCE_OF_SHARED_NAME = 0.4


# Of most libraries all; of hostile ones so few that their long texts do not fill the memory.
_ARTISTS_KEPT = 8_192


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One artist on the list whom an item names, as what, and how that was found.

    Where the track itself is on the list, ``artist`` is who it is by, without an id.
    """

    artist: ListedArtist
    written: str
    role: Role
    matched_by: MatchedBy
    confidence: float


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """An item that the list concerns, for at least one reason; a play counts its ``times``."""

    item: LibraryItem
    reasons: tuple[Reason, ...]
    times: int = 1


class Scanner:
    """Holds the items of libraries against one list; ``features`` says whether guests count.

    Most artists of a library have many tracks in it, and most titles name nobody: what is found
    in an artist field is kept for the next one.
    """

    def __init__(self, do_not_play: DoNotPlayList, *, features: bool) -> None:
        self._list = do_not_play
        self._features = features
        self._of_artists = lru_cache(maxsize=_ARTISTS_KEPT)(self._credited)
        self._for_artists = lru_cache(maxsize=_ARTISTS_KEPT)(self._concerned)

    def hit(self, item: LibraryItem) -> Hit | None:
        """What the list has against ``item``; nothing against what is banned already."""
        track = self._list.tracks.get(item.uri) if item.kind is ItemKind.TRACK else None
        if Mark.BANNED in item.marks or (track and track.is_excepted):
            return None
        artists, separate, ids = item.artists, item.separate, item.artist_ids
        if item.kind is not ItemKind.ARTIST and may_credit(item.title):
            named = with_title(self._of_artists(artists, separate), item.title, self._list.known)
            reasons = self._for_all(named, ids)
        else:
            reasons = self._for_artists(artists, separate, ids)
        if track is not None:
            reasons = (_of_track(track), *reasons)
        return Hit(item=item, reasons=reasons) if reasons else None

    def _credited(self, artists: tuple[str, ...], separate: bool) -> tuple[Credit, ...]:
        return credits_of_artists(artists, self._list.known, separate=separate)

    def _concerned(
        self, artists: tuple[str, ...], separate: bool, ids: tuple[ExternalId | None, ...]
    ) -> tuple[Reason, ...]:
        return self._for_all(self._of_artists(artists, separate), ids)

    def _for_all(
        self, named: tuple[Credit, ...], ids: tuple[ExternalId | None, ...]
    ) -> tuple[Reason, ...]:
        reasons: dict[str, Reason] = {}
        for credit in named:
            if self._features or not credit.role.is_guest:
                for reason in self._reasons(credit, ids):
                    reasons.setdefault(reason.artist.id, reason)
        return tuple(reasons.values())

    def _reasons(self, credit: Credit, ids: tuple[ExternalId | None, ...]) -> Iterator[Reason]:
        given = ids[credit.number] if ids and credit.number is not None and credit.whole else None
        if given is not None and (artist := self._list.by_id.get(given)):
            if not artist.is_excepted:
                yield _reason(artist, credit, MatchedBy.ID, _CONFIDENCE_OF_ID)
            return
        candidates = [
            artist
            for artist in self._list.by_key.get(credit.key, ())
            if given is None or _may_be(artist, given)
        ]
        for artist in candidates:
            if artist.is_excepted:
                continue
            if len(candidates) > 1:
                confidence = _CONFIDENCE_OF_SHARED_NAME
            else:
                confidence = (
                    _CONFIDENCE_OF_WHOLE_NAME if credit.whole else _CONFIDENCE_OF_NAME_IN_TEXT
                )
            yield _reason(artist, credit, MatchedBy.NAME, confidence)


def _may_be(artist: ListedArtist, id: ExternalId) -> bool:
    """Whether ``id`` may be this artist's: not where the list has another of the same service."""
    return all(known.service is not id.service for known in artist.external_ids)


def _of_track(track: ListedTrack) -> Reason:
    return Reason(
        artist=ListedArtist(id="", names=(track.artist_credit,), external_ids=()),
        written=track.title,
        role=Role.MAIN,
        matched_by=MatchedBy.TRACK,
        confidence=_CONFIDENCE_OF_ID,
    )


def _reason(
    artist: ListedArtist, credit: Credit, matched_by: MatchedBy, confidence: float
) -> Reason:
    return Reason(
        artist=artist,
        written=credit.name,
        role=credit.role,
        matched_by=matched_by,
        confidence=confidence,
    )
