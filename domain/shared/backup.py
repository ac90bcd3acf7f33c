"""Backups: what is written down of one, what differs from it, and which ones are kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated

import msgspec

FORMAT = 1


class BackupError(Exception):
    """A backup that cannot be made, read or put back; the text says why, and what to do."""


class TableDigest(msgspec.Struct, frozen=True, kw_only=True):
    """What a table holds: how many rows, and a digest that no order of them changes."""

    rows: int
    digest: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup is: all but ``size`` (bytes) and ``sha256`` of the file is of its snapshot.

    ``server`` and ``client`` are major versions of PostgreSQL: of the database, and of the pg_dump
    that has read it. ``schema`` is the number of the newest migration. ``roles`` are granted
    something, and have to exist where the backup is put back. ``audit_head`` is what `nodrake audit
    head` would have printed. ``signature`` is the HMAC-SHA256 of the rest under the deployment's
    secret: age hides what is in a backup, but anybody can encrypt to a public key.
    """

    format: int
    name: str
    taken_at: Annotated[datetime, msgspec.Meta(tz=True)]
    release: str
    server: int
    client: int
    schema: int
    size: int
    sha256: str
    tables: dict[str, TableDigest]
    roles: tuple[str, ...]
    audit_head: str | None
    signature: str = ""

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables.values())

    def signed_text(self) -> bytes:
        """What the signature is made of."""
        unsigned = msgspec.structs.replace(self, signature="")
        return b"nodrake backup\n" + msgspec.json.encode(unsigned, order="sorted")


def differences(expected: Mapping[str, TableDigest], found: Mapping[str, TableDigest]) -> list[str]:
    """One sentence for each table that is not as expected."""
    told = []
    for name in sorted(expected.keys() | found.keys()):
        before, after = expected.get(name), found.get(name)
        if before is None or after is None:
            told.append(f"{name}: {'is new' if before is None else 'is missing'}")
        elif before.rows != after.rows:
            told.append(f"{name}: {after.rows} rows, {before.rows} in the backup")
        elif before.digest != after.digest:
            told.append(f"{name}: {after.rows} rows as in the backup, but not the same ones")
    return told


class Keep(msgspec.Struct, frozen=True, kw_only=True):
    """How many days, weeks and months one backup each is kept of."""

    daily: int
    weekly: int
    monthly: int

    def __post_init__(self) -> None:
        if min(self.daily, self.weekly, self.monthly) < 0 or not any(
            (self.daily, self.weekly, self.monthly)
        ):
            raise BackupError("nothing would be kept: keep at least one day, week or month")

    def chosen(self, backups: Iterable[Manifest]) -> set[str]:
        """Names of those that stay: the newest of each day, week and month, and the newest of all.

        Days, weeks (from Monday) and months without a backup do not count, in UTC.
        """
        newest_first = sorted(backups, key=lambda each: each.taken_at, reverse=True)
        return {
            *(each.name for each in newest_first[:1]),
            *_newest_of_each(newest_first, self.daily, lambda at: at.date()),
            *_newest_of_each(newest_first, self.weekly, lambda at: at.isocalendar()[:2]),
            *_newest_of_each(newest_first, self.monthly, lambda at: (at.year, at.month)),
        }

    def relied_on(self, backups: Sequence[Manifest], going: Sequence[Manifest]) -> list[Manifest]:
        """Those chosen of ``backups`` that have to be good before ``going`` may go.

        They are the newest, and whichever stands for a day, week or month of one that goes.
        """
        if not (backups and going):
            return []
        chosen = self.chosen(backups)
        newest = max(backups, key=lambda each: each.taken_at)
        left = set().union(*(self._periods(each.taken_at) for each in going))
        return [
            each
            for each in backups
            if each.name in chosen and (each is newest or left & self._periods(each.taken_at))
        ]

    def _periods(self, at: datetime) -> set[tuple[str, object]]:
        counted = (
            (self.daily, "day", at.date()),
            (self.weekly, "week", at.isocalendar()[:2]),
            (self.monthly, "month", (at.year, at.month)),
        )
        return {(kind, period) for count, kind, period in counted if count}


def _newest_of_each(
    newest_first: Sequence[Manifest], count: int, period: Callable[[datetime], object]
) -> set[str]:
    newest: dict[object, str] = {}
    for each in newest_first:
        newest.setdefault(period(each.taken_at), each.name)
    return set(list(newest.values())[:count])
