"""Rules that no linter has: each takes a file's text and says what breaks it."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "application", "adapters", "entrypoints")
PURE = ("domain", "application")
LONGEST_FILE = 300

_EMPTY_WORDS = ("Manager", "Helper", "Util", "Utils", "Service", "Impl")
_OUR_OWN = {"MusicService"}  # a service that plays music, in the words of the field
_IMPURE_CALLS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.monotonic",
    "uuid4",
    "uuid.uuid4",
    "uuid7",
    "open",
    "print",
    "os.urandom",
}
_IMPURE_MODULES = {"random", "secrets", "socket", "subprocess", "os", "time", "asyncio.subprocess"}


def files(*packages: str) -> Iterator[Path]:
    """Every Python file of our packages."""
    for package in packages or PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def foreign_imports(text: str) -> list[str]:
    """Imports of anything but ourselves, the standard library and msgspec."""
    allowed = {*sys.stdlib_module_names, "msgspec", "domain", "application"}
    return [name for name in _imported(text) if name.split(".")[0] not in allowed]


def impurities(text: str) -> list[str]:
    """Clocks, randomness and I/O."""
    calls = [
        ast.unparse(node.func) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)
    ]
    modules = [name for name in _imported(text) if name.split(".")[0] in _IMPURE_MODULES]
    return [call for call in calls if call in _IMPURE_CALLS] + modules


def deferred_annotations(text: str) -> list[str]:
    """Annotations that are not there when the program runs."""
    found = ["TYPE_CHECKING"] if "TYPE_CHECKING" in _names(text) else []
    return found + [name for name in _imported(text) if name == "__future__"]


def missing_docstrings(text: str) -> list[str]:
    """Modules and public classes that do not say what they are."""
    tree = ast.parse(text)
    places: list[ast.Module | ast.ClassDef] = [tree, *_classes(tree)]
    return [
        getattr(place, "name", "module")
        for place in places
        if not getattr(place, "name", "").startswith("_") and not ast.get_docstring(place)
    ]


def empty_names(text: str) -> list[str]:
    """Class names that say nothing."""
    return [
        node.name
        for node in _classes(ast.parse(text))
        if node.name.endswith(_EMPTY_WORDS) and node.name not in _OUR_OWN
    ]


def structs_without_options(text: str) -> list[str]:
    """Structs that leave to chance whether they are frozen or take positional arguments."""
    return [
        node.name
        for node in _classes(ast.parse(text))
        if any("Struct" in ast.unparse(base) or ast.unparse(base) == "Event" for base in node.bases)
        and not {"frozen", "kw_only"} <= {keyword.arg for keyword in node.keywords}
    ]


def patches(text: str) -> list[str]:
    """Tests that reach into what they test instead of going through a port."""
    calls = [
        ast.unparse(node.func) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)
    ]
    reaching = [call for call in calls if call.endswith((".setattr", ".setitem", ".patch"))]
    reaching = [call for call in reaching if call.split(".")[0] not in {"api", "client", "httpx"}]
    return reaching + [name for name in _imported(text) if name == "unittest.mock"]


def _imported(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def _names(text: str) -> set[str]:
    tree = ast.parse(text)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _classes(tree: ast.AST) -> list[ast.ClassDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
