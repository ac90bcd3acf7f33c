"""What differs from a backup, and which backups stay."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.backup import BackupError, Keep, TableDigest, differences
from tests.builders.backups import NOON, a_manifest


def test_every_kind_of_difference_is_told() -> None:
    before = {name: TableDigest(rows=2, digest="a" * 32) for name in ("gone", "less", "other", "x")}
    after = {
        "less": TableDigest(rows=1, digest="a" * 32),
        "new": TableDigest(rows=2, digest="a" * 32),
        "other": TableDigest(rows=2, digest="b" * 32),
        "x": before["x"],
    }
    assert differences(before, after) == [
        "gone: is missing",
        "less: 1 rows, 2 in the backup",
        "new: is new",
        "other: 2 rows as in the backup, but not the same ones",
    ]
    assert differences(before, before) == []


def test_the_newest_of_each_day_week_and_month_stay() -> None:
    backups = [a_manifest(f"{n}h", NOON - timedelta(hours=n)) for n in range(0, 24 * 100, 6)]
    kept = Keep(daily=3, weekly=2, monthly=2).chosen(backups)
    # 14 March 2018 is a Wednesday: its week began on the 12th, the one before ended on the 11th.
    assert kept == {"0h", "18h", "42h", "66h", "330h"}


def test_days_without_a_backup_do_not_count() -> None:
    backups = [a_manifest(f"{n}", NOON - timedelta(days=n)) for n in (0, 40, 80)]
    assert Keep(daily=2, weekly=0, monthly=0).chosen(backups) == {"0", "40"}


def test_who_goes_relies_on_the_newest_and_on_those_of_the_same_period() -> None:
    backups = [a_manifest(f"{n}d", NOON - timedelta(days=n)) for n in (0, 1, 10, 20, 30, 40)]
    keep = Keep(daily=1, weekly=0, monthly=2)
    assert keep.chosen(backups) == {"0d", "20d"}
    assert [each.name for each in keep.relied_on(backups, backups[4:5])] == ["0d", "20d"]
    assert [each.name for each in keep.relied_on(backups, backups[1:3])] == ["0d"]
    assert keep.relied_on(backups, []) == keep.relied_on([], backups) == []


@given(
    st.lists(st.integers(0, 10_000), min_size=1, unique=True),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(1, 9),
)
def test_the_newest_always_stays_and_never_more_than_asked_for(
    hours: list[int], daily: int, weekly: int, monthly: int
) -> None:
    backups = [a_manifest(f"{n}", NOON - timedelta(hours=n)) for n in hours]
    kept = Keep(daily=daily, weekly=weekly, monthly=monthly).chosen(backups)
    assert f"{min(hours)}" in kept
    assert len(kept) <= daily + weekly + monthly


@pytest.mark.parametrize("counts", [(0, 0, 0), (-1, 1, 1), (3, 0, -2)])
def test_nothing_at_all_is_not_kept(counts: tuple[int, int, int]) -> None:
    with pytest.raises(BackupError, match="nothing would be kept"):
        Keep(daily=counts[0], weekly=counts[1], monthly=counts[2])


def test_everything_but_the_signature_is_signed() -> None:
    manifest = a_manifest()
    signed = manifest.signed_text()
    assert msgspec.structs.replace(manifest, signature="x").signed_text() == signed
    for name in set(manifest.__struct_fields__) - {"signature", "tables"}:
        changed = msgspec.structs.replace(manifest, **{name: 7})
        assert changed.signed_text() != signed, name
    other = {"users": TableDigest(rows=2, digest="0" * 32)}
    assert msgspec.structs.replace(manifest, tables=other).signed_text() != signed
