"""What comes with PostgreSQL but has to be switched on in a database: its extensions."""

from typing import Any

import psycopg

from application.shared.finding import Finding, broken, well

# Migrations switch them on. All are trusted: the owner of a database may do that.
NEEDED = ("fuzzystrmatch", "pg_trgm", "btree_gin")
_STATE = """
select e.name, i.extname is not null, a.name is not null
from unnest(%s::text[]) e (name)
left join pg_extension i on i.extname = e.name
left join pg_available_extensions a on a.name = e.name
"""


def extensions_finding(connection: psycopg.Connection[tuple[Any, ...]]) -> Finding:
    """Whether they are there, or can be."""
    states = connection.execute(_STATE, [list(NEEDED)]).fetchall()
    if missing := [name for name, installed, available in states if not installed | available]:
        return broken(
            "extensions",
            f"the server has no {', '.join(missing)}",
            "install PostgreSQL's contrib package, or allow them where the provider lists them",
        )
    if waiting := [name for name, installed, _ in states if not installed]:
        return broken("extensions", f"{', '.join(waiting)} is off", "run `nodrake migrate`")
    return well("extensions", ", ".join(NEEDED))
