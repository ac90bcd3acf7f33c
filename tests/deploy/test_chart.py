"""What the chart makes of its values, read from the rendered manifests."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploy.tools import schemas
from deploy.tools.places import BIN
from entrypoints.setting_table import SETTINGS
from tests.deploy.rendering import (
    CHART,
    VARIANTS,
    Manifest,
    conform,
    container_of,
    environment_of,
    of_kind,
    pod_of,
    render,
    render_text,
    template_of,
    workloads,
)

SMALLEST, EVERYTHING, ONE = (
    CHART / "ci" / f"{name}-values.yaml" for name in ("smallest", "everything", "one-replica")
)
RECIPIENT = "age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z"
variants = pytest.mark.parametrize("values", VARIANTS, ids=lambda path: path.stem)


def only(manifests: list[Manifest], kind: str, component: str = "") -> Manifest:
    """The one of its kind."""
    [found] = of_kind(manifests, kind, component)
    return found


@pytest.mark.parametrize("version", schemas.KUBERNETES)
@variants
def test_every_variant_is_valid_for_kubernetes(values: Path, version: str) -> None:
    assert conform(render_text(values, kubernetes=version), version) == ""


def test_kubeconform_refuses_what_kubernetes_would() -> None:
    text = render_text(EVERYTHING)
    for right, wrong in (
        ("readOnlyRootFilesystem", "readOnlyRootFileSystem"),
        ("scrapeTimeout", "scrapeTimeOut"),
        ("maxUnavailable: 0", "maxUnavailable: [0]"),
    ):
        assert right in text
        assert "invalid" in conform(text.replace(right, wrong), schemas.KUBERNETES[0])


@variants
def test_helm_lint_has_nothing_to_say(values: Path) -> None:
    done = subprocess.run(
        [BIN / "helm", "lint", "--strict", "--quiet", "--values", values, CHART],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


@variants
def test_pods_have_no_rights(values: Path) -> None:
    for workload in workloads(render(values)):
        pod, container = pod_of(workload), container_of(workload)
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 65532
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"cpu", "memory"} <= container["resources"]["requests"].keys()
        assert "memory" in container["resources"]["limits"]


@variants
def test_only_scratch_space_can_be_written(values: Path) -> None:
    for workload in workloads(render(values)):
        volumes = {each["name"]: each for each in pod_of(workload)["volumes"]}
        writable = {
            each["mountPath"]
            for each in container_of(workload)["volumeMounts"]
            if not each.get("readOnly")
        }
        backups = {"/backups"} if workload["kind"] == "CronJob" else set()
        assert writable == {"/tmp"} | backups  # noqa: S108
        assert "sizeLimit" in volumes["tmp"]["emptyDir"]


@variants
def test_every_variable_is_a_setting_of_the_service(values: Path) -> None:
    known = {setting.variable for setting in SETTINGS} | {"PGSSLROOTCERT"}
    for workload in workloads(render(values)):
        assert environment_of(workload).keys() <= known


@variants
def test_kubernetes_sets_no_variables_of_its_own(values: Path) -> None:
    """A Service called nodrake would come as NODRAKE_PORT=tcp://…, which is no port."""
    assert all(pod_of(each)["enableServiceLinks"] is False for each in workloads(render(values)))


def test_settings_come_from_the_config_map() -> None:
    manifests = render(EVERYTHING)
    config = only(manifests, "ConfigMap")
    assert config["data"] == {
        "NODRAKE_MODE": "production",
        "NODRAKE_MAIL_FROM": "No Drake <no-reply@music.example.org>",
        "NODRAKE_TRUSTED_PROXIES": "10.0.0.0/8",
        "NODRAKE_APPLICATION_ROLE": "nodrake_app",
        "NODRAKE_BACKUP_RECIPIENTS": RECIPIENT,
        "NODRAKE_PUBLIC_URL": "https://music.example.org",
    }
    for deployment in of_kind(manifests, "Deployment"):
        environment = environment_of(deployment)
        for variable in config["data"]:
            reference = environment[variable]["valueFrom"]["configMapKeyRef"]
            assert reference == {"name": config["metadata"]["name"], "key": variable}


def test_other_settings_make_other_pods() -> None:
    def digest(*sets: str) -> Any:
        api = only(render(SMALLEST, sets=sets), "Deployment", "api")
        return api["spec"]["template"]["metadata"]["annotations"]["checksum/config"]

    assert digest() == digest() != digest('config.NODRAKE_HASHING_QUEUE="9"')


def test_secrets_are_read_from_the_secret_alone() -> None:
    manifests = render(EVERYTHING)
    assert of_kind(manifests, "Secret") == []
    environment = environment_of(only(manifests, "Deployment", "api"))
    assert environment["DATABASE_URL"]["valueFrom"]["secretKeyRef"] == {
        "name": "nodrake-secrets",
        "key": "database-url",
        "optional": True,
    }
    assert environment["NODRAKE_KEYRING_FILE"]["value"] == "/etc/nodrake/secrets/keyring"
    volumes = pod_of(only(manifests, "Deployment", "worker"))["volumes"]
    [secret] = [each["secret"] for each in volumes if each["name"] == "secrets"]
    assert [item["key"] for item in secret["items"]] == ["ca.crt", "keyring"]
    assert secret["defaultMode"] == 0o440


def test_without_secrets_it_renders_as_well() -> None:
    for workload in workloads(render(SMALLEST)):
        assert not [
            each for each in environment_of(workload).values() if "secretKeyRef" in str(each)
        ]


def test_the_migration_runs_before_the_release_with_nothing_of_the_release() -> None:
    job = only(render(EVERYTHING), "Job")
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert "configMapKeyRef" not in str(job), "the ConfigMap is not there yet"
    assert pod_of(job)["serviceAccountName"] == "default"
    environment = environment_of(job)
    assert environment["NODRAKE_MODE"]["value"] == "production"
    assert environment["DATABASE_URL"]["valueFrom"]["secretKeyRef"]["key"] == "database-owner-url"
    assert environment["REDIS_URL"]["valueFrom"]["secretKeyRef"]["key"] == "redis-url"
    assert container_of(job)["args"] == ["migrate"]


def test_probes_ask_where_the_service_answers() -> None:
    api = container_of(only(render(SMALLEST), "Deployment", "api"))
    paths = {probe: api[probe]["httpGet"]["path"] for probe in api if probe.endswith("Probe")}
    assert paths == {
        "startupProbe": "/health/live",
        "readinessProbe": "/health/ready",
        "livenessProbe": "/health/live",
    }
    assert api["ports"] == [{"name": "http", "containerPort": 3000}]
    worker = container_of(only(render(SMALLEST), "Deployment", "worker"))
    assert worker["livenessProbe"]["httpGet"]["path"] == "/metrics"


@pytest.mark.parametrize("seconds", [0, 10, 60])
def test_kubernetes_waits_for_the_drain_and_what_is_under_way(seconds: int) -> None:
    api = only(render(SMALLEST, sets=[f"api.drainSeconds={seconds}"]), "Deployment", "api")
    assert environment_of(api)["NODRAKE_DRAIN_SECONDS"]["value"] == str(seconds)
    assert pod_of(api)["terminationGracePeriodSeconds"] >= seconds + 5 + 1.5


def test_a_new_pod_is_ready_before_an_old_one_goes() -> None:
    strategy = only(render(SMALLEST), "Deployment", "api")["spec"]["strategy"]
    assert strategy["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


@pytest.mark.parametrize(
    ("sets", "budgets"),
    [
        (("api.replicas=1",), 0),
        (("api.replicas=2",), 1),
        (("api.replicas=3", "api.podDisruptionBudget.enabled=false"), 0),
        (("api.replicas=3", "api.autoscaling.enabled=true", "api.autoscaling.minReplicas=1"), 0),
        (("api.replicas=1", "api.autoscaling.enabled=true", "api.autoscaling.minReplicas=2"), 1),
    ],
)
def test_a_budget_only_where_more_than_one_pod_is_sure(sets: tuple[str, ...], budgets: int) -> None:
    assert len(of_kind(render(SMALLEST, sets=sets), "PodDisruptionBudget")) == budgets


def test_the_autoscaler_has_the_replicas_to_itself() -> None:
    manifests = render(EVERYTHING)
    scaler = only(manifests, "HorizontalPodAutoscaler")["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (3, 12)
    api = only(manifests, "Deployment", "api")
    assert "replicas" not in api["spec"]
    assert scaler["scaleTargetRef"]["name"] == api["metadata"]["name"]
    assert of_kind(render(SMALLEST), "HorizontalPodAutoscaler") == []


@pytest.mark.parametrize(
    ("sets", "processes"),
    [
        (("api.replicas=3",), "3"),
        (("api.autoscaling.enabled=true",), "6"),
        (("api.replicas=0",), "1"),
    ],
)
def test_processes_know_how_many_they_can_be(sets: tuple[str, ...], processes: str) -> None:
    api = only(render(SMALLEST, sets=sets), "Deployment", "api")
    assert environment_of(api)["NODRAKE_PROCESSES"]["value"] == processes


def test_selectors_find_their_own_pods_and_no_others() -> None:
    manifests = render(EVERYTHING)
    pods = {
        each["metadata"]["labels"]["app.kubernetes.io/component"]: template_of(each)["metadata"][
            "labels"
        ]
        for each in workloads(manifests)
    }

    def found(selector: dict[str, str]) -> list[str]:
        return [name for name, labels in pods.items() if selector.items() <= labels.items()]

    assert found(only(manifests, "Service", "api")["spec"]["selector"]) == ["api"]
    assert found(only(manifests, "Service", "worker")["spec"]["selector"]) == ["worker"]
    for kind, path in (("Deployment", "selector"), ("PodDisruptionBudget", "selector")):
        for each in of_kind(manifests, kind):
            component = each["metadata"]["labels"]["app.kubernetes.io/component"]
            assert found(each["spec"][path]["matchLabels"]) == [component]
    for policy in of_kind(manifests, "NetworkPolicy"):
        component = policy["metadata"]["labels"]["app.kubernetes.io/component"]
        assert found(policy["spec"]["podSelector"]["matchLabels"]) == [component]


def test_monitors_find_their_services() -> None:
    manifests = render(EVERYTHING)
    monitors = of_kind(manifests, "ServiceMonitor")
    assert len(monitors) == 2
    for monitor in monitors:
        wanted = monitor["spec"]["selector"]["matchLabels"].items()
        [service] = [
            each
            for each in of_kind(manifests, "Service")
            if wanted <= each["metadata"]["labels"].items()
        ]
        [endpoint] = monitor["spec"]["endpoints"]
        assert endpoint["path"] == "/metrics"
        assert endpoint["port"] in {port["name"] for port in service["spec"]["ports"]}
        assert monitor["metadata"]["labels"]["release"] == "prometheus"
        [job] = endpoint["relabelings"]
        rules = (CHART.parent / "prometheus" / "prometheus.yaml").read_text("utf-8")
        assert f"job_name: {job['replacement']}" in rules
        assert job["targetLabel"] == "job"
    assert of_kind(render(SMALLEST), "ServiceMonitor") == []


def test_only_the_ingress_and_prometheus_reach_the_api() -> None:
    policies = {
        each["metadata"]["labels"]["app.kubernetes.io/component"]: each["spec"]
        for each in of_kind(render(SMALLEST), "NetworkPolicy")
    }
    assert policies.keys() == {"api", "worker", "migrate"}
    [rule] = policies["api"]["ingress"]
    namespaces = [
        peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
        for peer in rule["from"]
    ]
    assert namespaces == ["ingress-nginx", "monitoring"]
    assert rule["ports"] == [{"port": "http", "protocol": "TCP"}]
    [rule] = policies["worker"]["ingress"]
    assert len(rule["from"]) == 1
    assert policies["migrate"]["ingress"] == []
    nobody = ("networkPolicy.ingressFrom=[]", "networkPolicy.prometheusFrom=[]")
    for policy in of_kind(render(SMALLEST, sets=nobody), "NetworkPolicy"):
        assert policy["spec"]["ingress"] == [], "no peers are nobody, not everybody"


def test_the_service_goes_nowhere_but_where_it_must() -> None:
    def ports(component: str, *sets: str) -> list[int]:
        policy = only(render(SMALLEST, sets=sets), "NetworkPolicy", component)
        assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
        return sorted({port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]})

    assert ports("api") == ports("worker") == [53, 443, 465, 587, 5432, 6379]
    assert ports("migrate") == [53, 5432]
    assert ports("api", "networkPolicy.egress.smtp.ports=[]") == [53, 443, 5432, 6379]
    assert 4318 in ports("api", "networkPolicy.egress.otlp.ports=[4318]")


def test_egress_to_the_database_can_be_held_to_its_network() -> None:
    policy = only(render(EVERYTHING), "NetworkPolicy", "api")
    [rule] = [
        each
        for each in policy["spec"]["egress"]
        if {"port": 5432, "protocol": "TCP"} in each["ports"]
    ]
    assert rule["to"] == [{"ipBlock": {"cidr": "10.20.0.0/24"}}]


def test_there_is_no_ingress_unless_asked_for() -> None:
    assert of_kind(render(SMALLEST), "Ingress") == []
    assert of_kind(render(ONE), "NetworkPolicy") == []


def test_the_ingress_keeps_metrics_from_the_public() -> None:
    manifests = render(EVERYTHING)
    ingress = only(manifests, "Ingress")["spec"]
    [rule] = ingress["rules"]
    assert rule["host"] == "music.example.org"
    assert ingress["tls"] == [{"hosts": ["music.example.org"], "secretName": "music-tls"}]
    backends = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
    assert backends == {"/metrics": "music-closed", "/": "music"}
    [closed] = [
        each for each in of_kind(manifests, "Service") if each["metadata"]["name"] == "music-closed"
    ]
    assert "selector" not in closed["spec"]


def test_pods_of_a_kind_are_spread() -> None:
    for name in ("api", "worker"):
        deployment = only(render(EVERYTHING), "Deployment", name)
        spread = pod_of(deployment)["topologySpreadConstraints"]
        assert {each["topologyKey"] for each in spread} == {
            "kubernetes.io/hostname",
            "topology.kubernetes.io/zone",
        }
        labels = deployment["spec"]["template"]["metadata"]["labels"].items()
        for each in spread:
            assert each["labelSelector"]["matchLabels"].items() <= labels
            assert each["whenUnsatisfiable"] == "DoNotSchedule"


def test_the_image_is_named_by_digest_before_tag() -> None:
    def image(*sets: str) -> str:
        container = container_of(only(render(SMALLEST, sets=sets), "Deployment", "api"))
        return str(container["image"])

    digest = f"sha256:{'a' * 64}"
    assert image() == "nodrake:0.1.0"
    assert image('image.tag="abc"') == "nodrake:abc"
    assert image('image.tag="abc"', f'image.digest="{digest}"') == f"nodrake@{digest}"
