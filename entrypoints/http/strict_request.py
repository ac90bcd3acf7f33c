"""Requests whose JSON is read once, strictly, and checked against the handler's type."""

import json
import re
from typing import Any

import msgspec
from litestar import Request

from domain.shared.errors import FieldError, InvalidInputError
from entrypoints.http.errors import MalformedJsonError, UnsupportedMediaTypeError

# In ``extra`` of a field's ``Meta``: what to say to text that is too long.
TOO_LONG = "too_long"
MAX_DEPTH = 32
MAX_MEMBERS = 10_000

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKETS = re.compile(rb"[][{}]")
_INT64 = range(-(2**63), 2**63)
_WHERE = re.compile(r"(?P<message>.*?)(?: - at `(?:key in )?\$(?P<path>[^`]*)`)?", re.DOTALL)


class StrictRequest(Request[Any, Any, Any]):
    """A request that takes I-JSON (RFC 7493) of a bounded size and nothing like it."""

    async def json(self) -> Any:
        """The body as the type that the handler's ``data`` has.

        Raises ``UnsupportedMediaTypeError``, ``MalformedJsonError`` or ``InvalidInputError``.
        """
        check_json_content_type(self.headers.get("content-type", ""))
        field = self.route_handler.parsed_data_field
        document = parse_json(await self.body())
        return document if field is None else convert_json(document, field.annotation)


def check_json_content_type(value: str) -> None:
    """Refuse anything but JSON in UTF-8; a form or plain text could come from any web page."""
    essence, _, parameters = value.partition(";")
    essence = essence.strip().lower()
    charset = parameters.strip().lower()
    if (
        essence == "application/json"
        or (essence.startswith("application/") and essence.endswith("+json"))
    ) and charset in {"", "charset=utf-8", 'charset="utf-8"'}:
        return
    raise UnsupportedMediaTypeError("Send the body as application/json in UTF-8.")


def parse_json(body: bytes) -> object:
    """The document in ``body``, or ``MalformedJsonError``."""
    if not body:
        raise MalformedJsonError("The body is empty; a JSON object is expected.")
    _check_depth(body)
    members = 0

    def make_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal members
        members += len(pairs)
        made = dict(pairs)
        if len(made) != len(pairs):
            raise MalformedJsonError("An object has the same key twice.")
        if members > MAX_MEMBERS:
            raise MalformedJsonError(f"The body has more than {MAX_MEMBERS:,} members.")
        return made

    try:
        document = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=make_object,
            parse_constant=_refuse_constant,
            parse_int=_parse_int,
        )
    except UnicodeDecodeError as error:
        raise MalformedJsonError("The body is not UTF-8.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise MalformedJsonError("The body is not JSON; check quotes and commas.") from error
    _check_text(document)
    return document


def convert_json(document: object, type_: Any) -> Any:
    """``document`` as ``type_``; ``InvalidInputError`` names the field that does not fit."""
    try:
        return msgspec.convert(document, type_, strict=True)
    except msgspec.ValidationError as error:
        match = _WHERE.fullmatch(str(error))
        path = (match["path"] or "").lstrip(".") if match else ""
        message = match["message"] if match else str(error)
        if message.startswith("Expected `str` of length <="):
            message = _wording(type_, path) or message
        field = path or _quoted_field(message) or "body"
        raise InvalidInputError(
            f"{field}: {message[:1].lower()}{message[1:]}",
            errors=(FieldError(field=field, message=message[:1].lower() + message[1:]),),
        ) from error


def _wording(type_: Any, path: str) -> str | None:
    """What a field of the type says to text that is too long, if it says something."""
    shape = msgspec.inspect.type_info(type_)
    if not isinstance(shape, msgspec.inspect.StructType):
        return None
    for field in shape.fields:
        if field.encode_name == path:
            shapes = getattr(field.type, "types", (field.type,))  # a union, or one of its kind
            for each in shapes:
                if isinstance(each, msgspec.inspect.Metadata) and each.extra:
                    return str(each.extra[TOO_LONG])
    return None


def _quoted_field(message: str) -> str | None:
    # "Object missing required field `email`" names the field but is located at its parent.
    named = re.search(r"field `([^`]{1,100})`", message)
    return named[1] if named else None


def _check_depth(body: bytes) -> None:
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return
    depth = 0
    for bracket in _BRACKETS.findall(_STRING.sub(b"", body)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            raise MalformedJsonError(f"The body is nested more than {MAX_DEPTH} levels deep.")


def _check_text(value: object) -> None:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            if "\0" in item:
                raise MalformedJsonError("Text has no NUL character.")
            if not item.isascii():
                try:
                    item.encode()
                except UnicodeEncodeError as error:
                    raise MalformedJsonError("Text has half of a surrogate pair.") from error
        elif isinstance(item, dict):
            stack.extend(item)
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def _refuse_constant(name: str) -> object:
    raise MalformedJsonError(f"{name} is no number in JSON.")


def _parse_int(digits: str) -> int:
    if len(digits) > 20 or int(digits) not in _INT64:
        raise MalformedJsonError("A whole number has 64 bits at most.")
    return int(digits)
