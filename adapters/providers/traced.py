"""Spans of calls to providers: whom, and what status came back; never a path, query or body."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from opentelemetry.trace import SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()

Answered = Callable[[int], None]


@contextmanager
def traced_call(
    tracer: Tracer | None, method: str, address: str
) -> Iterator[tuple[Mapping[str, str], Answered]]:
    """A block that is one span: with the header fields that tell the trace to who is called.

    What is called with the answer's status completes it. Without ``tracer`` there is nothing.
    """
    if tracer is None:
        yield {}, lambda _: None
        return
    with tracer.start_as_current_span(
        method,
        kind=SpanKind.CLIENT,
        attributes={
            "http.request.method": method,
            "server.address": urlsplit(address).hostname or "",
        },
        record_exception=False,
        set_status_on_exception=False,
    ) as span:

        def answered(status: int) -> None:
            span.set_attribute("http.response.status_code", status)
            if status >= 400:
                span.set_attribute("error.type", str(status))
                span.set_status(StatusCode.ERROR)

        context: dict[str, str] = {}
        _PROPAGATOR.inject(context)
        try:
            yield context, answered
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(StatusCode.ERROR)
            raise
