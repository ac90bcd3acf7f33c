"""Secrets at rest."""

import pytest

from adapters.security.secret_box import AesGcmSecretBox
from domain.shared.errors import UnreadableSecretError

BOX = AesGcmSecretBox(bytes(32))


def test_a_secret_opens_in_its_place_and_is_sealed_differently_each_time() -> None:
    sealed = [BOX.seal(b"secret", "here") for _ in range(2)]
    assert [BOX.open(one, "here") for one in sealed] == [b"secret"] * 2
    assert sealed[0] != sealed[1]
    assert b"secret" not in sealed[0]


@pytest.mark.parametrize("spoil", [0, 12, -1])
def test_it_opens_nowhere_else_and_not_when_it_is_spoilt(spoil: int) -> None:
    sealed = bytearray(BOX.seal(b"secret", "here"))
    with pytest.raises(UnreadableSecretError):
        BOX.open(bytes(sealed), "there")
    with pytest.raises(UnreadableSecretError):
        AesGcmSecretBox(b"x" * 32).open(bytes(sealed), "here")
    sealed[spoil] ^= 1
    for spoilt in (bytes(sealed), b"", bytes(sealed[:11])):
        with pytest.raises(UnreadableSecretError):
            BOX.open(spoilt, "here")
