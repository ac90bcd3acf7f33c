"""What an examination of a deployment has found."""

from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    """How it stands with one thing."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at: what was found, and what to do where it is not well."""

    subject: str
    verdict: Verdict
    found: str
    advice: str | None = None


def well(subject: str, found: str) -> Finding:
    """Nothing has to be done."""
    return Finding(subject=subject, verdict=Verdict.OK, found=found)


def doubtful(subject: str, found: str, advice: str) -> Finding:
    """It works, and something is not as it should be."""
    return Finding(subject=subject, verdict=Verdict.WARN, found=found, advice=advice)


def broken(subject: str, found: str, advice: str) -> Finding:
    """It does not work, or not safely."""
    return Finding(subject=subject, verdict=Verdict.FAIL, found=found, advice=advice)
