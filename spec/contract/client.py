"""The TypeScript client, as it is generated from a document."""

import os
import shutil
import subprocess
from pathlib import Path

from spec.contract.errors import ContractError

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "clients" / "typescript"
GENERATED = CLIENT / "src" / "generated"


def generate_client(document: Path, output: Path) -> None:
    """Write the generated part of the client for ``document`` to ``output``."""
    if shutil.which("node") is None:
        raise ContractError("Node 20 is needed for the client: on Debian, apt-get install nodejs")
    generator = CLIENT / "node_modules" / ".bin" / "openapi-ts"
    if not generator.exists():
        raise ContractError("the client's packages are not installed: run `make client`")
    environ = {
        **os.environ,
        "NODRAKE_OPENAPI": str(document),
        "NODRAKE_GENERATED": str(output),
    }
    done = subprocess.run(
        [str(generator)], cwd=CLIENT, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ContractError(f"the client could not be generated:\n{done.stdout}{done.stderr}")
