"""Calls to providers carry the trace on, and tell of themselves neither path, query nor secret."""

from collections.abc import Mapping

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from adapters.providers.outbound import Outbound
from domain.accounts.provider_errors import ProviderUnavailableError
from tests.providers.loopback import Answer, Loopback, json_answer

pytestmark = pytest.mark.anyio

CANARY = "very-secret-code"


async def test_the_trace_goes_with_the_call_and_no_secret_into_its_span() -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    seen: list[Mapping[str, str]] = []

    def answer(_: Mapping[str, str], fields: Mapping[str, str]) -> Answer:
        seen.append({name.lower(): value for name, value in fields.items()})
        return json_answer({"a": CANARY})

    with Loopback() as server:
        server.routes["GET /me"] = answer
        outbound = Outbound(tracer=provider.get_tracer("x"))
        await outbound.get(f"{server.url}/me?code={CANARY}", token=CANARY)
        await outbound.post_form(f"{server.url}/none", {"code": CANARY}, basic=("id", CANARY))
        with pytest.raises(ProviderUnavailableError):
            await outbound.get(f"http://127.0.0.1:1/{CANARY}")
        await outbound.aclose()
    called, missing, away = exporter.get_finished_spans()
    context = called.context
    carried = seen[0]["traceparent"].split("-")
    assert carried[1:3] == [f"{context.trace_id:032x}", f"{context.span_id:016x}"]
    assert dict(called.attributes or {}) == {
        "http.request.method": "GET",
        "server.address": "127.0.0.1",
        "http.response.status_code": 200,
    }
    assert [span.status.is_ok for span in (called, missing, away)] == [True, False, False]
    assert not any(CANARY in span.to_json() for span in (called, missing, away))


async def test_without_a_tracer_nothing_is_added() -> None:
    seen: list[Mapping[str, str]] = []

    def answer(_: Mapping[str, str], fields: Mapping[str, str]) -> Answer:
        seen.append({name.lower(): value for name, value in fields.items()})
        return json_answer({})

    with Loopback() as server:
        server.routes["GET /me"] = answer
        outbound = Outbound()
        await outbound.get(f"{server.url}/me")
        await outbound.aclose()
    assert "traceparent" not in seen[0]
