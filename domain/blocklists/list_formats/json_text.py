"""JSON that is read a row at a time, so that memory does not grow with what a row may hide.

What a row does not need is skipped without being built. Depth is bounded by the parser.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import msgspec

from domain.blocklists.list_formats.file_text import not_utf_8
from domain.blocklists.list_formats.row import MAX_ROWS, too_many_rows, unreadable
from domain.shared.errors import InvalidInputError

T = TypeVar("T")

_OBJECTS_A_ROW = 3
_WHITE = b" \t\r\n"


class _AnyObject(msgspec.Struct, frozen=True, kw_only=True):
    """An object, whatever is in it."""


def decode(type_: type[T], content: bytes | msgspec.Raw) -> T:
    """The whole document; ``UnreadableListError`` where it is no JSON or of another shape."""
    with _readable():
        return msgspec.json.decode(content, type=type_)


def decode_row(type_: type[T], content: msgspec.Raw) -> T:
    """One row; ``InvalidInputError`` where it is of another shape."""
    try:
        return msgspec.json.decode(content, type=type_)
    except msgspec.ValidationError as error:
        message = str(error).replace(" - at `$.", " in `").replace(" - at `$`", "")
        raise InvalidInputError.of("entry", message[:1].lower() + message[1:]) from error


def elements(array: bytes | msgspec.Raw) -> Iterator[tuple[int, msgspec.Raw]]:
    """The elements of an array of objects or of strings, numbered from 1.

    They are counted before they are built: a file of nothing but brackets costs no memory.
    """
    content = bytes(array)
    start = content.lstrip(_WHITE)[1:65536].lstrip(_WHITE)
    with _readable():
        if start.startswith(b'"'):
            quotes = content.count(b'"') - content.count(b'\\"')
            if quotes > 2 * MAX_ROWS:
                raise too_many_rows()
            msgspec.json.decode(content, type=list[str])
        else:
            if content.count(b"{") > _OBJECTS_A_ROW * MAX_ROWS:
                raise too_many_rows()
            msgspec.json.decode(content, type=list[_AnyObject])
        found = msgspec.json.decode(content, type=list[msgspec.Raw])
    if len(found) > MAX_ROWS:
        raise too_many_rows()
    yield from enumerate(found, 1)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except msgspec.ValidationError as error:
        raise unreadable(f"the JSON is no list of this format: {str(error)[:200]}") from error
    except msgspec.DecodeError as error:
        raise unreadable(f"the file is not JSON: {str(error)[:200]}") from error
    except RecursionError as error:
        raise unreadable("the JSON is nested too deeply") from error
    except UnicodeDecodeError as error:
        raise not_utf_8() from error
