"""Publishing keys."""

import pytest

from application.accounts.get_jwks import GetJwks
from tests.fakes.security import FakeAccessTokens

pytestmark = pytest.mark.anyio


async def test_the_keys_of_the_issuer_are_published() -> None:
    assert await GetJwks(access_tokens=FakeAccessTokens())() == {"keys": []}
