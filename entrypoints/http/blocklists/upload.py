"""Files on their way in: the body itself, or one field of a form."""

from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import UploadFile

from domain.blocklists.list_file import MAX_BYTES
from domain.shared.errors import InvalidInputError
from entrypoints.http.errors import MalformedRequestError, UnsupportedMediaTypeError

# The file and what a form wraps around it.
MAX_BODY_BYTES = MAX_BYTES + 64 * 1024


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file, and what the sender calls it."""

    content: bytes
    name: str | None


async def read_upload(request: Request[Any, Any, Any]) -> Upload:
    """A ``text/csv`` body, or the multipart field ``file``."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "text/csv":
        return Upload(content=await request.body(), name=None)
    if content_type != "multipart/form-data":
        raise UnsupportedMediaTypeError(
            "Send the file as text/csv, or as the field `file` of multipart/form-data."
        )
    try:
        form = await request.form()
    except ValueError as error:
        raise MalformedRequestError("The form is not well-formed multipart/form-data.") from error
    files = form.getall("file", [])
    if len(files) != 1 or not isinstance(files[0], UploadFile):
        raise InvalidInputError.of("file", "expected one file in the field `file`")
    return Upload(content=bytes(await files[0].read()), name=files[0].filename or None)
