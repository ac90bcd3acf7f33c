"""Runs the Tiltfile by Starlark's own interpreter, on stand-ins that write down what they are told.

Started with the Python of `.tools/venv`: it reads what the machine is like as JSON from standard
input (`context`, `settings`, `environment`) and prints what was asked of Tilt (`calls`, by
function), what was `printed`, and how it `failed`. Helm, kustomize and local commands are real.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import starlark
import yaml

ROOT = Path(__file__).parents[2]
BIN = ROOT / ".tools" / "bin"
RECORDED = (
    "allow_k8s_contexts", "default_registry", "docker_build", "k8s_resource", "k8s_yaml", "link",
    "local_resource", "port_forward", "sync", "fall_back_on", "define_string",
)  # fmt: skip
PRELUDE = """
TRIGGER_MODE_MANUAL = "manual"
config = struct(define_string = define_string, parse = parse)
os = struct(getenv = getenv)
"""


class Tilt:
    """Tilt's functions, as a machine would answer them."""

    def __init__(self, machine: dict[str, Any]) -> None:
        self._machine = machine
        self.calls: dict[str, list[Any]] = {name: [] for name in RECORDED}
        self.printed: list[str] = []

    def functions(self) -> dict[str, Any]:
        """All that the Tiltfile may call, by name."""
        answers = {
            "k8s_context": lambda: self._machine["context"],
            "parse": self._parse,
            "getenv": lambda name, default="": self._machine["environment"].get(name, default),
            "print": lambda *words: self.printed.append(" ".join(map(str, words))),
            "local": _local,
            "helm": _helm,
            "kustomize": lambda folder: _output(str(BIN / "kustomize"), "build", folder),
            "decode_yaml_stream": lambda text: list(yaml.safe_load_all(text)),
            "encode_yaml_stream": yaml.safe_dump_all,
        }
        return {name: self._recorder(name) for name in RECORDED} | answers

    def _recorder(self, name: str) -> Any:
        def record(*arguments: Any, **named: Any) -> dict[str, Any]:
            call = {"arguments": list(arguments), **named}
            self.calls[name].append(call)
            return {name: call}

        return record

    def _parse(self) -> dict[str, str]:
        """Tilt refuses what is not defined."""
        given: dict[str, str] = self._machine["settings"]
        defined = {call["arguments"][0] for call in self.calls["define_string"]}
        assert set(given) <= defined, f"not defined: {set(given) - defined}"
        return given


def _local(command: list[str], quiet: bool = False, echo_off: bool = False) -> str:
    return _output(*command)


def _helm(folder: str, name: str, namespace: str, values: list[str], set: list[str]) -> str:
    options = [f"--values={each}" for each in values] + [f"--set={each}" for each in set]
    # Built by `go install`, it takes itself to be for a Kubernetes of long ago.
    options.append("--kube-version=1.33.0")
    helm = str(BIN / "helm")
    return _output(helm, "template", name, folder, f"--namespace={namespace}", *options)


def _output(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr}")
    return done.stdout


def main() -> None:
    """Run it, and print what came of it."""
    tilt = Tilt(json.load(sys.stdin))
    dialect = starlark.Dialect.extended()
    dialect.enable_top_level_stmt = True
    module = starlark.Module()
    for name, function in tilt.functions().items():
        module.add_callable(name, function)
    library = starlark.Globals.extended_by([starlark.LibraryExtension.StructType])
    text = Path(os.environ.get("TILTFILE", ROOT / "Tiltfile")).read_text("utf-8")
    failed = ""
    try:
        starlark.eval(module, starlark.parse("Tiltfile", PRELUDE + text, dialect), library)
    except starlark.StarlarkError as error:
        failed = str(error)
    print(json.dumps({"calls": tilt.calls, "printed": tilt.printed, "failed": failed}))


main()
