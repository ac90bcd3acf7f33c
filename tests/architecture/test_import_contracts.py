"""Who may import whom: the tree keeps every contract, and each contract can break."""

import shutil
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

# How a contract's name begins, a module of the tree, and a line that is forbidden there.
BROKEN = [
    ("The hexagon", "domain.accounts.user", "import application.accounts.ports"),
    ("The hexagon", "adapters.postgres.pool", "import entrypoints.examples"),
    ("Contexts of the domain", "domain.accounts.user", "import domain.catalog.artist_name"),
    ("Contexts of the domain", "domain.shared.ids", "import domain.accounts.password"),
    ("Contexts of the application", "application.catalog.ports", "import application.accounts"),
    ("Contexts of the application", "application.shared.record", "import application.catalog"),
    ("Contexts of the HTTP", "entrypoints.http.catalog.routes", "import entrypoints.http.accounts"),
    ("Contexts of the HTTP", "entrypoints.http.wire", "import entrypoints.http.shared.schemas"),
    ("Technologies", "adapters.system.clock", "import adapters.security.derived_keys"),
    ("Adapters are imported", "entrypoints.http.app", "import adapters.system.clock"),
    ("Adapters are imported", "entrypoints.cli.serve", "import adapters.telemetry.logs"),
    ("Adapters are imported", "entrypoints.worker.loop", "import adapters.redis.health"),
    ("Adapters are imported", "entrypoints.keyring_setting", "import adapters.security"),
    ("dependency-injector", "entrypoints.http.app", "import dependency_injector"),
    ("dependency-injector", "application.accounts.log_in", "import dependency_injector.wiring"),
    ("Litestar", "application.accounts.log_in", "import litestar"),
    ("Litestar", "adapters.security.access_tokens", "import litestar.exceptions"),
    ("PostgreSQL's driver", "adapters.embedded.postgres", "import psycopg"),
    ("PostgreSQL's driver", "entrypoints.cli.up", "import psycopg_pool"),
    ("Redis's client", "adapters.embedded.redis", "import redis"),
    ("Redis's client", "entrypoints.cli.up", "from redis.asyncio import Redis"),
    ("The WebAuthn library", "adapters.security.totp", "import webauthn.helpers"),
    ("The WebAuthn library", "entrypoints.openapi", "import webauthn"),
    ("Technologies", "adapters.providers.oidc", "import adapters.system.clock"),
    ("Calls to the outside", "adapters.providers.oidc", "import httpx"),
    ("Calls to the outside", "entrypoints.http.app", "from httpx import AsyncClient"),
]

# Contexts and technologies must be declared.
UNDECLARED = [
    ("Contexts of the domain", "domain/playlists"),
    ("Contexts of the application", "application/playlists"),
    ("Contexts of the HTTP", "entrypoints/http/playlists"),
    ("Technologies", "adapters/kafka"),
]


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


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of our packages and of the configuration."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path


def test_the_tree_keeps_every_contract() -> None:
    assert broken_contracts(lint(ROOT)) == set()


@pytest.mark.parametrize(("contract", "module", "line"), BROKEN)
def test_a_line_that_a_contract_forbids_breaks_it_and_no_other(
    tree: Path, contract: str, module: str, line: str
) -> None:
    path = tree / Path(*module.split(".")).with_suffix(".py")
    assert path.exists()
    with path.open("a") as file:
        file.write(f"\n{line}\n")
    assert _starts(broken_contracts(lint(tree))) == {contract}


@pytest.mark.parametrize(("contract", "folder"), UNDECLARED)
def test_a_folder_that_no_contract_names_breaks_it(tree: Path, contract: str, folder: str) -> None:
    (tree / folder).mkdir()
    (tree / folder / "__init__.py").touch()
    assert _starts(broken_contracts(lint(tree))) == {contract}


def test_what_the_application_takes_from_an_adapter_breaks_two_contracts(tree: Path) -> None:
    with (tree / "application/accounts/log_in.py").open("a") as file:
        file.write("\nimport adapters.system.clock\n")
    assert _starts(broken_contracts(lint(tree))) == {"The hexagon", "Adapters are imported"}


def test_every_contract_has_an_example_that_breaks_it() -> None:
    assert _starts(set(CONTRACTS)) == {contract for contract, *_ in [*BROKEN, *UNDECLARED]}


def _starts(names: set[str]) -> set[str]:
    """Contracts by the beginnings that the examples call them by."""
    known = {contract for contract, *_ in [*BROKEN, *UNDECLARED]}
    return {next((k for k in known if name.startswith(k)), name) for name in names}
