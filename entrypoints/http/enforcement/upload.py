"""Library exports on their way in: the body itself, or one field of a form."""

from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile

from domain.shared.errors import InvalidInputError
from entrypoints.http.errors import MalformedRequestError, UnsupportedMediaTypeError

# Spotify cuts a listening history every 12 MiB, and a YourLibrary.json of 50,000 tracks has 10:
# twice of either goes in. What is larger is for `nodrake scan`, which needs no server.
MAX_BYTES = 25 * 1024 * 1024
# The file and what a form wraps around it.
MAX_BODY_BYTES = MAX_BYTES + 64 * 1024
# The format is told by what is in the file; the type only has to be one of files, which no form
# of a web page sends. The document shows the first, and the form that browsers send.
EXAMPLES = {
    "text/csv": "Track URI,Track Name,Artist URI(s),Artist Name(s)\n"
    "spotify:track:5ec16T2vMbjJi4luOqt6ps,Slow Tide,"
    "spotify:artist:3ec16T2vMbjJi4luOqt6ps,Neural Groove Machine\n",
}
MEDIA_TYPES = {
    *EXAMPLES,
    "application/json",
    "application/octet-stream",
    "application/xml",
    "audio/x-mpegurl",
    "text/xml",
}


async def read_upload(request: Request[Any, Any, Any]) -> bytes:
    """The bytes of the body, or of the multipart field ``file``."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type in MEDIA_TYPES:
        return await request.body()
    if content_type != "multipart/form-data":
        raise UnsupportedMediaTypeError(
            f"Send the file as {', '.join(sorted(MEDIA_TYPES))}, or as the field `file` of "
            "multipart/form-data."
        )
    try:
        form = await request.form()
    except ValueError as error:
        raise MalformedRequestError("The form is not well-formed multipart/form-data.") from error
    files = form.getall("file", [])
    if len(files) != 1 or not isinstance(files[0], UploadFile):
        raise InvalidInputError.of("file", "expected one file in the field `file`")
    return bytes(await files[0].read())
