"""Small chains, whole and in pieces."""

from collections.abc import Iterable

from domain.audit.chain import GENESIS, Mark, MarkKind, SealedRecord
from domain.audit.chain_check import ChainCheck, Fault
from domain.shared.audit_record import AuditRecord
from tests.builders.accounts import NOW
from tests.builders.audit import CHAIN_KEY, a_record


def a_chain(*records: AuditRecord, length: int = 0) -> list[SealedRecord]:
    """The records, sealed; ``length`` of any kind where none are given."""
    rows, previous = [], GENESIS
    for position, record in enumerate(records or [a_record() for _ in range(length)], 1):
        signed = CHAIN_KEY.sign(record)
        previous = CHAIN_KEY.link(previous, position, signed)
        rows.append(SealedRecord(signed=signed, position=position, hash=previous))
    return rows


def head_of(chain: list[SealedRecord]) -> Mark:
    """The head that the service has signed for it."""
    return CHAIN_KEY.mark(MarkKind.HEAD, chain[-1].position, chain[-1].hash)


def floor_of(chain: list[SealedRecord]) -> Mark:
    """The floor after all of it was removed."""
    return CHAIN_KEY.mark(MarkKind.FLOOR, chain[-1].position, chain[-1].hash)


def first_fault(
    rows: Iterable[SealedRecord],
    head: Mark | None,
    *,
    floor: Mark | None = None,
    kept: Mark | None = None,
) -> Fault | None:
    """What the check finds."""
    check = ChainCheck.start(CHAIN_KEY, floor, NOW, kept)
    if isinstance(check, Fault):
        return check
    for row in rows:
        step = check.step(row)
        if isinstance(step, Fault):
            return step
        check = step
    return check.end(head)
