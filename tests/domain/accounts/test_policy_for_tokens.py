"""What the policy lets API tokens do, over all of its rows."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from domain.accounts.errors import InsufficientScopeError, NotPermittedError
from domain.accounts.policy import POLICY, authorise
from domain.accounts.principal import Principal, Scope
from domain.accounts.role import Role
from domain.shared.ids import ApiTokenId, UserId

NOW = datetime(2026, 1, 31, tzinfo=UTC)
# Each that a token may do is named here too: a row that opens one more is a decision.
OPEN_TO_TOKENS = {
    "getProfile": Scope.PROFILE_READ,
    "searchArtists": Scope.CATALOG_READ,
    "getArtist": Scope.CATALOG_READ,
    "resolveArtists": Scope.CATALOG_READ,
    "listBlockedArtists": Scope.LIST_READ,
    "getBlockedArtist": Scope.LIST_READ,
    "exportBlockedArtists": Scope.LIST_READ,
    "scanLibrary": Scope.LIST_READ,
    "blockArtist": Scope.LIST_WRITE,
    "updateBlockedArtist": Scope.LIST_WRITE,
    "unblockArtist": Scope.LIST_WRITE,
    "importBlockedArtists": Scope.LIST_WRITE,
    "blockArtists": Scope.LIST_WRITE,
    "updateBlockedArtists": Scope.LIST_WRITE,
    "unblockArtists": Scope.LIST_WRITE,
    "undoBulkChange": Scope.LIST_WRITE,
    "listTags": Scope.LIST_READ,
    "renameTag": Scope.LIST_WRITE,
    "removeTag": Scope.LIST_WRITE,
    "getListSummary": Scope.LIST_READ,
    "listBlockedTracks": Scope.LIST_READ,
    "blockTracks": Scope.LIST_WRITE,
    "unblockTracks": Scope.LIST_WRITE,
    "listExceptions": Scope.LIST_READ,
    "addException": Scope.LIST_WRITE,
    "removeException": Scope.LIST_WRITE,
}
GUARDED = sorted(name for name, rule in POLICY.items() if rule.roles is not None)


def may(operation: str, role: Role, *scopes: Scope) -> bool:
    """Whether a token of somebody in that role may do it."""
    principal = Principal(
        user_id=UserId(uuid4()), role=role, token_id=ApiTokenId(uuid4()), scopes=frozenset(scopes)
    )
    try:
        authorise(principal, operation, NOW)
    except (InsufficientScopeError, NotPermittedError):
        return False
    return True


@pytest.mark.parametrize("operation", GUARDED)
@pytest.mark.parametrize("role", Role)
def test_a_token_may_do_what_its_one_scope_names(operation: str, role: Role) -> None:
    for scope in Scope:
        assert may(operation, role, scope) == (OPEN_TO_TOKENS.get(operation) is scope)
    without = set(Scope) - {OPEN_TO_TOKENS.get(operation)}
    assert not may(operation, role, *without)
    assert not may(operation, role)


def test_with_all_scopes_an_administrators_token_makes_no_tokens_and_touches_no_sign_in() -> None:
    reachable = {name for name in GUARDED if may(name, Role.ADMIN, *Scope)}
    assert reachable == set(OPEN_TO_TOKENS)
    assert not reachable & {"createApiToken", "rotateApiToken", "revokeApiToken", "listApiTokens"}
