"""Files on their way in: the body itself, or one field of a form."""

from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile

from domain.blocklists.list_file import MAX_BYTES
from domain.shared.errors import InvalidInputError
from entrypoints.http.errors import MalformedRequestError, UnsupportedMediaTypeError

# The file and what a form wraps around it.
MAX_BODY_BYTES = MAX_BYTES + 64 * 1024


async def read_upload(request: Request[Any, Any, Any]) -> bytes:
    """The bytes of a ``text/csv`` body or of the multipart field ``file``."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "text/csv":
        return await request.body()
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
    return bytes(await files[0].read())
