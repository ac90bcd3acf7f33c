"""An import as a process of its own that is killed, again and again, while people search."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.builders.musicbrainz import DumpArtist, made_up_artists, write_json, write_tables
from tests.e2e.process import ROOT, environment, nodrake

pytestmark = pytest.mark.slow

COUNT = 3_000
ARTISTS = [
    DumpArtist(number=artist.number, gid=artist.gid, name=artist.name, urls=artist.urls)
    for artist in made_up_artists(COUNT)
]


@pytest.mark.parametrize("write", [write_json, write_tables])
def test_killed_at_any_point_it_loses_and_doubles_nothing(
    write: Callable[[Path, list[DumpArtist]], Path],
    make_database: Callable[[], str],
    tmp_path: Path,
) -> None:
    settings = {"DATABASE_URL": make_database(), "REDIS_URL": "redis://127.0.0.1:1"}
    dump = str(write(tmp_path / "dump", ARTISTS))
    command = ("catalog", "import", dump, "--batch", "50")
    chance = random.Random(7)
    killed = 0
    with psycopg.connect(settings["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("set statement_timeout = '2s'")
        while True:
            before = count(connection)
            process = subprocess.Popen(
                [sys.executable, "-m", "entrypoints.cli.main", *command],
                cwd=ROOT,
                env=environment(**settings),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            # Killed at some time after it has begun to merge, as long as there is something left.
            aim = before + chance.randrange(1, COUNT // 4)
            while process.poll() is None and not before < aim <= count(connection):
                time.sleep(0.001)
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
            out = process.communicate(timeout=60)[0]
            assert process.returncode in {0, -signal.SIGKILL}
            assert count(connection) >= before  # what was committed stays
            if process.returncode == 0:
                break
        assert killed >= 3
        assert out == f"{COUNT} new, 0 known from lists, 0 changed, 0 as before, 0 gone\n"
        assert count(connection) == COUNT
        found = connection.execute(
            "select (select count(*) from catalog_imports), (select count(*) from artist_names), "
            "(select count(*) from artist_external_ids where service = 'musicbrainz')"
        ).fetchone()
        assert found == (1, COUNT, COUNT)
    again = nodrake("catalog", "import", dump, **settings)
    assert again.stdout == f"0 new, 0 known from lists, 0 changed, {COUNT} as before, 0 gone\n"


def test_ctrl_c_says_how_to_go_on(make_database: Callable[[], str], tmp_path: Path) -> None:
    settings = {"DATABASE_URL": make_database(), "REDIS_URL": "redis://127.0.0.1:1"}
    dump = str(write_json(tmp_path / "dump", ARTISTS))
    with subprocess.Popen(
        [sys.executable, "-m", "entrypoints.cli.main", "catalog", "import", dump, "--batch", "5"],
        cwd=ROOT,
        env=environment(**settings),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "merging" in line:
                break
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
    assert process.returncode == 130
    assert told.endswith("nodrake: stopped; the same command goes on from here\n")
    again = nodrake("catalog", "import", dump, **settings)
    assert again.stdout == f"{COUNT} new, 0 known from lists, 0 changed, 0 as before, 0 gone\n"


def count(connection: "psycopg.Connection[tuple[object, ...]]") -> int:
    """How many artists whoever searches sees; never kept waiting."""
    row = connection.execute("select count(*) from artists").fetchone()
    assert row is not None
    assert isinstance(row[0], int)
    return row[0]
