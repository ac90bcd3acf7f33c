"""One artist."""

from uuid import uuid4

import pytest

from application.catalog.merge_artists import ArtistsToMerge
from domain.catalog.errors import ArtistNotFoundError
from domain.shared.ids import ArtistId
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_either_id_answers_the_survivor(world: World) -> None:
    root = (await world.an_admin()).profile.id
    part, whole = world.artist("Part"), world.artist("Whole")
    assert (await world.get_artist(part)).merged_from == []
    await world.merge_artists(
        ArtistsToMerge(actor=root, artist_id=part, survivor_id=whole, origin=ORIGIN)
    )
    found = await world.get_artist(part)
    assert found == await world.get_artist(whole)
    assert (found.artist.id, found.names) == (whole, ["Part", "Whole"])
    assert [merged.id for merged in found.merged_from] == [part]


async def test_who_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(ArtistNotFoundError):
        await world.get_artist(ArtistId(uuid4()))
