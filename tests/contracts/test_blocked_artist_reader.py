"""The contract of ``BlockedArtistReader``."""

from datetime import timedelta

import pytest

from application.blocklists.ports import BlockedArtist, ListedArtist, ListOrder, ListSlice
from domain.accounts.user import User
from domain.blocklists.dnp_entry import BY_HAND, EntrySource, SourceKind
from domain.blocklists.errors import ArtistNotBlockedError
from domain.catalog.artist_name import search_key
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId
from tests.builders.accounts import NOW
from tests.builders.blocklists import a_slice, a_spotify_id, an_entry
from tests.contracts.conftest import Place

pytestmark = pytest.mark.anyio

# Two share a moment and two share a name: only the artist's id tells them apart.
NAMES = ("delta", "Alpha", "charlie", "bravo", "Bravo", "echo")
MINUTES = (0, 1, 1, 2, 3, 4)


async def a_list(place: Place) -> tuple[User, list[ArtistId]]:
    """Somebody with six artists on their list, and somebody else with one of them."""
    mine, theirs = await place.a_person(), await place.a_person()
    artists = [await place.an_artist(name) for name in NAMES]
    async with place.blocklists() as tx:
        for artist, minutes in zip(artists, MINUTES, strict=True):
            added_at = NOW + timedelta(minutes=minutes)
            await tx.entries.add(an_entry(mine.id, artist, added_at=added_at))
        await tx.entries.add(an_entry(theirs.id, artists[0], tags=["theirs"]))
    return mine, artists


async def read(place: Place, query: ListSlice) -> list[BlockedArtist]:
    """Page after page."""
    entries: list[BlockedArtist] = []
    while True:
        page = await place.reader.page(query)
        assert len(page.entries) <= query.limit
        entries += page.entries
        if page.next is None:
            return entries
        assert len(page.entries) == query.limit
        query = a_slice(
            query.user_id,
            order=query.order,
            limit=query.limit,
            after=page.next,
            tag=query.tag,
            text=query.text,
            source=query.source,
            source_name=query.source_name,
        )


def names(entries: list[BlockedArtist]) -> list[str]:
    """What the artists are called."""
    return [entry.artist.canonical_name for entry in entries]


async def test_an_entry_is_shown_with_its_artist(place: Place) -> None:
    user, spotify = await place.a_person(), a_spotify_id()
    deezer = ExternalId(service=MusicService.DEEZER, value=str(user.id.int)[:19])
    artist = await place.an_artist("Shown", external_ids=[spotify, deezer])
    await place.describe(artist, "trio from Ghent")
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, artist, tags=["b", "a"], note="why"))
    expected = BlockedArtist(
        user_id=user.id,
        artist=ListedArtist(
            id=artist,
            canonical_name="Shown",
            external_ids={spotify.service: spotify.value, deezer.service: deezer.value},
            metadata={},
            created_at=NOW,
            disambiguation="trio from Ghent",
        ),
        tags=["a", "b"],
        note="why",
        added_at=NOW,
        until=None,
        source=BY_HAND,
    )
    assert await place.reader.get(user.id, artist) == expected
    assert (await place.reader.page(a_slice(user.id))).entries == [expected]
    assert [entry async for entry in place.reader.all(user.id)] == [expected]


async def test_of_several_ids_on_one_service_the_first_is_shown(place: Place) -> None:
    user, ids = await place.a_person(), [a_spotify_id() for _ in range(3)]
    artist = await place.an_artist("Several", external_ids=ids)
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, artist))
    shown = (await place.reader.get(user.id, artist)).artist.external_ids
    assert shown == {MusicService.SPOTIFY: min(known.value for known in ids)}


async def test_an_artist_without_ids_has_none(place: Place) -> None:
    mine, artists = await a_list(place)
    assert (await place.reader.get(mine.id, artists[0])).artist.external_ids == {}


@pytest.mark.parametrize("order", ListOrder)
@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7])
async def test_pages_together_are_the_list_in_order(
    place: Place, order: ListOrder, limit: int
) -> None:
    mine, artists = await a_list(place)
    by_name = order in {ListOrder.NAME, ListOrder.NAME_REVERSED}
    keys: list[str] | list[int] = [search_key(n) for n in NAMES] if by_name else list(MINUTES)
    expected = [
        artist
        for _, artist in sorted(
            zip(keys, artists, strict=True), reverse=order.value.startswith("-")
        )
    ]
    entries = await read(place, a_slice(mine.id, order=order, limit=limit))
    assert [entry.artist.id for entry in entries] == expected


@pytest.mark.parametrize("order", ListOrder)
async def test_a_page_stays_where_it_is_while_entries_come_and_go(
    place: Place, order: ListOrder
) -> None:
    mine, _ = await a_list(place)
    whole = await read(place, a_slice(mine.id, order=order))
    first = await place.reader.page(a_slice(mine.id, order=order, limit=3))
    newcomer = await place.an_artist("aaaa")
    async with place.blocklists() as tx:
        for entry in first.entries:
            await tx.entries.remove(mine.id, entry.artist.id)
        if order in {ListOrder.NEWEST, ListOrder.NAME}:
            added_at = NOW + timedelta(days=1)
            await tx.entries.add(an_entry(mine.id, newcomer, added_at=added_at))
    rest = await place.reader.page(a_slice(mine.id, order=order, after=first.next))
    assert rest.entries == whole[3:]


async def test_a_list_is_filtered_by_one_tag(place: Place) -> None:
    mine, artists = await a_list(place)
    async with place.blocklists() as tx:
        for artist, tag in zip(artists[:3], ["ai", "AI", "ai"], strict=True):
            await tx.entries.update(an_entry(mine.id, artist, tags=[tag, "x"]))
    entries = await read(place, a_slice(mine.id, tag="ai", limit=1, order=ListOrder.NAME))
    assert names(entries) == ["charlie", "delta"]
    assert await read(place, a_slice(mine.id, tag="theirs")) == []


async def test_a_list_is_filtered_by_where_entries_come_from(place: Place) -> None:
    user = await place.a_person()
    sources = {
        "by hand": BY_HAND,
        "named": EntrySource(kind=SourceKind.IMPORT, name="robots.csv"),
        "unnamed": EntrySource(kind=SourceKind.IMPORT),
        "subscribed": EntrySource(kind=SourceKind.LIST, name="robots.csv"),
    }
    artists = {name: await place.an_artist(name) for name in sources}
    async with place.blocklists() as tx:
        for name, source in sources.items():
            await tx.entries.add(an_entry(user.id, artists[name], source=source))

    async def found(source: SourceKind | None, source_name: str | None = None) -> list[str]:
        wanted = a_slice(
            user.id, order=ListOrder.NAME, limit=1, source=source, source_name=source_name
        )
        return names(await read(place, wanted))

    assert await found(SourceKind.OWN) == ["by hand"]
    assert await found(SourceKind.IMPORT) == ["named", "unnamed"]
    assert await found(SourceKind.IMPORT, "robots.csv") == ["named"]
    assert await found(SourceKind.IMPORT, "") == ["unnamed"]
    assert await found(None, "robots.csv") == ["named", "subscribed"]
    assert await found(SourceKind.LIST, "other.csv") == []


async def test_a_list_is_filtered_by_a_part_of_any_name(place: Place) -> None:
    user = await place.a_person()
    artists = [
        await place.an_artist("Prince", "The Artist", "TAFKAP"),
        await place.an_artist("100% Artist"),
        await place.an_artist("Nobody"),
    ]
    async with place.blocklists() as tx:
        for artist in artists:
            await tx.entries.add(an_entry(user.id, artist))
    by_name = ListOrder.NAME
    assert names(await read(place, a_slice(user.id, text="artist", order=by_name))) == [
        "100% Artist",
        "Prince",
    ]
    assert names(await read(place, a_slice(user.id, text="fka", order=by_name))) == ["Prince"]
    for wildcard in ("%", "_", "n_body", "\\"):
        assert await read(place, a_slice(user.id, text=wildcard)) == []


async def test_signs_that_sql_takes_for_wildcards_are_found_as_themselves(place: Place) -> None:
    user, signs = await place.a_person(), await place.an_artist("%_\\")
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, signs))
    found = await read(place, a_slice(user.id, text=search_key("%_\\")))
    assert names(found) == ["%_\\"]


async def test_somebody_elses_entry_is_not_there(place: Place) -> None:
    _, artists = await a_list(place)
    stranger = await place.a_person()
    assert (await place.reader.page(a_slice(stranger.id))).entries == []
    assert [entry async for entry in place.reader.all(stranger.id)] == []
    with pytest.raises(ArtistNotBlockedError):
        await place.reader.get(stranger.id, artists[0])


async def test_the_whole_list_comes_oldest_first(place: Place) -> None:
    mine, _ = await a_list(place)
    whole = [entry async for entry in place.reader.all(mine.id)]
    assert whole == await read(place, a_slice(mine.id, order=ListOrder.OLDEST))
    assert len(whole) == len(NAMES)


async def test_the_whole_list_is_that_of_one_moment(place: Place) -> None:
    user = await place.a_person()
    artists = [await place.an_artist(f"Moment {index}") for index in range(3)]
    async with place.blocklists() as tx:
        for artist in artists:
            await tx.entries.add(an_entry(user.id, artist))
    whole = place.reader.all(user.id)
    seen = [await anext(whole)]
    async with place.blocklists() as tx:
        for artist in artists:
            await tx.entries.remove(user.id, artist)
    seen += [entry async for entry in whole]
    assert len(seen) == 3
