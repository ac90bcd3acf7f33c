"""A folder of backups: nothing in it looks good that is not."""

import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from adapters.backups.folder import BackupFolder
from domain.shared.backup import BackupError, Manifest
from tests.builders.backups import NOON, a_manifest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where it is."""
    return tmp_path / "backups"


@pytest.fixture
def folder(path: Path) -> Iterator[BackupFolder]:
    """One to write to."""
    folder = BackupFolder(path)
    with folder.only_writer():
        yield folder


def put(folder: BackupFolder, content: bytes = b"rows", **fields: object) -> Manifest:
    """A finished backup with that content."""
    manifest = a_manifest(**{"size": len(content), "sha256": sha256(content).hexdigest(), **fields})  # type: ignore[arg-type]
    with folder.new(manifest.name) as (file, finish):
        file.write(content)
        finish(manifest)
    return manifest


def test_what_is_finished_is_there_for_its_owner_alone(folder: BackupFolder, path: Path) -> None:
    older = put(folder, name="nodrake-1")
    newer = put(folder, name="nodrake-2", taken_at=NOON + timedelta(hours=1))
    assert folder.all() == [newer, older]
    assert folder.get("nodrake-1") == older
    assert folder.is_whole(older)
    assert {stat.S_IMODE(each.stat().st_mode) for each in path.iterdir()} == {0o600}
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    folder.remove("nodrake-2")
    assert folder.all() == [older]
    assert {each.name for each in path.iterdir()} == {
        ".lock", "nodrake-1.dump.age", "nodrake-1.json",
    }  # fmt: skip


def test_what_fails_or_is_never_finished_leaves_nothing(folder: BackupFolder, path: Path) -> None:
    with pytest.raises(TypeError), folder.new("nodrake-1") as (file, _):
        file.writelines([b"half", "not bytes"])  # type: ignore[list-item]
    with folder.new("nodrake-2") as (file, _):
        file.write(b"whole, but nobody says so")
    assert [each.name for each in path.iterdir()] == [".lock"]


def test_a_disk_that_takes_no_more_is_told(folder: BackupFolder, path: Path) -> None:
    with pytest.raises(BackupError, match="No space left on device; nothing was kept"):  # noqa: SIM117
        with folder.new("nodrake-1") as (_, _finish):
            raise OSError(28, os.strerror(28))
    assert folder.all() == []


def test_what_a_killed_process_has_left_is_no_backup_and_goes(path: Path) -> None:
    folder = BackupFolder(path)
    with folder.only_writer():
        put(folder)
    for name in ("nodrake-9.dump.age.unfinished", "nodrake-9.json.unfinished"):
        (path / name).write_bytes(b"half")
    (path / "nodrake-8.dump.age").write_bytes(b"whole, killed before its manifest was in place")
    assert [each.name for each in folder.all()] == ["nodrake-1"]
    with folder.only_writer():
        left = {each.name for each in path.iterdir()} - {".lock"}
    # Rows that are whole are of use to whoever has the key, and never removed unasked.
    assert left == {"nodrake-1.dump.age", "nodrake-1.json", "nodrake-8.dump.age"}


def test_two_do_not_write_at_once(path: Path, folder: BackupFolder) -> None:
    with pytest.raises(BackupError, match="another `nodrake backup` is writing"):  # noqa: SIM117
        with BackupFolder(path).only_writer():
            pass
    put(folder)


@pytest.mark.parametrize("content", [b"row", b"rowz", b"rowss", b""])
def test_rows_that_are_not_as_written_are_seen(
    folder: BackupFolder, path: Path, content: bytes
) -> None:
    manifest = put(folder)
    (path / "nodrake-1.dump.age").write_bytes(content)
    assert not folder.is_whole(manifest)
    assert folder.is_whole(manifest, thorough=False) is (len(content) == 4)
    (path / "nodrake-1.dump.age").unlink()
    assert not folder.is_whole(manifest)


@pytest.mark.parametrize("name", ["nodrake-2", "../backups/nodrake-1"])
def test_what_is_not_there_is_told(path: Path, name: str) -> None:
    folder = BackupFolder(path)
    with folder.only_writer():
        put(folder)
    with pytest.raises(BackupError, match="there is no backup"):
        folder.get(name)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format": 1', b"\xff"])
def test_a_damaged_manifest_is_named(folder: BackupFolder, path: Path, content: bytes) -> None:
    put(folder)
    (path / "nodrake-1.json").write_bytes(content)
    with pytest.raises(BackupError, match=r"nodrake-1\.json cannot be read"):
        folder.all()


def test_a_renamed_manifest_and_one_of_the_future_are_refused(
    folder: BackupFolder, path: Path
) -> None:
    put(folder)
    (path / "nodrake-1.json").rename(path / "nodrake-2.json")
    with pytest.raises(BackupError, match="was renamed"):
        folder.all()
    (path / "nodrake-2.json").unlink()
    put(folder, format=2)
    with pytest.raises(BackupError, match="not of this release"):
        folder.all()
