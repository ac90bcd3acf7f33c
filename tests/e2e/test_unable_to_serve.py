"""A service that cannot start says why and ends, with one process and with several."""

from pathlib import Path

import pytest

from tests.e2e.process import free_port, nodrake

pytestmark = pytest.mark.slow

workers = pytest.mark.parametrize("workers", [1, 2])


@workers
def test_what_fails_while_it_starts_ends_all_of_it(
    workers: int, migrated_database_url: str, redis_url: str, tmp_path: Path
) -> None:
    too_long_for_a_socket = tmp_path / ("long" * 30)
    too_long_for_a_socket.mkdir()
    done = nodrake(
        "serve",
        f"--workers={workers}",
        NODRAKE_PORT=str(free_port()),
        NODRAKE_METRICS_FOLDER=str(too_long_for_a_socket),
        DATABASE_URL=migrated_database_url,
        REDIS_URL=redis_url,
    )
    assert done.returncode == 3, done.stderr


@workers
def test_what_cannot_be_loaded_ends_all_of_it(
    workers: int, migrated_database_url: str, redis_url: str, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['litestar'] = None\n")
    done = nodrake(
        "serve",
        f"--workers={workers}",
        PYTHONPATH=str(tmp_path),
        NODRAKE_PORT=str(free_port()),
        DATABASE_URL=migrated_database_url,
        REDIS_URL=redis_url,
    )
    assert done.returncode == (1 if workers == 1 else 3), done.stderr
    assert "litestar" in done.stderr
