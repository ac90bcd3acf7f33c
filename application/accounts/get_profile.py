"""Show somebody their account."""

from dataclasses import dataclass
from typing import final

from application.accounts.ports import ProfileReader
from application.accounts.profile import Profile
from domain.shared.ids import UserId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GetProfile:
    """Read the profile of the person who asks."""

    profiles: ProfileReader

    async def __call__(self, actor: UserId, /) -> Profile:
        """Their profile."""
        return await self.profiles.get(actor)
