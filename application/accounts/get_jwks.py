"""The public keys by which anyone can check our access tokens."""

from dataclasses import dataclass
from typing import final

from application.accounts.ports import AccessTokens


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GetJwks:
    """Publish the keys that are in use (RFC 7517)."""

    access_tokens: AccessTokens

    async def __call__(self) -> dict[str, object]:
        """A JSON Web Key Set with public members only."""
        return self.access_tokens.key_set()
