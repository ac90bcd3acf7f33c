"""Workers side by side: what one of them looks at is skipped, not waited for."""

import pytest

from adapters.postgres.pool import Pool
from adapters.postgres.transaction import begin_on
from application.accounts.link_ports import ResetRequest
from domain.accounts.email_address import EmailAddress
from tests.builders.accounts import NOW
from tests.builders.transactions import SECRETS

pytestmark = pytest.mark.anyio


async def test_a_worker_does_not_wait_for_one_that_is_busy(pool: Pool) -> None:
    begin = begin_on(pool, SECRETS)
    for name in ("ada", "bob"):
        async with begin() as tx:
            email = EmailAddress.parse(f"{name}@example.org")
            request = ResetRequest(email=email, place="", muted=True, requested_at=NOW)
            await tx.reset_requests.append(request)
    async with begin() as busy:
        first = await busy.reset_requests.take()
        async with begin() as other:
            second = await other.reset_requests.take()
            assert await other.reset_requests.take() is None
    assert [taken.email.text for taken in (first, second) if taken] == [
        "ada@example.org",
        "bob@example.org",
    ]
