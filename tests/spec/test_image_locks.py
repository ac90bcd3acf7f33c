"""The locks of the image: what runs there is what is tested here."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "docker"
MADE_BY = (
    "make it again: uv pip compile --universal -p 3.11 --generate-hashes --no-emit-index-url "
    "--no-annotate --no-header -c requirements.lock {source} -o deploy/docker/{lock}"
)
SOURCES = {
    "requirements.lock": "--extra backup pyproject.toml",
    "build.lock": "deploy/docker/build.in",
    "development.lock": "deploy/docker/development.in",
}


def pins(path: Path) -> dict[str, str]:
    """Each package with its version and hashes, as one text; on which machines is left out."""
    joined = re.sub(r"\\\n\s*", "", path.read_text("utf-8"))
    lines = [line for line in joined.splitlines() if not line.startswith("#")]
    lines = [re.sub(r" ;.*?(?= --hash=)", "", line) for line in lines]
    return {line.partition("==")[0]: line.partition("==")[2] for line in lines}


def differing(lock: dict[str, str], tested: dict[str, str]) -> dict[str, str]:
    """Pins that are not the tested ones, where there is one; what their hashes are included."""
    return {name: pin for name, pin in lock.items() if name in tested and tested[name] != pin}


@pytest.mark.parametrize("lock", SOURCES)
def test_each_pin_is_the_one_that_is_tested(lock: str) -> None:
    tested = pins(ROOT / "requirements.lock")
    made_by = MADE_BY.format(source=SOURCES[lock], lock=lock)
    assert differing(pins(FOLDER / lock), tested) == {}, made_by
    if lock == "requirements.lock":
        assert set(pins(FOLDER / lock)) <= set(tested), made_by


def test_a_pin_of_another_version_or_hash_is_seen() -> None:
    tested = {"redis": "8.1.0 --hash=sha256:aa", "rich": "14.0 --hash=sha256:bb"}
    assert differing({"redis": "8.0.0 --hash=sha256:aa"}, tested)
    assert differing({"redis": "8.1.0 --hash=sha256:ab"}, tested)
    assert differing({"redis": "8.1.0 --hash=sha256:aa"}, tested) == {}


def test_every_pin_has_hashes() -> None:
    for lock in SOURCES:
        assert [name for name, pin in pins(FOLDER / lock).items() if "--hash=" not in pin] == []


def test_the_image_has_what_the_service_asks_for_and_nothing_of_its_tests() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = set(pins(FOLDER / "requirements.lock"))
    extras = project["optional-dependencies"]
    assert names(project["dependencies"]) | names(extras["backup"]) <= locked, MADE_BY.format(
        source=SOURCES["requirements.lock"], lock="requirements.lock"
    )
    others = names(extras["dev"]) | names(extras["embedded"])
    # httpx is among both; pyyaml and others are asked for by packages of the service as well.
    assert others & locked <= {"httpx", "pyyaml"}


def names(requirements: list[str]) -> set[str]:
    """Names of packages without versions, extras and conditions."""
    found = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements)
    return {match[0].lower() for match in found if match}
