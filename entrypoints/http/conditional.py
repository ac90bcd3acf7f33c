"""Conditional requests (RFC 9110 section 13): entity tags out, ``If-Match`` and the like in."""

import re
from typing import Any, TypeVar

from litestar import Request, Response

from domain.shared.version import Version

T = TypeVar("T")

_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t,]*(?:{_TAG})?)*[ \t]*")
_EACH = re.compile(r'(W/)?"([^"]*)"')


def tagged(
    request: Request[Any, Any, Any], content: T, version: Version, *parts: Version
) -> Response[T]:
    """``content`` with its strong entity tag; 304 in its place if a GET says it has it.

    ``parts`` are versions of what is shown along with the thing itself and changes without it.
    """
    opaque = ".".join([version, *parts])
    headers = {"etag": f'"{opaque}"'}
    if request.method == "GET" and _is_known(request, opaque):
        return Response(None, status_code=304, headers=headers)  # type: ignore[arg-type]
    return Response(content, headers=headers)


def expected_versions(request: Request[Any, Any, Any]) -> frozenset[Version] | None:
    """The versions that ``If-Match`` names; ``None`` where any will do.

    Only the part that is the thing's own counts: nobody's change is lost when an artist gets a
    picture. Weak tags, and a field that is no list of tags, match nothing.
    """
    field = _field(request, "if-match")
    if field is None or field == "*":
        return None
    return frozenset(Version(tag.partition(".")[0]) for weak, tag in _tags(field) if not weak)


def _is_known(request: Request[Any, Any, Any], opaque: str) -> bool:
    field = _field(request, "if-none-match")
    if field is None:
        return False
    return field == "*" or opaque in {tag for _, tag in _tags(field)}


def _field(request: Request[Any, Any, Any], name: str) -> str | None:
    values = request.headers.getall(name, [])
    return ", ".join(values).strip() if values else None


def _tags(field: str) -> list[tuple[str, str]]:
    return _EACH.findall(field) if _TAGS.fullmatch(field) else []
