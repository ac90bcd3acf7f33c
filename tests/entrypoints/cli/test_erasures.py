"""Erased people stay erased when a backup is restored (DP-06)."""

import argparse
import asyncio
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from entrypoints.cli import erasures
from entrypoints.container import Container
from entrypoints.settings import load_settings


def a_person(url: str, user_id: str) -> None:
    """In a database of their own."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into users (id, email, email_key) values (%s, %s, %s)",
            [user_id, f"{user_id}@example.org", f"{user_id}@example.org"],
        )


def people(url: str) -> set[str]:
    """Who is there."""
    with psycopg.connect(url) as connection:
        return {str(row[0]) for row in connection.execute("select id from users")}


async def _erase(environ: dict[str, str]) -> int:
    container = Container(settings=load_settings(environ))
    pool = container.pool()
    await pool.open()
    try:
        return int(await container.erase_users()())
    finally:
        await pool.close()


def test_who_comes_back_with_a_backup_is_erased_again(
    make_database: Callable[[], str],
    redis_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, gone, stays = make_database(), str(uuid4()), str(uuid4())
    environ = {"DATABASE_URL": url, "REDIS_URL": redis_url}
    for person in (gone, stays):
        a_person(url, person)
    with psycopg.connect(url) as connection:
        connection.execute("insert into account_deletions values (%s, now(), now())", [gone])
    assert asyncio.run(_erase(environ)) == 1
    assert erasures.run_list(argparse.Namespace(), environ) == 0
    kept = tmp_path / "erased"
    kept.write_text(capsys.readouterr().out)
    assert gone not in kept.read_text()

    a_person(url, gone)  # as a restored backup has it
    with psycopg.connect(url) as connection:
        connection.execute("delete from erased_users")
    options = argparse.Namespace(file=str(kept))
    for _ in range(2):
        assert erasures.run_replay(options, environ) == 0
        assert "1 of 1" in capsys.readouterr().out
    assert asyncio.run(_erase(environ)) == 1
    assert people(url) == {stays}


def test_what_is_no_list_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "list"
    file.write_text("not hexadecimal")
    assert erasures.run_replay(argparse.Namespace(file=str(file)), {}) == 2
    assert "no list of erasures" in capsys.readouterr().err
