"""The three codes of the chain."""

import hmac
from datetime import timedelta, timezone
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from domain.audit.chain import GENESIS, ChainKey, Mark, MarkKind, SealedRecord
from domain.audit.errors import BadMarkError
from domain.shared.audit_record import Outcome
from domain.shared.origin import Origin
from tests.builders.audit import CHAIN_KEY, a_record

OTHER_KEY = ChainKey(value=bytes(32))


@pytest.mark.parametrize(
    "change",
    [
        {"id": uuid4()},
        {"user_id": None},
        {"user_id": uuid4()},
        {"action": "blocklists.artist_unblocked.v1"},
        {"outcome": Outcome.REFUSED},
        {"resource_type": "user"},
        {"resource_id": None},
        {"origin": Origin(address="192.0.2.1", user_agent="x", request_id="request-1")},
        {"origin": Origin(address="192.0.2.1", user_agent="pytest", request_id="request-2")},
        {"created_at": a_record().created_at + timedelta(microseconds=1)},
        {"before": {}},
        {"after": {"note": "2 characters"}},
        {"after": None},
    ],
)
def test_whatever_is_changed_about_a_record_breaks_its_signature(change: dict[str, Any]) -> None:
    signed = CHAIN_KEY.sign(a_record(after={"note": "1 characters"}))
    assert CHAIN_KEY.has_signed(signed)
    changed = msgspec.structs.replace(
        signed, record=msgspec.structs.replace(signed.record, **change)
    )
    assert not CHAIN_KEY.has_signed(changed)


def test_another_digest_breaks_the_signature_and_a_forgotten_address_does_not() -> None:
    signed = CHAIN_KEY.sign(a_record(address="192.0.2.1"))
    other = CHAIN_KEY.address_digest(signed.record.id, "192.0.2.2")
    assert not CHAIN_KEY.has_signed(msgspec.structs.replace(signed, address_digest=other))
    origin = msgspec.structs.replace(signed.record.origin, address=None)
    record = msgspec.structs.replace(signed.record, origin=origin)
    assert CHAIN_KEY.has_signed(msgspec.structs.replace(signed, record=record))


def test_one_address_has_one_digest_however_it_is_written_and_another_in_each_row() -> None:
    first, second = a_record().id, a_record().id
    digest = CHAIN_KEY.address_digest(first, "2001:DB8:0::1")
    assert digest == CHAIN_KEY.address_digest(first, "2001:db8::1")
    assert digest != CHAIN_KEY.address_digest(second, "2001:db8::1")
    assert CHAIN_KEY.address_digest(first, None) is None


def test_the_same_moment_in_another_time_zone_has_the_same_signature() -> None:
    record = a_record()
    elsewhere = record.created_at.astimezone(timezone(timedelta(hours=9)))
    moved = msgspec.structs.replace(record, created_at=elsewhere)
    assert CHAIN_KEY.sign(moved).signature == CHAIN_KEY.sign(record).signature


def test_a_link_depends_on_row_place_predecessor_and_key() -> None:
    signed = CHAIN_KEY.sign(a_record())
    links = {
        CHAIN_KEY.link(GENESIS, 1, signed),
        CHAIN_KEY.link(GENESIS, 2, signed),
        CHAIN_KEY.link(b"\1" * 32, 1, signed),
        CHAIN_KEY.link(GENESIS, 1, CHAIN_KEY.sign(a_record())),
        CHAIN_KEY.link(GENESIS, 1, msgspec.structs.replace(signed, signature=None)),
        OTHER_KEY.link(GENESIS, 1, signed),
    }
    assert len(links) == 6
    assert CHAIN_KEY.link(GENESIS, 1, signed) in links


def test_the_codes_can_be_computed_by_anybody_who_has_the_key() -> None:
    text = f'["nodrake/audit/head/v1",7,"{"00" * 32}"]'
    expected = hmac.digest(CHAIN_KEY.value, text.encode(), "sha256")
    assert CHAIN_KEY.mark(MarkKind.HEAD, 7, GENESIS).signature == expected


def test_a_mark_comes_back_from_its_digits() -> None:
    mark = CHAIN_KEY.mark(MarkKind.HEAD, 2**40, b"\7" * 32)
    assert len(mark.to_hex()) == 144
    assert Mark.from_hex(mark.to_hex()) == mark
    assert CHAIN_KEY.has_marked(MarkKind.HEAD, mark)


def test_a_mark_of_another_kind_place_hash_or_key_is_not_ours() -> None:
    mark = CHAIN_KEY.mark(MarkKind.HEAD, 3, b"\7" * 32)
    assert not CHAIN_KEY.has_marked(MarkKind.FLOOR, mark)
    assert not OTHER_KEY.has_marked(MarkKind.HEAD, mark)
    for change in ({"position": 4}, {"hash": b"\6" * 32}):
        assert not CHAIN_KEY.has_marked(MarkKind.HEAD, msgspec.structs.replace(mark, **change))


@pytest.mark.parametrize("text", ["", "00", "zz" * 72, "00" * 71, "00" * 73])
def test_other_digits_are_no_mark(text: str) -> None:
    with pytest.raises(BadMarkError):
        Mark.from_hex(text)


def test_the_key_does_not_show_itself() -> None:
    assert repr(CHAIN_KEY) == "ChainKey(…)"


def test_what_an_earlier_key_made_is_recognised_and_nothing_new_is_made_with_it() -> None:
    rotated = ChainKey(value=OTHER_KEY.value, others=(CHAIN_KEY.value,))
    signed, new = CHAIN_KEY.sign(a_record()), rotated.sign(a_record())
    assert rotated.has_signed(signed)
    assert not CHAIN_KEY.has_signed(new)
    row = SealedRecord(signed=signed, position=1, hash=CHAIN_KEY.link(GENESIS, 1, signed))
    assert rotated.has_linked(GENESIS, row)
    assert not OTHER_KEY.has_linked(GENESIS, row)
    mark = CHAIN_KEY.mark(MarkKind.HEAD, 1, row.hash)
    assert rotated.has_marked(MarkKind.HEAD, mark)
    address, digest = signed.record.origin.address, signed.address_digest
    assert address is not None
    assert rotated.has_digested(signed.record.id, address, digest)
