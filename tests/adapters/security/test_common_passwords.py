"""Passwords that are guessed first, and some that are not."""

import asyncio
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from adapters.security.common_passwords import ZxcvbnCommonPasswords, _is_cheap
from adapters.security.hashing_places import HashingPlaces
from domain.accounts.email_address import EmailAddress
from domain.accounts.password import Password

pytestmark = pytest.mark.anyio

EMAIL = EmailAddress.parse("Zarquon.Vimgrel@quibblethwaite.example")


@pytest.fixture
def common() -> Iterator[ZxcvbnCommonPasswords]:
    """The subject."""
    places = HashingPlaces(2, 100)
    yield ZxcvbnCommonPasswords(places)
    places.close()


async def test_every_listed_password_is_common_in_any_case(common: ZxcvbnCommonPasswords) -> None:
    for text in FREQUENCY_LISTS["passwords"][:3_000]:
        for typed in (text, text.upper()):
            assert await common.includes(Password.attempt(typed), email=EMAIL), typed


@pytest.mark.parametrize(
    "text",
    [
        "password1234",
        "P@ssw0rd1234",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "qwertyuiop[]",
        "123456789012",
        "nodrakenodrake",
        "drake drake drake",
        "NoDrakeInTheHouse",
        "zarquon.vimgrel",
        "Zarquon.Vimgrel1",
        "zarquonvimgrel42",
        "zarquon.vimgrel@quibblethwaite.example",
        "quibblethwaite.example",
        "password" * 6 + "1",
        "1234567890" * 7,
        "a" * 1_024,
    ],
)
async def test_what_is_put_together_from_listed_words_is_common(
    common: ZxcvbnCommonPasswords, text: str
) -> None:
    assert await common.includes(Password.parse(text), email=EMAIL)


@pytest.mark.parametrize(
    "text",
    [
        "correct horse battery staple",
        "Tr0ub4dor&3 lighthouse",
        "vK8#mP2$xQ9!",
        "4@8({[<369!1|70$5+%24@8({[<369!1|70$5+%2",
        "πάντα ῥεῖ καὶ οὐδὲν μένει",
        "zarquonvimgrel keeps four purple geese",
    ],
)
async def test_what_a_person_thinks_up_is_not_common(
    common: ZxcvbnCommonPasswords, text: str
) -> None:
    assert not await common.includes(Password.parse(text), email=EMAIL)


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads that take turns after a microsecond, so that a race is lost when it can be."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("eager_threads")
async def test_two_people_at_once_are_each_compared_with_their_own_address(
    common: ZxcvbnCommonPasswords,
) -> None:
    other = EmailAddress.parse("blorptangle.fizzwick@snorkelbeck.example")
    pairs = [(EMAIL, other), (other, EMAIL)] * 40
    own = [
        common.includes(Password.parse(mine.text.partition("@")[0] + "77"), email=mine)
        for mine, _ in pairs
    ]
    foreign = [
        common.includes(Password.parse(mine.text.partition("@")[0] + "77"), email=theirs)
        for mine, theirs in pairs[:8]
    ]
    assert await asyncio.gather(*own) == [True] * 80
    assert await asyncio.gather(*foreign) == [False] * 8


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=60), st.sampled_from([EMAIL.key, "ﬁ@x.y", "İ@ß.org"]))
def test_no_text_breaks_the_estimate(text: str, email: str) -> None:
    assert _is_cheap(text, email) in {True, False}
