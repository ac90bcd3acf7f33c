"""What is told of a request that has ended: a log line, its measurements, its trace."""

from typing import Any, Protocol

from entrypoints.faults import trace_of
from entrypoints.http.tracing import RequestTrace


class RequestLog(Protocol):
    """Where log lines go."""

    def info(self, event: str, *args: Any, **kw: Any) -> Any:
        """What happened as it should."""
        ...

    def error(self, event: str, *args: Any, **kw: Any) -> Any:
        """What somebody should look at."""
        ...


class RequestMetrics(Protocol):
    """Where measurements go."""

    def request_ended(
        self, *, method: str, route: str, status: int, seconds: float, trace_id: str | None
    ) -> None:
        """One request, whatever became of it."""
        ...

    def sign_in_attempted(self, *, outcome: str) -> None:
        """One attempt to sign in."""
        ...

    def list_operation_ended(self, *, operation: str, outcome: str) -> None:
        """One operation on a do-not-play list."""
        ...

    def request_refused(self, *, policy: str) -> None:
        """One request that came too soon after others."""
        ...


class RequestReport:
    """Tells log, metrics and trace of each request, in the same words."""

    def __init__(self, log: RequestLog, metrics: RequestMetrics) -> None:
        self._log = log
        self._metrics = metrics

    def ended(
        self,
        scope: Any,
        trace: RequestTrace,
        *,
        status: int,
        seconds: float,
        left: bool,
        stalled: bool,
    ) -> None:
        """One request: ``left`` by who asked, ``stalled`` where nobody took the answer."""
        state = scope["state"]
        error = state.get("exception")
        ended = {
            "method": scope["method"],
            "route": scope.get("path_template") or "unmatched",
            "status": status,
        }
        trace.ended(
            **ended,
            request_id=state["request_id"],
            error=state.get("problem_code") if error is None else type(error).__qualname__,
        )
        self._metrics.request_ended(**ended, seconds=seconds, trace_id=trace.exemplar)
        self._count(scope, ended["route"], status)
        line = {
            "request_id": state["request_id"],
            **ended,
            "duration_ms": round(seconds * 1000, 2),
        }
        if trace.trace_id is not None:
            line["trace_id"] = trace.trace_id
        if "user_id" in state:
            line["user_id"] = state["user_id"]
        if "problem_code" in state:
            line["problem"] = state["problem_code"]
        if state.get("replayed"):
            line["replayed"] = True
        if stalled:
            line["stalled"] = True
        if left and error is not None:
            # Whoever hung up half-way is not a fault of ours, whatever the framework calls it.
            self._log.info("request", **line, client_left=True)
        elif error is None:
            self._log.info("request", **line)
        else:
            self._log.error("request", **line, exception=trace_of(error))

    def _count(self, scope: Any, route: str, status: int) -> None:
        state = scope["state"]
        operation = getattr(scope.get("route_handler"), "operation_id", None)
        outcome = state.get("problem_code", "replayed" if state.get("replayed") else "done")
        if status == 429:
            self._metrics.request_refused(policy=state.get("refused_by", "attempts"))
        if operation == "logIn":
            self._metrics.sign_in_attempted(outcome=outcome)
        elif route.startswith("/api/v1/dnp/") and isinstance(operation, str):
            self._metrics.list_operation_ended(operation=operation, outcome=outcome)
