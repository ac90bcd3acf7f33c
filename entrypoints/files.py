"""How the document describes bodies that are files."""

from collections.abc import Mapping
from typing import Any

from entrypoints.http.blocklists.export import TRASHBIN_MEDIA_TYPE

Document = dict[str, Any]

_TEXT = {"type": "string"}
_FILE = _TEXT | {"format": "binary", "contentMediaType": "text/csv"}  # as it was released
LIST_EXAMPLES = {
    "text/csv": "artist,id\nNeural Groove Machine,3ec16T2vMbjJi4luOqt6ps\n",
    "text/plain": "https://open.spotify.com/artist/3ec16T2vMbjJi4luOqt6ps "
    "# Neural Groove Machine\n",
}
_FLAGS = {"type": "object", "additionalProperties": {"type": "boolean"}}
_TRASHBIN = {"type": "object", "properties": {"songs": _FLAGS, "artists": _FLAGS}}
_TRASHBIN_EXAMPLE = {"songs": {}, "artists": {"spotify:artist:3ec16T2vMbjJi4luOqt6ps": True}}


def upload(examples: Mapping[str, str]) -> Document:
    """A file as the body itself, by the media types of ``examples``, or as a field of a form.

    JSON is said in words: as a media type here, clients would encode their files as JSON.
    """
    return {
        "required": True,
        "description": "The file itself, or the same as the field `file` of a form. "
        "It may also be called `application/json`, `application/xml`, `audio/x-mpegurl` or "
        "`application/octet-stream`: what it is, its content says. "
        "`Content-Encoding: gzip` is understood.",
        "content": {
            **_texts(examples),
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": _FILE}, "required": ["file"]}
            },
        },
    }


def downloads() -> Document:
    """A list in the formats that are not our own document."""
    return {
        **_texts(LIST_EXAMPLES),
        TRASHBIN_MEDIA_TYPE: {"schema": _TRASHBIN, "example": _TRASHBIN_EXAMPLE},
    }


def _texts(examples: Mapping[str, str]) -> Document:
    return {
        media_type: {"schema": _TEXT, "example": example}
        for media_type, example in examples.items()
    }
