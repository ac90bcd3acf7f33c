"""What dumps of other catalogues say, as rows to be staged; and what is cut off of it."""

from enum import StrEnum
from typing import TypeAlias

from domain.catalog.artist_name import MAX_LENGTH, search_key
from domain.catalog.errors import BrokenDumpError
from domain.shared.external_id import ExternalId
from domain.shared.text import normalise


class Staging(StrEnum):
    """Where a row of a dump is kept until all of the dump is read."""

    ARTISTS = "staged_artists"
    NAMES = "staged_names"
    IDS = "staged_ids"
    TYPES = "staged_types"
    URLS = "staged_urls"
    LINKS = "staged_links"
    ENDED_LINKS = "staged_ended_links"


class ArtistKind(StrEnum):
    """What an artist is."""

    PERSON = "person"
    GROUP = "group"
    ORCHESTRA = "orchestra"
    CHOIR = "choir"
    CHARACTER = "character"
    OTHER = "other"


_KINDS = frozenset(kind.value for kind in ArtistKind)

Cell: TypeAlias = str | int | None
StagedRow: TypeAlias = tuple[Staging, tuple[Cell, ...]]

# What is staged of each: the cells of a row are in this order. A place is an artist's number in
# the dump; it ties the rows together.
COLUMNS: dict[Staging, tuple[str, ...]] = {
    Staging.ARTISTS: (
        "place", "record", "name", "sort_key", "disambiguation", "kind", "type_id",
    ),
    Staging.NAMES: ("place", "name", "search_key"),
    Staging.IDS: ("place", "service", "external_id"),
    Staging.TYPES: ("id", "kind"),
    Staging.URLS: ("id", "service", "external_id"),
    Staging.LINKS: ("link", "place", "url"),
    Staging.ENDED_LINKS: ("link",),
}  # fmt: skip


def kind_of(text: str | None) -> str | None:
    """The kind that a source calls ``text``; what we have no word for is something else."""
    if not text:
        return None
    known = text.lower()
    return known if known in _KINDS else ArtistKind.OTHER.value


def name_row(place: int, name: str) -> StagedRow | None:
    """A name as the catalogue keeps it: composed, at most 255 characters; none for white space.

    A NUL cannot be stored: ``BrokenDumpError``.
    """
    if "\0" in name:
        raise BrokenDumpError("a name has a NUL character")
    kept = normalise(name)[:MAX_LENGTH].rstrip()
    if not kept:
        return None
    return Staging.NAMES, (place, kept, search_key(kept)[:MAX_LENGTH])


def id_row(place: int, known: ExternalId) -> StagedRow:
    """An artist's id on a service."""
    return Staging.IDS, (place, known.service.value, known.value)


def artist_rows(
    place: int,
    record: str,
    names: tuple[str, str],
    *,
    disambiguation: str | None,
    kind: str | None = None,
    type_id: int | None = None,
) -> list[StagedRow]:
    """An artist and what it is called: its name, and the name that it is sorted by.

    The latter is a name of its own where it is not the same words in another order: it is how
    artists whose names are in other scripts are written in Latin letters.
    """
    named = name_row(place, names[0])
    if named is None:
        raise BrokenDumpError("the artist has no name")
    _, (_, name, key) = named
    said = normalise(disambiguation)[:MAX_LENGTH] if disambiguation else None
    if said and "\0" in said:
        raise BrokenDumpError("the disambiguation has a NUL character")
    rows: list[StagedRow] = [
        (Staging.ARTISTS, (place, record, name, key, said or None, kind, type_id)),
        named,
    ]
    sorted_by = name_row(place, names[1])
    if sorted_by is not None and _words(sorted_by) != _words(named):
        rows.append(sorted_by)
    return rows


def _words(row: StagedRow) -> list[str]:
    return sorted(str(row[1][2]).split())
