"""The image as a folder below which it was put together, and its commands run from there."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.deploy.dockerfile import Builder, Instruction, Stage
from tests.deploy.places import DEPLOY

FOLDER = DEPLOY / "docker"
PLAYED = ("web", "packages", "service", "compiled")
SOMEBODY_ELSE = 65532  # the user of the image


def only_what_is_copied(stage: Stage, builder: Builder) -> Path:
    """Leave below ``/`` of ``compiled`` what the last stage copies, for nobody to write to."""
    root = builder.folder("compiled")
    kept = {instruction.words[-1].lstrip("/") for instruction in stage.all("COPY")}
    for path in [*root.iterdir(), *(root / "opt").iterdir()]:
        name = path.relative_to(root).as_posix()
        if not any(each == name or each.startswith(f"{name}/") for each in kept):
            shutil.rmtree(path)
    subprocess.run(["chmod", "-R", "a-w,a+rX", str(root)], check=True)
    return root


def of_image(stages: dict[str, Stage], name: str) -> Instruction:
    """The last instruction of that name in the image, whichever stage it is in."""
    return [*stages["base"].all(name), *stages["runtime"].all(name)][-1]


def as_somebody_else(*command: str) -> list[str]:
    """A command as the user of the image, where we may choose; ourselves otherwise.

    It may read everything, since our interpreter may be in a home of its own, and write nothing.
    """
    if os.geteuid() != 0:
        return list(command)
    reads = "-all,+dac_read_search"
    who = [f"--reuid={SOMEBODY_ELSE}", f"--regid={SOMEBODY_ELSE}", "--clear-groups"]
    rights = [f"--inh-caps={reads}", f"--ambient-caps={reads}", f"--bounding-set={reads}"]
    return ["setpriv", *who, *rights, "--no-new-privs", *command]


def in_image(image: Path, command: list[str], settings: dict[str, str]) -> dict[str, Any]:
    """How a command of the image is started, knowing nothing but these settings."""
    program = image / "opt/venv/bin" / command[0]
    variables = {"PATH": f"{program.parent}:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    return {
        "args": as_somebody_else(str(program), *command[1:]),
        "cwd": image / "app",
        "env": variables | settings,
        "text": True,
    }


def run(image: Path, *command: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the image to its end."""
    return subprocess.run(
        **in_image(image, [*command], settings), capture_output=True, timeout=60, check=False
    )


@contextmanager
def running(image: Path, log: Path, *command: str, **settings: str) -> Iterator[None]:
    """Run a command of the image until the block ends; it goes on that long, and ends well."""
    with (
        log.open("w") as output,
        subprocess.Popen(
            **in_image(image, [*command], settings), stdout=output, stderr=output
        ) as process,
    ):
        try:
            yield
            assert process.poll() is None, log.read_text()
        finally:
            process.terminate()
            status = process.wait(30)
        assert status in {0, -signal.SIGTERM}, log.read_text()
