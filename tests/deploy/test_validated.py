"""Nothing is deployed unread: every YAML file is style-checked, and known to one real validator."""

import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from deploy.tools.places import ROOT, VENV

# Which test reads a file with the tool that it is for; the first pattern that fits.
VALIDATED_BY = (
    ("deploy/chart/*", "test_chart.py", "helm and kubeconform"),
    ("deploy/k8s/*", "test_k8s.py", "kustomize and kubeconform"),
    ("deploy/skaffold.yaml", "test_k8s.py", "its fields against the files that they name"),
    ("deploy/compose.yaml", "test_compose.py", "the schema of the Compose specification"),
    ("deploy/compose/*", "test_compose.py", "its mounts in the Compose file"),
    ("deploy/prometheus/*", "test_alerts.py", "promtool"),
    (".github/workflows/*", "test_pipeline.py", "actionlint"),
    (".github/*", "test_pipeline.py", "its JSON schema"),
    (".pre-commit-config.yaml", "test_pipeline.py", "pre-commit"),
)


def yaml_files() -> list[str]:
    """Every YAML file that is deployed or decides what is, in the repository or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.yaml", "*.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [
        path
        for path in listed
        if path.startswith(("deploy/", ".github/", ".pre-commit")) and (ROOT / path).exists()
    ]


@pytest.mark.parametrize("path", yaml_files())
def test_every_yaml_file_is_known_to_a_validator(path: str) -> None:
    found = [test for pattern, test, _ in VALIDATED_BY if fnmatch(path, pattern)]
    assert found, f"{path}: say in VALIDATED_BY which test reads it with which tool"
    assert (Path(__file__).parent / found[0]).is_file(), f"{path}: {found[0]} is not there"


def lint(*paths: str | Path) -> str:
    """What yamllint says about them."""
    done = subprocess.run(
        [VENV / "bin" / "yamllint", "--strict", "--format", "parsable", *paths],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_every_yaml_file_is_in_style() -> None:
    assert lint(".") == ""


def test_a_key_that_is_there_twice_is_found(tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    path.write_text("a: 1\na: 2\n")
    assert yaml.safe_load(path.read_text()) == {"a": 2}, "YAML itself does not mind"
    assert "key-duplicates" in lint("-c", ROOT / ".yamllint.yaml", path)
