"""A catalogue of one's own, and dumps of MusicBrainz in one layout for it."""

from pathlib import Path
from typing import Any, Literal

import psycopg

from adapters.dumps.musicbrainz import MusicBrainzDump
from adapters.postgres.catalog_imports import PostgresCatalogImports
from adapters.postgres.pool import Pool
from adapters.system.clock import utc_now
from adapters.system.new_id import UuidV7
from application.catalog.import_catalog import DumpToImport, ImportCatalog, ImportOutcome
from application.catalog.imports import Broken
from application.shared.ports import NewId
from tests.builders.musicbrainz import DumpArtist, write_json, write_tables

SPOTIFY = "https://open.spotify.com/artist/"
ONE, TWO, THREE = (letter * 22 for letter in "abc")
BAND = DumpArtist(
    number=1,
    name="Señor Coconut",
    sort_name="Coconut, Señor",
    comment="electrolatino",
    type="Person",
    aliases=("Atom Heart", "Tab\there"),
    urls=(SPOTIFY + ONE, "https://www.deezer.com/artist/77", "https://example.org/señor"),
    ended=(SPOTIFY + THREE,),
    isnis=("0000000121032683",),
)
OTHER = DumpArtist(number=2, name="久石譲", sort_name="Hisaishi, Joe", type=None)
THIRD = DumpArtist(number=7, name="!!!", type="Choir", aliases=("Chk Chk Chk",))

Layout = Literal["json", "tables"]


class StopError(Exception):
    """As if the process had been killed at this point."""


def _nothing(_: object) -> None: ...


class Catalogue:
    """A database of one's own and dumps for it."""

    def __init__(self, url: str, pool: Pool, folder: Path, layout: Layout) -> None:
        self.url = url
        self.pool = pool
        self._folder = folder
        self._layout = layout
        self._dumps = 0
        self.new_id: NewId = UuidV7()

    def dump(self, *artists: DumpArtist) -> str:
        """A new dump with these artists."""
        self._dumps += 1
        path = self._folder / f"dump-{self._dumps}"
        write = write_json if self._layout == "json" else write_tables
        return str(write(path, artists))

    def file_of(self, dump: Path) -> Path:
        """Where its artists are."""
        return dump if self._layout == "json" else dump / "mbdump/artist"

    async def take(self, path: str, **options: Any) -> ImportOutcome:
        """Import a dump."""
        wishes: dict[str, Any] = {"batch": 2, "progress": _nothing} | options
        complaints: list[Broken] = []
        return await ImportCatalog(
            open_dump=MusicBrainzDump,
            imports=PostgresCatalogImports(self.pool),
            clock=utc_now,
            new_id=self.new_id,
        )(
            DumpToImport(
                path=path,
                complain=complaints.append,
                **wishes,
            )
        )

    async def imported(self, *artists: DumpArtist, **options: Any) -> tuple[int, ...]:
        """Import these, and the counts: new, known from lists, changed, as before, gone."""
        result = (await self.take(self.dump(*artists), **options)).result
        return (
            result.added,
            result.matched,
            result.changed,
            result.unchanged,
            result.gone,
        )

    def rows(self, query: str, *parameters: object) -> list[Any]:
        """What is there."""
        with psycopg.connect(self.url) as connection:
            found = connection.execute(query, parameters)
            return [row[0] if len(row) == 1 else row for row in found]

    def run(self, statement: str, *parameters: object) -> None:
        """Change something by hand."""
        with psycopg.connect(self.url) as connection:
            connection.execute(statement, parameters)

    def listed(self, artist: str, service: str, external_id: str) -> str:
        """An artist as a list brings one, and somebody who blocks it; its id."""
        with psycopg.connect(self.url) as connection:
            made = connection.execute(
                "insert into artists (id, canonical_name, sort_key) "
                "values (gen_random_uuid(), %s, lower(%s)) returning id",
                [artist, artist],
            ).fetchone()
            assert made is not None
            connection.execute(
                "insert into artist_names values (%s, %s, lower(%s), 'import')",
                [made[0], artist, artist],
            )
            connection.execute(
                "insert into artist_external_ids (service, external_id, artist_id) "
                "values (%s, %s, %s)",
                [service, external_id, made[0]],
            )
            connection.execute(
                "with person as (insert into users (id, email, email_key) "
                "values (gen_random_uuid(), %s, %s) returning id) "
                "insert into user_artist_blocks (user_id, artist_id) select id, %s from person",
                [f"{made[0]}@x.org", f"{made[0]}@x.org", made[0]],
            )
        return str(made[0])
