"""Versions."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.shared.errors import PreconditionFailedError
from domain.shared.version import Version, check_version, version_of


def test_every_difference_makes_another_version() -> None:
    states = [(), (None,), ("",), (1,), ("1",), (["a", "b"],), ("a", "b"), (["a"], "b"), ("ab",)]
    assert len({version_of(*state) for state in states}) == len(states)
    assert version_of({"b", "a"}) == version_of({"a", "b"})


def test_only_what_is_expected_passes() -> None:
    now, other = Version("a"), Version("b")
    check_version(now, None)
    check_version(now, frozenset({now, other}))
    for expected in (frozenset[Version](), frozenset({other})):
        with pytest.raises(PreconditionFailedError):
            check_version(now, expected)


def test_a_version_is_a_plain_entity_tag() -> None:
    at = datetime(2026, 1, 31, tzinfo=UTC)
    assert version_of(at).isalnum()
    assert version_of(at.astimezone(timezone(timedelta(hours=1))).astimezone(UTC)) == version_of(at)
