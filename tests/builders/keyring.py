"""Small valid keyrings."""

from datetime import UTC, datetime
from hashlib import sha512

from domain.shared.keyring import Key, Keyring, KeyState

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def a_secret(name: str) -> bytes:
    """The same secret for the same name, 64 bytes long and random to look at."""
    return sha512(name.encode()).digest()


def a_keyring(current: str, since: datetime = NOW, /, **others: str) -> Keyring:
    """``a_keyring("b", a="previous", c="next")``; each key's secret follows from its id."""
    states = {
        current: KeyState.CURRENT,
        **{name: KeyState(state) for name, state in others.items()},
    }
    return Keyring(
        keys=tuple(
            Key(id=name, state=state, secret=a_secret(name), since=since)
            for name, state in sorted(states.items())
        )
    )
