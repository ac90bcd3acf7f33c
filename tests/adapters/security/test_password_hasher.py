"""Argon2id: what is stored, what is compared, and what a planted hash cannot do."""

import asyncio
from collections.abc import Iterator
from typing import Literal

import argon2
import pytest
from argon2 import extract_parameters
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.security.hashing_places import HashingPlaces
from adapters.security.password_hasher import Argon2PasswordHasher
from domain.accounts.password import Password

pytestmark = pytest.mark.anyio

PASSWORD = Password.parse("several unrelated words")
# The quickest hash that Argon2 allows, for tests that are not about the cost.
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD.text)


class WatchedHasher(Argon2PasswordHasher):
    """The subject, keeping which hashes the work was really done on."""

    def __init__(self, places: HashingPlaces) -> None:
        super().__init__(places)
        self.compared: list[str] = []
        compared = self.compared

        class Watched(argon2.PasswordHasher):
            def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
                compared.append(str(hash))
                return super().verify(hash, password)

        self._argon2 = Watched.from_parameters(extract_parameters(self._argon2.hash("any")))


@pytest.fixture
def places() -> Iterator[HashingPlaces]:
    """Two places and a long queue."""
    places = HashingPlaces(2, 1_000)
    yield places
    places.close()


@pytest.fixture
def hasher(places: HashingPlaces) -> Argon2PasswordHasher:
    """The subject."""
    return Argon2PasswordHasher(places)


async def test_a_hash_names_owasp_s_parameters_and_has_a_salt_of_sixteen_bytes(
    hasher: Argon2PasswordHasher,
) -> None:
    stored = await hasher.hash(PASSWORD)
    parameters = extract_parameters(stored)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert parameters.salt_len == 16
    assert parameters.hash_len == 32
    assert stored != await hasher.hash(PASSWORD)


async def test_only_the_right_password_matches(hasher: Argon2PasswordHasher) -> None:
    stored = await hasher.hash(PASSWORD)
    assert await hasher.verify(PASSWORD, stored)
    assert not await hasher.verify(Password.attempt(PASSWORD.text + "."), stored)
    assert not await hasher.verify(Password.attempt(""), stored)


async def test_the_73rd_byte_matters(hasher: Argon2PasswordHasher) -> None:
    stored = await hasher.hash(Password.parse("x" * 72 + "a"))
    assert not await hasher.verify(Password.parse("x" * 72 + "b"), stored)


async def test_composed_and_decomposed_letters_are_one_password(
    hasher: Argon2PasswordHasher,
) -> None:
    stored = await hasher.hash(Password.parse("caf\u00e9 au lait, s'il"))
    assert await hasher.verify(Password.attempt("cafe\u0301 au lait, s'il"), stored)


async def test_nobody_has_a_password_whatever_is_tried(hasher: Argon2PasswordHasher) -> None:
    for text in ("", "nobody has this password", "\0" * 32):
        assert not await hasher.verify(Password.attempt(text), None)


async def test_an_unknown_address_costs_the_same_work_as_a_known_one(
    places: HashingPlaces,
) -> None:
    hasher = WatchedHasher(places)
    for stored in (await hasher.hash(PASSWORD), None, "", "$2b$12$abc", "no hash"):
        await hasher.verify(Password.attempt("wrong"), stored)
    assert len(hasher.compared) == 5
    first, *others = map(extract_parameters, hasher.compared)
    assert all(other == first for other in others)


@pytest.mark.parametrize(
    "parameters", ["m=4194304,t=2,p=1", "m=65537,t=2,p=1", "m=19456,t=11,p=1", "m=19456,t=2,p=5"]
)
async def test_a_planted_hash_cannot_name_its_price(places: HashingPlaces, parameters: str) -> None:
    hasher = WatchedHasher(places)
    planted = CHEAP.replace("m=8,t=1,p=1", parameters)
    assert parameters in planted
    assert not await hasher.verify(PASSWORD, planted)
    assert [stored[:31] for stored in hasher.compared] == ["$argon2id$v=19$m=19456,t=2,p=1$"]


async def test_a_cheaper_hash_matches_and_is_to_be_replaced(hasher: Argon2PasswordHasher) -> None:
    assert await hasher.verify(PASSWORD, CHEAP)
    assert hasher.needs_rehash(CHEAP)
    assert not hasher.needs_rehash(await hasher.hash(PASSWORD))


@pytest.mark.parametrize(
    "stored",
    [
        f"{CHEAP}é",
        f"{CHEAP}\ud800",
        CHEAP.replace("m=8", "m=é"),
        CHEAP.replace("m=8", "m=-8"),
        CHEAP.replace("t=1", "t=0"),
        CHEAP.replace("p=1", "p=0"),
        CHEAP.replace("v=19", "v=99"),
        CHEAP[:-4],
        CHEAP.replace("$argon2id$", "$argon2x$"),
        "$argon2id$v=19$m=8,t=1,p=1$$",
        "\0",
    ],
)
async def test_a_broken_hash_matches_nothing(hasher: Argon2PasswordHasher, stored: str) -> None:
    assert not await hasher.verify(PASSWORD, stored)


@settings(max_examples=60, deadline=None)
@given(st.text() | st.text(alphabet="$argon2id=v19m,tp0é").map(lambda tail: CHEAP[:30] + tail))
@example(CHEAP + "é")
def test_no_stored_text_raises(stored: str) -> None:
    hasher = Argon2PasswordHasher(HashingPlaces(1, 1))
    assert hasher._verify(PASSWORD.text, stored) is False


async def test_five_hundred_cancelled_sign_ins_leave_the_hasher_in_working_order(
    hasher: Argon2PasswordHasher,
) -> None:
    stored = await hasher.hash(PASSWORD)
    tasks = [asyncio.create_task(hasher.verify(PASSWORD, stored)) for _ in range(500)]
    await asyncio.sleep(0.05)  # some are hashing by now, the others wait
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert await hasher.verify(PASSWORD, stored)
