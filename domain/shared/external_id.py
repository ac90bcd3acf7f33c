"""Identifiers of artists on the services that play them: how each is written and read."""

import re
from enum import StrEnum

import msgspec

from domain.shared.errors import InvalidInputError


class MusicService(StrEnum):
    """A service or register that gives artists ids of its own."""

    SPOTIFY = "spotify"
    APPLE_MUSIC = "apple_music"
    YOUTUBE = "youtube"
    TIDAL = "tidal"
    DEEZER = "deezer"
    AMAZON_MUSIC = "amazon_music"
    MUSICBRAINZ = "musicbrainz"


_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

# The bare id of each service, and the URI or web address that carries it.
_BARE = {
    MusicService.SPOTIFY: re.compile(r"[0-9A-Za-z]{22}"),
    MusicService.APPLE_MUSIC: re.compile(r"[0-9]{1,20}"),
    MusicService.YOUTUBE: re.compile(r"UC[0-9A-Za-z_-]{22}"),
    MusicService.TIDAL: re.compile(r"[0-9]{1,20}"),
    MusicService.DEEZER: re.compile(r"[0-9]{1,20}"),
    MusicService.AMAZON_MUSIC: re.compile(r"B[0-9A-Z]{9}"),
    MusicService.MUSICBRAINZ: re.compile(_UUID),
}
_LINKED = {
    MusicService.SPOTIFY: re.compile(
        r"(?:spotify:artist:|https://open\.spotify\.com/(?:intl-[a-z-]{2,10}/)?artist/)"
        r"([0-9A-Za-z]{22})(?:[?#].*)?"
    ),
    MusicService.APPLE_MUSIC: re.compile(
        r"https://music\.apple\.com/[a-z]{2}/artist/(?:[^/?#]+/)?([0-9]{1,20})(?:[?#].*)?"
    ),
    MusicService.YOUTUBE: re.compile(
        r"https://(?:www\.|music\.)?youtube\.com/channel/(UC[0-9A-Za-z_-]{22})(?:[/?#].*)?"
    ),
    MusicService.TIDAL: re.compile(
        r"https://(?:www\.|listen\.)?tidal\.com/(?:browse/)?artist/([0-9]{1,20})(?:[/?#].*)?"
    ),
    MusicService.DEEZER: re.compile(
        r"https://www\.deezer\.com/(?:[a-z]{2}/)?artist/([0-9]{1,20})(?:[?#].*)?"
    ),
    MusicService.AMAZON_MUSIC: re.compile(
        r"https://music\.amazon\.[a-z.]{2,6}/artists/(B[0-9A-Z]{9})(?:[/?#].*)?"
    ),
    MusicService.MUSICBRAINZ: re.compile(rf"https://musicbrainz\.org/artist/({_UUID})(?:[/?#].*)?"),
}
_EXPECTED = {
    MusicService.SPOTIFY: "22 letters and digits, a spotify:artist: URI or an artist's address",
    MusicService.APPLE_MUSIC: "a number or an artist's address",
    MusicService.YOUTUBE: "a channel id that starts with UC, or a channel's address",
    MusicService.TIDAL: "a number or an artist's address",
    MusicService.DEEZER: "a number or an artist's address",
    MusicService.AMAZON_MUSIC: "ten characters that start with B, or an artist's address",
    MusicService.MUSICBRAINZ: "a UUID or an artist's address",
}


class ExternalId(msgspec.Struct, frozen=True, kw_only=True):
    """One artist's id on one service, in that service's bare form."""

    service: MusicService
    value: str

    @classmethod
    def parse(cls, service: MusicService, text: str) -> "ExternalId":
        """Read a bare id, a URI or a web address; ``InvalidInputError`` says what is expected."""
        text = text.strip()
        if service is MusicService.MUSICBRAINZ:
            text = text.lower()
        if _BARE[service].fullmatch(text):
            return cls(service=service, value=text)
        if linked := _LINKED[service].fullmatch(text):
            return cls(service=service, value=linked[1])
        raise InvalidInputError.of("id", f"expected for {service}: {_EXPECTED[service]}")

    @classmethod
    def recognise(cls, text: str, *, default: MusicService) -> "ExternalId":
        """Read a link of any service, or a bare id of the ``default`` one."""
        for service, pattern in _LINKED.items():
            if pattern.fullmatch(text.strip()):
                return cls.parse(service, text)
        return cls.parse(default, text)
