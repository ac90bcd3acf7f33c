"""New ids and the clock: version 7, in order, and no id twice."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from uuid import RFC_4122

import pytest

from adapters.system.clock import utc_now
from adapters.system.new_id import UuidV7


def test_an_id_is_of_version_7_and_tells_when_it_was_made() -> None:
    before = utc_now()
    made = UuidV7()()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert int(before.timestamp() * 1_000) <= made.int >> 80 <= utc_now().timestamp() * 1_000


def test_ids_of_one_process_are_in_order_also_within_a_millisecond() -> None:
    new_id = UuidV7()
    ids = [new_id() for _ in range(20_000)]
    assert ids == sorted(set(ids))
    assert all(made.version == 7 and made.variant == RFC_4122 for made in ids)


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads that take turns after a microsecond, so that a race is lost when it can be."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("eager_threads")
def test_threads_never_get_the_same_id() -> None:
    new_id = UuidV7()
    with ThreadPoolExecutor(8) as threads:
        ids = list(threads.map(lambda _: new_id(), range(20_000)))
    assert len(set(ids)) == 20_000


def test_two_processes_do_not_start_at_the_same_number() -> None:
    # Each source stands for a process; most of them begin within the same millisecond.
    randoms = {UuidV7()().int & ((1 << 62) - 1) for _ in range(1_000)}
    assert len(randoms) == 1_000


def test_the_clock_knows_that_it_is_in_utc() -> None:
    assert utc_now().tzinfo is UTC
    assert utc_now() - utc_now() <= timedelta(0)
