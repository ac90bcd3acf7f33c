"""Admission of attempts: what stands before everything that could be guessed or flooded."""

from collections.abc import Iterable

from application.accounts.ports import AttemptThrottle
from domain.accounts.attempts import AttemptLimit
from domain.accounts.errors import TooManyAttemptsError


def attempt_key(subject: str, limit: AttemptLimit) -> str:
    """The key under which attempts on ``subject`` are counted for one limit."""
    return f"{subject}/{limit.seconds}"


async def admit(throttle: AttemptThrottle, subject: str, limits: Iterable[AttemptLimit]) -> None:
    """Count an attempt on ``subject``; ``TooManyAttemptsError`` where a limit is reached."""
    for limit in limits:
        wait = await throttle.admit(attempt_key(subject, limit), limit.attempts, limit.seconds)
        if wait is not None:
            raise TooManyAttemptsError(
                f"Please wait {wait} seconds before the next attempt.", retry_after=wait
            )
