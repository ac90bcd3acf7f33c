"""``nodrake scan``: a person's own library against a list, without server or account."""

import argparse
import io
import itertools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.blocklists.list_formats.row import ListRow, Rejection, RejectionCode, TrackRow
from domain.blocklists.list_formats.sniffing import read_list, sniff
from domain.enforcement.listed_artist import DoNotPlayList, ListedArtist
from domain.enforcement.report import ScanReport, scan_export
from domain.shared.errors import DomainError
from domain.shared.external_id import ExternalId
from domain.shared.library_export.reading import TITLES
from entrypoints.http.enforcement.schemas import LibraryScan
from entrypoints.scan_report.as_csv import as_csv
from entrypoints.scan_report.checklist import as_html, as_markdown
from entrypoints.scan_report.words import found_in_words, read_in_words, why

_CLEAN, _FOUND, _FAILED = 0, 1, 2
# What iTunes writes about 100,000 tracks has 150 MiB.
_MAX_BYTES = 256 * 1024 * 1024
_MAX_ITEMS = 500_000
_ABOUT = """\
Say which tracks, albums and followed artists of a library are by, or with, somebody on a
do-not-play list. Nothing leaves this machine, and nothing is changed: the checklist is for you.

FILE is what a service hands out or a player exports, told by its content:

  Spotify         YourLibrary.json, StreamingHistory*.json, Streaming_History_Audio_*.json
                  (Account > Privacy > Download your data), or a playlist by Exportify (CSV)
  Apple Music     Library.xml (File > Library > Export Library)
  YouTube Music   `music library songs.csv`, uploads (takeout.google.com)
  players         M3U and M3U8 playlists

The list is a file too, in any format that the import takes (CSV, JSON, text, …):

  curl -s $API/api/v1/dnp/export -H "$AUTH" > list.csv
  nodrake scan --list list.csv YourLibrary.json
  nodrake scan --list list.csv --no-features --format markdown -o remove.md *.json
"""
_EPILOGUE = """\
An artist whose id is in the file is matched by it; any other by name, which is less sure: two
artists may share one. `with`, `feat.`, remixes and producers count as features.

exit status: 0  nothing in the library is on the list
             1  something is
             2  a file or the list could not be read; nothing was written
"""

Reports = list[tuple[str | None, ScanReport]]


class ScannedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file in the JSON that is printed."""

    file: str
    scan: LibraryScan


def add_to(commands: Any) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "scan",
        help="hold an export of one's own library against a list, offline",
        description=_ABOUT,
        epilog=_EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="a library export")
    parser.add_argument(
        "--list",
        required=True,
        type=Path,
        metavar="FILE",
        dest="list_file",
        help="the do-not-play list, any file that the import takes; - reads standard input",
    )
    parser.add_argument(
        "--features",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether guests count: featured, with, remixers, producers (default: they do)",
    )
    parser.add_argument(
        "--format", choices=sorted(_WRITERS), default="table", help="(default: table)"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="where to write (default: to be read here)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, _: Mapping[str, str]) -> int:
    """Scan every file, then write all that was found."""
    try:
        do_not_play = _read_list(options.list_file)
        reports: Reports = [
            (str(path), _scan(path, do_not_play, features=options.features))
            for path in options.files
        ]
        _write(reports, _WRITERS[options.format], options.output)
    except _CannotError as error:
        print(f"nodrake: {error}", file=sys.stderr)
        return _FAILED
    return _FOUND if any(report.hits for _, report in reports) else _CLEAN


class _CannotError(Exception):
    """A file that stops the scan, in words that name it."""


def _scan(path: Path, do_not_play: DoNotPlayList, *, features: bool) -> ScanReport:
    try:
        report = scan_export(_read(path), do_not_play, features=features, max_items=_MAX_ITEMS)
    except DomainError as error:
        raise _CannotError(f"{path}: {error.detail}") from error
    for skip in report.skips[:3]:
        _say(f"{path}, {skip.section} {skip.position}: passed over, {skip.reason}")
    if report.skipped > 3:
        _say(f"{path}: {report.skipped - 3:,} more entries were passed over")
    return report


def _read_list(path: Path) -> DoNotPlayList:
    rejections: list[Rejection] = []
    try:
        do_not_play = DoNotPlayList.of(_listed(_read(path), rejections.append))
    except DomainError as error:
        raise _CannotError(f"{path}: {error.detail}") from error
    for rejection in rejections[:3]:
        _say(f"{path}, line {rejection.line}: passed over, {rejection.reason}")
    if len(rejections) > 3:
        _say(f"{path}: {len(rejections) - 3:,} more lines were passed over")
    if not do_not_play.size:
        raise _CannotError(f"{path}: there is nobody on the list")
    return do_not_play


def _listed(body: bytes, reject: Callable[[Rejection], None]) -> Iterable[ListedArtist]:
    """The artists of the list's rows; rows of one name for several services are one artist."""
    of_name: dict[str, list[ListedArtist]] = {}
    for row in read_list(body, sniff(body), reject):
        if isinstance(row, TrackRow):
            reason = "it names a track, and lists are of artists"
            reject(Rejection(line=row.line, code=RejectionCode.TRACK, reason=reason))
            continue
        ids = tuple(each for each in row.references if isinstance(each, ExternalId))
        same = of_name.setdefault(row.name or f"line {row.line}", [])
        services = {known.service for known in ids}
        for place, artist in enumerate(same):
            if row.name and not services & {known.service for known in artist.external_ids}:
                both = artist.external_ids + ids
                same[place] = msgspec.structs.replace(artist, external_ids=both)
                break
        else:
            key = _key(row)
            same.append(ListedArtist(id=key, names=(row.name or key,), external_ids=ids))
    return itertools.chain.from_iterable(of_name.values())


def _key(row: ListRow) -> str:
    if not row.references:
        return f"line {row.line}"
    first = row.references[0]
    return f"{first.service}:{first.value}" if isinstance(first, ExternalId) else str(first)


def _read(path: Path) -> bytes:
    try:
        if str(path) == "-":
            body = sys.stdin.buffer.read(_MAX_BYTES + 1)
        else:
            with path.open("rb") as file:
                body = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise _CannotError(f"{path}: {error.strerror or error}") from error
    if len(body) > _MAX_BYTES:
        raise _CannotError(f"{path}: larger than {_MAX_BYTES // 1024**2} MiB")
    return body


def _write(reports: Reports, writer: Callable[[Reports], Iterable[str]], to: Path | None) -> None:
    if to is None:
        for chunk in writer(reports):
            sys.stdout.write(chunk)
        return
    try:
        with to.open("w", encoding="utf-8", newline="") as file:
            file.writelines(writer(reports))
    except OSError as error:
        raise _CannotError(f"{to}: {error.strerror or error}") from error


def _as_table(reports: Reports) -> Iterator[str]:
    for name, report in reports:
        text = io.StringIO()
        console = Console(file=text, width=None if sys.stdout.isatty() else 120)
        table = Table(title=Text(f"{name}: {TITLES[report.format]}"), title_justify="left")
        for heading in ("What", "Title", "Artists", "On the list", "Where"):
            table.add_column(heading, overflow="fold")
        for hit in report.hits:
            times = f" × {hit.times:,}" if hit.times > 1 else ""
            table.add_row(
                Text(f"{hit.item.kind}{times}"),
                Text(hit.item.title),
                Text(", ".join(hit.item.artists)),
                Text("\n".join(why(reason) for reason in hit.reasons)),
                Text(hit.item.place),
            )
        if report.hits:
            console.print(table)
        yield text.getvalue()
        yield (
            f"{name}: {found_in_words(report.hits)} on the list of {report.listed:,}, "
            f"of {read_in_words(report)}.\n"
        )


def _as_json(reports: Reports) -> Iterator[str]:
    files = [ScannedFile(file=name or "", scan=LibraryScan.of(found)) for name, found in reports]
    yield msgspec.json.format(msgspec.json.encode(files)).decode() + "\n"


def _say(text: str) -> None:
    print(f"nodrake: {text}", file=sys.stderr)


_WRITERS: dict[str, Callable[[Reports], Iterable[str]]] = {
    "table": _as_table,
    "json": _as_json,
    "csv": as_csv,
    "markdown": as_markdown,
    "html": as_html,
}
