"""Text in the style of ad blockers' filter lists: ``!`` before headers and comments.

``! Title:``, ``! Homepage:`` and their like describe the list; each other line holds a name, a
link, or a link as a filter (``||open.spotify.com/artist/…^``).
"""

import re
from collections.abc import Iterator

from domain.blocklists.list_formats.plain_text import read_line, read_lines
from domain.blocklists.list_formats.row import Reject, Row
from domain.shared.errors import InvalidInputError

# A name may start with exclamation marks as well: "!!!" is one.
_COMMENT = re.compile(r"!(?:[\s#+]|$)|#(?:\s|$)|\[[^\]]*\]$")


def is_header(line: str) -> bool:
    """Whether a file that starts with ``line`` is a filter list."""
    return line == "!" or line.startswith("! ") or line.lower().startswith("[adblock")


def read_filter_list(body: bytes, reject: Reject) -> Iterator[Row]:
    """The rows; exceptions (``@@``) are rejected, since lists only add here."""
    return read_lines(body, reject, _COMMENT, _read_line)


def _read_line(number: int, line: str) -> Row:
    return read_line(number, _unwrapped(line))


def _unwrapped(line: str) -> str:
    if line.startswith("@@"):
        raise InvalidInputError.of("exception", "exceptions of a list are not taken over")
    if line.startswith("||"):
        filter_, space, comment = line[2:].partition(" ")
        return f"https://{filter_.partition('$')[0].rstrip('^')}{space}{comment}"
    return line
