"""Metrics of one process through OpenTelemetry, in the form that Prometheus reads."""

import time
from collections.abc import Callable, Iterable, Mapping

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import CallbackOptions, Meter, Observation
from opentelemetry.sdk.metrics import AlwaysOffExemplarFilter, MeterProvider
from opentelemetry.sdk.metrics.view import ExplicitBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from prometheus_client import CollectorRegistry

from adapters.telemetry.exemplars import Exemplars

# From a millisecond, where most reads are, to the deadline of a request.
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# A job of the worker may take minutes: a night's retention, an erasure of many.
_JOB_SECONDS = (0.001, 0.01, 0.1, 1.0, 10.0, 60.0, 600.0)
# What the pool says of itself: how things are now, and what has been counted since the start.
_POOL_STATES = {
    "size": "pool_size",
    "available": "pool_available",
    "waiting": "requests_waiting",
    "most": "pool_max",
}
_POOL_COUNTS = {
    "nodrake.database_pool.waits": ("requests_queued", 1, "1"),
    "nodrake.database_pool.wait": ("requests_wait_ms", 1000, "s"),
    "nodrake.database_pool.timeouts": ("requests_errors", 1, "1"),
}


class Metrics:
    """The counts and durations of one process (OpenTelemetry's names for HTTP servers).

    ``process`` names it among several that are read together; every series then has it as a label.
    """

    def __init__(self, *, process: str | None = None, clock: Callable[[], float] = time.time):
        self._clock = clock
        measured = CollectorRegistry()
        self._provider = MeterProvider(
            metric_readers=[
                PrometheusMetricReader(
                    disable_target_info=True, scope_info_enabled=False, registry=measured
                )
            ],
            resource=Resource.create({"service.name": "nodrake"}),
            views=[
                View(
                    instrument_name="http.server.request.duration",
                    aggregation=ExplicitBucketHistogramAggregation(_SECONDS),
                ),
                View(
                    instrument_name="nodrake.worker.job.duration",
                    aggregation=ExplicitBucketHistogramAggregation(_JOB_SECONDS),
                ),
            ],
            exemplar_filter=AlwaysOffExemplarFilter(),  # the reader for Prometheus drops them
            shutdown_on_exit=False,
        )
        self._exemplars = Exemplars(
            measured, "http_server_request_duration_seconds", _SECONDS, process=process
        )
        self.registry = CollectorRegistry()
        self.registry.register(self._exemplars)
        self._meter = self._provider.get_meter("nodrake")
        self._duration = self._meter.create_histogram(
            "http.server.request.duration", "s", "Time from the request to its whole answer."
        )
        self._sign_ins = self._meter.create_counter(
            "nodrake.sign_in_attempts", "1", "Attempts to sign in by outcome."
        )
        self._list_operations = self._meter.create_counter(
            "nodrake.list_operations", "1", "Operations on do-not-play lists by outcome."
        )
        self._refusals = self._meter.create_counter(
            "nodrake.throttle_refusals", "1", "Requests that were told to wait, by policy."
        )

    def request_ended(
        self, *, method: str, route: str, status: int, seconds: float, trace_id: str | None
    ) -> None:
        """Count and time one request; ``route`` is the template, never a path with ids in it.

        ``trace_id`` is of a trace that is kept: the duration then leads to it.
        """
        labels: dict[str, str | int] = {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
        }
        self._duration.record(seconds, labels)
        if trace_id is not None:
            shown = {name.replace(".", "_"): str(value) for name, value in labels.items()}
            self._exemplars.keep(shown, seconds, trace_id, self._clock())

    def sign_in_attempted(self, *, outcome: str) -> None:
        """Count one attempt."""
        self._sign_ins.add(1, {"outcome": outcome})

    def list_operation_ended(self, *, operation: str, outcome: str) -> None:
        """Count one operation on a list."""
        self._list_operations.add(1, {"operation": operation, "outcome": outcome})

    def request_refused(self, *, policy: str) -> None:
        """Count one request that somebody has to wait with."""
        self._refusals.add(1, {"policy": policy})

    def observe_pool(self, read: Callable[[], Mapping[str, int]]) -> None:
        """Report the database pool by ``read``, asked whenever metrics are."""

        def states(_: CallbackOptions) -> Iterable[Observation]:
            now = read()
            return [
                Observation(now.get(name, 0), {"state": state})
                for state, name in _POOL_STATES.items()
            ]

        self._meter.create_observable_gauge(
            "nodrake.database_pool", [states], "1", "Connections and waiters by state."
        )
        for counter, (name, unit, symbol) in _POOL_COUNTS.items():

            def counted(
                _: CallbackOptions, name: str = name, unit: int = unit
            ) -> Iterable[Observation]:
                return [Observation(read().get(name, 0) / unit)]

            self._meter.create_observable_counter(
                counter, [counted], symbol, "Waiting for a connection of the pool, since the start."
            )

    def observe_jobs(self) -> "JobMetrics":
        """Report jobs that are done again and again."""
        return JobMetrics(self._meter, self._clock)

    def close(self) -> None:
        """Stop counting."""
        self._provider.shutdown()


class JobMetrics:
    """What the worker does, and when it last went well."""

    def __init__(self, meter: Meter, clock: Callable[[], float]) -> None:
        self._duration = meter.create_histogram(
            "nodrake.worker.job.duration", "s", "Time that one run of a job took, by outcome."
        )
        self._last_success = meter.create_gauge(
            "nodrake.worker.job.last_success.timestamp",
            "s",
            "When a run last went well; before the first, when the worker was started.",
        )
        self._rest = meter.create_gauge(
            "nodrake.worker.job.rest", "s", "Time between two runs of a job."
        )
        self._clock = clock

    def has(self, *, job: str, rest: float) -> None:
        """There is such a job; it has never run yet."""
        self._rest.set(rest, {"job_name": job})
        self._last_success.set(self._clock(), {"job_name": job})

    def ended(self, *, job: str, outcome: str, seconds: float) -> None:
        """Count and time one run; ``outcome`` is ``done`` or the code of what went wrong."""
        self._duration.record(seconds, {"job_name": job, "outcome": outcome})
        if outcome == "done":
            self._last_success.set(self._clock(), {"job_name": job})
