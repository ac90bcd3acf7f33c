"""Traces of requests and jobs through OpenTelemetry, sent to a collector (OTLP over HTTP).

Nothing of what somebody sends or owns becomes part of a span: routes are templates, errors are
types and codes, statements have places in the place of values. A collector that is dead or frozen
costs what waits in a bounded queue, and no request waits for it.
"""

import logging
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import (
    Decision,
    ParentBased,
    Sampler,
    SamplingResult,
    TraceIdRatioBased,
)
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_EXPORT_SECONDS = 2.0
_LAST_SECONDS = 1.0
_QUEUE = 4096
_BATCH = 512
_SHARES = 1_000_000
# They repeat what a caller has sent, one line for each thing that is wrong with it.
_TALKATIVE = ("opentelemetry.trace.span", "opentelemetry.trace.propagation.tracecontext")
_PROPAGATOR = TraceContextTextMapPropagator()

Headers = Iterable[tuple[bytes, bytes]]


class RequestSpan:
    """The trace of one request; ``exemplar`` is its id if it is kept, else ``None``."""

    def __init__(self, span: Span) -> None:
        self._span = span
        context = span.get_span_context()
        self.trace_id: str | None = f"{context.trace_id:032x}"
        self.exemplar = self.trace_id if context.trace_flags.sampled else None

    def ended(
        self, *, method: str, route: str, status: int, request_id: str, error: str | None
    ) -> None:
        """Name it by the template of its route; 5xx is an error (HTTP semantic conventions)."""
        span = self._span
        if not span.is_recording():
            return
        span.update_name(f"{method} {route}")
        span.set_attribute("http.route", route)
        span.set_attribute("http.response.status_code", status)
        span.set_attribute("nodrake.request_id", request_id)
        if error is not None:
            span.set_attribute("error.type", error)
        if status >= 500 or status == 0:
            span.set_status(StatusCode.ERROR)


class _OurShare(Sampler):
    """Keeps ``ratio`` of the traces that callers want kept: neither their wish nor their id counts.

    The id is the caller's to choose, and whoever chose it well would have every trace kept.
    """

    def __init__(self, ratio: float) -> None:
        self._share = round(ratio * _SHARES)

    def should_sample(
        self, parent_context: Context | None, trace_id: int, name: str, *_: Any, **__: Any
    ) -> SamplingResult:
        """By lot."""
        kept = secrets.randbelow(_SHARES) < self._share
        return SamplingResult(Decision.RECORD_AND_SAMPLE if kept else Decision.DROP)

    def get_description(self) -> str:
        """For whoever asks the SDK."""
        return f"OurShare({self._share}/{_SHARES})"


class Tracing:
    """Spans of one process, sent to ``exporter`` in the background; ``ratio`` of traces is kept."""

    def __init__(self, exporter: SpanExporter, ratio: float) -> None:
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.ERROR)
        self._provider = TracerProvider(
            sampler=ParentBased(
                root=TraceIdRatioBased(ratio), remote_parent_sampled=_OurShare(ratio)
            ),
            resource=Resource.create({"service.name": "nodrake"}),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(
            BatchSpanProcessor(exporter, max_queue_size=_QUEUE, max_export_batch_size=_BATCH)
        )
        self.tracer: Tracer = self._provider.get_tracer("nodrake")

    @contextmanager
    def request(self, method: str, scheme: str, headers: Headers) -> Iterator[RequestSpan]:
        """The span of one request: part of the caller's trace if it names a valid one (W3C)."""
        with self.tracer.start_as_current_span(
            method,
            context=_callers_context(headers),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method, "url.scheme": scheme},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            yield RequestSpan(span)

    def close(self) -> None:
        """Send what is left, for a second at most: a collector may be frozen."""
        last = threading.Thread(target=self._provider.shutdown, daemon=True)
        last.start()
        last.join(_LAST_SECONDS)


class NoTrace:
    """A request that is not traced."""

    trace_id: str | None = None
    exemplar: str | None = None

    def ended(
        self, *, method: str, route: str, status: int, request_id: str, error: str | None
    ) -> None:
        """Nothing to tell."""

    def __enter__(self) -> "NoTrace":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""


class NoTracing:
    """What there is without a collector: nothing, at no cost."""

    tracer: Tracer | None = None

    def __init__(self) -> None:
        self._none = NoTrace()

    def request(self, method: str, scheme: str, headers: Headers) -> NoTrace:
        """Always the same nothing."""
        return self._none

    def close(self) -> None:
        """Nothing to send."""


def create_tracing(endpoint: str, percent: int) -> Tracing | NoTracing:
    """Traces to the collector at ``endpoint`` (its base address); none where it is empty."""
    if not endpoint:
        return NoTracing()
    exporter = OTLPSpanExporter(f"{endpoint}/v1/traces", timeout=_EXPORT_SECONDS)
    return Tracing(exporter, percent / 100)


def _callers_context(headers: Headers) -> Context:
    """What ``traceparent`` says; nothing where it is not as W3C has it.

    ``tracestate`` is free text of whoever calls, and ends here (Trace Context, section 3.3).
    """
    parents = [value for name, value in headers if name == b"traceparent"]
    if len(parents) != 1:
        return Context()
    carrier = {"traceparent": parents[0].decode("latin-1")}
    return _PROPAGATOR.extract(carrier, context=Context())
