"""The check of the chain, row by row: where it stands, and the first thing that is wrong."""

import hmac
from datetime import datetime, timedelta

import msgspec

from domain.audit.chain import GENESIS, ChainKey, Mark, MarkKind, SealedRecord, SignedRecord
from domain.audit.retention import ADDRESS_KEPT_FOR
from domain.shared.ids import AuditId

_CLOCKS_DIFFER = timedelta(days=1)


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """The first bad row: its place, id and time as far as there are any, and what is wrong."""

    what: str
    position: int | None = None
    record_id: AuditId | None = None
    created_at: datetime | None = None


class ChainCheck(msgspec.Struct, frozen=True, kw_only=True):
    """How far a chain has been found whole; ``kept`` is a head that was stored elsewhere."""

    key: ChainKey
    now: datetime
    position: int = 0
    hash: bytes = GENESIS
    signed_before: bool = False
    kept: Mark | None = None

    @classmethod
    def start(
        cls, key: ChainKey, floor: Mark | None, now: datetime, kept: Mark | None = None
    ) -> "ChainCheck | Fault":
        """A check that begins where retention has left off."""
        if floor is None:
            return cls(key=key, now=now, kept=kept)
        if not key.has_marked(MarkKind.FLOOR, floor):
            return Fault(what="the mark of what retention has removed is forged")
        begun = cls(key=key, now=now, position=floor.position, hash=floor.hash, kept=kept)
        return begun._against_kept() or begun

    def step(self, row: SealedRecord) -> "ChainCheck | Fault":
        """The check one row further, or what is wrong with that row."""
        expected = self.position + 1
        if row.position < expected:
            return _fault(row, "retention had removed it, and it was put back")
        if row.position > expected:
            return _fault(row, f"{_rows(expected, row.position - 1)} missing before this one")
        what = self.complaint(row.signed)
        if what is None and not self.key.has_linked(self.hash, row):
            what = "it does not follow from the row before it: it was moved, or its hash changed"
        if what is not None:
            return _fault(row, what)
        checked = msgspec.structs.replace(
            self,
            position=row.position,
            hash=row.hash,
            signed_before=self.signed_before or row.signed.signature is not None,
        )
        if checked._against_kept() is not None:
            return _fault(row, "the kept head has another hash for it: the log was rewritten")
        return checked

    def end(self, head: Mark | None) -> Fault | None:
        """What is wrong with the end of the log, if anything is."""
        if head is not None and not self.key.has_marked(MarkKind.HEAD, head):
            return Fault(what="the head of the chain is forged")
        furthest = max(mark.position for mark in (head, self.kept, self) if mark is not None)
        if self.position < furthest:
            missing = f"{_rows(self.position + 1, furthest)} missing at the end of the log"
            return Fault(what=missing, position=self.position + 1)
        if self.position > (head.position if head else 0):
            return Fault(what="the head of the chain was put back or taken away")
        if head is not None and not hmac.compare_digest(head.hash, self.hash):
            return Fault(what="the head of the chain is that of another log")
        return None

    def complaint(self, signed: SignedRecord) -> str | None:
        """What is wrong with a row by itself, wherever it stands."""
        if signed.signature is None:
            return "it was not written by the service" if self.signed_before else None
        if not self.key.has_signed(signed):
            return "its content is not what the service wrote"
        record = signed.record
        if record.origin.address is None:
            young = record.created_at > self.now - ADDRESS_KEPT_FOR + _CLOCKS_DIFFER
            if signed.address_digest is not None and young:
                return "its network address was removed before its time"
        elif not self.key.has_digested(record.id, record.origin.address, signed.address_digest):
            return "its network address is not the one that the service wrote"
        return None

    def _against_kept(self) -> Fault | None:
        kept = self.kept
        if kept is None or kept.position != self.position:
            return None
        if hmac.compare_digest(kept.hash, self.hash):
            return None
        return Fault(what="the kept head has another hash for it: the log was rewritten")


def unsealed_fault(signed: SignedRecord, what: str) -> Fault:
    """A fault of a row that has no place in the chain yet."""
    return Fault(what=what, record_id=signed.record.id, created_at=signed.record.created_at)


def _fault(row: SealedRecord, what: str) -> Fault:
    record = row.signed.record
    return Fault(
        what=what, position=row.position, record_id=record.id, created_at=record.created_at
    )


def _rows(first: int, last: int) -> str:
    return f"row {first} is" if first == last else f"rows {first} to {last} are"
