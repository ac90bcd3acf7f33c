"""Two artists of one."""

from uuid import uuid4

import pytest

from application.catalog.merge_artists import ArtistsToMerge
from application.catalog.undo_artist_merge import MergeToUndo
from domain.catalog.errors import (
    MergeAlreadyUndoneError,
    MergeNotFoundError,
    NotAModeratorError,
)
from domain.catalog.events import ArtistMergeUndone
from domain.shared.ids import ArtistMergeId
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_an_undone_merge_is_told_and_cannot_be_undone_again(world: World) -> None:
    root, ada = (await world.an_admin()).profile.id, (await world.ada()).profile.id
    part, whole = world.artist("Part"), world.artist("Whole")
    await world.block(ada, part)
    merged = await world.merge_artists(
        ArtistsToMerge(actor=root, artist_id=part, survivor_id=whole, origin=ORIGIN)
    )
    command = MergeToUndo(actor=root, merge_id=merged.merge.id, origin=ORIGIN)
    undone = await world.undo_artist_merge(command)
    assert (undone.artist_id, undone.survivor_id, undone.restored) == (part, whole, 1)
    event = world.database.rows.events[-1]
    assert isinstance(event, ArtistMergeUndone)
    assert (event.merge_id, event.artist_id, event.survivor_id) == (merged.merge.id, part, whole)
    assert [entry.artist.id for entry in await world.listed(ada)] == [part]
    with pytest.raises(MergeAlreadyUndoneError):
        await world.undo_artist_merge(command)


async def test_only_moderators_undo_and_only_what_there_is(world: World) -> None:
    root, ada = (await world.an_admin()).profile.id, (await world.ada()).profile.id
    with pytest.raises(MergeNotFoundError):
        await world.undo_artist_merge(
            MergeToUndo(actor=root, merge_id=ArtistMergeId(uuid4()), origin=ORIGIN)
        )
    merged = await world.merge_artists(
        ArtistsToMerge(
            actor=root,
            artist_id=world.artist("Part"),
            survivor_id=world.artist("Whole"),
            origin=ORIGIN,
        )
    )
    with pytest.raises(NotAModeratorError):
        await world.undo_artist_merge(
            MergeToUndo(actor=ada, merge_id=merged.merge.id, origin=ORIGIN)
        )
