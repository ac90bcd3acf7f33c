"""Looking artists up."""

from uuid import uuid4

import pytest

from application.catalog.search_artists import SearchQuery
from domain.shared.errors import InvalidInputError
from domain.shared.ids import UserId
from tests.application.world import World

pytestmark = pytest.mark.anyio


def a_query(text: str, actor: UserId | None = None) -> SearchQuery:
    """Somebody's, for twenty hits."""
    return SearchQuery(actor=actor or UserId(uuid4()), text=text, limit=20)


async def test_names_are_found_without_case_or_diacritics(world: World) -> None:
    artist_id = world.artist("Señor Ocaso")
    hits = await world.search_artists(a_query("SENOR oc"))
    assert [hit.artist.id for hit in hits] == [artist_id]


async def test_who_asks_sees_what_is_on_their_list(world: World) -> None:
    actor, artist_id = UserId(uuid4()), world.artist("Static Bloom")
    await world.block(actor, artist_id)
    (mine,) = await world.search_artists(a_query("static bloom", actor))
    (theirs,) = await world.search_artists(a_query("static bloom"))
    assert (mine.on_own_list, theirs.on_own_list) == (True, False)


@pytest.mark.parametrize("text", ["   ", "\u0301"])
async def test_a_text_without_signs_finds_nothing(world: World, text: str) -> None:
    world.artist()
    assert await world.search_artists(a_query(text)) == []


@pytest.mark.parametrize("text", ["x" * 256, "a\0b"])
async def test_a_text_that_is_no_name_is_refused(world: World, text: str) -> None:
    with pytest.raises(InvalidInputError):
        await world.search_artists(a_query(text))
