"""The image: what its Dockerfile says, and its steps played as far as they go without Docker."""

import json
import re
import stat
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.deploy.dockerfile import Stage, context_of
from tests.deploy.image import FOLDER, SOMEBODY_ELSE, of_image, run, running
from tests.deploy.places import PYTHON_TOOLS
from tests.e2e.process import free_port
from tests.services import Services

WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def left_behind() -> list[str]:
    """Files of the image's user where everybody may write."""
    places = [place for place in ("/tmp", "/var/tmp", "/dev/shm") if Path(place).is_dir()]  # noqa: S108
    found = subprocess.run(
        ["find", *places, "-xdev", "-uid", str(SOMEBODY_ELSE)], capture_output=True, text=True
    )
    return found.stdout.splitlines()


def lint(text: str) -> "subprocess.CompletedProcess[str]":
    """What hadolint says of a Dockerfile."""
    return subprocess.run(
        [PYTHON_TOOLS / "hadolint", "-"], input=text, capture_output=True, text=True
    )


def test_hadolint_finds_nothing() -> None:
    done = lint((FOLDER / "Dockerfile").read_text())
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("python:3.11.14-slim-bookworm", "python", "DL3006"),
        ("    pip --python /opt/venv/bin/python install", "    pip install litestar #", "DL3013"),
        ("WORKDIR /app\nCOPY py", "RUN cd /app\nCOPY py", "DL3003"),
    ],
)
def test_hadolint_finds_what_is_wrong(old: str, new: str, rule: str) -> None:
    text = (FOLDER / "Dockerfile").read_text()
    assert old in text
    done = lint(text.replace(f"ARG PYTHON_IMAGE={old}", "").replace("${PYTHON_IMAGE}", new)
                if rule == "DL3006" else text.replace(old, new, 1))  # fmt: skip
    assert done.returncode == 1
    assert rule in done.stdout


def test_it_runs_as_a_user_who_owns_nothing(stages: dict[str, Stage]) -> None:
    assert of_image(stages, "USER").value == f"{SOMEBODY_ELSE}:{SOMEBODY_ELSE}"
    assert not any(copy.flag("chown") for copy in stages["runtime"].all("COPY"))
    assert stages["runtime"].parent == "base"
    assert next(reversed(stages)) == "runtime", "the last stage is built when none is named"


def test_commands_are_arguments_of_nodrake(stages: dict[str, Stage]) -> None:
    assert json.loads(of_image(stages, "ENTRYPOINT").value) == ["nodrake"]
    assert json.loads(of_image(stages, "CMD").value) == ["serve"]


def test_labels_come_from_arguments(stages: dict[str, Stage]) -> None:
    (labels,) = stages["runtime"].all("LABEL")
    arguments = {argument.value.partition("=")[0] for argument in stages["runtime"].all("ARG")}
    assert set(re.findall(r"\$\{(\w+)\}", labels.value)) == arguments
    for name in ("title", "description", "licenses", "version", "revision", "created", "source"):
        assert f"org.opencontainers.image.{name}=" in labels.value


def test_packages_are_layers_before_the_service_and_are_kept_between_builds(
    stages: dict[str, Stage],
) -> None:
    copied = [word for copy in stages["packages"].all("COPY") for word in copy.words[:-1]]
    assert copied == ["deploy/docker/build.lock", "deploy/docker/requirements.lock"]
    for stage, cache in (("packages", "/root/.cache/pip"), ("web", "/root/.npm")):
        installing = [
            each for each in stages[stage].all("RUN") if re.search(r"install|ci ", each.value)
        ]
        assert installing
        assert all(each.flag("mount") == f"type=cache,target={cache}" for each in installing)
    for each in stages["packages"].all("RUN"):
        assert "--require-hashes" in each.value


def test_secrets_history_and_tests_are_not_sent_to_the_builder(tmp_path: Path) -> None:
    house = tmp_path / "house"
    for name in (".git/config", "deploy/.env", "deploy/docker/.env", "entrypoints/.env", ".env",
                 "tests/a.py", "clients/web/node_modules/a.js", "clients/web/dist/index.html",
                 "entrypoints/__pycache__/a.pyc", "entrypoints/a.py"):  # fmt: skip
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text("")
    context = context_of(house, FOLDER / "Dockerfile.dockerignore", tmp_path / "context")
    sent = [p.relative_to(context).as_posix() for p in context.rglob("*") if p.is_file()]
    assert sent == ["entrypoints/a.py"]


def test_it_serves_as_another_user_from_a_tree_that_nobody_may_write_to(
    image: Path, stages: dict[str, Stage], database_url: str, services: Services, tmp_path: Path
) -> None:
    (program,) = json.loads(of_image(stages, "ENTRYPOINT").value)
    settings = {"DATABASE_URL": database_url, "REDIS_URL": services.redis_url}
    if urlsplit(services.redis_url).scheme == "unix":  # a socket of our own user
        Path(urlsplit(services.redis_url).path).chmod(0o777)
    port = str(free_port())
    settings |= environment_of(stages) | {"NODRAKE_PORT": port, "NODRAKE_HOST": "127.0.0.1"}
    before = left_behind()

    migrated = run(image, program, "migrate", **settings)
    assert migrated.returncode == 0, migrated.stderr

    serve = json.loads(of_image(stages, "CMD").value)
    with (
        running(image, tmp_path / "serve.log", program, *serve, **settings),
        running(image, tmp_path / "worker.log", program, "worker", **settings),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as person,
    ):
        wait_until_ready(person, tmp_path / "serve.log")
        page = person.get("/").text
        assert 'type="module"' in page, page
        for path in [*re.findall(r'src="(/[^"]+)"', page), "/docs", "/icon.svg"]:
            assert person.get(path).status_code == 200, path
        assert person.get("/api-docs/openapi.json").json()["info"]["version"]
        probe = json.loads(of_image(stages, "HEALTHCHECK").value.partition("CMD ")[2])
        assert run(image, *probe, NODRAKE_PORT=port).returncode == 0
        nobody = run(image, *probe, NODRAKE_PORT=str(free_port()))
        assert nobody.returncode != 0, "the health check is green where nobody listens"
    assert left_behind() == before
    writable = [p for p in image.rglob("*") if not p.is_symlink() and p.stat().st_mode & WRITE]
    assert writable == []


def environment_of(stages: dict[str, Stage]) -> dict[str, str]:
    """What ENV sets in the image, but for the search path."""
    pairs = [pair.split("=", 1) for each in stages["base"].all("ENV") for pair in each.words]
    return {name: value for name, value in pairs if name != "PATH"}


def wait_until_ready(person: httpx.Client, log: Path) -> None:
    """Wait until the service says that it is ready."""
    deadline = time.monotonic() + 60
    while True:
        assert time.monotonic() < deadline, log.read_text()
        with suppress(httpx.TransportError):
            if person.get("/health/ready").status_code == 200:
                return
        time.sleep(0.05)


def test_the_list_of_parts_names_what_is_installed_and_nothing_else(image: Path) -> None:
    parts = json.loads((image / "app" / "sbom.cdx.json").read_text())
    named = {(part["name"].lower(), part.get("version")) for part in parts["components"]}
    listed = {
        (found["name"].lower().replace("_", "-"), found["version"]) for found in installed(image)
    }
    assert {(name.replace("_", "-"), version) for name, version in named} == listed
    assert not {"pip", "setuptools", "cyclonedx-bom", "pytest", "watchfiles"} & {
        n for n, _ in named
    }


def installed(image: Path) -> list[dict[str, str]]:
    """What pip finds in the image, the service itself left out."""
    done = subprocess.run(
        ["pip", "--python", str(image / "opt/venv/bin/python"), "list", "--format=json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def test_nothing_of_node_or_the_build_is_in_the_image(image: Path) -> None:
    assert {path.name for path in (image / "app").iterdir()} == {
        "LICENSE", "adapters", "application", "clients", "domain", "entrypoints", "migrations",
        "sbom.cdx.json",
    }  # fmt: skip
    assert [path.name for path in (image / "app/clients/web").iterdir()] == ["dist"]
    assert [path.name for path in (image / "opt").iterdir()] == ["venv"]


def test_the_development_image_has_nothing_that_hides_a_change(stages: dict[str, Stage]) -> None:
    copies = stages["development"].all("COPY")
    assert json.loads(stages["development"].all("ENTRYPOINT")[0].value) == ["nodrake-reload"]
    assert {copy.flag("from") for copy in copies} == {"development-packages", "service", None}, (
        "modules of the stage `compiled` are not compared with their source"
    )
    (code,) = (copy for copy in copies if copy.words[-1] == "/app")
    assert code.flag("chown") == stages["development"].all("USER")[0].value
