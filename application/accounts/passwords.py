"""What the use cases of passwords need from the outside."""

from typing import Protocol

from domain.accounts.email_address import EmailAddress
from domain.accounts.password import Password


class PasswordHasher(Protocol):
    """A slow one-way function for passwords, run outside the event loop in a few places.

    Every method but ``needs_rehash`` raises ``SignInBusyError`` where all places are taken.
    """

    async def hash(self, password: Password, /) -> str:
        """A PHC string with a fresh salt."""
        ...

    async def verify(
        self, password: Password, hash: str | None, /, *, preferred: bool = False
    ) -> bool:
        """Whether they belong together; with ``None``, the same work and always no.

        For those who are ``preferred`` some places are set aside.
        """
        ...

    def needs_rehash(self, hash: str, /) -> bool:
        """Whether ``hash`` was made with weaker parameters than today's."""
        ...


class CommonPasswords(Protocol):
    """Passwords that are guessed first, looked up offline."""

    async def includes(self, password: Password, /, *, email: EmailAddress) -> bool:
        """Whether somebody who guesses would soon come upon it, ``email`` in mind."""
        ...
