"""What an API token may be."""

from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.accounts.api_token import ApiToken, ApiTokenState
from domain.accounts.api_token_text import ApiTokenText, TokenEnvironment
from domain.accounts.principal import Scope
from domain.shared.errors import InvalidInputError
from domain.shared.ids import ApiTokenId, UserId
from tests.builders.accounts import NOW


def issue(
    *,
    name: str = "Home server",
    scopes: tuple[Scope, ...] = tuple(Scope),
    days: int = 1,
    most: int | None = None,
) -> ApiToken:
    """A token."""
    text = ApiTokenText.of(TokenEnvironment.DEV, ApiTokenId(uuid4()), bytes(32))
    return ApiToken.issue(
        text,
        user_id=UserId(uuid4()),
        name=name,
        scopes=scopes,
        days=days,
        requests_per_minute=most,
        now=NOW,
    )


def test_it_is_active_until_the_moment_at_which_it_expires() -> None:
    token = issue(days=1)
    last = NOW + timedelta(days=1)
    assert token.state_at(last - timedelta(microseconds=1)) is ApiTokenState.ACTIVE
    assert token.state_at(last) is ApiTokenState.EXPIRED


def test_a_revoked_one_is_revoked_also_when_it_has_expired() -> None:
    token = replace(issue(), revoked_at=NOW)
    assert token.state_at(NOW) is ApiTokenState.REVOKED
    assert token.state_at(NOW + timedelta(days=9)) is ApiTokenState.REVOKED


@pytest.mark.parametrize("days", [-1, 0, 366, 10**9])
def test_it_works_for_a_day_to_a_year(days: int) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        issue(days=days)
    assert refusal.value.errors[0].field == "expires_in_days"
    assert issue(days=365).expires_at == NOW + timedelta(days=365)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\u202eb", "a\nb", "a\0b"])
def test_a_name_that_misleads_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        issue(name=name)
    assert refusal.value.errors[0].field == "name"


def test_one_without_scopes_would_open_nothing() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        issue(scopes=())
    assert refusal.value.errors[0].field == "scopes"


@pytest.mark.parametrize("most", [-1, 0, 101])
def test_it_may_send_as_much_as_the_account_or_less(most: int) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        issue(most=most)
    assert refusal.value.errors[0].field == "requests_per_minute"
    assert [issue(most=each).requests_per_minute for each in (1, 100, None)] == [1, 100, None]
