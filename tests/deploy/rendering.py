"""Renders the chart with the real helm, and reads what comes out."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from deploy.tools import schemas
from deploy.tools.places import BIN, ROOT

CHART = ROOT / "deploy" / "chart"
VARIANTS = sorted((CHART / "ci").glob("*-values.yaml"))
OLDEST = schemas.KUBERNETES[0]
Manifest = dict[str, Any]
_NOTES = """\
apiVersion: example.org/v1
kind: Notes
metadata: {name: notes}
text: {{ include "notes" . | quote }}
"""


class RefusedError(Exception):
    """helm did not render; the text is what it said."""


def render(*values: Path, sets: Sequence[str] = (), kubernetes: str = OLDEST) -> list[Manifest]:
    """The manifests of a release called ``t``; ``RefusedError`` where the values are.

    ``sets`` go over the files, as ``path.of.key=JSON``.
    """
    text = render_text(*values, sets=sets, kubernetes=kubernetes)
    return [part for part in yaml.safe_load_all(text) if part]


def render_text(
    *values: Path, sets: Sequence[str] = (), kubernetes: str = OLDEST, chart: Path = CHART
) -> str:
    """The same as text."""
    return _template(chart, values, tuple(sets), kubernetes)


@cache
def _template(chart: Path, values: tuple[Path, ...], sets: tuple[str, ...], kubernetes: str) -> str:
    """What helm makes of a chart that does not change while the tests run."""
    command = [str(BIN / "helm"), "template", "t", str(chart), "--namespace", "music"]
    command += ["--kube-version", kubernetes]
    for path in values:
        command += ["--values", str(path)]
    for each in sets:
        command += ["--set-json", each]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RefusedError(done.stderr)
    return done.stdout


def render_notes(*values: Path) -> str:
    """What helm tells a person after an install, which it renders only where there is a cluster.

    So they are rendered as a part of a manifest, in a copy of the chart.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(CHART, folder, dirs_exist_ok=True))
        notes = (CHART / "templates" / "NOTES.txt").read_text("utf-8")
        (copy / "templates" / "_notes.tpl").write_text(
            f'{{{{ define "notes" }}}}{notes}{{{{ end }}}}'
        )
        (copy / "templates" / "notes.yaml").write_text(_NOTES)
        text = render_text(*values, chart=copy)
    [found] = [part for part in yaml.safe_load_all(text) if part and part["kind"] == "Notes"]
    return str(found["text"])


def of_kind(manifests: list[Manifest], kind: str, name: str = "") -> list[Manifest]:
    """Those of a kind, and of a component if one is named."""
    return [
        each
        for each in manifests
        if each["kind"] == kind
        and name in {"", each["metadata"]["labels"]["app.kubernetes.io/component"]}
    ]


def workloads(manifests: list[Manifest]) -> list[Manifest]:
    """Whatever has pods."""
    return [pods for kind in ("Deployment", "Job", "CronJob") for pods in of_kind(manifests, kind)]


def template_of(workload: Manifest) -> Manifest:
    """What its pods are made from."""
    spec = workload["spec"]
    template: Manifest = spec.get("jobTemplate", workload)["spec"]["template"]
    return template


def pod_of(workload: Manifest) -> Manifest:
    """The specification of its pods."""
    pod: Manifest = template_of(workload)["spec"]
    return pod


def container_of(workload: Manifest) -> Manifest:
    """The one container of its pods."""
    [container] = pod_of(workload)["containers"]
    found: Manifest = container
    return found


def environment_of(workload: Manifest) -> dict[str, Manifest]:
    """The environment of its container, by variable; none of them is there twice."""
    listed = container_of(workload)["env"]
    by_name = {each["name"]: each for each in listed}
    assert len(by_name) == len(listed), f"a variable is set twice: {listed}"
    return by_name


def conform(manifests: str, kubernetes: str) -> str:
    """What kubeconform says against the manifests; nothing where they are valid."""
    command = [str(BIN / "kubeconform"), "-strict", "-kubernetes-version", kubernetes]
    for location in schemas.LOCATIONS:
        command += ["-schema-location", location]
    done = subprocess.run(command, input=manifests, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    return re.sub(r"^stdin - ", "", said, flags=re.MULTILINE) if done.returncode else ""
