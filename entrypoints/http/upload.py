"""Files on their way in: the body itself, or one field of a form; packed only if that is said."""

import zlib
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import UploadFile

from domain.shared.errors import InvalidInputError
from entrypoints.http.errors import (
    BodyTooLargeError,
    MalformedRequestError,
    UnsupportedMediaTypeError,
)

# What a form wraps around a file.
FORM_BYTES = 64 * 1024
# What the file is, is told by its content; these say no more than that it is one.
MEDIA_TYPES = (
    "text/csv",
    "text/plain",
    "application/json",
    "application/xml",
    "text/xml",
    "application/octet-stream",
    "audio/x-mpegurl",
)
_MAX_RATIO = 100
_MANY_TIMES = 1024 * 1024  # below this, a high ratio does no harm
_PIECE = 64 * 1024


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file, and what the sender calls it."""

    content: bytes
    name: str | None = None


async def read_upload(request: Request[Any, Any, Any], most: int) -> Upload:
    """The body, or the multipart field ``file`` with its name; at most so many bytes, unpacked."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type in MEDIA_TYPES:
        encoding = request.headers.get("content-encoding", "")
        return Upload(content=_unpacked(await request.body(), encoding.strip().lower(), most))
    if content_type != "multipart/form-data":
        raise UnsupportedMediaTypeError(
            f"Send the file as one of {', '.join(MEDIA_TYPES)}, or as the field `file` of "
            "multipart/form-data."
        )
    try:
        form = await request.form()
    except ValueError as error:
        raise MalformedRequestError("The form is not well-formed multipart/form-data.") from error
    files = form.getall("file", [])
    if len(files) != 1 or not isinstance(files[0], UploadFile):
        raise InvalidInputError.of("file", "expected one file in the field `file`")
    return Upload(content=bytes(await files[0].read()), name=files[0].filename or None)


def _unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """The file itself; packed ones are unpacked as long as they look like what people have."""
    if encoding in {"", "identity"}:
        return body
    if encoding not in {"gzip", "x-gzip"}:
        raise UnsupportedMediaTypeError("Send the file as it is, or with Content-Encoding: gzip.")
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    found = bytearray()
    for start in range(0, len(body), _PIECE):
        piece: bytes = body[start : start + _PIECE]
        while piece:
            try:
                found += unpacking.decompress(piece, _PIECE)
            except zlib.error as error:
                raise MalformedRequestError(
                    "The file is not gzip as its Content-Encoding says."
                ) from error
            if len(found) > most:
                raise BodyTooLargeError(f"A file has at most {most // 1024**2} MiB, unpacked.")
            if len(found) > max(_MANY_TIMES, _MAX_RATIO * len(body)):
                raise BodyTooLargeError(f"A file is packed to a {_MAX_RATIO}th at most.")
            piece = unpacking.unconsumed_tail
    if not unpacking.eof or unpacking.unused_data:
        raise MalformedRequestError("The file is not one whole gzip stream.")
    return bytes(found)
