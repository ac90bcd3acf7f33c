"""The contract of ``ListedArtists``."""

from datetime import timedelta
from uuid import uuid4

import pytest

from application.blocklists.track_ports import ListException
from domain.enforcement.listed_artist import ListedArtist
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ExceptionId, UserId
from tests.builders.accounts import NOW
from tests.builders.blocklists import a_spotify_id, a_track, an_entry
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


async def test_what_has_ended_is_left_out_and_what_is_excepted_says_so(place: Place) -> None:
    user = await place.a_person()
    over, ends, loved = [await place.an_artist(name) for name in ("Over", "Ends", "Loved")]
    blocked, spared = a_track("Blocked"), a_track("Spared")
    async with place.blocklists() as tx:
        earlier = NOW - timedelta(days=1)
        await tx.entries.add(an_entry(user.id, over, added_at=earlier, until=NOW))
        await tx.entries.add(an_entry(user.id, ends, until=NOW + timedelta(seconds=1)))
        await tx.tracks.add(user.id, [blocked], NOW)
        for subject in (loved, spared):
            await tx.exceptions.add(
                ListException(
                    id=ExceptionId(uuid4()),
                    user_id=user.id,
                    subject=subject,
                    note=None,
                    added_at=NOW,
                )
            )
    found = [(artist.name, artist.is_excepted) for artist in await listed(place, user.id)]
    assert found == [("Ends", False), ("Loved", True)]
    tracks = [(track.uri, track.is_excepted) async for track in place.listed.tracks(user.id)]
    assert tracks == [
        (f"spotify:track:{blocked.id.value}", False),
        (f"spotify:track:{spared.id.value}", True),
    ]
