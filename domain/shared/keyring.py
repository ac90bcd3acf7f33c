"""The keyring: the secrets of a deployment, each with an id and a place in its life."""

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

MIN_SECRET_BYTES = 32
_FEWEST_DIFFERENT_BYTES = 10  # 32 random bytes have 30; typed by hand it is a word repeated
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_HEADING = """\
# Keyring of No Drake in the House. One key a line: id:state:secret in base64[:since when]
# next: accepted everywhere before it is used. current: makes everything new. previous: accepted
# until what it made has run out. retired: opens what is still sealed under it, nothing else.
# `nodrake keys` edits this file; whoever can read it can sign in as anybody.
"""


class KeyState(StrEnum):
    """Where a key is in its life; it moves downwards only."""

    NEXT = "next"
    CURRENT = "current"
    PREVIOUS = "previous"
    RETIRED = "retired"


class KeyringError(Exception):
    """A keyring that cannot be used, or a step that is refused; ``problems`` names every reason."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One secret under its id, in its state since a time that may be unknown."""

    id: str
    state: KeyState
    secret: bytes
    since: datetime | None = None

    def __repr__(self) -> str:
        return f"Key(id={self.id!r}, state={self.state.value!r}, secret=…)"


class Keyring(msgspec.Struct, frozen=True, kw_only=True):
    """One current key, at most one that comes next, and those that were used before."""

    keys: tuple[Key, ...]

    def __post_init__(self) -> None:
        if problems := [*_twice(self.keys), *_miscounted(self.keys)]:
            raise KeyringError(*problems)

    @classmethod
    def of_one(cls, secret: bytes) -> "Keyring":
        """The keyring of a deployment that has one secret and never rotated it."""
        return cls(keys=(Key(id="secret", state=KeyState.CURRENT, secret=secret),))

    @classmethod
    def begin(cls, id: str, secret: bytes, now: datetime, /) -> "Keyring":
        """A new keyring whose first key is the current one."""
        _check_new(id, secret)
        return cls(keys=(Key(id=id, state=KeyState.CURRENT, secret=secret, since=now),))

    @property
    def current(self) -> Key:
        """The key that makes everything new."""
        return next(key for key in self.keys if key.state is KeyState.CURRENT)

    @property
    def accepted(self) -> tuple[Key, ...]:
        """The current key, then the others whose tokens and cursors are good."""
        others = (KeyState.NEXT, KeyState.PREVIOUS)
        return (self.current, *(key for state in others for key in self.keys if key.state is state))

    def get(self, id: str, /) -> Key:
        """The key of that id."""
        for key in self.keys:
            if key.id == id:
                return key
        raise KeyringError(f"there is no key {id}: `nodrake keys list` shows those that there are")

    def add(self, id: str, secret: bytes, now: datetime, /) -> "Keyring":
        """With a key that comes next."""
        _check_new(id, secret)
        new = Key(id=id, state=KeyState.NEXT, secret=secret, since=now)
        return Keyring(keys=(*self.keys, new))

    def promote(self, id: str, now: datetime, /, *, after: timedelta | None) -> "Keyring":
        """With the next key as the current one; too early before it was next for ``after``."""
        key = self.get(id)
        if key.state is not KeyState.NEXT:
            raise KeyringError(f"key {id} is {key.state}: only the next key can be promoted")
        _check_time(key, now, after, "whoever has not seen it yet would refuse its tokens")
        demoted = msgspec.structs.replace(self.current, state=KeyState.PREVIOUS, since=now)
        promoted = msgspec.structs.replace(key, state=KeyState.CURRENT, since=now)
        return self._with(demoted, promoted)

    def retire(self, id: str, now: datetime, /, *, after: timedelta | None) -> "Keyring":
        """With a key accepted no more; too early before it was previous for ``after``."""
        key = self.get(id)
        if key.state is KeyState.CURRENT:
            raise KeyringError(f"key {id} is current: promote another one first")
        if key.state is KeyState.RETIRED:
            raise KeyringError(f"key {id} is retired already")
        if key.state is KeyState.PREVIOUS:
            _check_time(key, now, after, "tokens under it may still be good")
        return self._with(msgspec.structs.replace(key, state=KeyState.RETIRED, since=now))

    def remove(self, id: str, now: datetime, /, *, after: timedelta | None) -> "Keyring":
        """Without a key; too early before it was retired for ``after``.

        What is sealed under it can never be opened again, nor what it has signed be checked.
        """
        key = self.get(id)
        if key.state is not KeyState.RETIRED:
            raise KeyringError(f"key {id} is {key.state}: retire it first")
        _check_time(key, now, after, "until then rows of the audit log are checked with it")
        return Keyring(keys=tuple(kept for kept in self.keys if kept.id != id))

    def _with(self, *changed: Key) -> "Keyring":
        by_id = {key.id: key for key in changed}
        return Keyring(keys=tuple(by_id.get(key.id, key) for key in self.keys))


def parse_keyring(text: str, written_at: datetime, /) -> Keyring:
    """Read a keyring; ``KeyringError`` names every problem by its line and never shows a secret.

    A key without a time is taken to be in its state since the file was written.
    """
    keys: list[Key] = []
    problems: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, found = _parse_line(line.strip(), written_at)
        problems += [f"line {number}: {problem}" for problem in found]
        keys += [key] if key else []
    problems += _twice(keys)
    if not problems:
        problems += _miscounted(keys)
    if problems:
        raise KeyringError(*problems)
    return Keyring(keys=tuple(keys))


def render_keyring(keyring: Keyring, /) -> str:
    """The text that ``parse_keyring`` reads."""
    lines = []
    for key in keyring.keys:
        since = f":{key.since.astimezone(UTC).isoformat(timespec='seconds')}" if key.since else ""
        lines.append(f"{key.id}:{key.state.value}:{b64encode(key.secret).decode()}{since}\n")
    return _HEADING + "".join(lines)


def _parse_line(line: str, written_at: datetime) -> tuple[Key | None, list[str]]:
    parts = line.split(":", 3)
    if len(parts) < 3:
        return None, ["expected id:state:secret, with the secret in base64"]
    problems = list(_bad_id(parts[0]))
    if parts[1] not in KeyState.__members__.values():
        problems.append(f"expected the state {', '.join(KeyState)}")
    secret = _decoded(parts[2])
    problems += ["expected the secret in base64"] if secret is None else _weak(secret)
    since = written_at if len(parts) == 3 else _time(parts[3])
    if since is None:
        problems.append("expected a time with its zone after the secret, as 2026-05-01T12:00:00Z")
    if problems or secret is None:
        return None, problems
    return Key(id=parts[0], state=KeyState(parts[1]), secret=secret, since=since), []


def _check_new(id: str, secret: bytes) -> None:
    if problems := [*_bad_id(id), *_weak(secret)]:
        raise KeyringError(*(f"key {id}: {problem}" for problem in problems))


def _decoded(text: str) -> bytes | None:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return None


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else None


def _bad_id(id: str) -> Iterable[str]:
    if not _ID.fullmatch(id):
        yield "expected an id of up to 32 letters, digits, dots, hyphens and underscores"


def _weak(secret: bytes) -> list[str]:
    if len(secret) < MIN_SECRET_BYTES:
        return [f"expected a secret of at least {MIN_SECRET_BYTES} bytes"]
    if looks_typed(secret):
        return ["expected a random secret, for example from: openssl rand -base64 48"]
    return []


def looks_typed(secret: bytes, /) -> bool:
    """Whether so few bytes of it differ that it cannot be random."""
    return len(set(secret)) < _FEWEST_DIFFERENT_BYTES


def _twice(keys: Iterable[Key]) -> Iterable[str]:
    seen: list[Key] = []
    for key in keys:
        for other in seen:
            if key.id == other.id:
                yield f"the id {key.id} is there twice"
            if hmac.compare_digest(key.secret, other.secret):
                yield f"{other.id} and {key.id} have the same secret"
        seen.append(key)


def _miscounted(keys: Iterable[Key]) -> Iterable[str]:
    states = [key.state for key in keys]
    if states.count(KeyState.CURRENT) != 1:
        yield f"expected one current key, found {states.count(KeyState.CURRENT)}"
    if states.count(KeyState.NEXT) > 1:
        yield f"expected one next key at most, found {states.count(KeyState.NEXT)}"


def _check_time(key: Key, now: datetime, after: timedelta | None, reason: str) -> None:
    if after is not None and key.since is not None and now < key.since + after:
        at = (key.since + after).astimezone(UTC).isoformat(timespec="seconds")
        raise KeyringError(
            f"key {key.id} is {key.state} since {key.since.isoformat(timespec='seconds')}; wait "
            f"until {at} ({reason}), or add --force to do it all the same"
        )
