"""The text of a file: UTF-8, or UTF-16 where a byte order mark says so; nothing is guessed."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager

from domain.blocklists.list_formats.row import unreadable

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_START = 64 * 1024


def encoding_of(body: bytes) -> str:
    """``utf-8-sig`` or ``utf-16``; ``UnreadableListError`` for what is no text at all."""
    for magic, kind in _PACKED.items():
        if body.startswith(magic):
            raise unreadable(f"the file is packed ({kind}); unpack it and send what is inside")
    if body.startswith(_UTF_32):
        raise not_utf_8()
    return "utf-16" if body.startswith(_UTF_16) else "utf-8-sig"


def text_of(body: bytes) -> io.TextIOWrapper:
    """The text, decoded piece by piece while it is read, line breaks as they are."""
    return io.TextIOWrapper(io.BytesIO(body), encoding=encoding_of(body), newline="")


def start_of(body: bytes) -> str:
    """The first lines of the text; the last of them may be broken off."""
    decoder = codecs.getincrementaldecoder(encoding_of(body))("strict")
    with readable():
        return decoder.decode(body[:_START])


def as_utf_8(body: bytes) -> bytes:
    """The file in UTF-8 without a byte order mark."""
    if encoding_of(body) == "utf-16":
        with readable():
            return body.decode("utf-16").encode()
    return body.removeprefix(codecs.BOM_UTF8)


@contextmanager
def readable() -> Iterator[None]:
    """Turn bytes that are no text into ``UnreadableListError``."""
    try:
        yield
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise not_utf_8() from error


def not_utf_8() -> Exception:
    """The refusal of any other encoding: to guess would quietly spoil names."""
    return unreadable(
        "the file is not UTF-8; save it as UTF-8 (in a spreadsheet: CSV UTF-8) and send it again"
    )
