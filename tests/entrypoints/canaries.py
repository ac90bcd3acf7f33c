"""Every secret that the API answers in a suite, and the search for it where it must not be.

LG-03: passwords, tokens, codes and keys are shown to whoever they belong to, and are found neither
in the database, nor in Redis, nor in the metrics, nor in a log.
"""

import io
import json

import httpx
import psycopg
from redis import Redis

_SECRET_MEMBERS = {"access_token", "refresh_token", "secret", "token", "recovery_codes"}
_SHORTEST = 12


class Canaries:
    """Secrets as they were answered; ``harvest`` is a hook of a client."""

    def __init__(self, *known: str) -> None:
        self.secrets = set(known)

    def harvest(self, response: httpx.Response) -> None:
        """Take what an answer shows."""
        if "json" in response.headers.get("content-type", ""):
            response.read()
            self._take(json.loads(response.content))

    def found_in(self, text: bytes) -> list[str]:
        """Those that are there, each by its first letters."""
        return [secret[:6] for secret in self.secrets if secret.encode() in text]

    def _take(self, value: object, name: str = "") -> None:
        if isinstance(value, dict):
            for key, member in value.items():
                self._take(member, key)
        elif isinstance(value, list):
            for member in value:
                self._take(member, name)
        elif isinstance(value, str) and name in _SECRET_MEMBERS and len(value) >= _SHORTEST:
            self.secrets.add(value)


def database_text(database_url: str) -> bytes:
    """Every row of every table, as text and with its bytes."""
    text = io.BytesIO()
    with psycopg.connect(database_url) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'public'"
        ).fetchall()
        connection.execute("set bytea_output = 'escape'")
        for (table,) in tables:
            with connection.cursor().copy(f"copy {table} to stdout") as copy:
                for block in copy:
                    text.write(bytes(block))
    return text.getvalue()


def redis_text(redis_url: str) -> bytes:
    """Every key, with its value as Redis would move it to another server."""
    with Redis.from_url(redis_url) as redis:
        keys = list(redis.scan_iter())
        return b"\n".join(key + b" " + (redis.dump(key) or b"") for key in keys)
