"""Reading one's own audit records."""

import pytest

from application.audit.list_audit_events import OwnAuditEvents
from application.audit.ports import AuditPosition
from domain.accounts.errors import InvalidCredentialsError
from domain.shared.audit_record import Outcome
from domain.shared.ids import UserId
from tests.application.world import World

pytestmark = pytest.mark.anyio


def own(
    actor: UserId,
    *,
    action: str | None = None,
    limit: int = 50,
    after: AuditPosition | None = None,
) -> OwnAuditEvents:
    """The newest fifty of somebody's records, unless said otherwise."""
    return OwnAuditEvents(actor=actor, action=action, limit=limit, after=after)


async def test_a_person_sees_what_was_done_in_their_name_and_nothing_else(world: World) -> None:
    ada = (await world.ada()).profile.id
    bob = (await world.ada("bob@example.org")).profile.id
    with pytest.raises(InvalidCredentialsError):
        await world.sign_in("another password entirely")
    records = (await world.list_audit_events(own(ada))).records
    assert {record.user_id for record in records} == {ada}
    assert [record.outcome for record in records].count(Outcome.REFUSED) == 1
    assert len((await world.list_audit_events(own(bob))).records) == 2


async def test_pages_follow_one_another_and_a_prefix_selects_actions(world: World) -> None:
    ada = (await world.ada()).profile.id
    for _ in range(3):
        await world.block(ada, world.artist())
    first = await world.list_audit_events(own(ada, limit=2))
    second = await world.list_audit_events(own(ada, limit=3, after=first.next))
    assert second.next is None
    ids = [record.id for page in (first, second) for record in page.records]
    assert len(set(ids)) == len(ids) == 5
    blocked = await world.list_audit_events(own(ada, action="blocklists."))
    assert {record.action for record in blocked.records} == {"blocklists.artist_blocked.v1"}
    assert len(blocked.records) == 3
