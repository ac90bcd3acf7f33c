"""Putting an artist on the list."""

from uuid import uuid4

import pytest

from application.blocklists.block_artist import ArtistAlreadyListedError, ArtistToBlock
from domain.blocklists.errors import UnknownArtistError
from domain.shared.errors import InvalidInputError
from domain.shared.ids import ArtistId
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_the_entry_is_answered_told_and_recorded(world: World) -> None:
    actor, artist_id = (await world.ada()).profile.id, world.artist()
    entry = await world.block(actor, artist_id, ["b", "a"])
    assert (entry.artist.id, entry.tags) == (artist_id, ["a", "b"])
    assert world.database.rows.events[-1].resource == ("artist", str(artist_id))
    assert world.database.rows.audit[-1].action == "blocklists.artist_blocked.v1"


async def test_a_second_time_answers_the_entry_that_is_there(world: World) -> None:
    actor, artist_id = (await world.ada()).profile.id, world.artist()
    there = await world.block(actor, artist_id, ["first"])
    with pytest.raises(ArtistAlreadyListedError) as refusal:
        await world.block(actor, artist_id, ["second"])
    assert refusal.value.entry == there
    assert refusal.value.code == "blocklists.artist_already_blocked"


async def test_an_artist_must_be_in_the_catalogue(world: World) -> None:
    actor = (await world.ada()).profile.id
    with pytest.raises(UnknownArtistError):
        await world.block(actor, ArtistId(uuid4()))


@pytest.mark.parametrize(
    ("tags", "note", "field"),
    [
        ([""], None, "tags"),
        (["x" * 51], None, "tags"),
        (["a;b"], None, "tags"),
        ([str(n) for n in range(21)], None, "tags"),
        ([], "x" * 2001, "note"),
        ([], "a\x07b", "note"),
    ],
)
async def test_words_that_break_a_rule_change_nothing(
    world: World, tags: list[str], note: str | None, field: str
) -> None:
    actor, artist_id = (await world.ada()).profile.id, world.artist()
    with pytest.raises(InvalidInputError) as refusal:
        await world.block_artist(
            ArtistToBlock(actor=actor, artist_id=artist_id, tags=tags, note=note, origin=ORIGIN)
        )
    assert refusal.value.errors[0].field == field
    assert not world.database.rows.entries
