"""Plain text: a name, a link or an id on each line.

After a link its artist's name may stand, behind a ``#``; a line that starts with ``# `` is a
comment, as is an empty one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from domain.blocklists.list_formats.file_text import readable, text_of
from domain.blocklists.list_formats.row import (
    MAX_ROWS,
    OWN_SERVICE,
    Reference,
    Reject,
    Rejection,
    Row,
    TrackRow,
    artist_row,
    parse_reference,
    too_many_rows,
)
from domain.shared.errors import InvalidInputError
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId

_LINK = re.compile(
    r"(?:[a-z]{1,10}://\S+|(?:spotify|tidal|deezer|mbid|isni|nodrake):\S+)", re.IGNORECASE
)
_TRACK = re.compile(r"spotify:track:\S+|https?://open\.spotify\.com/(?:intl-[a-z-]+/)?track/\S+")
_SPOTIFY_LENGTH = 22
_SPOTIFY_ID = re.compile(r"(?=.*[0-9])(?=.*[a-z])(?=.*[A-Z])[0-9A-Za-z]{22}")
_COMMENT = re.compile(r"#(?:[\s#]|$)")


def read_plain_text(body: bytes, reject: Reject) -> Iterator[Row]:
    """The rows; a link that is no artist's goes to ``reject``."""
    return read_lines(body, reject, _COMMENT, read_line)


def write_line(name: str, artist_id: ArtistId, external_ids: Mapping[MusicService, str]) -> str:
    """A line that ``read_plain_text`` takes for this artist: a link, and the name behind it."""
    for service in MusicService:  # in the order of how many lists use them
        if service in external_ids:
            return f"{ExternalId(service=service, value=external_ids[service]).link} # {name}"
    return f"{OWN_SERVICE}:artist:{artist_id} # {name}"


def read_lines(
    body: bytes, reject: Reject, comment: re.Pattern[str], read: Callable[[int, str], Row]
) -> Iterator[Row]:
    """What ``read`` makes of the lines that are neither empty nor start with a ``comment``."""
    rows = 0
    text = text_of(body)
    text.reconfigure(newline=None)
    with readable():
        for number, raw in enumerate(text, 1):
            line = raw.strip()
            if not line or comment.match(line):
                continue
            rows += 1
            if rows > MAX_ROWS:
                raise too_many_rows()
            try:
                row = read(number, line)
            except InvalidInputError as error:
                reject(Rejection.of(number, error))
            else:
                yield row


def read_line(line: int, text: str) -> Row:
    """What one line names; ``InvalidInputError`` for a link that is no artist's."""
    first, _, rest = text.partition(" ")
    comment = rest.strip().removeprefix("#").strip() if rest.strip().startswith("#") else ""
    if _LINK.fullmatch(first) and _TRACK.fullmatch(first):
        return TrackRow(line=line, uri=first, title=comment or None)
    if _LINK.fullmatch(first):
        return artist_row(line, [_reference(first)], comment or None)
    if rest and not comment:
        return artist_row(line, [], text)
    reference = _bare(first)
    return artist_row(line, [reference] if reference else [], comment if reference else text)


def _bare(word: str) -> Reference | None:
    """An id that says whose it is, or a link without its scheme; what else it is, is a name."""
    if len(word) == _SPOTIFY_LENGTH and not _SPOTIFY_ID.fullmatch(word):
        return None
    with suppress(InvalidInputError):
        return ExternalId.recognise(word)
    return None


def _reference(link: str) -> Reference:
    return parse_reference(OWN_SERVICE if link.startswith(f"{OWN_SERVICE}:") else "", link)
