"""What is seen of each run of the worker's jobs: its duration, its outcome, its trace."""

import time
from collections.abc import Awaitable, Callable

from opentelemetry.trace import StatusCode, Tracer

from adapters.telemetry.metrics import Metrics
from domain.shared.errors import DomainError

Job = Callable[[], Awaitable[object]]


class JobReports:
    """Measures runs of jobs, and traces them where there is a ``tracer``."""

    def __init__(self, metrics: Metrics, tracer: Tracer | None) -> None:
        self._metrics = metrics.observe_jobs()
        self._tracer = tracer

    def of(self, name: str, rest: float, job: Job) -> Job:
        """``job``, each run of which is told; ``rest`` is the seconds between two of them."""
        self._metrics.has(job=name, rest=rest)
        tracer = self._tracer
        if tracer is None:
            return lambda: self._run(name, job)

        async def run_in_a_span() -> None:
            with tracer.start_as_current_span(
                f"job {name}", record_exception=False, set_status_on_exception=False
            ) as span:
                try:
                    await self._run(name, job)
                except Exception as error:
                    span.set_attribute("error.type", getattr(error, "code", type(error).__name__))
                    span.set_status(StatusCode.ERROR)
                    raise

        return run_in_a_span

    async def _run(self, name: str, job: Job) -> None:
        started = time.perf_counter()
        outcome = "cut_off"  # unless it comes to an end
        try:
            await job()
            outcome = "done"
        except DomainError as error:
            outcome = error.code
            raise
        except Exception:
            outcome = "failed"
            raise
        finally:
            seconds = time.perf_counter() - started
            self._metrics.ended(job=name, outcome=outcome, seconds=seconds)
