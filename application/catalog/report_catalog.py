"""Say what the catalogue is made of."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.catalog.imports import CatalogImport, CatalogReport, SourceCount


class CatalogStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Where the artists are from, and the last imports, newest first."""

    sources: list[SourceCount]
    imports: list[CatalogImport]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCatalog:
    """Count the artists of each source and list the last imports."""

    report: CatalogReport

    async def __call__(self, limit: int, /) -> CatalogStatus:
        """``limit`` imports at most."""
        return CatalogStatus(
            sources=await self.report.sources(), imports=await self.report.imports(limit)
        )
