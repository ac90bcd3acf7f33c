"""Refresh tokens: random at first, determined afterwards."""

import hashlib
from base64 import urlsafe_b64decode

from hypothesis import given
from hypothesis import strategies as st

from adapters.security.derived_keys import PurposeKeys
from adapters.security.refresh_tokens import HmacRefreshTokens


def under(current: bytes, *others: bytes) -> HmacRefreshTokens:
    """Tokens under these keys."""
    keys = PurposeKeys(current=current, others=others)
    return HmacRefreshTokens(lambda: keys)


TOKENS = under(b"k" * 32)


def test_first_tokens_have_256_bits_and_differ() -> None:
    firsts = [TOKENS.first() for _ in range(1_000)]
    assert len({token.secret for token in firsts}) == 1_000
    assert {len(urlsafe_b64decode(token.secret + "=")) for token in firsts} == {32}


@given(st.text(max_size=100))
def test_the_successor_is_the_same_each_time_and_under_another_key_another(secret: str) -> None:
    (successor,) = TOKENS.successors(secret)
    assert (successor,) == TOKENS.successors(secret) == under(b"k" * 32).successors(secret)
    assert (successor,) != under(b"l" * 32).successors(secret)
    assert successor.secret != secret
    assert len(urlsafe_b64decode(successor.secret + "=")) == 32


def test_after_a_rotation_the_successor_of_before_is_among_the_others() -> None:
    parent = TOKENS.first().secret
    before = TOKENS.successors(parent)[0]
    rotated = under(b"l" * 32, b"k" * 32).successors(parent)
    assert rotated[0] == under(b"l" * 32).successors(parent)[0] != before
    assert rotated[1] == before


def test_a_family_never_comes_back_to_where_it_was() -> None:
    seen = [TOKENS.first()]
    for _ in range(1_000):
        seen += TOKENS.successors(seen[-1].secret)
    assert len({token.digest for token in seen}) == 1_001


def test_what_is_kept_is_the_sha_256_of_what_is_given_out() -> None:
    token = TOKENS.first()
    assert token.digest == TOKENS.digest(token.secret)
    assert token.digest == hashlib.sha256(token.secret.encode()).digest()


def test_a_token_is_not_seen_in_its_repr() -> None:
    token = TOKENS.first()
    assert token.secret not in repr(token)
