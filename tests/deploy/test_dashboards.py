"""Dashboards: as the code says, every query valid, nothing asked that the service does not tell."""

import json
import re
import subprocess
from itertools import chain
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import yaml

from deploy.dashboards.inside import INSIDE
from deploy.dashboards.panels import FOLDER, as_json
from deploy.dashboards.service import SERVICE
from deploy.tools.places import BIN, ROOT
from tests.e2e.process import free_port, running_worker, serving
from tests.entrypoints.person import Person

DASHBOARDS = [SERVICE, INSIDE]
RULES = ROOT / "deploy/prometheus/rules"
_SERIES = re.compile(r"\b(?:nodrake|http_server)_[a-z_]+\b")
_RECORDED = re.compile(r"\bnodrake:[a-z0-9_:]+\b")


def expressions() -> dict[str, list[str]]:
    """Every query by where it is."""
    found = {
        str(dashboard["uid"]): [
            target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())
        ]
        for dashboard in DASHBOARDS
    }
    for path in RULES.glob("*.yaml"):
        groups = yaml.safe_load(path.read_text())["groups"]
        found[path.name] = [rule["expr"] for group in groups for rule in group["rules"]]
    return found


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda dashboard: dashboard["uid"])
def test_what_is_committed_is_what_the_code_says(dashboard: dict[str, object]) -> None:
    file = FOLDER / f"{dashboard['uid']}.json"
    assert file.read_text() == as_json(dashboard), "run `python -m deploy.dashboards`"


def test_no_other_dashboard_is_committed_and_no_panel_lies_on_another() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {each["uid"] for each in DASHBOARDS}
    for path in FOLDER.glob("*.json"):
        panels = json.loads(path.read_text())["panels"]
        assert len({panel["id"] for panel in panels}) == len(panels)
        taken = [
            (x, y)
            for panel in panels
            for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
            for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
        ]
        assert len(set(taken)) == len(taken)
        assert max(x for x, _ in taken) < 24


def test_every_query_is_valid(tmp_path: Path) -> None:
    rules = [
        {"record": f"query:{place}", "expr": expression}
        for place, expression in enumerate(chain(*expressions().values()))
    ]
    document = {"groups": [{"name": "queries", "rules": rules}]}
    (tmp_path / "queries.yaml").write_text(yaml.safe_dump(document))
    checked = subprocess.run(
        [BIN / "promtool", "check", "rules", tmp_path / "queries.yaml"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


def test_every_recorded_series_that_is_asked_for_is_recorded() -> None:
    text = (RULES / "recording.yaml").read_text()
    recorded = set(re.findall(r"record: (\S+)", text))
    asked = {name for each in expressions().values() for e in each for name in _RECORDED.findall(e)}
    assert asked <= recorded, asked - recorded


@pytest.fixture(scope="module")
def told(
    migrated_database_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> set[str]:
    """Names of all series that the API and a worker tell once everything has happened once."""
    port = free_port()
    settings = {"DATABASE_URL": migrated_database_url, "REDIS_URL": redis_url}
    worker = {"NODRAKE_WORKER_METRICS_PORT": str(port)}
    log = tmp_path_factory.mktemp("metrics") / "log"
    with (
        serving(log, workers=1, NODRAKE_REQUEST_LIMITS="8/60", **settings) as api,
        running_worker(settings | worker),
        httpx.Client(base_url=api.url, trust_env=False, timeout=30) as client,
    ):
        ada = Person.register(client, f"{uuid4().hex}@example.org")
        statuses = [ada.call("GET", "/api/v1/dnp/list").status_code for _ in range(12)]
        assert 429 in statuses
        wrong = {"email": ada.email, "password": "wrong wrong wrong"}
        client.post("/api/v1/auth/login", json=wrong)
        page = client.get("/metrics").text
        page += _worker_page(port)
    return set(re.findall(r"^([a-z_]+)[{ ]", page, re.MULTILINE))


def _worker_page(port: int) -> str:
    transport = httpx.HTTPTransport(retries=10)  # it may still be starting
    with httpx.Client(transport=transport, trust_env=False, timeout=30) as client:
        while True:
            page = client.get(f"http://127.0.0.1:{port}/metrics").text
            if 'job_name="send_mails",outcome="done"' in page:
                return page


def test_every_series_that_is_asked_for_is_told_by_the_service(told: set[str]) -> None:
    for place, queries in expressions().items():
        asked = {name for expression in queries for name in _SERIES.findall(expression)}
        assert asked <= told, (place, asked - told)


def test_every_series_of_ours_is_asked_for(told: set[str]) -> None:
    asked = {name for each in expressions().values() for e in each for name in _SERIES.findall(e)}
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in asked}
    unused = (
        {name for name in told if name.startswith("nodrake_")}
        - asked
        - {name for name in told if re.sub(r"_(bucket|count|sum)$", "", name) in families}
    )
    assert not unused


def test_runbooks_name_series_that_there_are(told: set[str]) -> None:
    for page in (ROOT / "deploy/runbooks").glob("Nodrake*.md"):
        named = set(_SERIES.findall(page.read_text()))
        histograms = {re.sub(r"_count$", "", name) for name in told}
        assert named <= told | histograms, (page.name, named - told)
