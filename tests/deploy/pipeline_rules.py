"""What every workflow keeps, beside what actionlint knows: each rule says what breaks it."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

APPROVED = {
    "actions/checkout",
    "actions/setup-go",
    "actions/setup-node",
    "actions/setup-python",
    "actions/upload-artifact",
    "docker/login-action",
    "docker/setup-buildx-action",
    "sigstore/cosign-installer",
}
WRITES = {"id-token", "packages"}  # to sign, and to push what is signed
_USES = re.compile(r"^\s*(?:- )?uses: (\S+)(.*)$", re.MULTILINE)
_PINNED = re.compile(r"[0-9a-f]{40}")

Job = dict[str, Any]


def complaints(text: str, targets: set[str]) -> list[str]:
    """Everything that is wrong with a workflow, given the targets of the Makefile."""
    workflow = yaml.safe_load(text)
    jobs: dict[str, Job] = workflow["jobs"]
    return [
        *_commands(jobs, targets),
        *_actions(text),
        *_rights(workflow, jobs),
        *_bounds(workflow, jobs),
        *_checkouts(jobs),
    ]


def _steps(jobs: dict[str, Job]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job in jobs.items():
        for step in job.get("steps", []):
            yield name, step


def _commands(jobs: dict[str, Job], targets: set[str]) -> Iterator[str]:
    for name, step in _steps(jobs):
        command = step.get("run")
        if command is None:
            continue
        program, *named = str(command).split()
        if program != "make" or not named or not set(named) <= targets:
            yield f"{name}: `{command}` is not a make target"


def _actions(text: str) -> Iterator[str]:
    for action, rest in _USES.findall(text):
        if action.startswith("./"):
            continue
        name, _, version = action.partition("@")
        if name not in APPROVED:
            yield f"{name}: is not among the approved actions"
        if not _PINNED.fullmatch(version):
            yield f"{action}: is pinned by a name that can be moved, not by a commit"
        elif not re.fullmatch(r" # v\d+\.\d+\.\d+", rest):
            yield f"{action}: does not say which version the commit is"


def _rights(workflow: dict[str, Any], jobs: dict[str, Job]) -> Iterator[str]:
    if workflow.get("permissions") != {"contents": "read"}:
        yield "permissions: a workflow starts with contents: read and nothing else"
    for name, job in jobs.items():
        rights = job.get("permissions", {})
        if not isinstance(rights, dict):
            yield f"{name}: permissions are named one by one"
            continue
        for right, level in rights.items():
            if level == "write" and right not in WRITES:
                yield f"{name}: may write {right}"
    if "pull_request_target" in workflow.get(True, {}):  # YAML reads `on` as true
        yield "pull_request_target: gives strangers' changes our rights"


def _bounds(workflow: dict[str, Any], jobs: dict[str, Job]) -> Iterator[str]:
    if "group" not in workflow.get("concurrency", {}):
        yield "concurrency: has no group"
    for name, job in jobs.items():
        if "uses" not in job and "timeout-minutes" not in job:
            yield f"{name}: has no timeout-minutes"
        if name == "deploy" and job.get("environment") != "production":
            yield f"{name}: nobody has to approve it"
        if name == "deploy" and workflow.get(True) != {"push": {"branches": ["main"]}}:
            yield f"{name}: is not for main alone"


def _checkouts(jobs: dict[str, Job]) -> Iterator[str]:
    for name, step in _steps(jobs):
        checks_out = str(step.get("uses", "")).startswith("actions/checkout@")
        if checks_out and step.get("with", {}).get("persist-credentials") is not False:
            yield f"{name}: leaves the token where every later step can read it"
