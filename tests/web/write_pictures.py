"""Writes the pictures that the README shows, from the real app: ``make pictures``."""

import tempfile
from pathlib import Path

from tests.e2e.process import running
from tests.web.browser import find_chromium, play_journey
from tests.web.node import WEB, npm_run

PICTURES = WEB / "pictures"

if __name__ == "__main__":
    built = npm_run("build")
    assert built.returncode == 0, built.stdout + built.stderr
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nodrake-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL is not root even where we are
        with running(Path(folder) / "data") as service:
            report = play_journey(find_chromium(), "pictures", service.port, folder=str(PICTURES))
    assert report["failure"] is None, report["failure"]
    print("written:", *sorted(str(path.name) for path in PICTURES.glob("*.png")))
