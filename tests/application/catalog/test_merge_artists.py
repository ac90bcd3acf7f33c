"""One artist of two."""

from uuid import uuid4

import pytest

from application.catalog.merge_artists import ArtistsToMerge
from domain.accounts.role import Role
from domain.catalog.errors import (
    ArtistAlreadyMergedError,
    ArtistNotFoundError,
    NotAModeratorError,
    SameArtistError,
)
from domain.catalog.events import ArtistsMerged
from domain.shared.ids import ArtistId, UserId
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


def request(actor: UserId, artist_id: ArtistId, survivor_id: ArtistId) -> ArtistsToMerge:
    """What a moderator asks for."""
    return ArtistsToMerge(actor=actor, artist_id=artist_id, survivor_id=survivor_id, origin=ORIGIN)


async def test_a_merge_says_how_many_lists_it_concerned_and_is_told(world: World) -> None:
    root, ada = (await world.an_admin()).profile.id, (await world.ada()).profile.id
    part, whole = world.artist("Part"), world.artist("Whole")
    await world.block(ada, part)
    await world.block(root, part)
    await world.block(root, whole)
    merged = await world.merge_artists(request(root, part, whole))
    assert (merged.counts.moved, merged.counts.combined) == (1, 1)
    assert merged.merge.merged_at == world.clock()
    event = world.database.rows.events[-1]
    assert isinstance(event, ArtistsMerged)
    assert (event.merge_id, event.artist_id, event.survivor_id) == (merged.merge.id, part, whole)
    assert [entry.artist.id for entry in await world.listed(ada)] == [whole]


@pytest.mark.parametrize("role", Role)
async def test_only_moderators_and_administrators_merge(world: World, role: Role) -> None:
    root, ada = await world.an_admin(), (await world.ada()).profile.id
    await world.give_role(root, ada, role)
    command = request(ada, world.artist("Part"), world.artist("Whole"))
    if role in {Role.ADMIN, Role.MODERATOR}:
        await world.merge_artists(command)
        return
    with pytest.raises(NotAModeratorError):
        await world.merge_artists(command)
    assert world.database.rows.merges == {}


async def test_what_cannot_be_merged_changes_nothing(world: World) -> None:
    root = (await world.an_admin()).profile.id
    part, whole = world.artist("Part"), world.artist("Whole")
    with pytest.raises(SameArtistError):
        await world.merge_artists(request(root, part, part))
    with pytest.raises(ArtistNotFoundError):
        await world.merge_artists(request(root, part, ArtistId(uuid4())))
    await world.merge_artists(request(root, part, whole))
    events = len(world.database.rows.events)
    with pytest.raises(ArtistAlreadyMergedError):
        await world.merge_artists(request(root, whole, part))
    assert len(world.database.rows.events) == events
