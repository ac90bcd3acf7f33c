"""The keyring: what can be read, in which order keys live, and which steps are refused."""

from base64 import b64encode
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.keyring import (
    Keyring,
    KeyringError,
    KeyState,
    parse_keyring,
    render_keyring,
)
from tests.builders.keyring import NOW, a_keyring, a_secret

A, B, C = (b64encode(a_secret(name)).decode() for name in "abc")
WAIT = timedelta(minutes=5)
IDS = st.text("abcXYZ019", min_size=1, max_size=8)


def test_keys_that_an_operator_wrote_by_hand_are_read() -> None:
    text = f"# ours\n\na:previous:{A}\n  b:current:{B}:2026-01-02T03:04:05Z  \nc:next:{C}\n"
    keyring = parse_keyring(text, NOW + timedelta(days=1))
    assert [(key.id, key.state) for key in keyring.keys] == [
        ("a", "previous"),
        ("b", "current"),
        ("c", "next"),
    ]
    assert keyring.current.secret == a_secret("b")
    assert keyring.get("b").since == NOW
    assert keyring.get("a").since == NOW + timedelta(days=1), "the time of the file, at the latest"
    assert [key.id for key in keyring.accepted] == ["b", "c", "a"]


def test_a_retired_key_is_kept_and_not_accepted() -> None:
    keyring = a_keyring("b", a="retired", c="previous")
    assert [key.id for key in keyring.accepted] == ["b", "c"]
    assert keyring.get("a").state is KeyState.RETIRED


@given(
    st.lists(st.tuples(IDS, st.binary(min_size=64, max_size=80)), min_size=1, unique_by=lambda k: k)
)
def test_what_is_written_is_what_is_read(pairs: list[tuple[str, bytes]]) -> None:
    pairs = list({name: a_secret(name) + salt for name, salt in pairs}.items())
    keyring = Keyring.begin(*pairs[0], NOW)
    for name, secret in pairs[1:]:
        keyring = keyring.add(name, secret, NOW).promote(name, NOW, after=None)
    assert parse_keyring(render_keyring(keyring), NOW) == keyring


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "expected one current key, found 0"),
        (f"a:next:{A}", "expected one current key, found 0"),
        (f"a:current:{A}\nb:current:{B}", "expected one current key, found 2"),
        (f"a:current:{A}\nb:next:{B}\nc:next:{C}", "expected one next key at most, found 2"),
        (f"a:current:{A}\na:next:{B}", "the id a is there twice"),
        (f"a:current:{A}\nb:retired:{A}", "a and b have the same secret"),
        (f"a:current\nb:next:{B}", "line 1: expected id:state:secret, with the secret in base64"),
        (f"a b:current:{A}", "line 1: expected an id of up to 32 letters"),
        (f"{'x' * 33}:current:{A}", "line 1: expected an id of up to 32 letters"),
        (f":current:{A}", "line 1: expected an id"),
        (f"a:old:{A}", "line 1: expected the state next, current, previous, retired"),
        (f"a:current:{A[:-1]}", "line 1: expected the secret in base64"),
        (f"a:current:{A[:8]}", "line 1: expected a secret of at least 32 bytes"),
        (f"a:current:{b64encode(b'secret' * 9).decode()}", "line 1: expected a random secret"),
        (f"a:current:{A}:yesterday", "line 1: expected a time with its zone"),
        (f"a:current:{A}:2026-01-02T03:04:05", "line 1: expected a time with its zone"),
    ],
)
def test_a_keyring_of_no_use_says_why_and_shows_no_secret(text: str, problem: str) -> None:
    with pytest.raises(KeyringError) as caught:
        parse_keyring(text, NOW)
    assert [found for found in caught.value.problems if found.startswith(problem)]
    for part in text.replace("\n", ":").split(":"):
        assert len(part) < 40 or part[:12] not in str(caught.value)


def test_all_problems_are_told_at_once() -> None:
    text = f"a b:old:x\nc:current:{A}\nc:next:{A}"
    with pytest.raises(KeyringError) as caught:
        parse_keyring(text, NOW)
    assert len(caught.value.problems) == 5


def test_a_secret_is_not_seen_in_a_repr() -> None:
    assert "secret=…" in repr(a_keyring("a"))
    assert repr(a_secret("a")) not in repr(a_keyring("a"))


def test_a_rotation_goes_through_its_steps() -> None:
    keyring = Keyring.begin("a", a_secret("a"), NOW).add("b", a_secret("b"), NOW)
    assert keyring.current.id == "a"
    keyring = keyring.promote("b", NOW + WAIT, after=WAIT)
    assert keyring.current.id == "b"
    assert keyring.get("a").state is KeyState.PREVIOUS
    keyring = keyring.retire("a", NOW + 2 * WAIT, after=WAIT)
    assert keyring.get("a").state is KeyState.RETIRED
    assert [key.id for key in keyring.remove("a", NOW + 3 * WAIT, after=WAIT).keys] == ["b"]


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (lambda k: k.promote("c", NOW + WAIT - timedelta(seconds=1), after=WAIT), "wait until"),
        (lambda k: k.promote("a", NOW, after=None), "only the next key"),
        (lambda k: k.promote("b", NOW, after=None), "only the next key"),
        (lambda k: k.retire("a", NOW + WAIT - timedelta(seconds=1), after=WAIT), "wait until"),
        (lambda k: k.retire("b", NOW, after=None), "promote another one first"),
        (lambda k: k.retire("r", NOW, after=None), "retired already"),
        (lambda k: k.remove("r", NOW + WAIT - timedelta(seconds=1), after=WAIT), "wait until"),
        (lambda k: k.remove("a", NOW, after=None), "retire it first"),
        (lambda k: k.remove("b", NOW, after=None), "retire it first"),
        (lambda k: k.remove("x", NOW, after=None), "there is no key x"),
        (lambda k: k.add("d", a_secret("d"), NOW), "one next key at most"),
        (lambda k: k.add("c", a_secret("d"), NOW), "twice"),
        (lambda k: k.add("d", a_secret("r"), NOW), "same secret"),
        (lambda k: k.add("d", b"short", NOW), "at least 32 bytes"),
    ],
)
def test_a_dangerous_step_is_refused(step: object, problem: str) -> None:
    keyring = a_keyring("b", a="previous", c="next", r="retired")
    assert callable(step)
    with pytest.raises(KeyringError, match=problem):
        step(keyring)


def test_a_leak_does_not_wait() -> None:
    keyring = a_keyring("b", NOW + timedelta(days=1), a="previous", c="next")
    assert keyring.promote("c", NOW, after=None).current.id == "c"
    assert keyring.retire("a", NOW, after=None).get("a").state is KeyState.RETIRED
    assert keyring.retire("c", NOW, after=WAIT).get("c").state is KeyState.RETIRED, "never used"
