"""``python -m benchmarks.measure_catalog_import``: a dump as large as MusicBrainz's, imported."""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import psycopg

from adapters.embedded.servers import EmbeddedServers
from adapters.postgres.migrations import migrate
from benchmarks.names import names
from benchmarks.result import Result, machine, table, write_section
from tests.builders.musicbrainz import DumpArtist, made_up_artists, write_json, write_tables

ROOT = Path(__file__).resolve().parents[1]
_LIMIT_SECONDS, _LIMIT_MIB = 600, 512
_FULL = 2_500_000
_TICKS = os.sysconf("SC_CLK_TCK")
_ONE_IN = 100  # artists are otherwise in the newer dump
_BETWEEN_SEARCHES = 0.1


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One import as a process: what it took, what it said, and how long searches took meanwhile.

    ``cpu`` is of the importing process, ``server_cpu`` of PostgreSQL, both in seconds.
    """

    seconds: float
    mib: float
    cpu: float
    server_cpu: float
    said: str
    searches: list[float]

    @property
    def slowest(self) -> float:
        """The 99th percentile of the searches, in milliseconds."""
        return sorted(self.searches)[int(len(self.searches) * 0.99)] * 1000


def main() -> int:
    """0 if every bar was met, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.measure_catalog_import", description=__doc__
    )
    parser.add_argument("--size", type=int, default=_FULL, help="artists (default: 2.5 million)")
    parser.add_argument("--tables", action="store_true", help="the dump of tables, not of JSON")
    parser.add_argument(
        "--dumps", type=Path, help="folder to keep the dumps in, and take them from"
    )
    parser.add_argument("--no-results", action="store_true", help="leave RESULTS.md as it is")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nodrake-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL is not root even where we are
        dump, newer = _dumps(options.dumps or folder, options.size, tables=options.tables)
        with EmbeddedServers(folder / "data", redis=False, durable=True) as servers:
            migrate(servers.database_url)
            runs = []
            for what in (dump, dump, newer):
                runs.append(import_dump(servers.database_url, what))
                print(f"{runs[-1].seconds:.0f} s: {runs[-1].said}", flush=True)
    results = _results(runs, options.size)
    print(table(results))
    if not options.no_results:
        layout = "tables" if options.tables else "JSON lines"
        write_section(
            "catalog import",
            f"`make bench-catalog`: {options.size:,} generated artists ({layout}), with all "
            f"indexes of the search. {machine()}. The machine had a load of "
            f"{os.getloadavg()[2]:.1f} in the last quarter of an hour; importer and PostgreSQL "
            "share it, so that seconds of CPU say more than those of the clock.",
            results,
        )
    return 1 if any(result.met is False for result in results) else 0


def _dumps(folder: Path, size: int, *, tables: bool) -> tuple[Path, Path]:
    write = write_tables if tables else write_json
    dump = folder / f"{size}-{'tables' if tables else 'json'}"
    newer = dump.with_name(f"{dump.name}-newer")
    if not newer.exists():
        print(f"generating {size:,} artists, twice …", flush=True)
        write(dump, artists(size))
        write(newer, _edited(artists(size)))
    return dump, newer


def artists(count: int) -> Iterator[DumpArtist]:
    """The same for the same count."""
    called = ((name.name, name.aliases) for name in names(count))
    return made_up_artists(count, called=called)


def _edited(old: Iterable[DumpArtist]) -> Iterator[DumpArtist]:
    for artist in old:
        if artist.number % _ONE_IN == 0:
            yield msgspec.structs.replace(artist, name=f"{artist.name} II", comment="edited")
        else:
            yield artist


def import_dump(database_url: str, dump: Path) -> Run:
    """Import it with the real command while somebody searches."""
    searches: list[float] = []
    ended = threading.Event()
    searcher = threading.Thread(target=_search, args=(database_url, ended, searches))
    searcher.start()
    before = _server_cpu(database_url)
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "entrypoints.cli.main", "catalog", "import", str(dump)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url, "REDIS_URL": "redis://127.0.0.1:1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    server = _server_cpu(database_url) - before
    ended.set()
    searcher.join()
    assert status == 0, said
    return Run(
        seconds=seconds,
        mib=used.ru_maxrss / 1024,
        cpu=used.ru_utime + used.ru_stime,
        server_cpu=server,
        said=said.strip(),
        searches=searches,
    )


def _search(database_url: str, ended: threading.Event, searches: list[float]) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("set statement_timeout = '2s'")
        while not ended.is_set():
            started = time.perf_counter()
            connection.execute(
                "select a.id, a.canonical_name from artist_names n "
                "join artists a on a.id = n.artist_id where n.search_key like 'sta%' "
                "order by n.search_key using ~<~ limit 10"
            ).fetchall()
            searches.append(time.perf_counter() - started)
            time.sleep(_BETWEEN_SEARCHES)


def _server_cpu(database_url: str) -> float:
    """Seconds of CPU of all processes of that server, those that have ended included."""
    with psycopg.connect(database_url) as connection:
        parent = _stat(connection.info.backend_pid)[1]
    ticks = sum(_stat(parent)[13:15])
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = _stat(int(stat.parent.name))
        if fields[1:2] == [parent]:
            ticks += sum(fields[11:13])
    return ticks / _TICKS


def _stat(pid: int) -> list[int]:
    """The numbers of ``/proc/PID/stat`` after the name, the state as zero; none when it is gone."""
    try:
        rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
    return [0, *map(int, rest[1:])]


def _results(runs: list[Run], size: int) -> list[Result]:
    first, again, newer = runs
    allowed = _LIMIT_SECONDS * size / _FULL
    return [
        Result(
            what="first import",
            figure=f"{first.seconds:.0f} s, {size / first.seconds:,.0f} artists/s; CPU "
            f"{first.cpu:.0f} s importing, {first.server_cpu:.0f} s PostgreSQL",
            bar=f"< {allowed:.0f} s",
            met=first.seconds < allowed,
        ),
        Result(
            what="memory of the importing process (highest point of three runs)",
            figure=f"{max(run.mib for run in runs):.0f} MiB",
            bar=f"< {_LIMIT_MIB} MiB",
            met=max(run.mib for run in runs) < _LIMIT_MIB,
        ),
        Result(
            what="the same again",
            figure=f"{again.seconds:.0f} s; CPU {again.cpu:.0f} s importing, "
            f"{again.server_cpu:.0f} s PostgreSQL",
            bar="changes nothing",
            met=again.said.startswith("0 new, 0 known from lists, 0 changed,"),
        ),
        Result(
            what=f"a newer dump, one in {_ONE_IN} edited",
            figure=f"{newer.seconds:.0f} s; {newer.said.splitlines()[0]}",
            bar="changes these",
            met=f" {size // _ONE_IN} changed," in newer.said,
        ),
        Result(
            what="p99 of a search by prefix meanwhile",
            figure=", ".join(f"{run.slowest:.0f} ms" for run in runs),
            bar="< 1 s",
            met=max(run.slowest for run in runs) < 1000,
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
