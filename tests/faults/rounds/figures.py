"""What a load has seen, in figures."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.faults.rounds.oracle import IN_PROGRESS, NO_ANSWER, Outcome


def statuses(outcomes: Iterable[Outcome]) -> Counter[int]:
    """How many tries were answered how; 0 is no answer."""
    return Counter(outcome.status for outcome in outcomes)


def wrong_refusals(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Every 5xx that is no 503 with a Retry-After."""
    return [
        outcome
        for outcome in outcomes
        if outcome.status > 503
        or 500 <= outcome.status < 503
        or (outcome.status == 503 and not outcome.retry_after)
    ]


def share_served(outcomes: Sequence[Outcome]) -> float:
    """Of all tries, those that were answered, and neither with 5xx nor told to ask again."""
    served = sum(
        1 for o in outcomes if o.status != NO_ANSWER and o.status < 500 and o.code != IN_PROGRESS
    )
    return served / len(outcomes) if outcomes else 0.0


def percentile(outcomes: Iterable[Outcome], share: float) -> float:
    """Seconds within which such a share of the answers was there."""
    seconds = sorted(outcome.seconds for outcome in outcomes)
    return seconds[min(len(seconds) - 1, int(len(seconds) * share))] if seconds else 0.0


def first_success(outcomes: Iterable[Outcome], after: float) -> float | None:
    """Seconds from ``after`` to the end of the first try that began then and succeeded."""
    ends = [o.at + o.seconds for o in outcomes if o.at >= after and 200 <= o.status < 300]
    return min(ends) - after if ends else None


def between(outcomes: Iterable[Outcome], start: float, end: float) -> list[Outcome]:
    """Tries that began in that time."""
    return [outcome for outcome in outcomes if start <= outcome.at < end]
