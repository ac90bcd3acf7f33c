"""Lists in JSON files, entry by entry, without building more of the file than one entry."""

import codecs
from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from domain.shared.library_export.errors import UnreadableExportError
from domain.shared.library_export.item import LibraryItem, Skipped, UnreadableEntryError

Entry = TypeVar("Entry")
Whole = TypeVar("Whole")
_CHUNK = 1024 * 1024
_BOM = b"\xef\xbb\xbf"


def opens_with(body: bytes, bracket: bytes) -> bool:
    """Whether the first thing in the file is this bracket."""
    return body[:4096].removeprefix(_BOM).lstrip()[:1] == bracket


def parse(body: bytes, type: type[Whole]) -> Whole | None:
    """The file as ``type``, ``None`` where it is shaped otherwise; refused where it is no JSON."""
    try:
        decoder = codecs.getincrementaldecoder("utf-8")()
        for start in range(0, len(body), _CHUNK):
            decoder.decode(body[start : start + _CHUNK], start + _CHUNK >= len(body))
        return msgspec.json.decode(body.removeprefix(_BOM), type=type)
    except msgspec.ValidationError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableExportError.because(
            "the file starts like JSON and is damaged; download it again"
        ) from error


def items(
    entries: list[msgspec.Raw],
    section: str,
    type: type[Entry],
    item: Callable[[Entry, int], LibraryItem | None],
    skip: Callable[[Skipped], None],
) -> Iterator[LibraryItem]:
    """What ``item`` makes of each entry; an entry of another shape goes to ``skip``."""
    decoder = msgspec.json.Decoder(type)
    for position, raw in enumerate(entries, start=1):
        try:
            made = item(decoder.decode(raw), position)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            reason = "the entry has another shape than the service writes"
        except UnreadableEntryError as error:
            reason = str(error)
        else:
            if made is not None:
                yield made
            continue
        skip(Skipped(section=section, position=position, reason=reason))
