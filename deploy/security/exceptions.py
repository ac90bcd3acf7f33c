"""The list of vulnerabilities that are tolerated for a time: `audit-exceptions.json`."""

from datetime import date
from typing import Annotated, Literal

import msgspec

Text = Annotated[str, msgspec.Meta(min_length=1)]
Ecosystem = Literal["npm", "pypi"]


class AuditException(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One advisory for one package, with why, who, and until when (that day included)."""

    id: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^(CVE-[0-9]{4}-[0-9]{4,}|GHSA(-[23456789cfghjmpqrvwx]{4}){3}|PYSEC-[0-9]{4}-[0-9]+)$"
        ),
    ]
    package: Text
    ecosystem: Ecosystem
    reason: Annotated[str, msgspec.Meta(min_length=20)]
    owner: Annotated[str, msgspec.Meta(min_length=2)]
    expires: date


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    exceptions: list[AuditException]
    schema: str = msgspec.field(default="", name="$schema")


def read_exceptions(text: str) -> list[AuditException]:
    """What the file says; ``ValueError`` names the place where it breaks its schema."""
    return msgspec.json.decode(text, type=_File).exceptions
