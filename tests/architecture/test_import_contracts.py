"""Who may import whom: the tree keeps every contract, and each contract can break."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "application", "adapters", "entrypoints")
CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
]

# Contract, module, and a line that the contract forbids there.
BROKEN = [
    ("The hexagon", "domain.accounts.user", "import application.accounts"),
    ("The hexagon", "application.accounts.log_in", "import adapters.redis"),
    ("The hexagon", "adapters.postgres.pool", "import entrypoints.settings"),
    ("Contexts of the domain", "domain.accounts.user", "import domain.catalog"),
    ("Contexts of the domain", "domain.shared.ids", "import domain.accounts"),
    ("Contexts of the domain", "domain.playlists.playlist", ""),
    ("Contexts of the application", "application.catalog.ports", "import application.blocklists"),
    ("Contexts of the application", "application.playlists.ports", ""),
    ("Technologies", "adapters.redis.connection", "import adapters.memory"),
    ("Technologies", "adapters.kafka.topics", ""),
    ("Adapters are imported", "entrypoints.http.app", "import adapters.postgres"),
    ("Adapters are imported", "entrypoints.worker.loop", "import adapters.redis"),
    ("dependency-injector", "entrypoints.http.app", "import dependency_injector"),
    ("Litestar", "application.accounts.log_in", "import litestar"),
    ("Litestar", "adapters.security.ids", "import litestar.exceptions"),
    ("PostgreSQL's driver", "adapters.redis.connection", "import psycopg"),
    ("PostgreSQL's driver", "entrypoints.cli.up", "import psycopg_pool"),
    ("Redis's client", "entrypoints.cli.up", "from redis.asyncio import Redis"),
]

# A library that nobody imports is unknown to the graph: each is imported where it may be.
ALLOWED = {
    "entrypoints/container.py": "import dependency_injector\n",
    "entrypoints/http/__init__.py": "import litestar\n",
    "adapters/postgres/__init__.py": "import psycopg\nimport psycopg_pool\n",
    "adapters/redis/__init__.py": "import redis\n",
}


def lint(folder: Path) -> str:
    """What import-linter says of the packages in ``folder``."""
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder), "NO_COLOR": "1"},
    )
    return done.stdout + done.stderr


def broken_contracts(output: str) -> set[str]:
    """The contracts that a report calls broken."""
    assert "Contracts:" in output, output
    return {name for name in CONTRACTS if f"{name} BROKEN" in output}


def skeleton(folder: Path) -> None:
    """Our packages without any content, and the configuration."""
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for package in PACKAGES:
        for init in (ROOT / package).rglob("__init__.py"):
            copy = folder / init.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.touch()
    for module, lines in ALLOWED.items():
        (folder / module).write_text(lines)


def test_the_tree_keeps_every_contract() -> None:
    assert broken_contracts(lint(ROOT)) == set()


def test_a_tree_without_content_keeps_every_contract(tmp_path: Path) -> None:
    skeleton(tmp_path)
    assert broken_contracts(lint(tmp_path)) == set()


@pytest.mark.slow
@pytest.mark.parametrize(("contract", "module", "line"), BROKEN)
def test_a_contract_breaks_on_what_it_forbids(
    tmp_path: Path, contract: str, module: str, line: str
) -> None:
    skeleton(tmp_path)
    path = tmp_path / Path(*module.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(f"{line}\n")
    broken = broken_contracts(lint(tmp_path))
    assert any(name.startswith(contract) for name in broken), broken


def test_every_contract_has_an_example_that_breaks_it() -> None:
    for name in CONTRACTS:
        assert any(name.startswith(prefix) for prefix, _, _ in BROKEN), name
