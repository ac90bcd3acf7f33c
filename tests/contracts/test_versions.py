"""Versions: the same wherever a state is read, and enough to change it once."""

from collections import Counter
from datetime import timedelta, timezone

import msgspec
import pytest

from application.accounts.profile import Profile
from domain.accounts.user import Theme, UserSettings
from domain.blocklists.dnp_entry import parse_note
from domain.shared.errors import PreconditionFailedError
from domain.shared.ids import ArtistId
from domain.shared.version import check_version
from tests.builders.accounts import NOW, a_user
from tests.builders.blocklists import a_slice, an_entry
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio

LATER = NOW + timedelta(microseconds=1)
ONE_OF_TWENTY = {type(None): 1, PreconditionFailedError: RACERS - 1}


async def test_a_profile_has_one_version_wherever_it_is_read(place: Place) -> None:
    user = await place.a_person()
    async with place.accounts() as tx:
        locked = await tx.users.get_for_update(user.id)
    assert Profile.of(locked).version == (await place.directory.get(user.id)).version
    changes = [
        user.renamed("Ada", NOW),
        user.with_settings(UserSettings(theme=Theme.DARK), NOW),
        user.renamed(None, LATER),
    ]
    assert len({Profile.of(changed).version for changed in (user, *changes)}) == 4


def test_the_same_moment_in_another_zone_is_the_same_version() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=1)))
    user = a_user()
    same = msgspec.structs.replace(user, created_at=elsewhere, updated_at=elsewhere)
    assert Profile.of(same).version == Profile.of(user).version
    artist = ArtistId(user.id)
    entries = [an_entry(user.id, artist, added_at=at) for at in (NOW, elsewhere)]
    assert entries[0].version == entries[1].version


async def test_an_entry_has_one_version_wherever_it_is_read(place: Place) -> None:
    user, artist = await place.a_person(), await place.an_artist("Versioned")
    entry = an_entry(user.id, artist, tags=["b", "a", "ä"], note="why\nnot")
    async with place.blocklists() as tx:
        await tx.entries.add(entry)
        assert (await tx.entries.get_for_update(user.id, artist)).version == entry.version
    assert (await place.reader.get(user.id, artist)).version == entry.version
    page = await place.reader.page(a_slice(user.id))
    assert [listed.version for listed in page.entries] == [entry.version]
    others = [
        an_entry(user.id, artist, tags=["b", "a"], note="why\nnot"),
        an_entry(user.id, artist, tags=["b", "a", "o"], note="why\nnot"),
        an_entry(user.id, artist, tags=["b", "a", "ä"]),
        an_entry(user.id, artist, tags=["b", "a", "ä"], note="why\nnot", added_at=LATER),
    ]
    assert len({other.version for other in (entry, *others)}) == 5


async def test_of_twenty_who_change_one_user_as_they_read_it_one_does(
    place: Place, race: Race[None]
) -> None:
    user = await place.a_person()
    read = frozenset({(await place.directory.get(user.id)).version})

    async def change() -> None:
        async with place.accounts() as tx:
            now = await tx.users.get_for_update(user.id)
            check_version(Profile.of(now).version, read)
            await tx.users.update(now.renamed("Ada", LATER))

    results = Counter(type(result) for result in await race(change))
    assert results == ONE_OF_TWENTY


async def test_of_twenty_who_change_one_entry_as_they_read_it_one_does(
    place: Place, race: Race[None]
) -> None:
    user, artist = await place.a_person(), await place.an_artist("Contended")
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, artist))
    read = frozenset({(await place.reader.get(user.id, artist)).version})

    async def change() -> None:
        async with place.blocklists() as tx:
            entry = await tx.entries.get_for_update(user.id, artist)
            check_version(entry.version, read)
            await tx.entries.update(entry.edited(note=parse_note("mine")))

    results = Counter(type(result) for result in await race(change))
    assert results == ONE_OF_TWENTY
