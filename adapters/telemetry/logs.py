"""Structured log lines: one JSON object each, on standard output."""

import logging
import re
import sys

import msgspec
import structlog
from structlog.typing import FilteringBoundLogger

_LONGEST_VALUE = 2048
_LONGEST_LINE = 8 * 1024
# What JSON leaves as it is, but a terminal or another reader takes for a command or a new line:
# DEL, the C1 controls, the line and paragraph separators (in UTF-8).
_UNSAFE = re.compile(rb"\x7f|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]")


def create_logger() -> FilteringBoundLogger:
    """A logger whose lines carry level and time; the caller adds what happened."""
    logger: FilteringBoundLogger = structlog.wrap_logger(
        structlog.BytesLogger(sys.stdout.buffer),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _shorten,
            structlog.processors.JSONRenderer(serializer=_serialise),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(20),
        cache_logger_on_first_use=True,
    )
    # What libraries say through the standard library's logging becomes lines of the same form.
    logging.basicConfig(level=logging.WARNING, handlers=[_LibraryLines(logger)])
    return logger


class _LibraryLines(logging.Handler):
    def __init__(self, logger: FilteringBoundLogger) -> None:
        super().__init__()
        self._logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        self._logger.warning("library", logger=record.name, message=record.getMessage())


def _shorten(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for key, value in event.items():
        if isinstance(value, str) and len(value) > _LONGEST_VALUE:
            event[key] = value[:_LONGEST_VALUE] + "…"
    return event


def _serialise(event: dict[str, object], **_: object) -> bytes:
    line = _on_one_line(event)
    if len(line) <= _LONGEST_LINE:
        return line
    named = {name: event[name] for name in ("event", "level", "timestamp") if name in event}
    return _on_one_line({"cut": line[:1000].decode("utf-8", "ignore")} | named)


def _on_one_line(event: dict[str, object]) -> bytes:
    return _UNSAFE.sub(
        lambda unsafe: f"\\u{ord(unsafe[0].decode()):04x}".encode(),
        msgspec.json.encode(event, enc_hook=str),
    )
