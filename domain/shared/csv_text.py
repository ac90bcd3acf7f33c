"""CSV as spreadsheets read it (RFC 4180), with cells that they would run as formulas defused.

An apostrophe goes before such a cell (OWASP, CSV injection); reading takes it off again, so that
text survives the journey unchanged.
"""

import csv
import io
import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\0]")
_GUARDED_FORMULA = re.compile(r"''*[=+\-@\t\r\0]")


def guarded(cell: str) -> str:
    """``cell`` with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The inverse of ``guarded``."""
    return cell[1:] if cell[:1] == "'" and _GUARDED_FORMULA.match(cell) else cell


def write_row(cells: list[str]) -> str:
    """One guarded RFC 4180 line, with its line break."""
    line = io.StringIO()
    csv.writer(line).writerow([guarded(cell) for cell in cells])
    return line.getvalue()
