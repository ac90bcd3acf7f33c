"""The real servers that tests run against: named, in containers, or from the wheels."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
import psycopg
from psycopg import sql
from testcontainers.community.postgres import PostgresContainer
from testcontainers.community.redis import RedisContainer

from adapters.embedded.servers import EmbeddedServers


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """Addresses of a PostgreSQL whose role may create databases, and of a Redis."""

    database_url: str
    redis_url: str


@contextmanager
def start_services() -> Iterator[Services]:
    """Servers that are named by TEST_DATABASE_URL and TEST_REDIS_URL, or started here."""
    database_url, redis_url = (
        os.environ.get(name, "") for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL")
    )
    with ExitStack() as stack:
        if not (database_url and redis_url):
            missing = _in_containers(stack) if _docker_answers() else _from_wheels(stack)
            database_url = database_url or missing.database_url
            redis_url = redis_url or missing.redis_url
        yield Services(database_url=database_url, redis_url=redis_url)


def _docker_answers() -> bool:
    docker = shutil.which("docker")
    if docker is None:
        return False
    try:
        asked = subprocess.run([docker, "version"], capture_output=True, check=False, timeout=5)
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0  # the client alone, without an engine, fails


def _in_containers(stack: ExitStack) -> Services:
    postgres = stack.enter_context(PostgresContainer("postgres:18-alpine", driver=None))
    redis = stack.enter_context(RedisContainer("redis:8-alpine"))
    host, port = redis.get_container_host_ip(), redis.get_exposed_port(6379)
    return Services(database_url=postgres.get_connection_url(), redis_url=f"redis://{host}:{port}")


def _from_wheels(stack: ExitStack) -> Services:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nodrake-")))
    folder.chmod(0o755)  # PostgreSQL may run as another user than we do
    servers = stack.enter_context(EmbeddedServers(folder / "data", durable=False))
    return Services(database_url=servers.database_url, redis_url=servers.redis_url)


@contextmanager
def new_database(server_url: str, *, template: str = "template1") -> Iterator[str]:
    """The address of a database of one's own; it is dropped afterwards."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    try:
        yield urlsplit(server_url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )
