"""``python -m benchmarks.scan_once LIST LIBRARY``: one scan in a process of its own, as JSON."""

import sys
import time
from pathlib import Path

import msgspec

from domain.blocklists.list_formats.row import ListRow
from domain.blocklists.list_formats.sniffing import ListFormat, read_list
from domain.enforcement.listed_artist import DoNotPlayList, ListedArtist
from domain.enforcement.report import scan_export
from domain.shared.external_id import ExternalId


class OneScan(msgspec.Struct, frozen=True, kw_only=True):
    """How long it took from the closed files to the report, and the most memory that was used."""

    seconds: float
    processor_seconds: float
    mebibytes: float
    read: int
    hits: int


def main() -> None:
    """Scan and print."""
    started, processor_started = time.perf_counter(), time.process_time()
    do_not_play = DoNotPlayList.of(
        ListedArtist(
            id=str(row.line),
            names=(row.name,) if row.name else (),
            external_ids=tuple(known for known in row.references if isinstance(known, ExternalId)),
        )
        for row in read_list(Path(sys.argv[1]).read_bytes(), ListFormat.CSV, lambda _: None)
        if isinstance(row, ListRow)
    )
    report = scan_export(
        Path(sys.argv[2]).read_bytes(), do_not_play, features=True, max_items=500_000
    )
    seconds = time.perf_counter() - started
    processor_seconds = time.process_time() - processor_started
    status = Path("/proc/self/status").read_text("ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    found = OneScan(
        seconds=seconds,
        processor_seconds=processor_seconds,
        mebibytes=int(peak.split()[1]) / 1024,
        read=sum(report.read.values()),
        hits=len(report.hits),
    )
    print(msgspec.json.encode(found).decode())


if __name__ == "__main__":
    main()
