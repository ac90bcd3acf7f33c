"""Admission of attempts: what stands before everything that could be guessed or flooded."""

from collections.abc import Iterable

from application.accounts.throttling import AttemptThrottle
from domain.accounts.attempts import AttemptLimit, Attempts
from domain.accounts.errors import TooManyAttemptsError


async def admit(throttle: AttemptThrottle, subject: str, limits: Iterable[AttemptLimit]) -> None:
    """Count an attempt on ``subject``; ``TooManyAttemptsError`` where a limit is reached."""
    await admit_all(throttle, Attempts(key=subject, limits=tuple(limits)))


async def admit_all(throttle: AttemptThrottle, *subjects: Attempts) -> None:
    """Count an attempt on all of them, or on none; ``TooManyAttemptsError`` for the latter."""
    admission = await throttle.admit(*subjects)
    if admission.wait:
        raise TooManyAttemptsError(
            f"Please wait {admission.wait} seconds before the next attempt.",
            retry_after=admission.wait,
        )
