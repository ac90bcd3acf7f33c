"""Alerts: valid, tested, seen silent when broken, and each with a page that says what to do."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.tools.places import BIN, ROOT
from entrypoints.http.app import API_ROUTES

PROMETHEUS = ROOT / "deploy/prometheus"
RUNBOOKS = ROOT / "deploy/runbooks"
SECTIONS = ["What it means", "How to see it", "What to do", "How to know that it is over"]
NEVER, ALWAYS = "vector(1) == 0", 'label_replace(vector(1), "slo", "latency", "", "")'


def rules(file: str) -> list[dict[str, str]]:
    """All rules of a file."""
    groups = yaml.safe_load((PROMETHEUS / "rules" / file).read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


ALERTS = [rule["alert"] for rule in rules("alerts.yaml")]


def promtool(*arguments: str, cwd: Path = PROMETHEUS) -> "subprocess.CompletedProcess[str]":
    """Run it to its end."""
    return subprocess.run(
        [BIN / "promtool", *arguments], cwd=cwd, capture_output=True, text=True, timeout=300
    )


def test_rules_and_configuration_are_valid() -> None:
    checked = promtool("check", "config", "prometheus.yaml")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_scenario_fires_what_it_should_and_nothing_else() -> None:
    tested = promtool("test", "rules", "tests/alerts.yaml")
    assert tested.returncode == 0, tested.stdout + tested.stderr


def is_noticed(alert: str, expression: str, tmp_path: Path, *, scenario: str) -> bool:
    """Whether a scenario fails that has the text in it, with this expression for the alert."""
    documents = yaml.safe_load((PROMETHEUS / "rules/alerts.yaml").read_text())
    for group in documents["groups"]:
        for rule in group["rules"]:
            if rule["alert"] == alert:
                rule["expr"] = expression
    (tmp_path / "alerts.yaml").write_text(yaml.safe_dump(documents))
    tests = yaml.safe_load((PROMETHEUS / "tests/alerts.yaml").read_text())
    tests["rule_files"] = [str(PROMETHEUS / "rules/recording.yaml"), "alerts.yaml"]
    tests["tests"] = [each for each in tests["tests"] if scenario in str(each)][:1]
    assert tests["tests"], f"no scenario has {scenario}"
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump(tests))
    return promtool("test", "rules", "tests.yaml", cwd=tmp_path).returncode != 0


@pytest.mark.parametrize("alert", ALERTS)
def test_a_broken_alert_is_noticed(alert: str, tmp_path: Path) -> None:
    expression = next(rule["expr"] for rule in rules("alerts.yaml") if rule["alert"] == alert)
    raised = re.sub(
        r"(> (?:on\(slo\) )?\(?)([\d.]+)",
        lambda found: f"{found[1]}{float(found[2]) * 1000}",
        expression,
    )
    assert is_noticed(alert, NEVER, tmp_path, scenario=alert)
    assert raised == expression or is_noticed(alert, raised, tmp_path, scenario=alert)
    assert is_noticed(alert, ALWAYS, tmp_path, scenario="all is well")


def test_every_alert_has_a_page_and_every_page_an_alert() -> None:
    assert sorted(ALERTS) == sorted(path.stem for path in RUNBOOKS.glob("Nodrake*.md"))
    for rule in yaml.safe_load((PROMETHEUS / "rules/alerts.yaml").read_text())["groups"]:
        for alert in rule["rules"]:
            assert alert["annotations"]["runbook_url"] == f"deploy/runbooks/{alert['alert']}.md"
            assert alert["labels"]["severity"] in {"page", "ticket"}


@pytest.mark.parametrize("page", sorted(RUNBOOKS.glob("Nodrake*.md")), ids=lambda page: page.stem)
def test_every_page_says_what_it_means_and_when_it_is_over(page: Path) -> None:
    text = page.read_text()
    assert text.startswith(f"# {page.stem}: ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    for link in re.findall(r"\]\(([^)]+)\)", text):
        assert (page.parent / link).exists(), link


def test_only_routes_that_take_their_time_are_exempt_from_the_latency_objective() -> None:
    found = set(re.findall(r'http_route!~"([^"]+)"', str(rules("recording.yaml"))))
    assert len(found) == 1
    (exempt,) = found
    patient: dict[str, bool] = {}
    handlers: Any = API_ROUTES
    for handler in handlers:
        for path in handler.paths:
            patient[path] = patient.get(path, False) or bool(handler.opt.get("patient"))
    wrong = [
        path
        for path, is_patient in patient.items()
        if path.startswith("/api/") and bool(re.fullmatch(exempt, path)) is not is_patient
    ]
    assert not wrong
