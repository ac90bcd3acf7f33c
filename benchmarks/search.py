"""``python -m benchmarks.search``: searching generated names, beside tantivy, into RESULTS.md."""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import msgspec

from adapters.embedded.servers import EmbeddedServers
from adapters.postgres.migrations import migrate
from benchmarks.names import Name, names
from benchmarks.queries import TYPOS, Query, queries
from benchmarks.result import Result, machine, table, write_section
from benchmarks.search_contestants import Postgres, Tantivy
from domain.catalog.artist_name import search_key

SMALL = 100_000
_TARGETS = 100_000
_ROUNDS = 3
Search = Callable[[str], tuple[list[str], float]]


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What one contestant did with one kind of query: best of three times, and found or not."""

    times: list[float]
    found: list[bool]

    @property
    def median(self) -> float:
        """In milliseconds."""
        return statistics.median(self.times)

    @property
    def p99(self) -> float:
        """In milliseconds."""
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * 0.99))]

    @property
    def recall(self) -> float:
        """The share of queries with the name that was meant among the first ten hits."""
        return sum(self.found) / len(self.found)

    def __str__(self) -> str:
        """In one line."""
        return f"median {self.median:.2f} ms, p99 {self.p99:.2f} ms, recall {self.recall:.1%}"


def main() -> int:
    """0 if every bar was met, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument(
        "--size", type=int, default=2_500_000, help="artists (default: 2.5 million)"
    )
    parser.add_argument("--each", type=int, default=400, help="queries of each kind (default: 400)")
    parser.add_argument("--no-results", action="store_true", help="leave RESULTS.md as it is")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nodrake-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL is not root even where we are
        with EmbeddedServers(folder / "data", redis=False, durable=True) as servers:
            migrate(servers.database_url)
            results, subtitle = _measure(servers.database_url, folder, options.size, options.each)
    print(table(results))
    if not options.no_results:
        write_section("search", subtitle, results)
    missed = [result.what for result in results if result.met is False]
    for what in missed:
        print(f"missed: {what}")
    return 1 if missed else 0


def _measure(database_url: str, folder: Path, size: int, each: int) -> tuple[list[Result], str]:
    postgres = Postgres(database_url)
    coming = _Kept(names(size), step=max(size // _TARGETS, 1))
    first = min(SMALL, size)
    _say(f"loading {first:,} artists")
    load_seconds = postgres.take_in(islice(coming, first))
    small = _run(postgres.search, queries(coming.all_so_far(), each))
    _say(f"loading {size - first:,} more")
    load_seconds += postgres.take_in(coming)
    asked = queries(coming.spread(), each)
    _say("searching")
    before = postgres.processor_seconds()
    large = _run(postgres.search, asked)
    busy = postgres.processor_seconds() - before
    _say("tantivy")
    (folder / "tantivy").mkdir()
    other = Tantivy(folder / "tantivy")
    build_seconds = other.take_in(names(size))
    theirs = _run(other.search, asked)
    results = _results(small, large, theirs)
    count = int(postgres.one("select count(*) from artist_names"))
    results += [
        Result(
            what=f"processor time of all {len(asked) * _ROUNDS:,} searches, mean",
            figure=f"{1000 * busy / len(asked) / _ROUNDS:.2f} ms",
        ),
        Result(
            what="loading with every index in place; tantivy's building",
            figure=f"{load_seconds:,.0f} s, {count / load_seconds:,.0f} names/s; "
            f"{build_seconds:,.0f} s",
        ),
        Result(
            what="names with their indexes; distinct words",
            figure=postgres.one("select pg_size_pretty(pg_total_relation_size('artist_names'))")
            + "; "
            + f"{int(postgres.one('select count(*) from name_words')):,}",
        ),
    ]
    subtitle = (
        f"Written by `python -m benchmarks.search` (`make bench-search`): {size:,} generated "
        f"artists with {count:,} names, {each} queries of each kind. {machine()}, PostgreSQL "
        f"{postgres.one('show server_version')} as `nodrake up` starts it, tantivy "
        f"{version('tantivy')}. Times are taken inside the database (inside the process for "
        "tantivy, all processors its own), the best of three of each query; "
        f"the growth is from {first:,} artists on."
    )
    return results, subtitle


class _Kept:
    """Artists as they come, some of their names remembered to ask for them."""

    def __init__(self, artists: Iterator[Name], *, step: int) -> None:
        self._artists = artists
        self._step = step
        self._count = 0
        self._first: list[str] = []
        self._spread: list[str] = []

    def __iter__(self) -> Iterator[Name]:
        return self

    def __next__(self) -> Name:
        artist = next(self._artists)
        if self._count < SMALL:
            self._first.append(artist.name)
        if self._count % self._step == 0:
            self._spread.append(artist.name)
        self._count += 1
        return artist

    def all_so_far(self) -> list[str]:
        """Every name of the small catalogue."""
        return self._first

    def spread(self) -> list[str]:
        """Names from all over the large one."""
        return self._spread


def _run(search: Search, asked: Sequence[Query]) -> dict[str, Seen]:
    keys = [search_key(query.text) for query in asked]
    times = [float("inf")] * len(asked)
    found = [False] * len(asked)
    for _ in range(_ROUNDS):
        for place, query in enumerate(asked):
            hits, milliseconds = search(keys[place])
            times[place] = min(times[place], milliseconds)
            found[place] = search_key(query.meant) in map(search_key, hits)
    kinds = {query.kind: (query.kind,) for query in asked} | {"typos": TYPOS}
    return {
        name: Seen(
            times=[times[place] for place, query in enumerate(asked) if query.kind in kinds_of],
            found=[found[place] for place, query in enumerate(asked) if query.kind in kinds_of],
        )
        for name, kinds_of in kinds.items()
    }


def _results(
    small: Mapping[str, Seen], large: Mapping[str, Seen], theirs: Mapping[str, Seen]
) -> list[Result]:
    ours, other = large["typos"], theirs["typos"]
    growth = ours.median / small["typos"].median
    grown = {kind: large[kind].median / small[kind].median for kind in ("exact", "prefix")}
    worst = max(growth, *grown.values())
    bars = [
        ("one typo, median", f"{ours.median:.2f} ms", "< 1 ms", ours.median < 1),
        ("one typo, p99", f"{ours.p99:.2f} ms", "< 8 ms", ours.p99 < 8),
        ("one typo, recall@10", f"{ours.recall:.1%}", "≥ 98 %", ours.recall >= 0.98),
        ("exact, p99", f"{large['exact'].p99:.2f} ms", "< 2 ms", large["exact"].p99 < 2),
        ("prefix, p99", f"{large['prefix'].p99:.2f} ms", "< 2 ms", large["prefix"].p99 < 2),
        (
            "growth of the median from the small catalogue: one typo, exact, prefix",
            f"{growth:.2f}, {grown['exact']:.2f}, {grown['prefix']:.2f}",
            "< 3",
            worst < 3,
        ),
        (
            "tantivy, one typo",
            str(other),
            "median and recall behind ours",
            ours.median < other.median and ours.recall > other.recall,
        ),
    ]
    results = [
        Result(what=what, figure=figure, bar=bar, met=met) for what, figure, bar, met in bars
    ]
    for kind in ("exact", "prefix", "words", *TYPOS, "short"):
        results.append(Result(what=f"{kind}", figure=str(large[kind])))
        results.append(Result(what=f"{kind}, tantivy", figure=str(theirs[kind])))
    results.append(Result(what="one typo, small catalogue", figure=str(small["typos"])))
    return results


def _say(what: str) -> None:
    print(f"{what} …", flush=True)


if __name__ == "__main__":
    sys.exit(main())
