"""CSV files of exports: columns by name, rows with the line that they start on."""

import csv
import io
from collections.abc import Callable, Iterator

import msgspec

from domain.shared.csv_text import unguarded
from domain.shared.library_export.errors import UnreadableExportError
from domain.shared.library_export.item import LibraryItem, Skipped, UnreadableEntryError

_MAX_HEADER = 16_384
Row = tuple[int, list[str]]


class CsvFile(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of a file (casefolded names) and what is between them."""

    columns: dict[str, int]
    delimiter: str
    body: bytes

    def column(self, *names: str) -> int | None:
        """Which cell of a row is in the first of these columns that there is."""
        return next((self.columns[name] for name in names if name in self.columns), None)


def open_csv(body: bytes, needed: Callable[[dict[str, int]], bool]) -> CsvFile | None:
    """The file whose first line names what is ``needed``, however it is delimited."""
    try:
        header = io.StringIO(body[:_MAX_HEADER].decode("utf-8-sig", "ignore")).readline()
    except UnicodeDecodeError:  # pragma: no cover - errors are ignored
        return None
    for delimiter in (",", ";", "\t"):
        try:
            names = next(csv.reader([header], delimiter=delimiter), [])
        except csv.Error:
            continue
        columns: dict[str, int] = {}
        for index, name in enumerate(names):
            columns.setdefault(" ".join(name.casefold().split()), index)
        if needed(columns):
            return CsvFile(columns=columns, delimiter=delimiter, body=body)
    return None


def items(
    file: CsvFile,
    item: Callable[[list[str], int], LibraryItem],
    skip: Callable[[Skipped], None],
) -> Iterator[LibraryItem]:
    """What ``item`` makes of each row; a row that says too little goes to ``skip``."""
    text = io.TextIOWrapper(io.BytesIO(file.body), encoding="utf-8-sig", newline="")
    reader = csv.reader(text, delimiter=file.delimiter, strict=True)
    line = 1
    try:
        next(reader, None)
        for cells in reader:
            first_line, line = line + 1, reader.line_num
            if not any(cells):
                continue
            try:
                made = item(cells, first_line)
            except UnreadableEntryError as error:
                skip(Skipped(section="line", position=first_line, reason=str(error)))
            else:
                yield made
    except UnicodeDecodeError as error:
        raise UnreadableExportError.because(
            "the file is not UTF-8; save it as UTF-8 and try again"
        ) from error
    except csv.Error as error:
        raise UnreadableExportError.because(
            f"after line {reader.line_num} the quotes do not match, or a cell is too long"
        ) from error


def cell(cells: list[str], index: int | None) -> str:
    """What the row has in that column; nothing where it is shorter."""
    return unguarded(cells[index]) if index is not None and index < len(cells) else ""
