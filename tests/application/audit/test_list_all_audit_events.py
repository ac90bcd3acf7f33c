"""Reading everybody's audit records."""

import pytest

from application.audit.list_all_audit_events import ACTION, AuditLook
from application.audit.ports import AuditSlice
from domain.shared.audit_record import AuditRecord
from domain.shared.ids import UserId
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def seen(world: World, actor: UserId, slice: AuditSlice) -> list[AuditRecord]:
    """The records that an administrator sees."""
    look = AuditLook(actor=actor, slice=slice, origin=ORIGIN)
    return (await world.list_all_audit_events(look)).records


async def test_everybody_is_shown_or_one_person(world: World) -> None:
    ada = (await world.ada()).profile.id
    bob = (await world.ada("bob@example.org")).profile.id
    everything = AuditSlice(user_id=None, action=None, limit=50, after=None)
    assert {record.user_id for record in await seen(world, ada, everything)} == {ada, bob}
    only = AuditSlice(user_id=bob, action="accounts.user_", limit=50, after=None)
    assert [record.user_id for record in await seen(world, ada, only)] == [bob]


async def test_that_somebody_looked_is_kept(world: World) -> None:
    ada = (await world.ada()).profile.id
    everything = AuditSlice(user_id=None, action=None, limit=50, after=None)
    await seen(world, ada, everything)
    await seen(world, ada, AuditSlice(user_id=ada, action=None, limit=50, after=None))
    looks = [r for r in world.database.rows.audit if r.action == ACTION]
    assert [(r.user_id, r.resource_type, r.resource_id) for r in looks] == [
        (ada, "audit_log", None),
        (ada, "user", str(ada)),
    ]
