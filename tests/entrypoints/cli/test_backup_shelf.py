"""Which backups go, and which are left alone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.backups.folder import BackupFolder
from adapters.system.clock import utc_now
from domain.shared.backup import BackupError, Keep, Manifest
from entrypoints.cli.backup_shelf import latest, remove_old
from tests.builders.backups import a_manifest

A_DAY = Keep(daily=1, weekly=0, monthly=0)
HOUR = timedelta(hours=1)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[BackupFolder]:
    """One to remove from."""
    folder = BackupFolder(tmp_path / "backups")
    with folder.only_writer():
        yield folder


def ours(manifest: Manifest) -> bool:
    """All but those of one release, which stands for another deployment."""
    return manifest.release != "foreign"


def put(folder: BackupFolder, name: str, age: timedelta, **fields: object) -> Manifest:
    """A backup of no bytes, as old as that."""
    manifest = a_manifest(name, utc_now() - age, **fields)
    with folder.new(name) as (_, finish):
        finish(manifest)
    return manifest


def names(folder: BackupFolder) -> set[str]:
    """Of those that are there."""
    return {each.name for each in folder.all()}


def test_one_of_the_future_neither_counts_nor_goes(
    folder: BackupFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, "older", 49 * HOUR)
    put(folder, "now", 0 * HOUR)
    put(folder, "future", -48 * HOUR)
    remove_old(folder, A_DAY, ours, dry_run=False)
    assert names(folder) == {"now", "future"}
    assert "not counted: future: dated later than now" in capsys.readouterr().err


def test_the_latest_is_the_newest_of_those_that_count(
    folder: BackupFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, "older", 2 * HOUR)
    put(folder, "ours", HOUR)
    put(folder, "foreign", 0 * HOUR, release="foreign")
    put(folder, "future", -1 * HOUR)
    assert latest(folder, ours).name == "ours"
    told = capsys.readouterr().err
    assert "not counted: foreign: not made under" in told
    assert "not counted: future: dated later" in told
    for name in ("older", "ours"):
        folder.remove(name)
    with pytest.raises(BackupError, match="none of the backups there counts"):
        latest(folder, ours)
    for name in ("foreign", "future"):
        folder.remove(name)
    with pytest.raises(BackupError, match="there is no backup in the folder"):
        latest(folder, ours)


def test_what_was_just_made_stays_whatever_the_others_are_dated(folder: BackupFolder) -> None:
    put(folder, "older", 49 * HOUR)
    made = put(folder, "made", 2 * HOUR)
    put(folder, "hasty", HOUR)
    remove_old(folder, A_DAY, ours, dry_run=False, made=made)
    assert names(folder) == {"made", "hasty"}


def test_those_of_another_deployment_neither_count_nor_go(
    folder: BackupFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, "foreign-1", 50 * HOUR, release="foreign")
    put(folder, "older", 49 * HOUR)
    put(folder, "newer", HOUR)
    put(folder, "foreign-2", 0 * HOUR, release="foreign")
    remove_old(folder, A_DAY, ours, dry_run=False)
    assert names(folder) == {"foreign-1", "newer", "foreign-2"}
    assert "not counted: foreign-2, foreign-1: not made under" in capsys.readouterr().err


@pytest.mark.parametrize("rows", [b"", b"rotten"])
def test_one_that_is_not_as_written_displaces_no_good_one_of_its_month(
    folder: BackupFolder, capsys: pytest.CaptureFixture[str], rows: bytes
) -> None:
    """Only whoever reads all of it sees that the newer one of the month before is rotten."""
    first = utc_now().replace(day=1, hour=0)
    age = utc_now() - first
    put(folder, "good", age + 5 * HOUR)
    put(folder, "rotten", age + 4 * HOUR, size=len(rows), sha256="0" * 64)
    folder.rows_of("rotten").write_bytes(rows)
    put(folder, "newest", 0 * HOUR)
    remove_old(folder, Keep(daily=0, weekly=0, monthly=2), ours, dry_run=False)
    assert names(folder) == {"good", "rotten", "newest"}
    assert "not counted: rotten: not as they were written" in capsys.readouterr().err
    folder.remove("rotten")
    put(folder, "also good", age + 4 * HOUR)
    remove_old(folder, Keep(daily=0, weekly=0, monthly=2), ours, dry_run=False)
    assert names(folder) == {"also good", "newest"}
