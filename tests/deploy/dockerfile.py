"""A Dockerfile's stages, and a stand-in for its builder where no Docker engine is at hand."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from docker.utils.build import exclude_paths

_PLACES = re.compile(r"(?<![\w./-])/(app|opt|tmp)\b")


class Instruction(NamedTuple):
    """One instruction: ``COPY``, with what stands behind it on one line."""

    name: str
    value: str

    @property
    def words(self) -> list[str]:
        """What stands behind it, without ``--flags``."""
        return [word for word in shlex.split(self.value) if not word.startswith("--")]

    def flag(self, name: str) -> str | None:
        """The value of ``--name=…``."""
        found = re.search(rf"--{name}=(\S+)", self.value)
        return found[1] if found else None


class Stage(NamedTuple):
    """From one ``FROM`` to the next: its name, what it starts from, its instructions."""

    name: str
    parent: str
    instructions: list[Instruction]

    def all(self, name: str) -> list[Instruction]:
        """Its instructions of that name, in order."""
        return [instruction for instruction in self.instructions if instruction.name == name]


def read(path: Path) -> dict[str, Stage]:
    """The stages by their names, in order."""
    text = "\n".join(line for line in path.read_text().splitlines() if not line.startswith("#"))
    stages: dict[str, Stage] = {}
    stage = Stage("", "", [])
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        name, _, value = line.strip().partition(" ")
        if name == "FROM":
            parent, _, own = value.partition(" AS ")
            stage = stages.setdefault(own, Stage(own, parent, []))
        elif name and stage.name:
            stage.instructions.append(Instruction(name, value))
    return stages


def context_of(root: Path, ignore_file: Path, target: Path) -> Path:
    """A copy of what the builder would be sent: ``root`` without what is ignored."""
    lines = ignore_file.read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    for name in sorted(exclude_paths(str(root), patterns)):
        source, copy = root / name, target / name
        if source.is_dir():
            copy.mkdir(parents=True, exist_ok=True)
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)
    return target


class Builder:
    """Carries out COPY, ENV, ARG, WORKDIR and RUN of stages below folders instead of at ``/``.

    Commands run on this machine, with its Python and Node; what they name below /app, /opt and
    /tmp is moved into the folder of the stage. Stages that name each other share one folder.
    """

    def __init__(self, context: Path, root: Path) -> None:
        self._context = context
        self._root = root
        self._folders: dict[str, Path] = {}

    def folder(self, stage: str) -> Path:
        """Where ``/`` of a stage is."""
        return self._folders[stage]

    def play(self, stage: Stage) -> Path:
        """Carry out one stage, after those that it needs; where its ``/`` is."""
        folder = self._folders.get(stage.parent, self._root / stage.name)
        self._folders[stage.name] = folder
        here = folder
        environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        for name, value in ((i.name, i.value) for i in stage.instructions):
            if name == "WORKDIR":
                here = folder / value.lstrip("/")
                here.mkdir(parents=True, exist_ok=True)
            elif name in {"ENV", "ARG"}:
                environment |= dict(pair.split("=", 1) for pair in shlex.split(value))
            elif name == "COPY":
                self._copy(Instruction(name, value), folder, here)
            else:
                assert name == "RUN", f"{name} cannot be carried out here"
                self._run(value, folder, here, environment)
        return folder

    def _copy(self, instruction: Instruction, folder: Path, here: Path) -> None:
        *sources, target = instruction.words
        stage = instruction.flag("from")
        source_folder = self._folders[stage] if stage else self._context
        into = folder / target.lstrip("/") if target.startswith("/") else here / target
        for source in (source_folder / source.lstrip("/") for source in sources):
            if source.is_dir():
                shutil.copytree(source, into, dirs_exist_ok=True, symlinks=True)
            else:
                copy = into / source.name if target.endswith("/") else into
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, copy)

    @staticmethod
    def _run(value: str, folder: Path, here: Path, environment: dict[str, str]) -> None:
        (folder / "tmp").mkdir(parents=True, exist_ok=True)
        command = re.sub(r"^(--\S+\s+)+", "", value)
        command = _PLACES.sub(lambda found: f"{folder}/{found[1]}", command)
        inherited = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
        settings = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "npm_", "NPM_"))}
        done = subprocess.run(
            ["/bin/sh", "-euc", command],
            cwd=here,
            env=inherited | settings | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
