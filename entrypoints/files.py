"""How the document describes bodies that are files."""

from typing import Any

from entrypoints.http.blocklists.export import TRASHBIN_MEDIA_TYPE

Document = dict[str, Any]

_TEXT = {"type": "string"}
_FILE = _TEXT | {"format": "binary", "contentMediaType": "text/csv"}  # as it was released
_CSV_EXAMPLE = "artist,id\nNeural Groove Machine,3ec16T2vMbjJi4luOqt6ps\n"
_TEXT_EXAMPLE = "https://open.spotify.com/artist/3ec16T2vMbjJi4luOqt6ps # Neural Groove Machine\n"
_FLAGS = {"type": "object", "additionalProperties": {"type": "boolean"}}
_TRASHBIN = {"type": "object", "properties": {"songs": _FLAGS, "artists": _FLAGS}}
_TRASHBIN_EXAMPLE = {"songs": {}, "artists": {"spotify:artist:3ec16T2vMbjJi4luOqt6ps": True}}


def upload() -> Document:
    """A file as the body itself, or as a field of a form.

    JSON is said in words: as a media type here, clients would encode their files as JSON.
    """
    form = {
        "type": "object",
        "properties": {"file": _FILE},
        "required": ["file"],
    }
    return {
        "required": True,
        "description": "The file itself, or the same as the field `file` of a form. "
        "It may also be called `application/json`, `application/xml` or "
        "`application/octet-stream`: what it is, its content says. "
        "`Content-Encoding: gzip` is understood.",
        "content": {
            "text/csv": {"schema": _TEXT, "example": _CSV_EXAMPLE},
            "text/plain": {"schema": _TEXT, "example": _TEXT_EXAMPLE},
            "multipart/form-data": {"schema": form},
        },
    }


def file_body(examples: dict[str, str]) -> Document:
    """A file of another sort, by the media types that it may be sent as, with one of each."""
    form = {"type": "object", "properties": {"file": _FILE}, "required": ["file"]}
    return {
        "required": True,
        "description": "The file itself, or the same as the field `file` of a form. "
        "It may also be called `application/json`, `application/xml`, `audio/x-mpegurl` or "
        "`application/octet-stream`: what it is, its content says.",
        "content": {
            **{
                media_type: {"schema": _TEXT, "example": example}
                for media_type, example in examples.items()
            },
            "multipart/form-data": {"schema": form},
        },
    }


def downloads() -> Document:
    """A list in the formats that are not our own document."""
    return {
        "text/csv": {"schema": _TEXT, "example": _CSV_EXAMPLE},
        "text/plain": {"schema": _TEXT, "example": _TEXT_EXAMPLE},
        TRASHBIN_MEDIA_TYPE: {"schema": _TRASHBIN, "example": _TRASHBIN_EXAMPLE},
    }
