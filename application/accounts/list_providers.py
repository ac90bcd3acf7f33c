"""Say which providers people can sign in with."""

from dataclasses import dataclass
from typing import final

from application.accounts.providers import IdentityProviders


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListProviders:
    """The names that the operator gave them."""

    providers: IdentityProviders

    async def __call__(self) -> tuple[str, ...]:
        """In the operator's order; nothing is asked of anybody."""
        return self.providers.names()
