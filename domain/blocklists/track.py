"""Single tracks: how they are told apart on services and in registers."""

import re
from enum import StrEnum

import msgspec

from domain.blocklists.dnp_entry import Note, parse_note
from domain.shared.errors import InvalidInputError
from domain.shared.text import has_forbidden_characters, normalise

MAX_TITLE_LENGTH = 500


class TrackRegister(StrEnum):
    """A service or register that gives tracks ids of its own."""

    SPOTIFY = "spotify"
    APPLE_MUSIC = "apple_music"
    YOUTUBE = "youtube"
    TIDAL = "tidal"
    DEEZER = "deezer"
    AMAZON_MUSIC = "amazon_music"
    MUSICBRAINZ = "musicbrainz"
    ISRC = "isrc"


_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_REST = r"(?:[/?#&].*)?"
# What comes before a bare id in an address or URI, the bare id, and what is expected.
_SHAPES = {
    TrackRegister.SPOTIFY: (
        r"spotify:track:|https://open\.spotify\.com/(?:intl-[a-z-]{2,10}/)?track/",
        r"[0-9A-Za-z]{22}",
        "22 letters and digits, a spotify:track: URI or a track's address",
    ),
    TrackRegister.APPLE_MUSIC: (
        r"https://music\.apple\.com/[a-z]{2}/(?:song/(?:[^/?#]+/)?|album/[^?#]+\?i=)",
        r"[0-9]{1,20}",
        "a number or a song's address",
    ),
    TrackRegister.YOUTUBE: (
        r"https://(?:(?:www\.|music\.)?youtube\.com/watch\?v=|youtu\.be/)",
        r"[0-9A-Za-z_-]{11}",
        "11 letters and digits, or a video's address",
    ),
    TrackRegister.TIDAL: (
        r"https://(?:www\.|listen\.)?tidal\.com/(?:browse/)?track/",
        r"[0-9]{1,20}",
        "a number or a track's address",
    ),
    TrackRegister.DEEZER: (
        r"https://www\.deezer\.com/(?:[a-z]{2}/)?track/",
        r"[0-9]{1,20}",
        "a number or a track's address",
    ),
    TrackRegister.AMAZON_MUSIC: (
        r"https://music\.amazon\.[a-z.]{2,6}/tracks/",
        r"B[0-9A-Z]{9}",
        "ten characters that start with B, or a track's address",
    ),
    TrackRegister.MUSICBRAINZ: (
        r"https://musicbrainz\.org/recording/",
        _UUID,
        "the UUID or the address of a recording",
    ),
    TrackRegister.ISRC: ("", r"[A-Z]{2}[0-9A-Z]{3}[0-9]{7}", "an ISRC such as QZES71234567"),
}
_READERS = {
    service: re.compile(rf"(?:{bare})|(?:{before}){bare}{_REST}" if before else bare)
    for service, (before, bare, _) in _SHAPES.items()
}
_TAILS = {
    service: re.compile(rf"^(?:{before})?({bare})")
    for service, (before, bare, _) in _SHAPES.items()
}


class TrackId(msgspec.Struct, frozen=True, kw_only=True):
    """One track's id on one service, in that service's bare form."""

    service: TrackRegister
    value: str

    @classmethod
    def parse(cls, service: TrackRegister, text: str) -> "TrackId":
        """Read a bare id, a URI or a web address; ``InvalidInputError`` says what is expected."""
        text = text.strip()
        if service is TrackRegister.MUSICBRAINZ:
            text = text.lower()
        if service is TrackRegister.ISRC:
            text = text.upper().removeprefix("ISRC").strip().replace("-", "")
        if len(text) <= 500 and _READERS[service].fullmatch(text):
            found = _TAILS[service].match(text)
            if found:
                return cls(service=service, value=found[1])
        raise InvalidInputError.of("id", f"expected for {service}: {_SHAPES[service][2]}")


class Track(msgspec.Struct, frozen=True, kw_only=True):
    """A track, with what its title and artists are called; the id alone says which it is."""

    id: TrackId
    title: str
    artist_credit: str
    note: Note | None = None

    @classmethod
    def parse(
        cls, service: TrackRegister, id: str, title: str, artist_credit: str, note: str | None
    ) -> "Track":
        """Read what somebody sent; ``InvalidInputError`` names the field that cannot be."""
        return cls(
            id=TrackId.parse(service, id),
            title=_name("title", title),
            artist_credit=_name("artist_credit", artist_credit),
            note=parse_note(note),
        )


class TrackAddOutcome(StrEnum):
    """What became of one track that was to come onto a list."""

    ADDED = "added"
    ALREADY_THERE = "already_there"
    EXCEPTED = "excepted"


class TrackRemoveOutcome(StrEnum):
    """What became of one track that was to come off a list."""

    REMOVED = "removed"
    NOT_THERE = "not_there"


def _name(field: str, text: str) -> str:
    name = normalise(text)
    if not 0 < len(name) <= MAX_TITLE_LENGTH or has_forbidden_characters(name):
        raise InvalidInputError.of(
            field, f"expected 1 to {MAX_TITLE_LENGTH} characters without controls"
        )
    return name
