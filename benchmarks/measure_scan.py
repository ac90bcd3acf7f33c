"""A library against a list of 10,000 artists: seconds, memory, how both grow; and who is named.

Seconds are the processor's: a scan is one thread that waits for nothing, so that they are what
it takes where nothing else runs. The clock's are told beside them.
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from benchmarks import library
from benchmarks.credits.cases import Case, generated_cases, written_cases
from benchmarks.credits.measures import Measure, measure
from benchmarks.result import Result
from benchmarks.scan_once import OneScan
from benchmarks.stage import Stage

_SIZES = (12_500, 25_000, 50_000)
_ARTISTS = 8_000
_LISTED = 10_000
_TIMES = 5


def measure_scan(_: Stage) -> list[Result]:
    """Each scan in a process of its own, five times; the median counts."""
    names = library.names(_ARTISTS + _LISTED - 1_000)
    artists, listed = names[:_ARTISTS], names[-_LISTED:]  # a thousand are both
    results, seconds = [], {}
    with tempfile.TemporaryDirectory() as folder:
        list_path = Path(folder, "list.csv")
        list_path.write_bytes(library.list_file(listed))
        for size in _SIZES:
            for name, body in library.library_files(library.tracks(size, artists)).items():
                if size != _SIZES[-1] and "YourLibrary" not in name:
                    continue
                path = Path(folder, "library")
                path.write_bytes(body)
                scans = [_scan(list_path, path) for _ in range(_TIMES)]
                took = statistics.median(scan.processor_seconds for scan in scans)
                clock = statistics.median(scan.seconds for scan in scans)
                most = max(scan.mebibytes for scan in scans)
                has_bar = size == _SIZES[-1] and "YourLibrary" in name
                seconds[size] = took if "YourLibrary" in name else seconds[size]
                results.append(
                    Result(
                        what=f"{size:,} tracks, {name} of {len(body) / 1024**2:.0f} MiB",
                        figure=f"{took:.2f} s ({clock:.2f} by the clock), {most:.0f} MiB, "
                        f"{scans[0].hits:,} hits",
                        bar="< 1 s and < 200 MiB" if has_bar else "",
                        met=took < 1 and most < 200 if has_bar else None,
                    )
                )
    first, second, third = (seconds[size] for size in _SIZES)
    results.append(
        Result(
            what="twice the tracks, the same list",
            figure=f"× {second / first:.2f}, × {third / second:.2f}",
            bar="at most × 2.2",
            met=max(second / first, third / second) <= 2.2,
        )
    )
    return [
        *results,
        *_credits("written by hand", [*written_cases()]),
        *_credits("made from patterns", [*generated_cases()]),
    ]


def _scan(list_path: Path, path: Path) -> OneScan:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.scan_once", str(list_path), str(path)],
        capture_output=True,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=OneScan)


def _credits(kind: str, cases: list[Case]) -> list[Result]:
    found = measure(cases)
    return [
        Result(what=f"{len(cases)} credits {kind}: {what}", figure=_figure(part))
        for what, part in (
            ("names", found.names),
            ("names with their roles", found.roles),
            ("names that are on the list", found.listed),
        )
    ]


def _figure(part: Measure) -> str:
    return f"precision {part.precision:.3f}, recall {part.recall:.3f} of {part.wanted:,}"
