"""Who may do what."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.accounts.errors import (
    FreshAuthenticationRequiredError,
    InsufficientScopeError,
    NotPermittedError,
)
from domain.accounts.policy import FRESH, POLICY, authorise
from domain.accounts.principal import Principal, Scope
from domain.accounts.role import Role
from domain.shared.errors import DomainError
from domain.shared.ids import ApiTokenId, SessionId, UserId

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def in_session(role: Role, proved: timedelta = timedelta(0)) -> Principal:
    """Somebody who is signed in."""
    return Principal(
        user_id=UserId(uuid4()),
        role=role,
        session_id=SessionId(uuid4()),
        authenticated_at=NOW - proved,
    )


def with_token(role: Role, *scopes: Scope) -> Principal:
    """Somebody's program."""
    return Principal(
        user_id=UserId(uuid4()),
        role=role,
        token_id=ApiTokenId(uuid4()),
        scopes=frozenset(scopes),
    )


def refusal(principal: Principal, operation: str) -> type[DomainError] | None:
    """How the policy refuses."""
    try:
        authorise(principal, operation, NOW)
    except DomainError as error:
        return type(error)
    return None


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("operation", POLICY)
def test_a_session_may_do_what_the_row_says_for_its_role(operation: str, role: Role) -> None:
    rule = POLICY[operation]
    expected = None if rule.roles is None or role in rule.roles else NotPermittedError
    assert refusal(in_session(role), operation) is expected
    if rule.fresh and expected is None:
        stale = in_session(role, FRESH + timedelta(seconds=1))
        assert refusal(stale, operation) is FreshAuthenticationRequiredError


@pytest.mark.parametrize("operation", [op for op, rule in POLICY.items() if rule.roles])
def test_a_token_may_do_what_its_scope_opens_and_nothing_more(operation: str) -> None:
    rule = POLICY[operation]
    everything = with_token(Role.ADMIN, *Scope)
    assert refusal(everything, operation) is (None if rule.scope else InsufficientScopeError)
    others = [scope for scope in Scope if scope is not rule.scope]
    assert refusal(with_token(Role.ADMIN, *others), operation) is InsufficientScopeError


def test_no_token_reaches_what_asks_for_a_fresh_proof() -> None:
    assert [op for op, rule in POLICY.items() if rule.fresh and rule.scope] == []


def test_what_has_no_row_is_refused() -> None:
    assert refusal(in_session(Role.ADMIN), "somethingNew") is NotPermittedError
