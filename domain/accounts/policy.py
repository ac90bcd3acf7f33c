"""The one table that says who may do which operation, on whose things.

An operation without a row is refused when the service starts. Ownership itself is enforced in
the statement that touches the thing: somebody else's is not found.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from domain.accounts.errors import (
    FreshAuthenticationRequiredError,
    InsufficientScopeError,
    NotPermittedError,
)
from domain.accounts.principal import Principal, Scope
from domain.accounts.role import Role

FRESH = timedelta(minutes=10)


class Owner(StrEnum):
    """Whose things an operation reaches."""

    NOBODY = "nobody"  # it concerns no person's things, or only a secret that is presented
    SELF = "self"  # those of whoever asks; anyone else's are not found
    ANYBODY = "anybody"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """Who may do one operation.

    Without ``roles`` everybody may, signed in or not. An API token needs ``scope``; without one
    the operation is not for tokens. ``fresh`` asks for a proof of identity that is at most
    ``FRESH`` old (RFC 9470).
    """

    roles: frozenset[Role] | None
    owner: Owner
    scope: Scope | None = None
    fresh: bool = False


_EVERY_ROLE = frozenset(Role)
_PUBLIC = Rule(roles=None, owner=Owner.NOBODY)
_OWN = Rule(roles=_EVERY_ROLE, owner=Owner.SELF)
_OWN_FRESH = Rule(roles=_EVERY_ROLE, owner=Owner.SELF, fresh=True)
_ADMIN = Rule(roles=frozenset({Role.ADMIN}), owner=Owner.ANYBODY)
_MODERATORS = Rule(roles=frozenset({Role.MODERATOR, Role.ADMIN}), owner=Owner.ANYBODY)
_ADMIN_FRESH = Rule(roles=frozenset({Role.ADMIN}), owner=Owner.ANYBODY, fresh=True)


def _own(scope: Scope) -> Rule:
    return Rule(roles=_EVERY_ROLE, owner=Owner.SELF, scope=scope)


POLICY: Mapping[str, Rule] = {
    # accounts: getting in
    "registerUser": _PUBLIC,
    "logIn": _PUBLIC,
    "refreshSession": _PUBLIC,
    "getJwks": _PUBLIC,
    "logOut": _OWN,
    "reauthenticate": _OWN,
    # accounts: address and password
    "requestEmailVerification": _OWN,
    "verifyEmail": _PUBLIC,
    "requestPasswordReset": _PUBLIC,
    "resetPassword": _PUBLIC,
    "changePassword": _OWN_FRESH,
    "requestEmailChange": _OWN_FRESH,
    "confirmEmailChange": _PUBLIC,
    "undoEmailChange": _PUBLIC,
    "getLinkPage": _PUBLIC,
    "getLinkPageAsset": _PUBLIC,
    # accounts: profile
    "getProfile": _own(Scope.PROFILE_READ),
    "updateProfile": _OWN,
    "updateSettings": _OWN,
    # accounts: second factor
    "setUpTotp": _OWN_FRESH,
    "verifyTotp": _OWN_FRESH,
    "disableTotp": _OWN_FRESH,
    "replaceRecoveryCodes": _OWN_FRESH,
    # accounts: passkeys
    "startPasskeyRegistration": _OWN_FRESH,
    "registerPasskey": _OWN_FRESH,
    "startPasskeySignIn": _PUBLIC,
    "signInWithPasskey": _PUBLIC,
    "reauthenticateWithPasskey": _OWN,
    "listPasskeys": _OWN,
    "renamePasskey": _OWN,
    "removePasskey": _OWN_FRESH,
    # accounts: providers
    "listProviders": _PUBLIC,
    "startProviderSignIn": _PUBLIC,
    "finishProviderSignIn": _PUBLIC,
    "completeProviderSignIn": _PUBLIC,
    "startProviderLink": _OWN_FRESH,
    "listIdentities": _OWN,
    "unlinkIdentity": _OWN_FRESH,
    # accounts: sessions
    "listSessions": _OWN,
    "revokeSession": _OWN_FRESH,
    "revokeSessions": _OWN_FRESH,
    # accounts: API tokens
    "createApiToken": _OWN_FRESH,
    "listApiTokens": _OWN,
    "rotateApiToken": _OWN_FRESH,
    "revokeApiToken": _OWN,
    # accounts: administration
    "claimAdministration": _OWN_FRESH,
    "listUsers": _ADMIN,
    "setUserRole": _ADMIN_FRESH,
    "revokeUserSessions": _ADMIN_FRESH,
    "revokeAllSessions": _ADMIN_FRESH,
    # audit
    "listAuditEvents": _OWN,
    "listAllAuditEvents": _ADMIN,
    # privacy
    "exportUserData": _OWN_FRESH,
    "requestDeletion": _OWN_FRESH,
    "getDeletion": _OWN,
    "cancelDeletion": _OWN,
    # catalog
    "searchArtists": Rule(roles=_EVERY_ROLE, owner=Owner.NOBODY, scope=Scope.CATALOG_READ),
    "getArtist": Rule(roles=_EVERY_ROLE, owner=Owner.NOBODY, scope=Scope.CATALOG_READ),
    "resolveArtists": Rule(roles=_EVERY_ROLE, owner=Owner.NOBODY, scope=Scope.CATALOG_READ),
    "mergeArtists": _MODERATORS,
    "undoArtistMerge": _MODERATORS,
    # blocklists
    "listBlockedArtists": _own(Scope.LIST_READ),
    "getBlockedArtist": _own(Scope.LIST_READ),
    "exportBlockedArtists": _own(Scope.LIST_READ),
    "blockArtist": _own(Scope.LIST_WRITE),
    "updateBlockedArtist": _own(Scope.LIST_WRITE),
    "unblockArtist": _own(Scope.LIST_WRITE),
    "importBlockedArtists": _own(Scope.LIST_WRITE),
    # enforcement
    "scanLibrary": _own(Scope.LIST_READ),
    # blocklists: many entries at once, tags, tracks, exceptions
    "blockArtists": _own(Scope.LIST_WRITE),
    "updateBlockedArtists": _own(Scope.LIST_WRITE),
    "unblockArtists": _own(Scope.LIST_WRITE),
    "undoBulkChange": _own(Scope.LIST_WRITE),
    "listTags": _own(Scope.LIST_READ),
    "renameTag": _own(Scope.LIST_WRITE),
    "removeTag": _own(Scope.LIST_WRITE),
    "getListSummary": _own(Scope.LIST_READ),
    "listBlockedTracks": _own(Scope.LIST_READ),
    "blockTracks": _own(Scope.LIST_WRITE),
    "unblockTracks": _own(Scope.LIST_WRITE),
    "listExceptions": _own(Scope.LIST_READ),
    "addException": _own(Scope.LIST_WRITE),
    "removeException": _own(Scope.LIST_WRITE),
    # operations
    "checkHealth": _PUBLIC,
    "checkLiveness": _PUBLIC,
    "checkReadiness": _PUBLIC,
    "getMetrics": _PUBLIC,
    "getOpenapi": _PUBLIC,
    "getDocs": _PUBLIC,
    "getDocsAsset": _PUBLIC,
    "getWebApp": _PUBLIC,
    "getWebAsset": _PUBLIC,
    "getWebFile": _PUBLIC,
    # notifications: what would have been sent, in development only
    "getDevMailList": _PUBLIC,
    "getDevMail": _PUBLIC,
    "getDevMailHtml": _PUBLIC,
}


def authorise(principal: Principal, operation: str, now: datetime) -> None:
    """Return if ``principal`` may do ``operation`` at this moment.

    ``NotPermittedError`` for a role that may not, and for every operation without a row;
    ``InsufficientScopeError`` for a token; ``FreshAuthenticationRequiredError`` where the last
    proof of identity is too old.
    """
    rule = POLICY.get(operation)
    if rule is None:
        raise NotPermittedError("Nobody may do this.")
    if rule.roles is not None and principal.role not in rule.roles:
        raise NotPermittedError("It is for other people; an administrator can say for whom.")
    if principal.scopes is not None and rule.scope not in principal.scopes:
        raise InsufficientScopeError(
            f"The API token lacks the scope {rule.scope}."
            if rule.scope
            else "API tokens cannot do this; sign in."
        )
    if rule.fresh and not is_fresh(principal, now):
        raise FreshAuthenticationRequiredError(
            "Prove again who you are at /api/v1/auth/reauthenticate, then repeat this."
        )


def is_fresh(principal: Principal, now: datetime) -> bool:
    """Whether the last proof of identity is at most ``FRESH`` old."""
    proved_at = principal.authenticated_at
    return proved_at is not None and now - proved_at <= FRESH
