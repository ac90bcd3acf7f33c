"""The keyring's file: followed while it changes, replaced in one step, never half-read for long."""

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from adapters.security import keyring_file
from adapters.security.keyring_file import (
    WatchedKeyring,
    mode_complaint,
    only_editor,
    open_keyring,
    read_keyring,
    write_keyring,
)
from domain.shared.keyring import Keyring, KeyringError, render_keyring
from tests.builders.keyring import NOW, a_keyring, a_secret


class Log:
    """What was told."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def info(self, event: str, **fields: Any) -> None:
        """As it should."""
        self.lines.append(("info", fields))

    def error(self, event: str, **fields: Any) -> None:
        """As it should not."""
        self.lines.append(("error", fields))


class Impatient(WatchedKeyring):
    """Looks each time it is asked."""

    def __call__(self) -> Keyring:
        self._looked_at -= 10
        return super().__call__()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with one key."""
    path = tmp_path / "keyring"
    write_keyring(path, a_keyring("a"))
    return path


@pytest.fixture
def log() -> Log:
    """Nothing told yet."""
    return Log()


def test_a_process_follows_its_file(path: Path, log: Log) -> None:
    watched = Impatient(path, log)
    assert watched() is watched(), "no new object without a change"
    write_keyring(path, a_keyring("b", a="previous"))
    assert watched() == a_keyring("b", a="previous")
    assert log.lines == [("info", {"keys": {"a": "previous", "b": "current"}})]


def test_it_looks_once_a_second_at_the_most(path: Path, log: Log) -> None:
    watched = WatchedKeyring(path, log)
    watched._looked_at += 3600
    write_keyring(path, a_keyring("b"))
    assert watched() == a_keyring("a")
    watched._looked_at -= 3602
    assert watched() == a_keyring("b")
    assert keyring_file._LOOK_EVERY_SECONDS <= 5


def test_a_file_that_cannot_be_used_is_told_once_and_the_keys_of_before_stay(
    path: Path, log: Log
) -> None:
    watched = Impatient(path, log)
    good = path.read_text()
    path.write_text(good[:-30])
    assert [watched() for _ in range(3)] == [a_keyring("a")] * 3
    path.unlink()
    assert [watched() for _ in range(3)] == [a_keyring("a")] * 3
    write_keyring(path, a_keyring("b"))
    assert watched() == a_keyring("b")
    assert [level for level, _ in log.lines] == ["error", "error", "info"]
    assert good.splitlines()[-1].split(":")[2][:20] not in str(log.lines)


def test_a_file_that_was_read_while_it_was_written_is_read_again(path: Path, log: Log) -> None:
    watched = Impatient(path, log)
    whole = render_keyring(a_keyring("b"))
    path.write_text("b:current:AAAA" + " " * (len(whole) - 14))
    times = path.stat()
    assert watched() == a_keyring("a")
    path.write_text(whole)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # the same time, size and inode
    assert watched() == a_keyring("b")


def test_a_mounted_secret_is_followed_through_its_link(tmp_path: Path, log: Log) -> None:
    for version, keyring in (("1", a_keyring("a")), ("2", a_keyring("b"))):
        (tmp_path / version).mkdir()
        write_keyring(tmp_path / version / "keyring", keyring)
    link = tmp_path / "data"
    link.symlink_to("1")
    watched = Impatient(link / "keyring", log)
    assert watched().current.id == "a"
    (tmp_path / "new").symlink_to("2")
    (tmp_path / "new").replace(link)
    assert watched().current.id == "b"


def test_without_a_file_there_is_the_one_secret(log: Log) -> None:
    source = open_keyring(None, a_secret("a"), log)
    assert source() is source()
    assert source().current.secret == a_secret("a")


def test_a_keyring_that_is_missing_or_wrong_refuses_to_start(path: Path, log: Log) -> None:
    with pytest.raises(KeyringError, match="cannot be read"):
        open_keyring(path.with_name("none"), b"", log)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(KeyringError, match="ASCII"):
        open_keyring(path, b"", log)


def test_the_file_is_private_and_stays_readable_for_whom_it_was(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    assert mode_complaint(path) is None
    path.chmod(0o640)
    write_keyring(path, a_keyring("b"))
    assert path.stat().st_mode & 0o777 == 0o640
    assert mode_complaint(path) is None
    path.chmod(0o666)
    write_keyring(path, a_keyring("b"))
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o620, 0o777])
def test_a_file_that_others_reach_is_complained_about(path: Path, log: Log, mode: int) -> None:
    path.chmod(mode)
    complaint = mode_complaint(path)
    assert complaint is not None
    assert f"chmod 600 {path}" in complaint
    WatchedKeyring(path, log)
    assert log.lines == [("error", {"problem": complaint})]


def test_the_owner_of_the_file_stays(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
    write_keyring(path, a_keyring("b"))
    owner = 65534 if os.geteuid() == 0 else os.geteuid()
    assert path.stat().st_uid == owner


def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(path)
    write_keyring(link, a_keyring("b"))
    assert link.is_symlink()
    assert read_keyring(path) == a_keyring("b")


def test_what_cannot_be_written_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match="cannot be written"):
        write_keyring(tmp_path / "none" / "keyring", a_keyring("a"))
    folder = tmp_path / "keyring"
    folder.mkdir()
    (folder / "x").touch()
    with pytest.raises(KeyringError, match="cannot be written"):
        write_keyring(folder, a_keyring("a"))
    assert list(tmp_path.iterdir()) == [folder]


def test_a_reader_never_sees_half_a_keyring(path: Path) -> None:
    stop = threading.Event()
    failures: list[str] = []

    def read() -> None:
        while not stop.is_set():
            try:
                read_keyring(path)
            except KeyringError as error:
                failures.append(str(error))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(200):
        write_keyring(path, a_keyring("a", **{f"b{number}": "retired"}))
    stop.set()
    reader.join()
    assert failures == []


def test_editors_at_once_lose_no_step(path: Path) -> None:
    def add(number: int) -> None:
        with only_editor(path):
            name = f"k{number}"
            keyring = read_keyring(path).add(name, a_secret(name), NOW)
            write_keyring(path, keyring.retire(name, NOW, after=None))

    racers = [threading.Thread(target=add, args=(number,)) for number in range(20)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert {key.id for key in read_keyring(path).keys} == {"a", *(f"k{n}" for n in range(20))}
