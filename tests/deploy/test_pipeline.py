"""The pipeline: workflows and hooks that call make targets alone, and what they are held to."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.deploy.pipeline_rules import complaints
from tests.deploy.places import BIN, PYTHON_TOOLS, ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yaml"))
HOOKS = ROOT / ".pre-commit-config.yaml"
RELEASE = ROOT / ".github" / "workflows" / "release.yaml"
CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8"


@pytest.fixture(scope="module")
def targets() -> set[str]:
    """The targets of the Makefile that a person is told of."""
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def actionlint(*paths: Path) -> "subprocess.CompletedProcess[str]":
    """What actionlint says, with shellcheck for the shell inside."""
    return subprocess.run(
        [BIN / "actionlint", "-no-color", "-shellcheck", PYTHON_TOOLS / "shellcheck", *paths],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_actionlint_finds_nothing() -> None:
    done = actionlint(*WORKFLOWS)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("needs: image", "needs: picture"),
        ("environment: production", "environmnt: production"),
        ("secrets.KUBE_CONFIG", "secret.KUBE_CONFIG"),
        ("packages: read", "packages: readable"),
    ],
)
def test_actionlint_finds_what_is_wrong(tmp_path: Path, old: str, new: str) -> None:
    text = RELEASE.read_text()
    assert old in text
    folder = tmp_path / ".github" / "workflows"
    shutil.copytree(RELEASE.parent, folder)
    (folder / RELEASE.name).write_text(text.replace(old, new, 1))
    assert actionlint(folder / RELEASE.name).returncode == 1


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_keeps_our_rules(workflow: Path, targets: set[str]) -> None:
    assert complaints(workflow.read_text(), targets) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("run: make sbom", "run: docker build .", "is not a make target"),
        ("run: make sbom", "run: make", "is not a make target"),
        ("run: make sbom", "run: make bill", "is not a make target"),
        ("run: make sbom", "run: make sbom && curl example.org", "is not a make target"),
        ("run: make sbom", "run: |\n          make sbom\n          true", "is not a make target"),
        (f"{CHECKOUT} # v5.0.0", "actions/checkout@v5", "can be moved"),
        (f"{CHECKOUT} # v5.0.0", "actions/checkout@main", "can be moved"),
        (f"{CHECKOUT} # v5.0.0", "actions/checkout@08c6903 # v5.0.0", "can be moved"),
        (f"{CHECKOUT} # v5.0.0", CHECKOUT, "which version"),
        ("docker/login-action@", "somebody/login-action@", "approved"),
        ("permissions:\n  contents: read\n", "", "starts with contents: read"),
        ("permissions:\n  contents: read\n", "permissions: write-all\n", "starts with"),
        ("      packages: write", "      packages: write\n      issues: write", "may write issues"),
        ("    permissions:\n      contents: read\n      packages: read",
         "    permissions: write-all", "one by one"),
        ("concurrency:\n  group: release\n  cancel-in-progress: false\n", "", "no group"),
        ("    timeout-minutes: 45\n", "", "no timeout-minutes"),
        ("    environment: production\n", "", "nobody has to approve"),
        ("  push:\n    branches: [main]\n", "  push:\n", "not for main alone"),
        ("  push:\n", "  pull_request_target:\n  push:\n", "pull_request_target"),
        ("persist-credentials: false", "persist-credentials: true", "leaves the token"),
    ],
)  # fmt: skip
def test_a_rule_sees_what_breaks_it(old: str, new: str, complaint: str, targets: set[str]) -> None:
    text = RELEASE.read_text()
    assert old in text
    said = complaints(text.replace(old, new, 1), targets)
    assert any(complaint in each for each in said), said


def test_everything_that_is_asked_of_a_change_is_asked(targets: set[str]) -> None:
    called = set(re.findall(r"[a-z-]+", " ".join(
        command for path in WORKFLOWS for command in re.findall(r"run: make (.*)", path.read_text())
    )))  # fmt: skip
    assert called <= targets
    assert called >= {
        "lint", "types", "arch", "drift", "compat", "test", "deploy-check", "audit", "image-push",
        "sbom", "image-sign", "image-verify", "deploy", "faults", "bench",
    }  # fmt: skip


def test_nothing_is_deployed_that_was_not_checked_built_and_signed() -> None:
    jobs = yaml.safe_load(RELEASE.read_text())["jobs"]
    assert jobs["checks"]["uses"] == "./.github/workflows/checks.yaml"
    assert jobs["image"]["needs"] == "checks"
    assert jobs["deploy"]["needs"] == "image"
    commands = [step["run"] for step in jobs["deploy"]["steps"] if "run" in step]
    assert commands == ["make image-verify", "make deploy"]


def hooks(path: Path) -> "subprocess.CompletedProcess[str]":
    """What pre-commit says of a configuration."""
    return subprocess.run(
        [PYTHON_TOOLS / "pre-commit", "validate-config", path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_hooks_are_make_targets_and_pre_commit_takes_them(targets: set[str]) -> None:
    done = hooks(HOOKS)
    assert done.returncode == 0, done.stdout
    (repository,) = yaml.safe_load(HOOKS.read_text())["repos"]
    assert repository["repo"] == "local", "nothing is fetched"
    for hook in repository["hooks"]:
        assert hook["entry"] == f"make {hook['id']}"
        assert hook["id"] in targets
        assert hook["pass_filenames"] is False


def test_pre_commit_refuses_hooks_that_are_wrong(tmp_path: Path) -> None:
    broken = tmp_path / "hooks.yaml"
    broken.write_text(HOOKS.read_text().replace("entry: make lint", "entri: make lint"))
    assert hooks(broken).returncode == 1


@pytest.mark.parametrize("broken", [False, True])
def test_dependabot_takes_its_file(tmp_path: Path, broken: bool) -> None:
    text = (ROOT / ".github" / "dependabot.yml").read_text()
    copy = tmp_path / "dependabot.yml"
    copy.write_text(text.replace("interval:", "intervall:", 1) if broken else text)
    done = subprocess.run(
        [PYTHON_TOOLS / "check-jsonschema", "--builtin-schema", "vendor.dependabot", copy],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode == 1) == broken, done.stdout
    if not broken:
        for update in yaml.safe_load(text)["updates"]:
            for folder in update.get("directories", [update.get("directory")]):
                assert (ROOT / folder.lstrip("/")).is_dir(), folder


@pytest.fixture
def commands(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """Stand-ins for docker and cosign, and the file in which they write what they are told."""
    told, folder = tmp_path / "told", tmp_path / "commands"
    folder.mkdir()
    told.touch()
    answer = 'case "$*" in *imagetools*) echo sha256:feed;; esac'
    for name in ("docker", "cosign"):
        (folder / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "{told}"\n{answer}\n')
        (folder / name).chmod(0o755)
    environment = os.environ | {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "IMAGE": "ghcr.io/somebody/nodrake",
        "SOURCE": "https://github.com/somebody/nodrake",
    }
    return told, environment


def make(target: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run a target here."""
    return subprocess.run(
        ["make", "--no-print-directory", target],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_an_image_is_named_and_dated_by_its_commit(commands: tuple[Path, dict[str, str]]) -> None:
    told, environment = commands
    done = make("image-push", environment)
    assert done.returncode == 0, done.stderr
    asked = ["git", "log", "-1", "--format=%H %ct"]
    commit, time = subprocess.check_output(asked, cwd=ROOT, text=True).split()
    said = told.read_text()
    assert f"--tag ghcr.io/somebody/nodrake:{commit} " in said
    assert f"--build-arg REVISION={commit} " in said
    assert f"--build-arg SOURCE_DATE_EPOCH={time} " in said
    assert "--provenance=mode=max" in said
    assert re.search(r"--build-arg VERSION=\d+\.\d+\.\d+ ", said)


def test_what_is_signed_and_verified_is_the_digest(commands: tuple[Path, dict[str, str]]) -> None:
    told, environment = commands
    assert make("image-sign", environment).returncode == 0
    assert make("image-verify", environment).returncode == 0
    image = "ghcr.io/somebody/nodrake@sha256:feed"
    said = told.read_text()
    assert f"cosign sign --yes {image}\n" in said
    for part in ("service", "web"):
        predicate = f"--type cyclonedx --predicate build/sbom/{part}.cdx.json {image}"
        assert f"cosign attest --yes {predicate}\n" in said
    signer = "https://github.com/somebody/nodrake/.github/workflows/release.yaml@refs/heads/main"
    commit = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=ROOT, text=True).strip()
    signed_by = f"--certificate-identity={signer} --certificate-github-workflow-sha={commit}"
    assert f"{signed_by} {image}\n" in said


def test_nothing_is_deployed_that_is_not_verified_at_that_moment(
    commands: tuple[Path, dict[str, str]],
) -> None:
    told, environment = commands
    cosign = told.parent / "commands" / "cosign"
    cosign.write_text(f'#!/bin/sh\necho "cosign $*" >> "{told}"\nexit 1\n')
    done = make("deploy", environment | {"KUBE_CONFIG": "{}", "VALUES": "{}"})
    assert done.returncode != 0
    assert "@sha256:feed" in told.read_text()
    assert "helm" not in done.stderr.lower().replace(".tools/bin/helm upgrade", "")


def test_an_image_that_was_not_pushed_is_not_signed(commands: tuple[Path, dict[str, str]]) -> None:
    told, environment = commands
    docker = told.parent / "commands" / "docker"
    docker.write_text('#!/bin/sh\n[ "$2" = version ]\n')
    done = make("image-sign", environment)
    assert done.returncode != 0
    assert "is it pushed?" in done.stderr
    assert "cosign" not in told.read_text()


@pytest.mark.parametrize("missing", ["KUBE_CONFIG", "VALUES"])
def test_a_deployment_says_what_it_lacks(
    commands: tuple[Path, dict[str, str]], missing: str
) -> None:
    _, environment = commands
    given = {"KUBE_CONFIG": "x", "VALUES": "x"} | {missing: ""}
    recipe = subprocess.run(
        ["make", "--no-print-directory", "--assume-old=tools", "deploy"],
        cwd=ROOT, env=environment | given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert recipe.returncode != 0
    assert f"{missing}: is not set" in recipe.stderr
