"""One name for one operation, in every layer."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTAINER = "entrypoints/container/__init__.py"
SDK = Path("clients/typescript/src/generated/sdk.gen.ts")


def complaints(root: Path) -> list[str]:
    """Where an operation goes by another name than its operationId."""
    document = json.loads((root / "spec/openapi.json").read_bytes())
    sdk = (root / SDK).read_text("utf-8")
    parts = sorted((root / "entrypoints/container").glob("*.py"))
    container = "".join(part.read_text("utf-8") for part in parts)
    found = []
    for item in document["paths"].values():
        for operation in item.values():
            name = operation["operationId"]
            file = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
            class_name = name[0].upper() + name[1:]
            modules = list(root.glob(f"application/*/{file}.py"))
            if not any(f"class {class_name}:" in m.read_text("utf-8") for m in modules):
                found.append(f"{name}: no class {class_name} in application/*/{file}.py")
            if not re.search(rf"^    {file} = providers\.", container, re.MULTILINE):
                found.append(f"{name}: no provider {file} in entrypoints/container")
            if f"export const {name} = " not in sdk:
                found.append(f"{name}: no function {name} in the client")
            if not list(root.glob(f"tests/application/*/test_{file}.py")):
                found.append(f"{name}: no test_{file}.py under tests/application")
    return found


def test_every_operation_has_one_name() -> None:
    assert complaints(ROOT) == []


def rename(path: str, old: str, new: str) -> Callable[[Path], None]:
    """A break: a text in a file is replaced."""

    def apply(root: Path) -> None:
        file = root / path
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))

    return apply


def remove(path: str) -> Callable[[Path], None]:
    """A break: a file is gone."""
    return lambda root: (root / path).unlink()


@pytest.mark.parametrize(
    ("break_it", "complaint"),
    [
        (rename("application/blocklists/block_artist.py", "BlockArtist:", "Block:"), "no class"),
        (remove("application/blocklists/block_artist.py"), "no class"),
        (
            rename("entrypoints/container/__init__.py", "    block_artist =", "    block ="),
            "no provider",
        ),
        (rename(str(SDK), "const blockArtist", "const block"), "no function"),
        (remove("tests/application/blocklists/test_block_artist.py"), "no test_block_artist"),
    ],
)
def test_another_name_is_seen(
    tmp_path: Path, break_it: Callable[[Path], None], complaint: str
) -> None:
    for part in ("application", "tests/application", "entrypoints", "spec", str(SDK.parent)):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("*.pyc"))
    break_it(tmp_path)
    assert [c for c in complaints(tmp_path) if c.startswith(f"blockArtist: {complaint}")]
