"""Taking the last bulk change back."""

from datetime import timedelta

import pytest

from application.blocklists.undo_bulk_change import ChangeToUndo
from domain.blocklists.bulk import BulkKind
from domain.blocklists.errors import NothingToUndoError
from domain.shared.ids import UserId
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio
FILE = "artist,id\nNeural Groove Machine,3ec16T2vMbjJi4luOqt6ps\n"


def last(actor: UserId) -> ChangeToUndo:
    """A command."""
    return ChangeToUndo(actor=actor, change_id=None, origin=ORIGIN)


async def test_an_import_is_undone_once(world: World) -> None:
    actor = (await world.ada()).profile.id
    result = await world.import_file(actor, FILE)
    undone = await world.lists.undo_bulk_change(last(actor))
    assert (undone.change.id, undone.change.kind) == (result.change_id, BulkKind.IMPORT)
    assert (undone.restored, undone.left) == (1, 0)
    assert not world.database.rows.entries
    with pytest.raises(NothingToUndoError):
        await world.lists.undo_bulk_change(last(actor))


async def test_it_is_too_late_after_a_day(world: World) -> None:
    actor = (await world.ada()).profile.id
    await world.import_file(actor, FILE)
    world.clock.advance(timedelta(days=1))
    with pytest.raises(NothingToUndoError):
        await world.lists.undo_bulk_change(last(actor))
    assert world.database.rows.entries


async def test_nobody_undoes_what_somebody_else_did(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    result = await world.import_file(ada, FILE)
    with pytest.raises(NothingToUndoError):
        await world.lists.undo_bulk_change(
            ChangeToUndo(actor=eve, change_id=result.change_id, origin=ORIGIN)
        )
    assert world.database.rows.entries
