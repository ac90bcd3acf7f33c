"""Where somebody has signed in before, in PostgreSQL."""

from datetime import datetime

from adapters.postgres.pool import Connection
from application.accounts.surroundings import Surroundings
from domain.shared.ids import UserId

# Whoever comes back as they were is found at the first row; only others have all compared.
_QUERY = """
with near as not materialized (
    select user_agent from user_sessions
    where user_id = %(user_id)s and ip_address <<= %(network)s::inet
      and notice is distinct from 'withheld'
), same as materialized (
    select exists (select from near where user_agent = %(user_agent)s) as found
)
select same.found,
       case when same.found then '{}' else array(
           select distinct user_agent from near where user_agent is not null limit 100
       ) end,
       case when same.found then 0 else (
           select count(*) from user_sessions
           where user_id = %(user_id)s and notice = 'sent' and created_at > %(since)s
       ) end
from same
"""


class PostgresSessionHistory:
    """``SessionHistory`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def surroundings(
        self, user_id: UserId, network: str | None, user_agent: str | None, since: datetime, /
    ) -> Surroundings:
        """One statement, by the index on a person's sessions."""
        cursor = await self._connection.execute(
            _QUERY,
            {"user_id": user_id, "network": network, "user_agent": user_agent, "since": since},
        )
        row = await cursor.fetchone()
        assert row is not None
        return Surroundings(exactly=row[0], user_agents=tuple(row[1]), notices=row[2])
