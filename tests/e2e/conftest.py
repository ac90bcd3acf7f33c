"""Folders that a server may use, whoever it runs as."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder for the servers' data; PostgreSQL may run as another user than the tests."""
    with tempfile.TemporaryDirectory(prefix="nodrake-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"
