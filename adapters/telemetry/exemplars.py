"""Traces beside durations: which request stands for a bucket of the histogram."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.samples import Exemplar, Sample


class Exemplars:
    """A collector of what ``measured`` has, with the newest trace of each bucket of one histogram.

    OpenTelemetry's reader for Prometheus drops them. They are shown in the OpenMetrics format only.
    """

    def __init__(
        self,
        measured: CollectorRegistry,
        histogram: str,
        bounds: Sequence[float],
        *,
        process: str | None,
    ) -> None:
        self._measured = measured
        self._bucket = f"{histogram}_bucket"
        self._bounds = bounds
        self._names = [*map(str, bounds), "+Inf"]
        self._process = {} if process is None else {"process": process}
        self._newest: dict[frozenset[tuple[str, str]], Exemplar] = {}

    def keep(
        self, labels: Mapping[str, str], value: float, trace_id: str, timestamp: float
    ) -> None:
        """Remember the trace for the bucket that ``value`` falls into."""
        bucket = self._names[bisect_left(self._bounds, value)]
        place = frozenset({**labels, "le": bucket}.items())
        self._newest[place] = Exemplar({"trace_id": trace_id}, value, timestamp)

    def collect(self) -> Iterable[Metric]:
        """Everything that is measured now."""
        for family in self._measured.collect():
            family.samples = [self._completed(sample) for sample in family.samples]
            yield family

    def _completed(self, sample: Sample) -> Sample:
        exemplar = None
        if sample.name == self._bucket and self._newest:
            exemplar = self._newest.get(frozenset(sample.labels.items()))
        return sample._replace(labels={**sample.labels, **self._process}, exemplar=exemplar)
