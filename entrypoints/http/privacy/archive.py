"""Somebody's data as a ZIP archive, written as it is read.

For each kind of data one JSON file and one CSV file, and ``schema.json``, which says what each
kind is for, how long it is kept and what its columns mean.
"""

import io
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

from application.privacy.ports import PersonalDataSnapshot, Section
from domain.shared.csv_text import write_row

_CHUNK_BYTES = 64 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)


class _Outlet(io.RawIOBase):
    """Where the archive writes to, emptied as it fills."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        written = bytes(memoryview(data).cast("B"))  # type: ignore[arg-type]
        self._written += written
        return len(written)

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


async def archive_of(
    opening: AbstractAsyncContextManager[PersonalDataSnapshot],
) -> AsyncGenerator[bytes, None]:
    """The archive, some 64 KiB at a time, whatever its size."""
    outlet = _Outlet()
    async with opening as data:
        with ZipFile(outlet, "w", ZIP_DEFLATED) as archive:
            archive.writestr(_member("schema.json"), _schema(data.sections))
            for section in data.sections:
                for write in (_write_json, _write_csv):
                    async with aclosing(write(archive, data, section)) as parts:
                        async for _ in parts:
                            yield outlet.take()
    yield outlet.take()


async def _write_json(
    archive: ZipFile, data: PersonalDataSnapshot, section: Section
) -> AsyncGenerator[None, None]:
    with archive.open(_member(f"{section.name}.json"), "w") as file:
        file.write(b"[")
        separator = b"\n"
        buffer = bytearray()
        async with aclosing(data.rows(section)) as rows:
            async for row in rows:
                buffer += separator + msgspec.json.encode(row)
                separator = b",\n"
                if len(buffer) > _CHUNK_BYTES:
                    _flush(file, buffer)
                    yield
        buffer += b"\n]\n"
        _flush(file, buffer)
    yield


async def _write_csv(
    archive: ZipFile, data: PersonalDataSnapshot, section: Section
) -> AsyncGenerator[None, None]:
    with archive.open(_member(f"{section.name}.csv"), "w") as file:
        buffer = bytearray(write_row(list(section.columns)).encode())
        async with aclosing(data.rows(section)) as rows:
            async for row in rows:
                buffer += write_row(
                    [_cell(row, column, section) for column in section.columns]
                ).encode()
                if len(buffer) > _CHUNK_BYTES:
                    _flush(file, buffer)
                    yield
        _flush(file, buffer)
    yield


def _flush(file: IO[bytes], buffer: bytearray) -> None:
    file.write(buffer)
    buffer.clear()


def _cell(row: Mapping[str, object], column: str, section: Section) -> str:
    value = row[column]
    if value is None:
        return ""
    if column in section.joined and isinstance(value, list):
        return ";".join(map(str, value))
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _schema(sections: tuple[Section, ...]) -> bytes:
    document = {
        "version": 1,
        "files": [
            {
                "name": section.name,
                "purpose": section.purpose,
                "kept": section.kept,
                "columns": dict(section.columns),
            }
            for section in sections
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, _EPOCH)
    member.compress_type = ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    return member
