"""Looking artists up."""

import pytest

from application.catalog.search_artists import SearchQuery
from domain.shared.errors import InvalidInputError
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_names_are_found_without_case_or_diacritics(world: World) -> None:
    artist_id = world.artist("Señor Ocaso")
    hits = await world.search_artists(SearchQuery(text="SENOR oc", limit=20))
    assert [hit.id for hit in hits] == [artist_id]


@pytest.mark.parametrize("text", ["   ", "\u0301"])
async def test_a_text_without_signs_finds_nothing(world: World, text: str) -> None:
    world.artist()
    assert await world.search_artists(SearchQuery(text=text, limit=20)) == []


@pytest.mark.parametrize("text", ["x" * 256, "a\0b"])
async def test_a_text_that_is_no_name_is_refused(world: World, text: str) -> None:
    with pytest.raises(InvalidInputError):
        await world.search_artists(SearchQuery(text=text, limit=20))
