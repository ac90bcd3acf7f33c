"""The contract of ``ListedArtists``."""

from datetime import timedelta

import pytest

from domain.enforcement.listed_artist import ListedArtist
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import UserId
from tests.builders.accounts import NOW
from tests.builders.blocklists import a_spotify_id, an_entry
from tests.contracts.conftest import Place

pytestmark = pytest.mark.anyio


async def listed(place: Place, user_id: UserId) -> list[ListedArtist]:
    """All of them."""
    return [artist async for artist in place.listed.all(user_id)]


async def test_each_artist_comes_with_every_name_and_id_oldest_entry_first(place: Place) -> None:
    mine, theirs = await place.a_person(), await place.a_person()
    spotify = a_spotify_id()
    deezer = ExternalId(service=MusicService.DEEZER, value=str(int(spotify.value, 36))[:15])
    known = await place.an_artist("Drake", "Aubrey", "Drizzy", external_ids=[spotify, deezer])
    plain = await place.an_artist("Simon: & Garfunkel")
    other = await place.an_artist("Other")
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(mine.id, plain, added_at=NOW + timedelta(minutes=1)))
        await tx.entries.add(an_entry(mine.id, known, added_at=NOW))
        await tx.entries.add(an_entry(theirs.id, other))
    assert await listed(place, mine.id) == [
        ListedArtist(
            id=str(known), names=("Drake", "Aubrey", "Drizzy"), external_ids=(deezer, spotify)
        ),
        ListedArtist(id=str(plain), names=("Simon: & Garfunkel",), external_ids=()),
    ]


async def test_an_empty_list_has_nobody(place: Place) -> None:
    assert await listed(place, (await place.a_person()).id) == []
