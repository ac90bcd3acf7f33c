"""Whether a session is bounded as the service expects, where it cannot set the bounds itself."""

from typing import Any

import psycopg

from adapters.postgres.pool import SESSION
from application.shared.finding import Finding, broken, well


def bounds_finding(connection: psycopg.Connection[tuple[Any, ...]]) -> Finding:
    """Whether every bound of ``SESSION`` is set in the sessions that a pooler hands out."""
    query = "select name from pg_settings where name = any(%s) and setting in ('0', 'off')"
    missing = sorted(row[0] for row in connection.execute(query, [list(SESSION)]))
    if missing:
        statements = "; ".join(f"set {name} = '{SESSION[name]}'" for name in missing)
        return broken(
            "bounds",
            f"behind the pooler nothing sets {', '.join(missing)}: a statement may wait for ever",
            f"let the pooler say to each session of the server: {statements}",
        )
    return well("bounds", "sessions behind the pooler are bounded")
