"""Where the validators are once `make tools` has run."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
TOOLS = ROOT / ".tools"
BIN = TOOLS / "bin"
VENV = TOOLS / "venv"
SCHEMAS = TOOLS / "schemas"


class ToolError(Exception):
    """A tool could not be brought; the text says what to install, and where."""
