"""The check of the chain: each way to tamper is found, at the first bad row."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.audit.chain import ChainKey, MarkKind, SealedRecord
from domain.audit.chain_check import Fault
from domain.shared.audit_record import AuditRecord
from tests.builders.accounts import NOW
from tests.builders.audit import CHAIN_KEY, a_record
from tests.builders.chain import a_chain, first_fault, floor_of, head_of

OTHER_KEY = ChainKey(value=bytes(32))


def edited(row: SealedRecord, **changes: object) -> SealedRecord:
    """The same row with another record in it."""
    record = msgspec.structs.replace(row.signed.record, **changes)
    return msgspec.structs.replace(row, signed=msgspec.structs.replace(row.signed, record=record))


def named(fault: Fault | None, row: SealedRecord) -> str:
    """What is wrong, once it is clear that ``row`` is meant."""
    assert fault is not None
    record = row.signed.record
    assert (fault.position, fault.record_id, fault.created_at) == (
        row.position, record.id, record.created_at,
    )  # fmt: skip
    return fault.what


def test_a_whole_chain_has_no_fault() -> None:
    chain = a_chain(length=5)
    assert first_fault(chain, head_of(chain)) is None
    assert first_fault(chain, head_of(chain), kept=head_of(chain[:2])) is None
    assert first_fault([], None) is None


@given(st.integers(0, 4), st.sampled_from(["edit", "delete", "swap", "forge"]))
def test_whatever_is_done_to_a_row_is_found_there(index: int, deed: str) -> None:
    chain = a_chain(length=6)
    rows = list(chain)
    if deed == "edit":
        rows[index] = edited(rows[index], action="accounts.user_registered.v1")
    elif deed == "delete":
        del rows[index]
    elif deed == "swap":
        first, second = rows[index], rows[index + 1]
        rows[index] = msgspec.structs.replace(first, signed=second.signed)
        rows[index + 1] = msgspec.structs.replace(second, signed=first.signed)
    else:
        rows[index] = msgspec.structs.replace(rows[index], hash=b"\1" * 32)
    assert named(first_fault(rows, head_of(chain)), rows[index])


def test_an_edited_row_that_is_signed_with_another_key_is_found() -> None:
    chain = a_chain(length=3)
    forged = OTHER_KEY.sign(a_record())
    rows = [*chain[:2], msgspec.structs.replace(chain[2], signed=forged)]
    assert "content" in named(first_fault(rows, head_of(chain)), rows[2])


def test_a_missing_row_is_named_by_its_place_and_the_row_after_it() -> None:
    chain = a_chain(length=6)
    assert named(first_fault([*chain[:1], *chain[2:]], head_of(chain)), chain[2]).startswith(
        "row 2 is missing"
    )
    assert named(first_fault([*chain[:1], *chain[4:]], head_of(chain)), chain[4]).startswith(
        "rows 2 to 4 are missing"
    )


def test_a_cut_end_is_found_by_the_head() -> None:
    chain = a_chain(length=5)
    fault = first_fault(chain[:3], head_of(chain))
    assert fault == Fault(what="rows 4 to 5 are missing at the end of the log", position=4)


def test_an_end_that_was_cut_off_together_with_its_head_is_found_by_a_kept_head() -> None:
    chain = a_chain(length=5)
    assert first_fault(chain[:3], head_of(chain[:3])) is None
    fault = first_fault(chain[:3], head_of(chain[:3]), kept=head_of(chain))
    assert fault is not None
    assert fault.position == 4
    assert first_fault([], None, kept=head_of(chain)) is not None


def test_another_history_than_that_of_the_kept_head_is_found_at_its_row() -> None:
    chain, other = a_chain(length=3), a_chain(length=5)
    fault = first_fault(other, head_of(other), kept=head_of(chain))
    assert "rewritten" in named(fault, other[2])
    fault = first_fault(other[3:], head_of(other), kept=head_of(chain), floor=floor_of(other[:3]))
    assert fault is not None
    assert "rewritten" in fault.what


def test_a_head_that_was_put_back_taken_away_exchanged_or_forged_is_found() -> None:
    chain, other = a_chain(length=4), a_chain(length=4)
    for head, word in (
        (head_of(chain[:2]), "put back"),
        (None, "taken away"),
        (head_of(other), "another log"),
        (OTHER_KEY.mark(MarkKind.HEAD, 4, chain[-1].hash), "forged"),
    ):
        fault = first_fault(chain, head)
        assert fault is not None
        assert word in fault.what


def test_what_retention_has_removed_is_not_missed_and_cannot_be_put_back() -> None:
    chain = a_chain(length=5)
    floor = floor_of(chain[:2])
    assert first_fault(chain[2:], head_of(chain), floor=floor) is None
    assert first_fault([], head_of(chain), floor=floor_of(chain)) is None
    assert "put back" in named(first_fault(chain[1:], head_of(chain), floor=floor), chain[1])
    assert "missing" in named(first_fault(chain[3:], head_of(chain), floor=floor), chain[3])
    assert "missing" in named(first_fault(chain[2:], head_of(chain)), chain[2])


def test_a_forged_floor_is_found() -> None:
    chain = a_chain(length=5)
    forged = OTHER_KEY.mark(MarkKind.FLOOR, 2, chain[1].hash)
    fault = first_fault(chain[2:], head_of(chain), floor=forged)
    assert fault is not None
    assert "forged" in fault.what


def unsigned(record: AuditRecord) -> SealedRecord:
    """A row from before there were signatures, at place 1."""
    signed = msgspec.structs.replace(CHAIN_KEY.sign(record), signature=None, address_digest=None)
    link = CHAIN_KEY.link(bytes(32), 1, signed)
    return SealedRecord(signed=signed, position=1, hash=link)


def test_unsigned_rows_are_believed_before_any_signed_one_and_not_after() -> None:
    old = unsigned(a_record())
    signed = CHAIN_KEY.sign(a_record())
    new = SealedRecord(signed=signed, position=2, hash=CHAIN_KEY.link(old.hash, 2, signed))
    late = msgspec.structs.replace(old, position=3, hash=CHAIN_KEY.link(new.hash, 3, old.signed))
    assert first_fault([old, new], head_of([old, new])) is None
    fault = first_fault([old, new, late], head_of([old, new, late]))
    assert "not written by the service" in named(fault, late)


@pytest.mark.parametrize(("days", "found"), [(0, True), (88, True), (91, False), (300, False)])
def test_an_address_may_go_after_ninety_days_and_not_before(days: int, found: bool) -> None:
    chain = a_chain(a_record(created_at=NOW - timedelta(days=days)))
    origin = msgspec.structs.replace(chain[0].signed.record.origin, address=None)
    fault = first_fault([edited(chain[0], origin=origin)], head_of(chain))
    assert (fault is not None) is found


@pytest.mark.parametrize("days", [0, 300])
def test_another_address_is_found_at_any_age(days: int) -> None:
    chain = a_chain(a_record(created_at=NOW - timedelta(days=days)))
    origin = msgspec.structs.replace(chain[0].signed.record.origin, address="198.51.100.1")
    row = edited(chain[0], origin=origin)
    assert "address" in named(first_fault([row], head_of(chain)), row)


def test_an_address_that_the_service_did_not_write_is_found() -> None:
    chain = a_chain(a_record(address=None))
    origin = msgspec.structs.replace(chain[0].signed.record.origin, address="198.51.100.1")
    row = edited(chain[0], origin=origin)
    assert "address" in named(first_fault([row], head_of(chain)), row)
