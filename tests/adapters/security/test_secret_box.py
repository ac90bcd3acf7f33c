"""Sealed secrets: read where they were put, by the keys of the keyring, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.security.secret_box import AesGcmSecretBox
from application.shared.ports import SecretBox
from domain.shared.errors import UnreadableSecretError
from domain.shared.keyring import Keyring
from tests.builders.keyring import a_keyring, a_secret
from tests.fakes.security import FakeSecretBox

SECRET = b"JBSWY3DPEHPK3PXP"
PLACE = "user_totp/01890000-0000-7000-8000-000000000001/secret"
OTHERS = (
    "user_totp/01890000-0000-7000-8000-000000000002/secret",
    "user_totp/01890000-0000-7000-8000-000000000001/recovery",
    "connections/01890000-0000-7000-8000-000000000001/secret",
    "",
    PLACE + "\0",
    PLACE.upper(),
)


def box(keyring: Keyring) -> AesGcmSecretBox:
    """A box with these keys."""
    return AesGcmSecretBox(lambda: keyring)


@pytest.fixture(params=[lambda: box(a_keyring("a")), FakeSecretBox], ids=["aes-gcm", "fake"])
def any_box(request: pytest.FixtureRequest) -> SecretBox:
    """The real one and the one that stands in for it."""
    made: SecretBox = request.param()
    return made


def test_what_was_sealed_is_read_back_and_is_current(any_box: SecretBox) -> None:
    sealed = any_box.seal(SECRET, PLACE)
    assert any_box.open(sealed, PLACE) == SECRET
    assert any_box.is_current(sealed)


@pytest.mark.parametrize("other", OTHERS)
def test_a_secret_that_was_moved_to_another_row_or_column_is_unreadable(
    any_box: SecretBox, other: str
) -> None:
    with pytest.raises(UnreadableSecretError):
        any_box.open(any_box.seal(SECRET, PLACE), other)


def test_the_same_secret_is_sealed_differently_each_time(any_box: SecretBox) -> None:
    assert len({any_box.seal(SECRET, PLACE) for _ in range(100)}) == 100


def test_no_nonce_comes_twice() -> None:
    subject = box(a_keyring("a"))
    nonces = {subject.seal(SECRET, PLACE)[9:21] for _ in range(20_000)}
    assert len(nonces) == 20_000


@given(st.binary(max_size=200), st.text(max_size=60))
def test_any_secret_is_read_back_from_any_place(secret: bytes, place: str) -> None:
    subject = box(a_keyring("a"))
    sealed = subject.seal(secret, place)
    assert subject.open(sealed, place) == secret
    assert len(secret) < 4 or secret not in sealed


def test_every_altered_bit_is_seen() -> None:
    subject = box(a_keyring("a", b="previous"))
    sealed = subject.seal(SECRET, PLACE)
    for position in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[position // 8] ^= 1 << position % 8
        with pytest.raises(UnreadableSecretError):
            subject.open(bytes(altered), PLACE)


def test_every_shortened_or_lengthened_text_is_unreadable_and_not_current() -> None:
    subject = box(a_keyring("a"))
    sealed = subject.seal(b"", PLACE)
    for text in (*(sealed[:length] for length in range(len(sealed))), sealed + b"\0"):
        with pytest.raises(UnreadableSecretError):
            subject.open(text, PLACE)
    assert not subject.is_current(sealed[:8])
    assert not subject.is_current(b"")


@given(st.binary(max_size=80))
def test_any_bytes_are_refused_by_no_other_exception(sealed: bytes) -> None:
    with pytest.raises(UnreadableSecretError):
        box(a_keyring("a")).open(sealed, PLACE)


@pytest.mark.parametrize("state", ["next", "previous", "retired"])
def test_a_key_of_every_state_opens_and_only_the_newest_is_current(state: str) -> None:
    sealed = box(a_keyring("a")).seal(SECRET, PLACE)
    later = box(a_keyring("b", a=state))
    assert later.open(sealed, PLACE) == SECRET
    assert not later.is_current(sealed)
    assert later.is_current(later.seal(SECRET, PLACE))


def test_without_its_key_a_secret_is_gone() -> None:
    with pytest.raises(UnreadableSecretError):
        box(a_keyring("b", c="previous")).open(box(a_keyring("a")).seal(SECRET, PLACE), PLACE)


def test_keys_may_be_named_anew_and_a_lone_secret_becomes_one_of_them() -> None:
    sealed = box(Keyring.of_one(a_secret("a"))).seal(SECRET, PLACE)
    assert box(a_keyring("b", a="previous")).open(sealed, PLACE) == SECRET
    assert box(a_keyring("a")).is_current(sealed)


def test_a_box_follows_its_keyring() -> None:
    rings = [a_keyring("a"), a_keyring("b", a="previous")]
    subject = AesGcmSecretBox(lambda: rings[0])
    sealed = subject.seal(SECRET, PLACE)
    rings.pop(0)
    assert not subject.is_current(sealed)
    assert subject.is_current(subject.seal(SECRET, PLACE))


def test_the_error_tells_nothing_of_secret_or_place() -> None:
    with pytest.raises(UnreadableSecretError) as caught:
        box(a_keyring("a")).open(bytes(60), PLACE)
    assert PLACE not in caught.value.detail
    assert "01890000" not in str(caught.value)
