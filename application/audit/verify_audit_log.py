"""Check the whole audit log against its chain."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import final

import msgspec

from application.audit.ports import ChainReader, ChainView
from application.shared.ports import Clock
from domain.audit.chain import ChainKey, Mark, MarkKind
from domain.audit.chain_check import ChainCheck, Fault, unsealed_fault
from domain.audit.errors import BadMarkError

ROWS_BETWEEN_REPORTS = 10_000


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What to check against: a head that was kept, and how long a record may wait for its place.

    ``progress`` is called now and then with how many rows were checked, and of how many.
    """

    kept: Mark | None
    grace: timedelta
    progress: Callable[[int, int], None]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was found: rows checked, rows that wait for their place, and the first bad one.

    ``kept_is_too_old`` says that retention has removed the rows up to the kept head.
    """

    checked: int
    waiting: int
    fault: Fault | None
    kept_is_too_old: bool
    floor: Mark | None
    head: Mark | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyAuditLog:
    """Walk along the chain as of one moment, a few rows at a time, up to the first bad one."""

    reader: ChainReader
    key: ChainKey
    clock: Clock

    async def __call__(self, command: Verification, /) -> Verdict:
        """The verdict; ``BadMarkError`` for a kept head that this deployment did not sign."""
        kept = command.kept
        if kept is not None and not self.key.has_marked(MarkKind.HEAD, kept):
            raise BadMarkError("It was signed under another secret, or altered.")
        async with self.reader.look() as view:
            checked, found = await self._sealed(view, command)
            fault = found if isinstance(found, Fault) else found.end(view.head)
            waiting = 0
            if isinstance(found, ChainCheck) and fault is None:
                waiting, fault = await self._unsealed(view, found, command.grace)
            floor_position = view.floor.position if view.floor else 0
            return Verdict(
                checked=checked,
                waiting=waiting,
                fault=fault,
                kept_is_too_old=kept is not None and kept.position < floor_position,
                floor=view.floor,
                head=view.head,
            )

    async def _sealed(
        self, view: ChainView, command: Verification
    ) -> tuple[int, ChainCheck | Fault]:
        check = ChainCheck.start(self.key, view.floor, self.clock(), command.kept)
        if isinstance(check, Fault):
            return 0, check
        checked, total = 0, (view.head.position if view.head else 0) - check.position
        async for row in view.sealed():
            if checked % ROWS_BETWEEN_REPORTS == 0:
                command.progress(checked, total)
            following = check.step(row)
            if isinstance(following, Fault):
                return checked, following
            check, checked = following, checked + 1
        return checked, check

    async def _unsealed(
        self, view: ChainView, check: ChainCheck, grace: timedelta
    ) -> tuple[int, Fault | None]:
        waiting, late = 0, self.clock() - grace
        async for signed in view.unsealed():
            what = check.complaint(signed)
            if what is None and signed.record.created_at < late:
                what = "it has waited too long for its place in the chain: is a worker running?"
            if what is not None:
                return waiting, unsealed_fault(signed, what)
            waiting += 1
        return waiting, None
