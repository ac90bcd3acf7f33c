"""What Prometheus reads: this process, those beside it, and what all of them lean on."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from importlib.metadata import version
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder

from adapters.telemetry.neighbours import Neighbours, merged
from application.shared.ports import HealthProbe

_TIMEOUT_SECONDS = 1.0
_OPEN_METRICS = "application/openmetrics-text; version=1.0.0"

T = TypeVar("T")

_AGES = {
    "outbox": ("nodrake_outbox_oldest_seconds", "Age of the oldest event that is not told yet."),
    "mail": ("nodrake_mail_oldest_seconds", "Age of the oldest message that is not sent yet."),
    "mail_overdue": (
        "nodrake_mail_overdue_seconds",
        "Time for which a message has been due that nobody has tried to send.",
    ),
    "audit": ("nodrake_audit_unsealed_seconds", "Age of the oldest audit record without a seal."),
}


class Exposition:
    """One page of metrics; a server that does not answer is told as such within a second."""

    def __init__(
        self,
        registry: CollectorRegistry,
        neighbours: Neighbours,
        *,
        probes: Mapping[str, HealthProbe],
        ages: Callable[[], Awaitable[Mapping[str, float]]],
        schema: Callable[[], Awaitable[int]],
        expected_schema: int,
    ) -> None:
        self._registry = registry
        self._neighbours = neighbours
        self._probes = probes
        self._ages = ages
        self._schema = schema
        self._expected_schema = expected_schema

    async def __call__(self, accept: str) -> tuple[bytes, str]:
        """The page in the format that ``accept`` asks for, and its content type."""
        encode, media_type = _encoder(accept)
        pages, families = await asyncio.gather(self._neighbours.ask(accept), self._families())
        shared = encode(_Once(families))
        return merged([encode(self._registry), *pages, shared]), media_type

    def own_page(self, accept: str) -> bytes:
        """What this process alone has measured, for those beside it."""
        encode, _ = _encoder(accept)
        return encode(self._registry)

    async def _families(self) -> list[Metric]:
        states, ages, schema = await asyncio.gather(
            asyncio.gather(*(probe() for probe in self._probes.values())),
            _in_time(self._ages()),
            _in_time(self._schema()),
        )
        up = GaugeMetricFamily(
            "nodrake_dependency_up", "Whether it answers and is as expected.", labels=["dependency"]
        )
        for name, state in zip(self._probes, states, strict=True):
            up.add_metric([name], float(state.healthy))
        versions = GaugeMetricFamily(
            "nodrake_schema_version", "Version of the schema, as the code or it has it.",
            labels=["of"],
        )  # fmt: skip
        versions.add_metric(["code"], self._expected_schema)
        if schema is not None:
            versions.add_metric(["database"], schema)
        build = GaugeMetricFamily(
            "nodrake_build_info", "Which release this is.", labels=["version"]
        )
        build.add_metric([version("nodrake")], 1)
        waiting = [
            GaugeMetricFamily(name, documentation, value=(ages or {})[key])
            for key, (name, documentation) in _AGES.items()
            if ages is not None
        ]
        return [up, versions, build, *waiting]


def _encoder(accept: str) -> tuple[Callable[[Any], bytes], str]:
    """OpenMetrics for whoever knows it, else Prometheus's text; in no version but the usual one."""
    return choose_encoder(_OPEN_METRICS if "application/openmetrics-text" in accept else "")


class _Once:
    """A registry of what has been collected already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """As they were."""
        return self._families


async def _in_time(asking: Awaitable[T]) -> T | None:
    """The answer, or ``None``: a driver that waits for a frozen server is not waited for."""
    task = asyncio.ensure_future(asking)
    done, _ = await asyncio.wait({task}, timeout=_TIMEOUT_SECONDS)
    if not done:
        task.cancel()
        return None
    return None if task.exception() is not None else task.result()
