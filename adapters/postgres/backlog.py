"""How long things have been waiting in the database that somebody should see to."""

from collections.abc import Mapping

from adapters.postgres.pool import Pool, fetch_all

# Each is found by an index, however many wait.
_AGES = """
select
    (select extract(epoch from now() - occurred_at) from outbox
     where relayed_at is null order by id limit 1),
    (select extract(epoch from now() - min(created_at)) from
     (select created_at from outgoing_mails order by due_at limit 1000) due),
    (select extract(epoch from now() - min(due_at)) from outgoing_mails),
    (select extract(epoch from now() - created_at) from audit_log
     where chain_hash is null order by id limit 1)
"""
_NAMES = ("outbox", "mail", "mail_overdue", "audit")


class PostgresBacklog:
    """Ages in seconds by what waits, zero where nothing does; and the schema's version."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def ages(self) -> Mapping[str, float]:
        """One statement."""
        (row,) = await fetch_all(self._pool, _AGES, {})
        return {name: max(0.0, float(age or 0)) for name, age in zip(_NAMES, row, strict=True)}

    async def schema(self) -> int:
        """The number of the last migration that the database has had; 0 before the first."""
        ((number,),) = await fetch_all(self._pool, "select max(version) from schema_migrations", {})
        return int(number or 0)
