"""Whose trace a request belongs to, and which traces are kept (W3C Trace Context)."""

import logging

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from adapters.telemetry.tracing import NoTracing, Tracing, create_tracing

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
VALID = f"00-{TRACE}-{SPAN}-01"


def traced(
    *fields: tuple[str, str], ratio: float = 1.0, status: int = 200
) -> tuple[str | None, str | None, list[ReadableSpan]]:
    """One request with these header fields: its trace's id, its exemplar, and what was sent."""
    exporter = InMemorySpanExporter()
    tracing = Tracing(exporter, ratio)
    headers = [(name.encode(), value.encode("latin-1")) for name, value in fields]
    with tracing.request("GET", "http", headers) as trace:
        pass_on = (trace.trace_id, trace.exemplar)
        trace.ended(method="GET", route="/a/{id}", status=status, request_id="r", error=None)
    tracing.close()
    return *pass_on, list(exporter.get_finished_spans())


def test_a_valid_context_is_continued() -> None:
    trace_id, exemplar, (span,) = traced(("traceparent", VALID), ("tracestate", "a=1,b=2"))
    assert trace_id == exemplar == TRACE
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == SPAN
    assert span.name == "GET /a/{id}"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "nonsense",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN.upper()}-01",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-0g",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE[:-1]}-{SPAN}-01",
        f"00-{TRACE}a-{SPAN}-01",
        f"00-{TRACE}-{SPAN[:-1]}-01",
        f"0-{TRACE}-{SPAN}-01",
        f"00_{TRACE}_{SPAN}_01",
        f"{VALID}\x1b[2J",
        f"00-{TRACE}-{SPAN}-01," * 2,
        "é" * 55,
        "0" * 8000,
    ],
)
def test_a_malformed_one_begins_a_new_trace(value: str) -> None:
    trace_id, _, (span,) = traced(("traceparent", value), ("tracestate", "a=1"))
    assert trace_id is not None
    assert trace_id not in {TRACE, "0" * 32}
    assert span.parent is None
    assert not span.context.trace_state


def test_two_contexts_are_none() -> None:
    assert traced(("traceparent", VALID), ("traceparent", VALID))[0] != TRACE


@pytest.mark.parametrize("state", ["a=1,b=2", "a=ada@example.org password", "no member", "A=é"])
def test_what_a_caller_writes_beside_it_is_neither_kept_nor_logged(
    state: str, caplog: pytest.LogCaptureFixture
) -> None:
    for logger in ("opentelemetry.trace.span", "opentelemetry.trace.propagation.tracecontext"):
        logging.getLogger(logger).setLevel(logging.NOTSET)
    trace_id, _, (span,) = traced(("traceparent", VALID), ("tracestate", state))
    assert trace_id == TRACE
    assert not span.context.trace_state
    assert not caplog.text


@pytest.mark.parametrize("low", ["0" * 15 + "1", "f" * 16])
def test_no_id_that_a_caller_may_choose_decides_whether_a_trace_is_kept(low: str) -> None:
    exporter = InMemorySpanExporter()
    tracing = Tracing(exporter, 0.5)
    parent = f"00-{TRACE[:16]}{low}-{SPAN}-01".encode()
    for _ in range(200):
        with tracing.request("GET", "http", [(b"traceparent", parent)]):
            pass
    tracing.close()
    assert 0 < len(exporter.get_finished_spans()) < 200


def test_a_callers_wish_to_keep_a_trace_does_not_count_but_its_wish_not_to_does() -> None:
    assert traced(("traceparent", VALID), ratio=0.0)[1:] == (None, [])
    assert traced(("traceparent", f"00-{TRACE}-{SPAN}-00"), ratio=1.0)[1:] == (None, [])
    assert traced(ratio=0.0)[1:] == (None, [])


def test_five_hundreds_are_errors_and_refusals_are_not() -> None:
    assert not traced(status=503)[2][0].status.is_ok
    assert traced(status=422)[2][0].status.is_unset


def test_without_a_collector_there_is_nothing() -> None:
    tracing = create_tracing("", 100)
    assert isinstance(tracing, NoTracing)
    assert tracing.tracer is None
    with tracing.request("GET", "http", [(b"traceparent", VALID.encode())]) as trace:
        assert trace.trace_id is None
        assert trace.exemplar is None
