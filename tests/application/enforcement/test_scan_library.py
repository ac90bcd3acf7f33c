"""Holding a library export against one's list."""

from uuid import uuid4

import pytest

from application.blocklists.block_artist import ArtistToBlock
from application.enforcement.scan_library import LibraryToScan
from domain.enforcement.report import ScanReport
from domain.shared.ids import UserId
from domain.shared.library_export.errors import UnreadableExportError
from tests.application.world import ORIGIN, World
from tests.builders import exports

pytestmark = pytest.mark.anyio
LIBRARY = exports.your_library(
    tracks=[("Drake", "God's Plan"), ("Zaz", "Je veux (feat. DRAKE)"), ("Zaz", "Éblouie")]
)


async def scanned(world: World, actor: UserId, body: bytes, *, features: bool = True) -> ScanReport:
    """The report on an export."""
    return await world.scan_library(LibraryToScan(actor=actor, content=body, features=features))


async def a_list(world: World) -> UserId:
    """Somebody whose list has Drake, also known as Champagne Papi."""
    actor, artist = UserId(uuid4()), world.artist("Drake")
    world.database.rows.names[artist] = ["Drake", "Champagne Papi"]
    await world.block_artist(
        ArtistToBlock(actor=actor, artist_id=artist, tags=[], note=None, origin=ORIGIN)
    )
    return actor


async def test_what_is_by_or_with_somebody_on_the_list_is_found(world: World) -> None:
    report = await scanned(world, await a_list(world), LIBRARY)
    assert [hit.item.title for hit in report.hits] == ["God's Plan", "Je veux (feat. DRAKE)"]
    assert report.listed == 1


async def test_guests_do_not_count_where_they_are_not_to(world: World) -> None:
    report = await scanned(world, await a_list(world), LIBRARY, features=False)
    assert [hit.item.title for hit in report.hits] == ["God's Plan"]


async def test_every_name_of_an_artist_is_looked_for_and_one_is_shown(world: World) -> None:
    body = exports.m3u([("Champagne Papi", "One")])
    (hit,) = (await scanned(world, await a_list(world), body)).hits
    assert (hit.reasons[0].artist.name, hit.reasons[0].written) == ("Drake", "Champagne Papi")


async def test_somebody_elses_list_does_not_count(world: World) -> None:
    await a_list(world)
    report = await scanned(world, UserId(uuid4()), LIBRARY)
    assert (report.hits, report.listed) == ((), 0)


async def test_nothing_is_kept_of_a_library(world: World) -> None:
    actor = await a_list(world)
    before = repr(world.database.rows)
    await scanned(world, actor, LIBRARY)
    assert repr(world.database.rows) == before


async def test_a_file_that_is_no_export_is_refused(world: World) -> None:
    with pytest.raises(UnreadableExportError):
        await scanned(world, await a_list(world), b"hello")
