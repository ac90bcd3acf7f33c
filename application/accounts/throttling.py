"""The count of attempts, and the devices that are counted apart."""

from datetime import datetime
from typing import Protocol

from domain.accounts.attempts import Admission, Attempts
from domain.accounts.email_address import EmailAddress


class AttemptThrottle(Protocol):
    """A count of attempts in sliding windows, for all processes together.

    With Redis down or frozen a count inside the process takes over within 0.1 seconds, with
    the process's share of each limit; attempts are never let through unlimited. What is
    counted may be lost at any time.
    """

    async def admit(self, *subjects: Attempts) -> Admission:
        """Count an attempt of all subjects, or of none of them where one limit is reached."""
        ...

    async def forgive(self, *keys: str) -> None:
        """Forget the attempts under these keys: the last one was right."""
        ...

    async def take_back(self, *keys: str) -> None:
        """Forget the newest attempt under each of these keys: nothing was tried."""
        ...


class KnownDevices(Protocol):
    """Tokens by which a device shows that it has signed in to an account before.

    They open nothing; whoever holds one is only counted apart from strangers.
    """

    def recognise(self, token: str | None, email: EmailAddress, now: datetime, /) -> str | None:
        """The device's id; ``None`` for a token that is not ours, too old or of another account."""
        ...

    def issue(self, device: str | None, email: EmailAddress, now: datetime, /) -> str:
        """A token for a device that is known, or for a new one."""
        ...
