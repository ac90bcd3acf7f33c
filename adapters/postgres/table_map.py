"""One table, as the data map sees it."""

from collections.abc import Mapping

import msgspec

SECRET = "a secret, or the digest of one"  # noqa: S105
INNER = "bookkeeping of the service"


class TableMap(msgspec.Struct, frozen=True, kw_only=True):
    """One table.

    ``rows_of`` selects one person's rows, ``None`` where there is nobody's. ``shown`` are the
    columns that their person gets, with what each means; ``held_back`` those that they do not,
    with the reason. ``select`` stands in for the plain columns in the export. ``erase`` deletes a
    person's rows where no foreign key does. ``over`` selects what has been kept long enough.
    ``joined`` are lists that CSV has in one cell with semicolons between, as importing reads them.
    """

    purpose: str
    kept: str
    rows_of: str | None = None
    shown: Mapping[str, str] = {}
    held_back: Mapping[str, str] = {}
    select: str | None = None
    erase: str | None = None
    over: str | None = None
    joined: frozenset[str] = frozenset()
