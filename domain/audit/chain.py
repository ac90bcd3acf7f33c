"""The hash chain of the audit log: what ties a row to the service, and to the row before it.

Three codes, all HMAC-SHA256 under one key that the database never sees:

* a *signature* over the content of each row, made by whoever writes it;
* a *link* over the signature, the content, the position and the link before it, made when the
  row is sealed: nothing can be changed, taken out, put in or moved without breaking one;
* a *mark*: a signed position. The *head* is the newest row, the *floor* the last one that
  retention has removed; a head that is kept elsewhere proves that the end was not cut off.

Each code is taken over a JSON array in ASCII without spaces, with sorted keys, whose first
member names its purpose, so that any language can check it.
"""

import hmac
import json
from datetime import UTC
from enum import StrEnum
from ipaddress import ip_address

import msgspec

from domain.audit.errors import BadMarkError
from domain.shared.audit_record import AuditRecord
from domain.shared.ids import AuditId

GENESIS = bytes(32)  # what the first row is linked to
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_MARK_BYTES = 8 + 32 + 32


class SignedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record as the service wrote it; unsigned ones are older than signatures.

    The address may be forgotten while its keyed digest, which is what is signed, stays.
    """

    record: AuditRecord
    address_digest: bytes | None
    signature: bytes | None


class SealedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record with its place in the chain."""

    signed: SignedRecord
    position: int
    hash: bytes


class MarkKind(StrEnum):
    """What a mark stands at."""

    HEAD = "head"
    FLOOR = "floor"


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A signed position: the row there has this hash."""

    position: int
    hash: bytes
    signature: bytes

    def to_hex(self) -> str:
        """144 hexadecimal digits to keep somewhere else."""
        return (self.position.to_bytes(8) + self.hash + self.signature).hex()

    @classmethod
    def from_hex(cls, text: str) -> "Mark":
        """Read what ``to_hex`` wrote; ``BadMarkError`` for anything else."""
        try:
            content = bytes.fromhex(text)
        except ValueError:
            content = b""
        if len(content) != _MARK_BYTES:
            raise BadMarkError("Expected the 144 hexadecimal digits of `nodrake audit head`.")
        return cls(position=int.from_bytes(content[:8]), hash=content[8:40], signature=content[40:])


class ChainKey(msgspec.Struct, frozen=True, kw_only=True):
    """The key of all three codes; whoever lacks it can break the chain but not forge it.

    ``value`` makes codes; those that ``others`` made, before the key was rotated, count as well.
    """

    value: bytes
    others: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        return "ChainKey(…)"

    def address_digest(self, record_id: AuditId, address: str | None) -> bytes | None:
        """What stays of an address; the same address gives another digest in each row."""
        return None if address is None else self._codes(*_address(record_id, address))[0]

    def has_digested(self, record_id: AuditId, address: str, digest: bytes | None) -> bool:
        """Whether the digest is that of the address."""
        return self._made(digest, *_address(record_id, address))

    def sign(self, record: AuditRecord) -> SignedRecord:
        """The record with the digest of its address, signed."""
        digest = self.address_digest(record.id, record.origin.address)
        signature = self._codes("record", _content(record, digest))[0]
        return SignedRecord(record=record, address_digest=digest, signature=signature)

    def has_signed(self, signed: SignedRecord) -> bool:
        """Whether the content is the one that was signed."""
        content = _content(signed.record, signed.address_digest)
        return self._made(signed.signature, "record", content)

    def link(self, previous: bytes, position: int, signed: SignedRecord) -> bytes:
        """The hash of a row at ``position`` that follows a row with the hash ``previous``."""
        return self._codes(*_link(previous, position, signed))[0]

    def has_linked(self, previous: bytes, row: SealedRecord) -> bool:
        """Whether a row follows from one with the hash ``previous``."""
        return self._made(row.hash, *_link(previous, row.position, row.signed))

    def mark(self, kind: MarkKind, position: int, hash: bytes) -> Mark:
        """A signed position."""
        signature = self._codes(kind.value, position, hash.hex())[0]
        return Mark(position=position, hash=hash, signature=signature)

    def has_marked(self, kind: MarkKind, mark: Mark) -> bool:
        """Whether the service has signed this position."""
        return self._made(mark.signature, kind.value, mark.position, mark.hash.hex())

    def _codes(self, purpose: str, *parts: object) -> list[bytes]:
        text = _JSON.encode([f"nodrake/audit/{purpose}/v1", *parts]).encode("ascii")
        return [hmac.digest(key, text, "sha256") for key in (self.value, *self.others)]

    def _made(self, code: bytes | None, purpose: str, *parts: object) -> bool:
        given = code or b""
        return any(hmac.compare_digest(made, given) for made in self._codes(purpose, *parts))


def _address(record_id: AuditId, address: str) -> tuple[str, str, str]:
    return "address", record_id.hex, ip_address(address).packed.hex()


def _link(previous: bytes, position: int, signed: SignedRecord) -> tuple[str, *tuple[object, ...]]:
    signature = signed.signature.hex() if signed.signature is not None else None
    content = _content(signed.record, signed.address_digest)
    return "link", previous.hex(), position, signature, content


def _content(record: AuditRecord, address_digest: bytes | None) -> list[object]:
    return [
        record.id.hex,
        record.user_id.hex if record.user_id is not None else None,
        record.action,
        record.outcome.value,
        record.resource_type,
        record.resource_id,
        address_digest.hex() if address_digest is not None else None,
        record.origin.user_agent,
        record.origin.request_id,
        record.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
        None if record.before is None else dict(record.before),
        None if record.after is None else dict(record.after),
    ]
