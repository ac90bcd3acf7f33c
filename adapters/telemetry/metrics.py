"""Metrics through OpenTelemetry, read by Prometheus."""

from collections.abc import Callable, Iterable, Mapping

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.view import ExplicitBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from prometheus_client import CollectorRegistry, generate_latest

# From a millisecond, where most reads are, to the deadline of a request.
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counts and durations of one process (OpenTelemetry's names for HTTP servers)."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._provider = MeterProvider(
            metric_readers=[
                PrometheusMetricReader(
                    disable_target_info=True, scope_info_enabled=False, registry=self._registry
                )
            ],
            resource=Resource.create({"service.name": "nodrake"}),
            views=[
                View(
                    instrument_name="http.server.request.duration",
                    aggregation=ExplicitBucketHistogramAggregation(_SECONDS),
                )
            ],
            shutdown_on_exit=False,
        )
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

    def request_ended(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count and time one request; ``route`` is the template, never a path with ids in it."""
        labels: dict[str, str | int] = {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
        }
        self._duration.record(seconds, labels)

    def sign_in_attempted(self, *, outcome: str) -> None:
        """Count one attempt."""
        self._sign_ins.add(1, {"outcome": outcome})

    def list_operation_ended(self, *, operation: str, outcome: str) -> None:
        """Count one operation on a list."""
        self._list_operations.add(1, {"operation": operation, "outcome": outcome})

    def observe_pool(self, read: Callable[[], Mapping[str, int]]) -> None:
        """Report the database pool by ``read``, asked whenever metrics are."""

        def observe(_: CallbackOptions) -> Iterable[Observation]:
            return [Observation(value, {"state": state}) for state, value in read().items()]

        self._meter.create_observable_gauge(
            "nodrake.database_pool", [observe], "1", "Connections and waiters by state."
        )

    def render(self) -> bytes:
        """Everything in Prometheus's text format."""
        return generate_latest(self._registry)

    def close(self) -> None:
        """Stop counting."""
        self._provider.shutdown()
