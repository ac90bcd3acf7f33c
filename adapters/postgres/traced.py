"""Spans of statements: their text, in which values are places, and never what was in them.

``opentelemetry-instrumentation-psycopg`` is not used: it records what an error of the driver says,
and PostgreSQL says there which value was one too many.
"""

from typing import Any

from opentelemetry.trace import SpanKind, StatusCode, Tracer
from psycopg import AsyncCursor, Error
from psycopg.sql import Composable

_LONGEST_TEXT = 1000


def traced_cursors(tracer: Tracer) -> type[AsyncCursor[Any]]:
    """Cursors of which every statement is a span (semantic conventions of databases)."""

    class TracedCursor(AsyncCursor[Any]):
        """One of them."""

        async def execute(self, query: Any, *args: Any, **options: Any) -> "TracedCursor":
            """Execute in a span."""
            with tracer.start_as_current_span(
                "statement",
                kind=SpanKind.CLIENT,
                record_exception=False,
                set_status_on_exception=False,
            ) as span:
                if span.is_recording():
                    composed = isinstance(query, Composable)
                    text = " ".join((query.as_string(self) if composed else str(query)).split())
                    operation = text.partition(" ")[0].upper()
                    span.update_name(operation)
                    span.set_attributes(
                        {
                            "db.system.name": "postgresql",
                            "db.operation.name": operation,
                            "db.query.text": text[:_LONGEST_TEXT],
                        }
                    )
                try:
                    await super().execute(query, *args, **options)
                except Error as error:
                    kind = error.sqlstate or type(error).__name__
                    span.set_attributes({"db.response.status_code": kind, "error.type": kind})
                    span.set_status(StatusCode.ERROR)
                    raise
            return self

    return TracedCursor
