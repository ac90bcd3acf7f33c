"""Versions: short digests by which two states of one thing are told apart."""

import hashlib
from typing import NewType

import msgspec

from domain.shared.errors import PreconditionFailedError

Version = NewType("Version", str)

_DIGITS = 24  # 96 bits: nobody gains from two states with one version


def version_of(*state: object) -> Version:
    """The version of a state; it differs as soon as anything in ``state`` does.

    Times must be in UTC: the same moment in two zones is written in two ways.
    """
    written = msgspec.json.encode(state, order="deterministic")
    return Version(hashlib.sha256(written).hexdigest()[:_DIGITS])


def check_version(current: Version, expected: frozenset[Version] | None) -> None:
    """Refuse with ``PreconditionFailedError`` unless nothing or ``current`` is expected."""
    if expected is not None and current not in expected:
        raise PreconditionFailedError("Read it again, and decide whether the change still holds.")
