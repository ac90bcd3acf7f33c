"""``nodrake catalog``: take in another catalogue's dump, and say what the catalogue is made of."""

import argparse
import sys
from collections.abc import Mapping
from typing import Any

from application.catalog.import_catalog import DumpToImport, ImportOutcome
from application.catalog.imports import Broken
from application.catalog.report_catalog import CatalogStatus
from domain.shared.errors import DomainError, ServiceUnavailableError
from entrypoints.cli.import_progress import shown_progress
from entrypoints.cli.with_database import with_database
from entrypoints.container import Container
from entrypoints.settings import load_settings

_DONE, _FAILED, _EXCERPT = 0, 1, 3
_IMPORT = """\
Take MusicBrainz's artists into the catalogue: names, aliases, what tells namesakes apart, and the
ids on services. Search goes on meanwhile. Each batch is a transaction of its own: stopped at any
point, even by kill -9 or a power cut, the same command goes on from there. Imported again, a
newer dump changes only what is different.

An artist that a list has brought before stays the same artist, on whatever lists it is: it is
known by its MusicBrainz id or by an id on a service. Nobody is ever removed. Artists that the
dump no longer has are marked as gone, unless they are more than one in twenty: then the dump is
taken for an excerpt, nothing is marked, and the exit status is 3.
"""
_IMPORT_EPILOGUE = """\
either of the two dumps will do:

  artist.tar.xz, JSON lines
    https://data.metabrainz.org/pub/musicbrainz/data/json-dumps/
  mbdump.tar.bz2, the tables (artist, artist_alias, artist_isni, artist_type, l_artist_url,
    link and url are read)
    https://data.metabrainz.org/pub/musicbrainz/data/fullexport/

DUMP is the archive itself, the folder that it was unpacked to, or a file of JSON lines (plain,
.xz or .bz2). Of mbdump.tar.bz2 most is recordings, and one core takes long to get past them:
unpacked by several it is faster.

  tar -I lbzip2 -xf mbdump.tar.bz2 \\
    mbdump/{artist,artist_alias,artist_isni,artist_type,l_artist_url,link,url}
  nodrake catalog import mbdump

What is taken is core data, under CC0; tags, ratings and annotations, which are not, are left.

exit status: 0  the catalogue is as the dump says
             1  it is not: the dump is broken (file and line are named), or the database is away
             2  usage or settings
             3  as 0, but the dump lacks so many artists that none was marked as gone
"""


def add_to(commands: Any) -> None:
    """Describe the commands."""
    raw = argparse.RawDescriptionHelpFormatter
    parser: argparse.ArgumentParser = commands.add_parser(
        "catalog",
        help="import MusicBrainz's artists; say what the catalogue is made of",
        description="The catalogue of artists that people search.",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    taking: argparse.ArgumentParser = actions.add_parser(
        "import",
        help="take in a dump of MusicBrainz",
        description=_IMPORT,
        epilog=_IMPORT_EPILOGUE,
        formatter_class=raw,
    )
    taking.add_argument("dump", metavar="DUMP", help="an archive, a folder or a file of JSON lines")
    taking.add_argument(
        "--excerpt",
        action="store_true",
        help="the dump has only some of the artists: mark none as gone",
    )
    taking.add_argument(
        "--leave-out",
        type=int,
        default=0,
        metavar="N",
        help="pass over up to N lines that cannot be read (default: stop at the first)",
    )
    taking.add_argument(
        "--batch", type=int, default=5_000, metavar="N", help="artists a transaction"
    )
    taking.set_defaults(run=run_import)
    status: argparse.ArgumentParser = actions.add_parser(
        "status",
        help="how many artists there are, from where, and what was imported when",
        description="Count the artists of each source and list the last ten imports.",
    )
    status.set_defaults(run=run_status)


def run_import(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Import, and say what has changed."""
    load_settings(environ).database.own_sessions()

    def complain(broken: Broken) -> None:
        _say(f"{broken.file}, line {broken.line}: {broken.reason}")

    async def take(container: Container) -> ImportOutcome:
        with shown_progress(sys.stderr) as progress:
            outcome: ImportOutcome = await container.import_catalog()(
                DumpToImport(
                    path=options.dump,
                    progress=progress,
                    complain=complain,
                    excerpt=options.excerpt,
                    leave_out=max(0, options.leave_out),
                    batch=max(1, options.batch),
                )
            )
        return outcome

    try:
        outcome = with_database(environ, take)
    except KeyboardInterrupt:
        _say("stopped; the same command goes on from here")
        return 130
    except ServiceUnavailableError as error:
        _say(f"{error.detail} The same command goes on from here.")
        return _FAILED
    except DomainError as error:
        _say(error.detail)
        return _FAILED
    return _told(outcome, excerpt=options.excerpt)


def run_status(_: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print it."""

    async def ask(container: Container) -> CatalogStatus:
        status: CatalogStatus = await container.report_catalog()(10)
        return status

    try:
        status = with_database(environ, ask)
    except DomainError as error:
        _say(error.detail)
        return _FAILED
    print(_many(sum(source.artists for source in status.sources), "artist"))
    for source in status.sources:
        gone = f", {source.gone} of them gone from there" if source.gone else ""
        print(f"  {source.artists} from {source.title} ({source.licence or 'no licence'}){gone}")
    print("imports, the last first:" if status.imports else "nothing has been imported")
    for done in status.imports:
        print(
            f"  {done.started_at:%Y-%m-%d %H:%M} UTC  {done.dump}: {done.stage}, {done.added} new, "
            f"{done.matched} known from lists, {done.changed} changed, {done.unchanged} as before, "
            f"{done.gone} gone"
        )
    return _DONE


def _told(outcome: ImportOutcome, *, excerpt: bool) -> int:
    result = outcome.result
    print(
        f"{result.added} new, {result.matched} known from lists, {result.changed} changed, "
        f"{result.unchanged} as before, {result.gone} gone"
    )
    if result.contested:
        print(f"{_many(result.contested, 'id')} on services: another artist here has them already")
    if result.left_out:
        print(f"left out: {_many(result.left_out, 'line')}")
    if not outcome.kept:
        return _DONE
    print(f"not in the dump: {_many(outcome.kept, 'artist')}; none was marked as gone")
    return _DONE if excerpt else _EXCERPT


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _say(text: str) -> None:
    print(f"nodrake: {text}", file=sys.stderr, flush=True)
