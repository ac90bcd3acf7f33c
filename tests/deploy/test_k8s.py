"""Kustomize's bases and overlays, what Flux is told in them, and Skaffold's configuration."""

import base64
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.tools import schemas
from deploy.tools.places import BIN, ROOT
from tests.deploy.rendering import (
    Manifest,
    conform,
    of_kind,
    pod_of,
    render,
    render_text,
)

K8S = ROOT / "deploy" / "k8s"
OVERLAYS = ("base", "overlays/staging", "overlays/production", "development")
FLUX = OVERLAYS[:3]
DEVELOPMENT_VALUES = K8S / "development" / "values.yaml"


def build(name: str) -> list[Manifest]:
    """The manifests of an overlay."""
    return [part for part in yaml.safe_load_all(build_text(name)) if part]


def build_text(name: str) -> str:
    """The same as text."""
    command = [str(BIN / "kustomize"), "build", str(K8S / name)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def values_of(name: str) -> dict[str, Any]:
    """The values that Flux gives to the chart."""
    [release] = [each for each in build(name) if each["kind"] == "HelmRelease"]
    values: dict[str, Any] = release["spec"]["values"]
    return values


def render_with(values: dict[str, Any]) -> list[Manifest]:
    """What the chart makes of values."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "values.yaml"
        path.write_text(yaml.safe_dump(values))
        return render(path)


@pytest.mark.parametrize("version", schemas.KUBERNETES)
@pytest.mark.parametrize("name", OVERLAYS)
def test_every_overlay_is_valid(name: str, version: str) -> None:
    assert conform(build_text(name), version) == ""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("remediation:", "remedy:"),
        ("sourceRef:", "sourceReference:"),
        ("interval: 5m", "interval: x"),
    ],
)
def test_what_flux_would_refuse_is_refused(right: str, wrong: str) -> None:
    text = build_text("base")
    assert right in text
    assert "invalid" in conform(text.replace(right, wrong), schemas.KUBERNETES[0])


@pytest.mark.parametrize("name", FLUX[1:])
def test_the_chart_takes_what_flux_gives_it(name: str) -> None:
    """Flux renders in the cluster, where the Secret is; here there is none."""
    values = values_of(name)
    assert values["allowMissingSecret"] is False
    manifests = render_with(values | {"allowMissingSecret": True})
    [config] = of_kind(manifests, "ConfigMap")
    assert config["data"]["NODRAKE_MODE"] == "production"
    host = values["ingress"]["host"]
    assert config["data"]["NODRAKE_PUBLIC_URL"] == f"https://{host}"


def test_production_is_released_and_spread_and_held_to_its_network() -> None:
    manifests = build("overlays/production")
    [source] = [each for each in manifests if each["kind"] == "GitRepository"]
    assert source["spec"]["ref"] == {"semver": ">=0.1.0"}
    values = values_of("overlays/production")
    assert values["api"]["autoscaling"]["minReplicas"] >= 3
    assert values["config"]["NODRAKE_TRUSTED_PROXIES"]
    egress = values["networkPolicy"]["egress"]
    assert all(egress[name]["to"] for name in ("postgresql", "redis"))


@pytest.mark.parametrize("name", FLUX[1:])
def test_each_overlay_has_a_namespace_of_its_own_that_refuses_more_rights(name: str) -> None:
    manifests = build(name)
    [namespace] = [each for each in manifests if each["kind"] == "Namespace"]
    labels = namespace["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    for each in manifests:
        if each is not namespace:
            assert each["metadata"]["namespace"] == namespace["metadata"]["name"]


def test_no_overlay_of_flux_has_a_secret() -> None:
    assert not [each for name in FLUX for each in build(name) if each["kind"] == "Secret"]


def test_development_has_what_its_values_name() -> None:
    manifests = build("development")
    [secret] = [each for each in manifests if each["kind"] == "Secret"]
    values = yaml.safe_load(DEVELOPMENT_VALUES.read_text("utf-8"))
    assert values["existingSecretName"] == secret["metadata"]["name"]
    assert set(values["secretEnvFromKeys"].values()) <= secret["data"].keys()
    services = {each["metadata"]["name"] for each in manifests if each["kind"] == "Service"}
    assert services == {"postgresql", "redis", "mailpit"}
    [worker] = of_kind(render(DEVELOPMENT_VALUES), "Deployment", "worker")
    [service] = [each for each in manifests if each["metadata"]["name"] == "mailpit"]
    labels = worker["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"].items() <= labels.items()


def test_mail_is_caught_where_the_worker_may_send_it() -> None:
    """Without TLS it goes to its own address alone."""
    [secret] = [each for each in build("development") if each["kind"] == "Secret"]
    assert base64.b64decode(secret["data"]["NODRAKE_MAIL_URL"]) == b"smtp://localhost:1025"
    [worker] = of_kind(render(DEVELOPMENT_VALUES), "Deployment", "worker")
    containers = [each["name"] for each in pod_of(worker)["containers"]]
    assert containers == ["worker", "mailpit"]


@pytest.mark.parametrize("version", schemas.KUBERNETES)
def test_the_chart_beside_it_is_valid(version: str) -> None:
    assert conform(render_text(DEVELOPMENT_VALUES, kubernetes=version), version) == ""


def skaffold() -> list[Manifest]:
    """The documents of skaffold.yaml."""
    return list(yaml.safe_load_all((ROOT / "deploy" / "skaffold.yaml").read_text("utf-8")))


def test_skaffold_names_what_there_is() -> None:
    """Skaffold's own schema is in no package: its fields are held against the files they name."""
    stands_on, service = skaffold()
    assert {each["apiVersion"] for each in (stands_on, service)} == {"skaffold/v4beta13"}
    assert {each["kind"] for each in (stands_on, service)} == {"Config"}
    assert stands_on.keys() == {"apiVersion", "kind", "metadata", "manifests", "deploy"}
    known = {"apiVersion", "kind", "metadata", "requires", "build", "deploy", "portForward"}
    assert service.keys() == known
    for path in stands_on["manifests"]["kustomize"]["paths"]:
        assert (ROOT / "deploy" / path / "kustomization.yaml").is_file()
    assert service["requires"] == [{"configs": [stands_on["metadata"]["name"]]}]
    [artifact] = service["build"]["artifacts"]
    context = ROOT / "deploy" / artifact["context"]
    assert context.samefile(ROOT)
    for rule in artifact["sync"]["manual"]:
        assert list(context.glob(rule["src"])), rule
    [release] = service["deploy"]["helm"]["releases"]
    assert (ROOT / "deploy" / release["chartPath"] / "Chart.yaml").is_file()
    assert release["setValueTemplates"] == {
        "image.repository": "{{.IMAGE_REPO_nodrake}}",
        "image.tag": "{{.IMAGE_TAG_nodrake}}",
    }
    values = [ROOT / "deploy" / path for path in release["valuesFiles"]]
    manifests = render(*values, sets=['image.repository="built"', 'image.tag="here"'])
    for deployment in of_kind(manifests, "Deployment"):
        assert pod_of(deployment)["containers"][0]["image"] == "built:here"
    found = {each["metadata"]["name"] for each in of_kind(manifests, "Service")}
    found |= {each["metadata"]["name"] for each in build("development")}
    forwarded = {
        each["resourceName"].replace("nodrake", "t-nodrake") for each in service["portForward"]
    }
    assert forwarded <= found


def test_skaffold_builds_a_stage_that_there_is() -> None:
    [artifact] = skaffold()[1]["build"]["artifacts"]
    dockerfile = ROOT / artifact["docker"]["dockerfile"]
    assert f" AS {artifact['docker']['target']}\n" in dockerfile.read_text("utf-8")
