"""The Tiltfile, run by Starlark's own interpreter against stand-ins of Tilt's functions."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.dockerfile import read
from tests.deploy.places import DEPLOY, PYTHON_TOOLS, ROOT
from tests.e2e.process import free_port

Ran = dict[str, Any]
NAMES = ("api", "web", "postgresql", "redis", "mailpit")
FREE_PORTS = DEPLOY / "k8s" / "development" / "free_ports.py"
BUTTONS = {
    "health-check", "db-migrate", "db-seed", "db-reset", "backend-tests", "frontend-tests",
    "all-tests", "gen", "drift",
}  # fmt: skip


def somewhere() -> dict[str, str]:
    """A free port for everything: nothing of this machine is in the way."""
    ports: set[int] = set()
    while len(ports) < len(NAMES):
        ports.add(free_port())
    return {f"{name}-port": str(port) for name, port in zip(NAMES, ports, strict=True)}


def tilt(
    context: str, tiltfile: str = str(ROOT / "Tiltfile"), user: str = "ada", **given: str
) -> Ran:
    """What `tilt up` would do with that context; ``given`` are settings, with _ for -."""
    settings = somewhere() | {name.replace("_", "-"): value for name, value in given.items()}
    machine = {"context": context, "settings": settings, "environment": {"USER": user}}
    done = subprocess.run(
        [PYTHON_TOOLS / "python", ROOT / "tests" / "deploy" / "run_tiltfile.py"],
        input=json.dumps(machine), capture_output=True, text=True, check=False, cwd=ROOT,
        env=os.environ | {"TILTFILE": tiltfile},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    ran: Ran = json.loads(done.stdout)
    return ran


@pytest.fixture(scope="module")
def minikube() -> Ran:
    """`tilt up` on minikube."""
    ran = tilt("minikube")
    assert ran["failed"] == ""
    return ran


def objects(ran: Ran) -> list[dict[str, Any]]:
    """Everything that is deployed."""
    texts = [call["arguments"][0] for call in ran["calls"]["k8s_yaml"]]
    return [each for text in texts for each in yaml.safe_load_all(text) if each]


def resources(ran: Ran) -> dict[str, dict[str, Any]]:
    """What Tilt shows, by name: in the cluster and on this machine."""
    calls = ran["calls"]["k8s_resource"] + ran["calls"]["local_resource"]
    return {(call["arguments"] or [call.get("new_name")])[0]: call for call in calls}


@pytest.mark.parametrize(
    ("context", "platform"),
    [
        ("minikube", "minikube"),
        ("kind-kind", "kind"),
        ("kind-two", "kind"),
        ("k3d-mine", "k3s"),
        ("rancher-desktop", "k3s"),
        ("docker-desktop", "Docker Desktop"),
    ],
)
def test_a_cluster_for_development_is_told_by_its_context(context: str, platform: str) -> None:
    ran = tilt(context)
    assert ran["failed"] == ""
    assert ran["printed"][0].startswith(f"{platform} (context {context}), namespace nodrake-ada:")
    assert ran["calls"]["allow_k8s_contexts"] == [{"arguments": [context]}]
    assert ran["calls"]["default_registry"] == []


def test_plain_k3s_takes_images_from_a_registry() -> None:
    assert "tilt up -- --registry=localhost:5000" in tilt("default")["failed"]
    ran = tilt("default", registry="localhost:5000")
    assert ran["failed"] == ""
    assert ran["printed"][0].startswith("k3s ")
    assert ran["calls"]["default_registry"] == [{"arguments": ["localhost:5000"]}]


@pytest.mark.parametrize(
    "context",
    ["production", "gke_music_prod-1", "kind-production", "arn:aws:eks:eu:1:cluster/music", "",
     "minikube-of-somebody", "defaults", "kind"],
)  # fmt: skip
def test_other_clusters_are_left_alone(context: str) -> None:
    ran = tilt(context)
    assert "Choose" in ran["failed"]
    assert ran["calls"]["allow_k8s_contexts"] == []
    assert ran["calls"]["k8s_yaml"] == []


def test_a_shared_cluster_is_named_and_never_production() -> None:
    assert "--registry=" in tilt("team-dev", shared_context="team-dev")["failed"]
    ran = tilt("team-dev", shared_context="team-dev", registry="registry.example.org/ada")
    assert ran["failed"] == ""
    ran = tilt("team-prod", shared_context="team-prod", registry="registry.example.org/ada")
    assert "looks like production" in ran["failed"]
    assert ran["calls"]["allow_k8s_contexts"] == []


def test_everything_starts_in_order(minikube: Ran) -> None:
    found = resources(minikube)
    order = ["postgresql", "nodrake-migrate", "nodrake-api", "web"]
    for earlier, later in pairwise(order):
        assert earlier in found[later]["resource_deps"], f"{later} does not wait for {earlier}"
    assert set(found["nodrake-migrate"]["resource_deps"]) == {"postgresql", "redis"}
    assert found["nodrake-worker"]["resource_deps"] == ["nodrake-migrate"]
    assert found["redis"]["resource_deps"] == found["postgresql"]["resource_deps"] == ["namespace"]
    for name, resource in found.items():
        for other in resource.get("resource_deps", []):
            assert other in found, f"{name} waits for {other}, which there is not"


def test_what_tilt_names_is_deployed(minikube: Ran) -> None:
    deployed = {(each["kind"].lower(), each["metadata"]["name"]) for each in objects(minikube)}
    for call in minikube["calls"]["k8s_resource"]:
        for name in call["arguments"]:
            assert {("deployment", name), ("job", name)} & deployed, name
        for selector in call.get("objects", []):
            name, kind = selector.split(":")
            assert (kind, name) in deployed, selector


def test_everything_is_in_the_namespace_of_its_developer() -> None:
    ada, bob = tilt("minikube", user="ada"), tilt("minikube", user="Bob.O'Neil")
    chosen = tilt("minikube", namespace="nodrake-two")
    for ran, namespace in (
        (ada, "nodrake-ada"),
        (bob, "nodrake-bob-o-neil"),
        (chosen, "nodrake-two"),
    ):
        assert ran["failed"] == ""
        assert {
            each["metadata"].get("namespace", each["metadata"]["name"]) for each in objects(ran)
        } == {namespace}
        assert [e["metadata"]["name"] for e in objects(ran) if e["kind"] == "Namespace"] == [
            namespace
        ]
        commands = [str(call["cmd"]) for call in ran["calls"]["local_resource"]]
        inside = [command for command in commands if "kubectl" in command]
        assert inside
        for command in inside:
            assert command.count(f"--namespace '{namespace}'") == command.count("kubectl")
            assert command.count("--context 'minikube'") == command.count("kubectl")


def test_ports_are_those_that_were_chosen(minikube: Ran) -> None:
    ports = somewhere()
    ran = tilt(
        "minikube",
        **{name.replace("-", "_"): port for name, port in ports.items()},
    )
    forwarded = {
        name: resource["port_forwards"][0]["port_forward"]["arguments"]
        for name, resource in resources(ran).items()
        if "port_forwards" in resource
    }
    image = read(DEPLOY / "docker" / "Dockerfile")["base"]
    assert forwarded == {
        "postgresql": [int(ports["postgresql-port"]), 5432],
        "redis": [int(ports["redis-port"]), 6379],
        "nodrake-worker": [int(ports["mailpit-port"]), 8025],
        "nodrake-api": [int(ports["api-port"]), int(image.all("EXPOSE")[0].value)],
    }
    web = resources(ran)["web"]
    assert web["serve_cmd"][-3:] == ["--port", ports["web-port"], "--strictPort"]
    assert web["serve_env"] == {"NODRAKE_API": f"http://localhost:{ports['api-port']}"}
    (settings,) = (e for e in objects(ran) if e["metadata"]["name"] == "nodrake-config")
    assert settings["data"]["NODRAKE_PUBLIC_URL"] == f"http://localhost:{ports['api-port']}"


@contextmanager
def listening() -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Another program that listens on a port."""
    program = (
        "import socket, sys; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen();"
        "print(s.getsockname()[1], flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        yield other, int(other.stdout.readline())
        other.kill()


def test_a_port_that_is_taken_is_named_with_who_has_it_and_what_to_do() -> None:
    with listening() as (other, port):
        ran = tilt("minikube", api_port=str(port))
    said = re.search(r"port (\d+) \(api\) is used by \S+ \(process (\d+)\); choose another: "
                     r"tilt up -- --api-port=(\d+)", ran["failed"])  # fmt: skip
    assert said, ran["failed"]
    assert (int(said[1]), int(said[2])) == (port, other.pid)
    assert int(said[3]) != port
    assert ran["calls"]["k8s_yaml"] == []
    assert tilt("minikube", api_port=said[3])["failed"] == ""


def test_all_conflicts_are_told_at_once() -> None:
    with listening() as (_, one), listening() as (_, two):
        failed = tilt("minikube", api_port=str(one), redis_port=str(two))["failed"]
    assert "(api) is used by" in failed
    assert "(redis) is used by" in failed


def test_one_port_is_not_used_twice() -> None:
    port = str(free_port())
    failed = tilt("minikube", api_port=port, web_port=port)["failed"]
    assert f"port {port} (api) is that of web too" in failed


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", ""])
def test_a_port_is_a_number(port: str) -> None:
    assert "is no port" in tilt("minikube", api_port=port)["failed"]


def test_ports_that_tilt_holds_itself_are_free_to_it() -> None:
    """The Tiltfile is read again while Tilt forwards these ports: its child must not complain."""
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        ours.listen()
        told = subprocess.check_output(
            [sys.executable, FREE_PORTS, f"api={ours.getsockname()[1]}"], text=True
        )
    assert told == ""


def test_there_is_a_button_for_everything(minikube: Ran) -> None:
    calls = {call["arguments"][0]: call for call in minikube["calls"]["local_resource"]}
    assert set(calls) == BUTTONS | {"web"}
    for name in BUTTONS:
        assert calls[name]["auto_init"] is False, f"{name} starts by itself"
        assert calls[name]["trigger_mode"] == "manual", f"{name} starts when a file changes"
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for call in calls.values():
        for named in re.findall(r"make ([a-z -]+)", call["cmd"]):
            assert set(named.split()) <= targets, call["cmd"]


def test_buttons_run_commands_that_there_are(minikube: Ran) -> None:
    calls = {call["arguments"][0]: call["cmd"] for call in minikube["calls"]["local_resource"]}
    assert calls["db-seed"].endswith("nodrake migrate --sample")
    assert calls["db-reset"].index("drop schema") < calls["db-reset"].index("nodrake migrate")
    helped = subprocess.check_output(
        [sys.executable, "-m", "entrypoints.cli.main", "migrate", "--help"], text=True, cwd=ROOT
    )
    assert "--sample" in helped


def test_changed_files_reach_the_running_service(minikube: Ran) -> None:
    (build,) = minikube["calls"]["docker_build"]
    stages = read(ROOT / build["dockerfile"])
    assert build["target"] in stages
    copied = {
        copy.words[0]
        for stage in ("web", "packages", "service", "development-packages", "development")
        for copy in stages[stage].all("COPY")
        if not copy.flag("from")
    }
    for source in copied:
        assert any(source == each or source.startswith(f"{each}/") for each in build["only"]), (
            source
        )
    synced = dict(step["sync"]["arguments"] for step in build["live_update"] if "sync" in step)
    python = {copy.words[0]: f"/app/{copy.words[1]}" for copy in stages["service"].all("COPY")
              if (ROOT / copy.words[0]).is_dir()}  # fmt: skip
    assert synced == python
    api = next(e for e in objects(minikube) if e["metadata"]["name"] == "nodrake-api"
               and e["kind"] == "Deployment")  # fmt: skip
    (container,) = api["spec"]["template"]["spec"]["containers"]
    assert container["image"].partition(":")[0] == build["arguments"][0]
    assert container["securityContext"]["readOnlyRootFilesystem"] is False


@pytest.mark.parametrize(
    ("old", "new", "test"),
    [
        ('resource_deps = ["nodrake-migrate"], port', 'resource_deps = [], port', "order"),
        ("auto_init = False, ", "", "button"),
        ('        each["metadata"]["namespace"] = namespace\n', "        pass\n", "namespace"),
        ('    if "prod" in context.lower():', "    if False:", "production"),
    ],
)  # fmt: skip
def test_a_broken_tiltfile_is_seen(tmp_path: Path, old: str, new: str, test: str) -> None:
    text = (ROOT / "Tiltfile").read_text()
    assert old in text
    broken = tmp_path / "Tiltfile"
    broken.write_text(text.replace(old, new, 1))
    context = "kind-production" if test == "production" else "minikube"
    ran = tilt(context, str(broken))
    seen = {
        "order": lambda: test_everything_starts_in_order(ran),
        "button": lambda: test_there_is_a_button_for_everything(ran),
        "namespace": lambda: only_namespace(ran),
        "production": lambda: refused(ran),
    }
    with pytest.raises((AssertionError, KeyError)):
        seen[test]()


def only_namespace(ran: Ran) -> None:
    """Everything is in one namespace."""
    assert len({each["metadata"].get("namespace", "") for each in objects(ran)} - {""}) == 1
    assert all("namespace" in e["metadata"] for e in objects(ran) if e["kind"] != "Namespace")


def refused(ran: Ran) -> None:
    """Nothing was deployed."""
    assert ran["calls"]["k8s_yaml"] == []
