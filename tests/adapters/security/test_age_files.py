"""age: what is encrypted can be read with the key, and in no other way."""

import io
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest

from adapters.security.age_files import decrypt, encrypt, read_identities, write_identity
from domain.shared.backup import BackupError

CHUNK = 64 * 1024
CONTENT = bytes(range(256)) * 1024  # four chunks, so that an end may be cut off between two


class Keys:
    """A key in a file, and who can read with it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.recipient = write_identity(file)
        self.identities = read_identities(file)


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """A new key."""
    return Keys(tmp_path / "key")


def encrypted(*recipients: str, content: bytes = CONTENT) -> bytes:
    """For those."""
    target = io.BytesIO()
    encrypt(io.BytesIO(content), target, recipients)
    return target.getvalue()


def decrypted(content: bytes, identities: list[str]) -> bytes:
    """With those keys."""
    target = io.BytesIO()
    decrypt(io.BytesIO(content), target, identities)
    return target.getvalue()


def test_each_recipient_can_read_it(keys: Keys, tmp_path: Path) -> None:
    other = Keys(tmp_path / "other")
    content = encrypted(keys.recipient, other.recipient)
    assert CONTENT[:100] not in content
    for each in (keys, other):
        assert decrypted(content, each.identities) == CONTENT
    # and whatever else speaks age
    identity = pyrage.x25519.Identity.from_str(keys.identities[0])
    assert pyrage.decrypt(content, [identity]) == CONTENT


def test_another_key_is_told_from_damage(keys: Keys, tmp_path: Path) -> None:
    other = Keys(tmp_path / "other")
    with pytest.raises(BackupError, match="for another key"):
        decrypted(encrypted(keys.recipient), other.identities)


@pytest.mark.parametrize(
    "cut", [0, 1, 50, 150, 300, CHUNK, 2 * (CHUNK + 16), -(CHUNK + 16), -CHUNK, -17, -16, -1]
)
def test_a_file_that_was_cut_off_is_damaged(keys: Keys, cut: int) -> None:
    with pytest.raises(BackupError, match="is damaged"):
        decrypted(encrypted(keys.recipient)[:cut], keys.identities)


def test_a_file_that_was_cut_off_between_two_chunks_is_damaged(keys: Keys) -> None:
    content = encrypted(keys.recipient)
    header = len(content) - 4 * (CHUNK + 16)
    for chunks in range(4):
        with pytest.raises(BackupError, match="is damaged"):
            decrypted(content[: header + chunks * (CHUNK + 16)], keys.identities)


@pytest.mark.parametrize("at", [30, 120, 190, 250, CHUNK, 3 * CHUNK, -1])
def test_a_flipped_bit_is_damage_and_nothing_behind_it_comes_out(keys: Keys, at: int) -> None:
    content = bytearray(encrypted(keys.recipient))
    content[at] ^= 1
    target = io.BytesIO()
    with pytest.raises(BackupError):
        decrypt(io.BytesIO(bytes(content)), target, keys.identities)
    assert CONTENT.startswith(target.getvalue())
    assert len(target.getvalue()) <= max(0, at if at > 0 else len(content))


class Broken:
    """A stream that fails after a while."""

    def __init__(self, error: Exception, after: int = 3) -> None:
        self._error = error
        self._left = after

    def read(self, size: int = -1, /) -> bytes:
        """Some zeros, then the error."""
        return bytes(self._count(size))

    def write(self, data: bytes, /) -> int:
        """Take some, then the error."""
        return self._count(len(data))

    def flush(self) -> None:
        """Nothing."""

    def _count(self, size: int) -> int:
        self._left -= 1
        if self._left < 0:
            raise self._error
        return size


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), BackupError("hangs")])
def test_what_streams_raise_comes_out_as_it_was(keys: Keys, error: Exception) -> None:
    content = io.BytesIO(encrypted(keys.recipient))
    target: Any = io.BytesIO()
    acts: tuple[Callable[[], None], ...] = (
        lambda: encrypt(Broken(error), target, [keys.recipient]),
        lambda: encrypt(io.BytesIO(CONTENT), Broken(error), [keys.recipient]),
        lambda: decrypt(content, Broken(error, 1), keys.identities),
    )
    for act in acts:
        with pytest.raises(type(error)) as raised:
            act()
        assert raised.value is error


def test_a_key_is_for_its_owner_alone_and_never_overwritten(keys: Keys) -> None:
    assert stat.S_IMODE(keys.file.stat().st_mode) == 0o600
    assert keys.recipient in keys.file.read_text()
    with pytest.raises(BackupError, match="never overwritten"):
        write_identity(keys.file)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "has no line AGE-SECRET-KEY-1"),
        (b"age1publickeyonly", "has no line AGE-SECRET-KEY-1"),
        (b"AGE-SECRET-KEY-1QQQQ", "mistyped"),
        (b"\xff\xfe", "not plain text"),
    ],
)
def test_a_file_without_a_key_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(BackupError, match=told):
        read_identities(file)
    with pytest.raises(BackupError, match="No such file"):
        read_identities(tmp_path / "nothing")


def test_nobody_and_a_mistyped_recipient_are_refused(keys: Keys) -> None:
    with pytest.raises(BackupError, match="nobody could read"):
        encrypted()
    mistyped = keys.recipient[:-1] + ("q" if keys.recipient[-1] != "q" else "p")
    with pytest.raises(BackupError, match="mistyped"):
        encrypted(mistyped)
