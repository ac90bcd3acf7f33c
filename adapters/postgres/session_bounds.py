"""Whether a session is bounded as the service expects, where it cannot set the bounds itself."""

from typing import Any

import psycopg

from adapters.postgres.pool import SESSION
from application.shared.finding import Finding, broken, well


def bounds_finding(connection: psycopg.Connection[tuple[Any, ...]]) -> Finding:
    """Whether the sessions that a pooler hands out have the values of ``SESSION``."""
    query = "select name, current_setting(name) from unnest(%s::text[]) wanted (name)"
    found = dict(connection.execute(query, [list(SESSION)]).fetchall())
    wrong = sorted(name for name, value in SESSION.items() if found[name] != value)
    if wrong:
        told = ", ".join(f"{name} is {found[name]}" for name in wrong)
        statements = "; ".join(f"set {name} = '{SESSION[name]}'" for name in wrong)
        return broken(
            "bounds",
            f"behind the pooler {told}: nothing bounds a statement as the service does",
            f"let the pooler say to each session of the server: {statements}",
        )
    return well("bounds", "sessions behind the pooler are bounded")
