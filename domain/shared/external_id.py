"""Identifiers of artists on the services that play them: how each is written and read."""

import re
from enum import StrEnum

import msgspec

from domain.shared.errors import InvalidInputError

MAX_LINK_LENGTH = 2048


class MusicService(StrEnum):
    """A service or register that gives artists ids of its own."""

    SPOTIFY = "spotify"
    APPLE_MUSIC = "apple_music"
    YOUTUBE = "youtube"
    TIDAL = "tidal"
    DEEZER = "deezer"
    AMAZON_MUSIC = "amazon_music"
    MUSICBRAINZ = "musicbrainz"
    ISNI = "isni"


class _Spelling(msgspec.Struct, frozen=True, kw_only=True):
    """How one service writes an artist: the bare id, the pages that carry it, what to expect.

    ``path`` is what follows the host of such a page; ``link`` the address that we write.
    """

    bare: re.Pattern[str]
    hosts: frozenset[str]
    path: re.Pattern[str]
    link: str
    expected: str
    schemes: str = ""


def _spelling(
    bare: str, hosts: str, path: str, link: str, expected: str, *, schemes: str = ""
) -> _Spelling:
    return _Spelling(
        bare=re.compile(bare, re.ASCII),
        hosts=frozenset(hosts.split()),
        # Folders and words before the id in any case; after it, whatever else the page shows.
        path=re.compile(rf"(?i:{path})({bare})(?:/.*)?", re.ASCII),
        link=link,
        expected=expected,
        schemes=schemes,
    )


_NUMBER = r"[0-9]{1,20}"
_AMAZON = (
    "com ca de es fr it in nl pl se sg ae sa eg com.au com.be com.br com.mx com.tr co.jp co.uk"
)
_SPELLINGS = {
    MusicService.SPOTIFY: _spelling(
        r"[0-9A-Za-z]{22}",
        "open.spotify.com play.spotify.com api.spotify.com",
        r"/(?:intl-[a-z-]{2,10}/|embed/|v1/)*artists?/",
        "https://open.spotify.com/artist/{}",
        "22 letters and digits, a spotify:artist: URI or an artist's address",
        schemes="spotify",
    ),
    MusicService.APPLE_MUSIC: _spelling(
        _NUMBER,
        "music.apple.com geo.music.apple.com embed.music.apple.com beta.music.apple.com "
        "classical.music.apple.com itunes.apple.com geo.itunes.apple.com",
        r"/(?:[a-z]{2}/)?artist/(?:[^/]*/)?(?:id)?",
        "https://music.apple.com/us/artist/{}",
        "a number or an artist's address",
    ),
    MusicService.YOUTUBE: _spelling(
        r"UC[0-9A-Za-z_-]{22}",
        "youtube.com m.youtube.com music.youtube.com",
        r"/(?:channel/|browse/(?:MPLA)?)",
        "https://music.youtube.com/channel/{}",
        "a channel id that starts with UC, or a channel's address",
    ),
    MusicService.TIDAL: _spelling(
        _NUMBER,
        "tidal.com listen.tidal.com desktop.tidal.com store.tidal.com",
        r"/(?:[a-z]{2}/)?(?:browse/)?artist/",
        "https://tidal.com/artist/{}",
        "a number, a tidal:artist: URI or an artist's address",
        schemes="tidal",
    ),
    MusicService.DEEZER: _spelling(
        _NUMBER,
        "deezer.com api.deezer.com",
        r"/(?:[a-z]{2}(?:-[a-z]{2})?/)?artist/",
        "https://www.deezer.com/artist/{}",
        "a number or an artist's address",
        schemes="deezer",
    ),
    MusicService.AMAZON_MUSIC: _spelling(
        r"B[0-9A-Z]{9}",
        " ".join(f"music.amazon.{end} amazon.{end}" for end in _AMAZON.split()),
        r"/(?:music/player/)?artists/",
        "https://music.amazon.com/artists/{}",
        "ten characters that start with B, or an artist's address",
    ),
    MusicService.MUSICBRAINZ: _spelling(
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "musicbrainz.org beta.musicbrainz.org",
        r"/(?:ws/2/)?artist/",
        "https://musicbrainz.org/artist/{}",
        "a UUID or an artist's address",
        schemes="mbid musicbrainz",
    ),
    MusicService.ISNI: _spelling(
        r"[0-9]{15}[0-9X]",
        "isni.org isni-url.oclc.nl",
        r"/(?:isni/|page/)?",
        "https://isni.org/isni/{}",
        "16 digits, the last of which may be X and checks the others, or a person's address",
        schemes="isni",
    ),
}
_BY_HOST = {host: service for service, known in _SPELLINGS.items() for host in known.hosts}
_BY_SCHEME = {
    scheme: service for service, known in _SPELLINGS.items() for scheme in known.schemes.split()
}
# Bare ids that no other service writes so, and hardly anybody is called so either.
_TELLING = {
    MusicService.SPOTIFY: _SPELLINGS[MusicService.SPOTIFY].bare,
    MusicService.YOUTUBE: _SPELLINGS[MusicService.YOUTUBE].bare,
    MusicService.AMAZON_MUSIC: re.compile(r"B0[0-9A-Z]{8}", re.ASCII),
    MusicService.MUSICBRAINZ: re.compile(
        _SPELLINGS[MusicService.MUSICBRAINZ].bare.pattern, re.ASCII | re.IGNORECASE
    ),
    MusicService.ISNI: re.compile(r"[0-9]{4}([ -]?)[0-9]{4}\1[0-9]{4}\1[0-9]{3}[0-9Xx]", re.ASCII),
}
_TAIL = r"(?:[?#][^\x00-\x1f\x7f]*)?"
_ADDRESS = re.compile(
    rf"(?:[a-z]{{2,12}}://)?(?:www\.)?([a-z0-9.-]+)(?::80|:443)?(/[^?#\x00-\x1f\x7f]*){_TAIL}",
    re.ASCII | re.IGNORECASE,
)
_URI = re.compile(
    rf"([a-z]+)(?::(?://)?(?:artist[:/])?|(?<=isni) )([^:?#\x00-\x1f\x7f]+?)/?{_TAIL}",
    re.ASCII | re.IGNORECASE,
)


class ExternalId(msgspec.Struct, frozen=True, kw_only=True):
    """One artist's id on one service, in that service's bare form."""

    service: MusicService
    value: str

    @classmethod
    def parse(cls, service: MusicService, text: str) -> "ExternalId":
        """Read a bare id, a URI or a web address; ``InvalidInputError`` says what is expected."""
        value = _bare(service, text.strip())
        if value is not None:
            return cls(service=service, value=value)
        linked = cls.from_link(text)
        if linked is not None and linked.service is service:
            return linked
        raise InvalidInputError.of("id", f"expected for {service}: {_SPELLINGS[service].expected}")

    @classmethod
    def from_link(cls, text: str) -> "ExternalId | None":
        """Read a URI or a web address of an artist on any service; ``None`` where it is neither.

        The scheme of an address may be missing; what follows the artist in it does not matter.
        """
        text = text.strip()
        if len(text) > MAX_LINK_LENGTH:
            return None
        if address := _ADDRESS.fullmatch(text):
            service = _BY_HOST.get(address[1].lower())
            if service is not None:
                return cls._checked(service, _in_path(service, address[2]))
        if uri := _URI.fullmatch(text):
            service = _BY_SCHEME.get(uri[1].lower())
            if service is not None:
                return cls._checked(service, uri[2])
        return None

    @classmethod
    def recognise(cls, text: str, *, default: MusicService | None = None) -> "ExternalId":
        """Read a link of any service, or a bare id of the ``default`` one.

        Without a default, a bare id that only one service writes so; a plain number is none.
        """
        text = text.strip()
        if default is not None:
            return cls.from_link(text) or cls.parse(default, text)
        if linked := cls.from_link(text):
            return linked
        for service, pattern in _TELLING.items():
            if pattern.fullmatch(text) and (read := cls._checked(service, text)):
                return read
        raise InvalidInputError.of(
            "id", "expected an artist's address or URI, or an id that says of which service it is"
        )

    @property
    def link(self) -> str:
        """The address of the artist's page."""
        return _SPELLINGS[self.service].link.format(self.value)

    @classmethod
    def _checked(cls, service: MusicService, text: str | None) -> "ExternalId | None":
        value = None if text is None else _bare(service, text)
        return None if value is None else cls(service=service, value=value)


def _bare(service: MusicService, text: str) -> str | None:
    """``text`` as the service itself writes an id, if it is one."""
    if service is MusicService.MUSICBRAINZ:
        text = text.lower()
    if service is MusicService.ISNI:
        text = _without_gaps(text)
    if not _SPELLINGS[service].bare.fullmatch(text):
        return None
    return None if service is MusicService.ISNI and not _is_isni(text) else text


def _in_path(service: MusicService, path: str) -> str | None:
    if service is MusicService.MUSICBRAINZ:
        path = path.lower()
    if service is MusicService.ISNI:
        path = _without_gaps(path.replace("%20", ""))
    found = _SPELLINGS[service].path.fullmatch(path)
    return found[1] if found else None


def _without_gaps(text: str) -> str:
    return text.replace(" ", "").replace("-", "").upper()


def _is_isni(text: str) -> bool:
    """Whether the last of 16 characters checks the others (ISO 7064, MOD 11-2)."""
    total = 0
    for digit in text[:15]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == text[15]
