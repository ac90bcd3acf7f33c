"""One page of metrics: of this process, of those beside it, and of what they lean on."""

import asyncio
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as plain_families
from prometheus_client.samples import Sample

from adapters.telemetry.exposition import Exposition
from adapters.telemetry.metrics import Metrics
from adapters.telemetry.neighbours import Neighbours
from application.shared.ports import DependencyState

pytestmark = pytest.mark.anyio

OPEN_METRICS = "application/openmetrics-text;version=1.0.0"
COUNT = "http_server_request_duration_seconds_count"


@pytest.fixture
def anyio_backend() -> str:
    """The one event loop that the service runs on."""
    return "asyncio"


async def healthy() -> DependencyState:
    """A probe."""
    return DependencyState(healthy=True, response_time_ms=1, detail=None)


async def ages() -> Mapping[str, float]:
    """What waits."""
    return {"outbox": 1.0, "mail": 2.0, "mail_overdue": 0.0, "audit": 3.0}


async def schema() -> int:
    """Its version."""
    return 18


class Process:
    """One of several processes, named by its place."""

    def __init__(self, folder: Path | None, name: str) -> None:
        self.neighbours = Neighbours(folder, name=name)
        self.metrics = Metrics(process=self.neighbours.name, clock=lambda: 1700000000.5)
        self.exposition = Exposition(
            self.metrics.registry,
            self.neighbours,
            probes={"database": healthy},
            ages=ages,
            schema=schema,
            expected_schema=18,
        )

    async def open(self) -> "Process":
        """Answer the others."""
        await self.neighbours.open(self.exposition.own_page)
        return self

    def serve(self, requests: int) -> None:
        """Have served so many."""
        for _ in range(requests):
            self.metrics.request_ended(
                method="GET", route="/x", status=200, seconds=0.02, trace_id="ab" * 16
            )

    async def page(self, accept: str = "") -> list[Sample]:
        """What it tells."""
        page, _ = await self.exposition(accept)
        parse = text_string_to_metric_families if accept else plain_families
        return [sample for family in parse(page.decode()) for sample in family.samples]


def counts(samples: list[Sample]) -> list[float]:
    """How many requests each process has served."""
    return sorted(sample.value for sample in samples if sample.name == COUNT)


@pytest.mark.parametrize("accept", ["", OPEN_METRICS])
async def test_whichever_is_asked_tells_of_all(tmp_path: Path, accept: str) -> None:
    processes = [await Process(tmp_path, name).open() for name in "abc"]
    for place, process in enumerate(processes, 1):
        process.serve(place)
    pages = [await process.page(accept) for process in processes]
    assert [counts(page) for page in pages] == [[1, 2, 3]] * 3
    for page in pages:
        assert len([s for s in page if s.name == "nodrake_outbox_oldest_seconds"]) == 1
    for process in processes:
        await process.neighbours.close()
    assert not await asyncio.to_thread(lambda: list(tmp_path.iterdir()))


async def test_a_killed_or_mute_neighbour_is_left_out(tmp_path: Path) -> None:
    process = await Process(tmp_path, "a").open()
    process.serve(1)
    with socket.socket(socket.AF_UNIX) as killed, socket.socket(socket.AF_UNIX) as mute:
        killed.bind(str(tmp_path / "killed.sock"))  # and nobody listens any more
        mute.bind(str(tmp_path / "mute.sock"))
        mute.listen()
        assert counts(await process.page()) == [1]
    assert not (tmp_path / "killed.sock").exists()
    await process.neighbours.close()


async def test_a_server_that_does_not_answer_is_told_as_such() -> None:
    process = Process(None, "a")

    async def away() -> int:
        raise ConnectionError

    async def frozen() -> Mapping[str, float]:
        await asyncio.Event().wait()
        return {}

    exposition = Exposition(
        process.metrics.registry,
        process.neighbours,
        probes={},
        ages=frozen,
        schema=away,
        expected_schema=18,
    )
    page, _ = await exposition("")
    assert b'nodrake_schema_version{of="code"} 18.0' in page
    assert b"outbox" not in page
    assert b'of="database"' not in page


async def test_a_duration_leads_to_a_trace_where_the_format_allows() -> None:
    process = Process(None, "a")
    process.serve(1)
    shown = [sample for sample in await process.page(OPEN_METRICS) if sample.exemplar]
    assert [sample.labels["le"] for sample in shown] == ["0.025"]
    assert shown[0].exemplar is not None
    assert shown[0].exemplar.labels == {"trace_id": "ab" * 16}
    assert not [sample for sample in await process.page() if sample.exemplar]


async def test_the_pool_is_told_as_states_and_counts() -> None:
    process = Process(None, "a")
    process.metrics.observe_pool(
        lambda: {"pool_size": 4, "requests_wait_ms": 1500, "requests_errors": 2}
    )
    told = {
        (sample.name, sample.labels.get("state")): sample.value for sample in await process.page()
    }
    assert told["nodrake_database_pool", "size"] == 4
    assert told["nodrake_database_pool", "waiting"] == 0
    assert told["nodrake_database_pool_wait_seconds_total", None] == 1.5
    assert told["nodrake_database_pool_timeouts_total", None] == 2
