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
_IMPURE_NAMES = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid6",
    "uuid.uuid7",
    "open",
    "print",
}
_IMPURE_MODULES = {"random", "secrets", "socket", "subprocess", "os", "time"}


def files(*packages: str) -> Iterator[Path]:
    """Every Python file of our packages."""
    for package in packages or PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def foreign_imports(text: str) -> list[str]:
    """Imports of anything but ourselves, the standard library and msgspec; hidden ones too."""
    allowed = {*sys.stdlib_module_names, "msgspec", "domain", "application"} - {"importlib"}
    found = [name for name in _imported(text) if name.split(".")[0] not in allowed]
    return found + [name for name in _qualified(text) if name == "__import__"]


def impurities(text: str) -> list[str]:
    """Clocks, randomness and I/O, called or handed on, under whatever name they were imported."""
    modules = [name for name in _imported(text) if name.split(".")[0] in _IMPURE_MODULES]
    return [name for name in _qualified(text) if name in _IMPURE_NAMES] + modules


def whole_addresses(text: str) -> list[str]:
    """Addresses of origins outside of ``network_of``: whoever has one of IPv6 has 2**64."""
    nodes = list(ast.walk(ast.parse(text)))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    counted = {id(a) for c in calls if ast.unparse(c.func) == "network_of" for a in c.args}
    return [
        ast.unparse(node)
        for node in nodes
        if isinstance(node, ast.Attribute)
        and ast.unparse(node).endswith("origin.address")
        and id(node) not in counted
    ]


def deferred_annotations(text: str) -> list[str]:
    """Annotations that are not there when the program runs."""
    found = [name for name in _qualified(text) if name.split(".")[-1] == "TYPE_CHECKING"]
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


def structs_without_options(*texts: str) -> list[str]:
    """Structs, and heirs of structs in any of the texts, that do not write both options."""
    bases = {"Struct"}
    classes = [pair for text in texts for pair in _classes_and_bases(text)]
    while heirs := {node.name for node, names in classes if names & bases} - bases:
        bases |= heirs
    return [
        node.name
        for node, names in classes
        if names & bases and not {"frozen", "kw_only"} <= {kw.arg for kw in node.keywords}
    ]


def long_file(text: str) -> list[str]:
    """How long a file is that holds more than one thing."""
    lines = len(text.splitlines())
    return [f"{lines} lines"] if lines > LONGEST_FILE else []


def unseen_folders(root: Path) -> list[str]:
    """Folders of modules without ``__init__.py``: no import contract looks into them."""
    folders = {path.parent for package in PACKAGES for path in (root / package).rglob("*.py")}
    return sorted(str(f.relative_to(root)) for f in folders if not (f / "__init__.py").exists())


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


def _origins(text: str) -> dict[str, str]:
    """What each imported name stands for: ``dt`` is ``datetime.datetime``."""
    origins: dict[str, str] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            origins |= {a.asname: a.name for a in node.names if a.asname}
        elif isinstance(node, ast.ImportFrom):
            origins |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return origins


def _qualified(text: str) -> list[str]:
    """Every name that is imported or used, spelled from its module."""
    origins = _origins(text)
    used = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Name | ast.Attribute)
    ]
    heads = [name.partition(".") for name in used]
    return [*origins.values(), *(origins.get(h, h) + dot + rest for h, dot, rest in heads)]


def _classes_and_bases(text: str) -> list[tuple[ast.ClassDef, set[str]]]:
    origins = _origins(text)
    return [
        (node, {origins.get(b, b).split(".")[-1] for b in map(ast.unparse, node.bases)})
        for node in _classes(ast.parse(text))
    ]


def _classes(tree: ast.AST) -> list[ast.ClassDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
