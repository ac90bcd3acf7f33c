"""Spans of calls to Redis: what was called and how often at once, never a key or a value.

``opentelemetry-instrumentation-redis`` is not used: the counting script has a connection of its
own, which that does not see, and it records what errors say.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.trace import SpanKind, StatusCode, Tracer


@contextmanager
def traced_call(tracer: Tracer | None, operation: str, size: int = 1) -> Iterator[None]:
    """A block that is one span, if there is a ``tracer`` (semantic conventions of databases)."""
    if tracer is None:
        yield
        return
    attributes: dict[str, str | int] = {"db.system.name": "redis", "db.operation.name": operation}
    if size > 1:
        attributes["db.operation.batch.size"] = size
    with tracer.start_as_current_span(
        operation,
        kind=SpanKind.CLIENT,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(StatusCode.ERROR)
            raise
