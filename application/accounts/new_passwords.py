"""Passwords that somebody chooses: checked against what is guessed first, then hashed."""

from dataclasses import dataclass
from typing import final

from application.accounts.passwords import CommonPasswords, PasswordHasher
from domain.accounts.email_address import EmailAddress
from domain.accounts.password import Password
from domain.shared.errors import InvalidInputError


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasswords:
    """The way from a chosen password to what is kept of it; slow, so outside any transaction."""

    hasher: PasswordHasher
    common_passwords: CommonPasswords

    async def __call__(self, password: Password, email: EmailAddress) -> str:
        """Its hash; ``InvalidInputError`` for one that is guessed early."""
        if await self.common_passwords.includes(password, email=email):
            raise InvalidInputError.of(
                "password", "this one is guessed early; several unrelated words are better"
            )
        return await self.hasher.hash(password)
