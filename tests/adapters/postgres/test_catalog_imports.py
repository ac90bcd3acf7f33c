"""Imports that are stopped, raced, watched and fed with broken dumps."""

import asyncio
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from adapters.postgres.catalog_imports import PostgresCatalogImports
from adapters.postgres.list_import import TAKING_IN
from adapters.system.new_id import UuidV7
from application.catalog.imports import ImportStage
from domain.catalog.errors import BrokenDumpError, ImportRunningError
from tests.adapters.postgres.imported_catalogue import (
    BAND,
    ONE,
    OTHER,
    SPOTIFY,
    THIRD,
    Catalogue,
    StopError,
)
from tests.builders.musicbrainz import DumpArtist

pytestmark = pytest.mark.anyio

WAITING = """
select count(*) from pg_locks l join pg_database d on d.oid = l.database
where d.datname = current_database() and l.locktype = 'advisory' and not l.granted
"""


async def test_only_one_imports_at_a_time(catalogue: Catalogue) -> None:
    imports = PostgresCatalogImports(catalogue.pool)
    async with imports.alone():
        with pytest.raises(ImportRunningError):
            async with PostgresCatalogImports(catalogue.pool, patience=1).alone():
                pass
    assert await catalogue.imported(BAND) == (1, 0, 0, 0, 0)


@pytest.mark.parametrize("after", range(1, 9))
async def test_it_goes_on_from_wherever_it_was_stopped(catalogue: Catalogue, after: int) -> None:
    many = [DumpArtist(number=n, name=f"Artist {n}", aliases=(f"Alias {n}",)) for n in range(1, 8)]
    path = catalogue.dump(*many)
    seen: list[object] = []

    def progress(step: object) -> None:
        seen.append(step)
        if len(seen) == after:
            raise StopError

    stopped = False
    try:
        await catalogue.take(path, progress=progress)
    except StopError:
        stopped = True
    outcome = await catalogue.take(path)
    assert catalogue.rows("select count(*) from artists") == [7]
    assert catalogue.rows("select count(*) from artist_names") == [14]
    assert catalogue.rows("select count(*) from catalog_imports") == [1 if stopped else 2]
    if stopped:
        assert outcome.result.added == 7
        assert outcome.result.stage is ImportStage.DONE


async def test_another_dump_takes_the_place_of_an_unfinished_one(catalogue: Catalogue) -> None:
    def stop(_: object) -> None:
        raise StopError

    with pytest.raises(StopError):
        await catalogue.take(catalogue.dump(BAND, OTHER), progress=stop)
    assert await catalogue.imported(THIRD) == (1, 0, 0, 0, 0)
    assert catalogue.rows("select stage from catalog_imports order by started_at") == [
        "abandoned",
        "done",
    ]


async def test_it_reads_again_what_a_crash_of_the_server_has_emptied(catalogue: Catalogue) -> None:
    path = catalogue.dump(BAND, OTHER, THIRD)

    def stop(_: object) -> None:
        raise StopError

    with pytest.raises(StopError):
        await catalogue.take(path, progress=stop)
    catalogue.run("truncate staged_artists, staged_names, staged_ids, staged_types, staged_urls")
    result = (await catalogue.take(path)).result
    assert (result.added, result.gone, result.stage) == (3, 0, ImportStage.DONE)


async def test_search_and_lists_go_on_in_the_middle_of_it(catalogue: Catalogue) -> None:
    await catalogue.imported(BAND)
    renamed = DumpArtist(number=1, name="Renamed")
    ids = UuidV7()
    calls: list[object] = []

    def looked_around() -> UUID:
        calls.append(catalogue.rows("select canonical_name from artists"))
        catalogue.run("set lock_timeout = '1s'; update artists set metadata = '{}'")
        calls.append(
            catalogue.rows(
                "select distinct c.relname, l.mode from pg_locks l join pg_class c "
                "on c.oid = l.relation where l.mode like '%%Exclusive%%' and c.relkind = 'r' "
                "and l.mode <> 'RowExclusiveLock' and c.relnamespace = 'public'::regnamespace"
            )
        )
        return ids()

    catalogue.new_id = looked_around
    assert await catalogue.imported(renamed, OTHER) == (1, 0, 1, 0, 0)
    assert calls[-2:] == [["Señor Coconut"], []]


@pytest.mark.parametrize("service", ["musicbrainz", "spotify"])
async def test_an_artist_that_a_list_brings_meanwhile_is_the_same(
    catalogue: Catalogue, service: str
) -> None:
    with psycopg.connect(catalogue.url) as other:
        other.execute("select pg_advisory_xact_lock(%s)", [TAKING_IN])
        running = asyncio.create_task(catalogue.imported(BAND, OTHER))
        while catalogue.rows(WAITING) != [1]:
            assert not running.done()
            await asyncio.sleep(0.01)
        listed = catalogue.listed("Listed", service, BAND.record if service != "spotify" else ONE)
        other.commit()
    assert await running == (1, 1, 0, 0, 0)
    assert catalogue.rows("select id::text from artists where source_record = %s", BAND.record) == [
        listed
    ]


@pytest.mark.parametrize("attempt", range(5))
async def test_two_batches_at_once_do_not_both_take_an_artist_of_a_list(
    catalogue: Catalogue, attempt: int
) -> None:
    listed = catalogue.listed("Listed", "spotify", ONE)
    catalogue.run(
        "insert into artist_external_ids (service, external_id, artist_id) "
        "values ('deezer', '5', %s)",
        listed,
    )
    one = DumpArtist(number=1, name="One", urls=(SPOTIFY + ONE,))
    two = DumpArtist(number=2, name="Two", urls=("https://www.deezer.com/artist/5",))
    with psycopg.connect(catalogue.url) as other:
        other.execute("select pg_advisory_xact_lock(%s)", [TAKING_IN])
        running = asyncio.create_task(catalogue.imported(one, two, batch=1))
        while catalogue.rows(WAITING) != [2]:
            assert not running.done()
            await asyncio.sleep(0.01)
        other.commit()  # off they go
    assert await running == (1, 1, 0, 0, 0)
    records = {one.record, two.record}
    assert set(catalogue.rows("select source_record from artists")) == records
    assert (
        set(
            catalogue.rows(
                "select external_id from artist_external_ids where service = 'musicbrainz'"
            )
        )
        == records
    )
    assert await catalogue.imported(one, two, batch=1) == (0, 0, 0, 2, 0)


async def test_a_broken_line_stops_it_and_is_named(catalogue: Catalogue) -> None:
    path = Path(catalogue.dump(BAND, OTHER, THIRD))
    file = catalogue.file_of(path)
    first, second, third = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(first + second[:30] + b"\n" + third)
    with pytest.raises(BrokenDumpError, match="artist, line 2: "):
        await catalogue.take(str(path))
    assert catalogue.rows("select count(*) from artists") == [0]
    outcome = await catalogue.take(str(path), leave_out=1)
    assert (outcome.result.added, outcome.result.left_out) == (2, 1)
