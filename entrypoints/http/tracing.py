"""What the edge asks of traces: one for each request, which other layers then add to."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol


class RequestTrace(Protocol):
    """The trace of one request; ``exemplar`` is its id if it is kept, else ``None``."""

    @property
    def trace_id(self) -> str | None:
        """32 hexadecimal digits; ``None`` where nothing is traced."""
        ...

    @property
    def exemplar(self) -> str | None:
        """The same, of a trace that somebody can look at."""
        ...

    def ended(
        self, *, method: str, route: str, status: int, request_id: str, error: str | None
    ) -> None:
        """What became of the request; ``error`` is a code or a type, never a message."""
        ...


class RequestTraces(Protocol):
    """Where traces come from."""

    def request(
        self, method: str, scheme: str, headers: Iterable[tuple[bytes, bytes]]
    ) -> AbstractContextManager[RequestTrace]:
        """The trace of what happens inside the block; the caller's own if ``headers`` name one."""
        ...
