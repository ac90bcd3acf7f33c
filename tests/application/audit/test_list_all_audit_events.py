"""Reading everybody's audit records."""

import pytest

from application.audit.ports import AuditSlice
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_everybody_is_shown_or_one_person(world: World) -> None:
    ada = (await world.ada()).profile.id
    bob = (await world.ada("bob@example.org")).profile.id
    everything = AuditSlice(user_id=None, action=None, limit=50, after=None)
    records = (await world.list_all_audit_events(everything)).records
    assert {record.user_id for record in records} == {ada, bob}
    only = AuditSlice(user_id=bob, action="accounts.user_", limit=50, after=None)
    assert [r.user_id for r in (await world.list_all_audit_events(only)).records] == [bob]
