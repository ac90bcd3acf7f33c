"""Hits as CSV: a line for each reason."""

from collections.abc import Iterable, Iterator

from domain.enforcement.report import ScanReport
from domain.shared.csv_text import write_row

COLUMNS = (
    *("kind", "title", "artists", "album", "on_list", "role", "matched_by", "confidence"),
    *("written", "place", "times", "uri"),
)


def as_csv(reports: Iterable[tuple[str | None, ScanReport]]) -> Iterator[str]:
    """RFC 4180 with a header; a column for the file where files have names."""
    named = [*reports]
    with_file = any(name is not None for name, _ in named)
    yield write_row([*(["file"] if with_file else []), *COLUMNS])
    for name, report in named:
        for hit in report.hits:
            item = hit.item
            for reason in hit.reasons:
                yield write_row(
                    [
                        *([name or ""] if with_file else []),
                        item.kind,
                        item.title,
                        "; ".join(item.artists),
                        item.album,
                        reason.artist.name,
                        reason.role,
                        reason.matched_by,
                        f"{reason.confidence:.1f}",
                        reason.written,
                        item.place,
                        str(hit.times),
                        item.uri,
                    ]
                )
