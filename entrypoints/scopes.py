"""The scopes of API tokens, as the API's document explains them."""

from collections.abc import Iterable, Mapping

from domain.accounts.policy import POLICY
from domain.accounts.principal import Scope

_MEANING: Mapping[Scope, str] = {
    Scope.CATALOG_READ: "find artists",
    Scope.LIST_READ: "read the do-not-play list and take it away",
    Scope.LIST_WRITE: "change the do-not-play list",
    Scope.PROFILE_READ: "read who the account belongs to, and its settings",
}


def describe_scopes(operations: Iterable[str]) -> str:
    """Markdown: what an API token is, and each scope with those of ``operations`` that it opens."""
    documented = set(operations)
    lines = []
    for scope in Scope:
        opened = [
            f"`{name}`"
            for name, rule in POLICY.items()
            if rule.scope is scope and name in documented
        ]
        lines.append(f"- `{scope}`: {_MEANING[scope]} ({', '.join(opened)})")
    return (
        "An API token, `ndh_<environment>_<id>_<secret>_<checksum>`, made with `createApiToken`. "
        "It opens the operations of its scopes and nothing else; none includes another.\n\n"
        + "\n".join(lines)
    )
