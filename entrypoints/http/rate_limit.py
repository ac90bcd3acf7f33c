"""The fields ``RateLimit`` and ``RateLimit-Policy`` (draft-ietf-httpapi-ratelimit-headers-10)."""

from collections.abc import Iterable

from litestar.types import Scope

from domain.accounts.attempts import AttemptLimit

POLICY = "RateLimit-Policy"
STANDING = "RateLimit"
ATTEMPTS = "attempts"
TOKEN = "token"  # noqa: S105

_NAMES = {1: "second", 60: "burst", 3600: "hourly", 86_400: "daily"}


def name_of(limit: AttemptLimit) -> str:
    """What the policy of a limit on requests is called."""
    return _NAMES.get(limit.seconds, f"in-{limit.seconds}-seconds")


def policies_of(limits: Iterable[tuple[str, AttemptLimit]]) -> bytes:
    """The value of ``RateLimit-Policy``: quota and window in seconds of each."""
    return ",".join(f'"{name}";q={w.attempts};w={w.seconds}' for name, w in limits).encode()


def set_fields(scope: Scope, policies: bytes, name: str, remaining: int, reset: int) -> None:
    """Send both fields with the answer, whatever it will be."""
    scope["state"]["rate_limit_policies"] = policies
    set_standing(scope, name, remaining, reset)


def set_standing(scope: Scope, name: str, remaining: int, reset: int) -> None:
    """What remains of one policy, and in how many seconds there will be more."""
    state = scope["state"]
    standing = f'"{name}";r={remaining};t={reset}'
    state["fields"] = [(b"ratelimit", standing.encode())]
    if "rate_limit_policies" in state:
        state["fields"].append((b"ratelimit-policy", state["rate_limit_policies"]))
