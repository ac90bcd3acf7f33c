"""Codes of the operator's."""

import pytest

from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_only_a_digest_is_kept(world: World) -> None:
    code = await world.issue_admin_code()
    assert list(world.database.rows.admin_codes) == [world.secrets.digest(code)]
