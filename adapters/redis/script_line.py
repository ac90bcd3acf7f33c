"""A connection of its own for one script that is called all the time."""

from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError


class ScriptLine:
    """Calls a script over one connection, without asking the pool each time: that takes as long
    as the call itself. Only one caller at a time may use it.
    """

    def __init__(self, redis: Redis, script: str) -> None:
        self._pool = redis.connection_pool
        self._script = script
        self._sha: str = redis.register_script(script).sha
        self._connection: Any = None

    async def call(self, keys: Sequence[str], arguments: Sequence[str]) -> Any:
        """The script's answer; errors are those of the driver."""
        is_used = self._connection is not None
        try:
            return await self._call(keys, arguments)
        except RedisConnectionError:
            # Redis may have closed it since, or be another one by now.
            await self._hang_up()
            if not is_used:
                raise
        except BaseException:
            await self._hang_up()
            raise
        try:
            return await self._call(keys, arguments)
        except BaseException:
            await self._hang_up()
            raise

    async def _call(self, keys: Sequence[str], arguments: Sequence[str]) -> Any:
        if self._connection is None:
            pool: Any = self._pool  # its method has no types
            self._connection = await pool.get_connection()
        try:
            return await self._ask("EVALSHA", self._sha, len(keys), *keys, *arguments)
        except NoScriptError:
            await self._ask("SCRIPT", "LOAD", self._script)
            return await self._ask("EVALSHA", self._sha, len(keys), *keys, *arguments)

    async def _ask(self, *command: str | int) -> Any:
        await self._connection.send_command(*command, check_health=False)
        return await self._connection.read_response()

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.disconnect(nowait=True)
            await self._pool.release(connection)
