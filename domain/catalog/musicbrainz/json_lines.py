"""MusicBrainz's JSON dump of artists: one artist a line, in the shape of the web service.

Published at https://data.metabrainz.org/pub/musicbrainz/data/json-dumps/ as ``artist.tar.xz``
with the lines in ``mbdump/artist`` (https://musicbrainz.org/doc/Development/JSON_Data_Dumps). The
shape is that of ``/ws/2/artist`` with ``fmt=json``: metabrainz/musicbrainz-server,
``lib/MusicBrainz/Server/WebService/Serializer/JSON/2/Artist.pm`` and its roles Aliases, ISNIs
and Relationships. Core data is CC0; annotations, tags and ratings in the same lines are not
(CC BY-NC-SA 3.0), and are never read.
"""

import msgspec

from domain.catalog.dump_rows import StagedRow, artist_rows, id_row, kind_of, name_row
from domain.catalog.errors import BrokenDumpError
from domain.shared.errors import InvalidInputError
from domain.shared.external_id import ExternalId, MusicService

FILE = "artist"


class _Url(msgspec.Struct, frozen=True, kw_only=True):
    """The other end of a relation to an address."""

    resource: str


class _Relation(msgspec.Struct, frozen=True, kw_only=True):
    """What the artist has to do with something; of interest where that is an address."""

    url: _Url | None = None
    ended: bool | None = False


class _Alias(msgspec.Struct, frozen=True, kw_only=True):
    """Another name."""

    name: str


class _Artist(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a line that is read."""

    id: str
    name: str
    sort_name: str = msgspec.field(default="", name="sort-name")
    disambiguation: str | None = None
    type: str | None = None
    aliases: list[_Alias] | None = None
    relations: list[_Relation] | None = None
    isnis: list[str] | None = None


_DECODER = msgspec.json.Decoder(_Artist)


def read_line(line: bytes, place: int) -> list[StagedRow]:
    """The rows that a line stands for; ``BrokenDumpError`` says what is wrong with it."""
    artist, record = _read(line)
    rows = artist_rows(
        place,
        record,
        (artist.name, artist.sort_name),
        disambiguation=artist.disambiguation,
        kind=kind_of(artist.type),
    )
    for alias in artist.aliases or ():
        if (named := name_row(place, alias.name)) is not None:
            rows.append(named)
    found = [service_id(r.url.resource) for r in artist.relations or () if r.url and not r.ended]
    found += [isni_of(isni) for isni in artist.isnis or ()]
    return rows + [id_row(place, known) for known in found if known is not None]


def service_id(address: str) -> ExternalId | None:
    """The artist's id on the service whose page this is; an address of MusicBrainz is none."""
    known = ExternalId.from_link(address)
    return None if known is None or known.service is MusicService.MUSICBRAINZ else known


def isni_of(text: str) -> ExternalId | None:
    """An ISNI whose check digit fits; some in the dump do not."""
    try:
        return ExternalId.parse(MusicService.ISNI, text)
    except InvalidInputError:
        return None


def _read(line: bytes) -> tuple[_Artist, str]:
    try:
        artist = _DECODER.decode(line)
    except msgspec.MsgspecError as error:
        raise BrokenDumpError(f"not an artist in JSON: {error}") from error
    except UnicodeDecodeError as error:
        raise BrokenDumpError("not UTF-8") from error
    try:
        return artist, ExternalId.parse(MusicService.MUSICBRAINZ, artist.id).value
    except InvalidInputError as error:
        raise BrokenDumpError(f"id: {artist.id!r:.80} is no MusicBrainz id") from error
