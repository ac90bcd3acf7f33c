"""The state of a thing before and after an action, as far as the audit log may show it.

Decided field by field, where the thing is defined: choices (a theme, a language) are shown as
they are; what somebody wrote is masked, because the log outlives the account; secrets and their
hashes are no part of any state.
"""

from collections.abc import Iterable, Mapping

import msgspec

Shown = str | int | bool | None


class Masked(msgspec.Struct, frozen=True, kw_only=True):
    """A value that is compared as it is and shown as ``shown``."""

    value: object
    shown: str

    def __repr__(self) -> str:
        return f"Masked({self.shown})"


State = Mapping[str, Shown | Masked]


def masked_text(text: str | None) -> Masked | None:
    """Somebody's own words: their length alone."""
    return None if text is None else Masked(value=text, shown=f"{len(text)} characters")


def masked_email(address: str) -> Masked:
    """An e-mail address: the first letter, and the domain."""
    local, _, domain = address.rpartition("@")
    return Masked(value=address, shown=f"{local[:1]}…@{domain}")


def masked_words(words: Iterable[str]) -> Masked:
    """Several words of somebody's own: their number alone."""
    values = frozenset(words)
    return Masked(value=values, shown=f"{len(values)} words")


def difference(
    before: State | None, after: State | None
) -> tuple[dict[str, Shown] | None, dict[str, Shown] | None]:
    """Both states, redacted, without the fields that are the same in both."""
    return _shown(before, after), _shown(after, before)


def _shown(state: State | None, other: State | None) -> dict[str, Shown] | None:
    if state is None:
        return None
    return {
        name: value.shown if isinstance(value, Masked) else value
        for name, value in state.items()
        if other is None or name not in other or other[name] != value
    }
