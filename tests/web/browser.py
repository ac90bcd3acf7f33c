"""Chromium, in which journeys are played."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from typing import Any

from tests.web.node import ROOT, node


def find_chromium() -> str:
    """The program; tests fail where it is missing, and say so."""
    named = os.environ.get("NODRAKE_CHROMIUM")
    program = named or shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "Chromium is needed: make chromium, or name one with NODRAKE_CHROMIUM"
    return program


def play_journey(
    chromium: str,
    name: str,
    port: int,
    asked: Mapping[str, Callable[[], object]] | None = None,
    **settings: object,
) -> Any:
    """Play ``journeys/NAME.mjs`` against the service on that port; its report.

    ``asked`` is what the journey may ask for that a browser cannot do.
    """
    # By the name that development has: cookies and passkeys are bound to it.
    origin = f"http://localhost:{port}"
    with subprocess.Popen(
        [node(), "tests/web/driver/play.mjs", name, chromium, origin, json.dumps(settings)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in process.stdout:
            told = json.loads(line)
            if "report" in told:
                return told["report"]
            (asked or {})[told["ask"]]()
            print("true", file=process.stdin, flush=True)
    raise AssertionError(f"{name} ended without a report")
