"""Where the files under test and the tools that check them are."""

from deploy.tools.places import BIN, ROOT, VENV

__all__ = ["BIN", "DEPLOY", "PYTHON_TOOLS", "ROOT"]

DEPLOY = ROOT / "deploy"
PYTHON_TOOLS = VENV / "bin"
