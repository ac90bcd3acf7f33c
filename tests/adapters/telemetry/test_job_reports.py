"""What is told of the worker's jobs."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from adapters.telemetry.job_reports import JobReports
from adapters.telemetry.metrics import Metrics
from domain.shared.errors import ServiceUnavailableError

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The one event loop that the service runs on."""
    return "asyncio"


async def well() -> None:
    """Goes well."""


async def badly() -> None:
    """PostgreSQL is away."""
    raise ServiceUnavailableError("secret")


async def broken() -> None:
    """We have made a mistake."""
    raise ZeroDivisionError("secret")


@pytest.mark.parametrize("traced", [True, False])
async def test_runs_are_told_by_outcome(traced: bool) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    now = 100.0
    metrics = Metrics(clock=lambda: now)
    reports = JobReports(metrics, provider.get_tracer("x") if traced else None)
    good, bad = reports.of("good", 1.0, well), reports.of("bad", 30.0, badly)
    worst = reports.of("worst", 1.0, broken)
    now = 200.0
    await good()
    with pytest.raises(ServiceUnavailableError):
        await bad()
    with pytest.raises(ZeroDivisionError):
        await worst()

    def told(name: str, **labels: str) -> float | None:
        return metrics.registry.get_sample_value(name, labels)

    runs = "nodrake_worker_job_duration_seconds_count"
    last = "nodrake_worker_job_last_success_timestamp_seconds"
    assert told(runs, job_name="good", outcome="done") == 1
    assert told(runs, job_name="bad", outcome="shared.unavailable") == 1
    assert told(runs, job_name="worst", outcome="failed") == 1
    assert told(last, job_name="good") == 200
    assert told(last, job_name="bad") == 100  # since the worker was started
    assert told("nodrake_worker_job_rest_seconds", job_name="bad") == 30
    spans = exporter.get_finished_spans()
    assert [span.name for span in spans] == (["job good", "job bad", "job worst"] if traced else [])
    assert all("secret" not in span.to_json() for span in spans)
