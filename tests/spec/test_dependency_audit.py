"""The dependency audit: nothing unseen passes, and nothing is tolerated without end.

The answers are those of pip-audit 2.10 and npm 10, shortened.
"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from deploy.security.exceptions import read_exceptions
from deploy.security.judgement import complaints
from deploy.security.reports import Report, read_npm_audit, read_pip_audit

FOLDER = Path(__file__).parents[2] / "deploy" / "security"
TODAY = date(2026, 11, 21)
FOUND_BY_PIP = {
    "dependencies": [
        {"name": "anyio", "version": "4.16.0", "vulns": []},
        {
            "name": "jinja2",
            "version": "3.1.5",
            "vulns": [
                {
                    "id": "PYSEC-2025-9999",
                    "fix_versions": ["3.1.6"],
                    "aliases": ["CVE-2025-27516", "GHSA-cpwx-vrp4-4pq7"],
                    "description": "A way out of the sandbox.",
                }
            ],
        },
    ],
    "fixes": [],
}
SKIPPED_BY_PIP = {
    "dependencies": [
        {
            "name": name,
            "skip_reason": f"Dependency not found on PyPI and could not be audited: {name} (1.0)",
        }
        for name in ("anyio", "jinja2")
    ],
    "fixes": [],
}
FOUND_BY_NPM = {
    "auditReportVersion": 2,
    "vulnerabilities": {
        "fdir": {"name": "fdir", "severity": "high", "via": ["picomatch"], "nodes": []},
        "picomatch": {
            "name": "picomatch",
            "severity": "high",
            "via": [
                {
                    "source": 1115549,
                    "name": "picomatch",
                    "title": "Slow on hostile patterns",
                    "url": "https://github.com/advisories/GHSA-c2c7-rcm5-vvqj",
                    "severity": "high",
                    "range": "<2.3.2",
                }
            ],
        },
    },
    "metadata": {"dependencies": {"prod": 1, "dev": 11, "total": 12}},
}
NO_ANSWER_OF_NPM = {
    "message": "405 Method Not Allowed - POST /-/npm/v1/security/advisories/bulk",
    "method": "POST",
    "statusCode": 405,
    "error": {"summary": "", "detail": ""},
}


def entry(**other: Any) -> dict[str, Any]:
    """An exception that is as it should be, but for ``other``."""
    return {
        "id": "CVE-2025-27516",
        "package": "jinja2",
        "ecosystem": "pypi",
        "reason": "We render no templates of other people.",
        "owner": "ada@example.org",
        "expires": "2026-12-31",
    } | other


def judged(report: Report, *entries: dict[str, Any], today: date = TODAY) -> list[str]:
    """What is said of a report with these exceptions."""
    return complaints([report], read_exceptions(json.dumps({"exceptions": entries})), today)


def of_pip(answer: object) -> Report:
    """What pip-audit found of two packages."""
    return read_pip_audit(json.dumps(answer), {"anyio", "jinja2"})


def of_npm(answer: object, locked: int = 12) -> Report:
    """What npm found of so many packages."""
    return read_npm_audit(json.dumps(answer), locked)


def test_where_nothing_is_known_it_passes() -> None:
    clean: dict[str, Any] = {
        "dependencies": [{"name": n, "version": "1", "vulns": []} for n in ("anyio", "jinja2")]
    }
    assert judged(of_pip(clean)) == []
    assert judged(of_npm(FOUND_BY_NPM | {"vulnerabilities": {}})) == []


def test_a_vulnerability_fails_and_is_named_with_what_to_do() -> None:
    (said,) = judged(of_pip(FOUND_BY_PIP))
    assert "jinja2 (pypi): CVE-2025-27516, GHSA-cpwx-vrp4-4pq7" in said
    assert "fixed in 3.1.6" in said
    (said,) = judged(of_npm(FOUND_BY_NPM))
    assert "picomatch (npm): GHSA-c2c7-rcm5-vvqj, high: Slow on hostile patterns" in said


def test_packages_that_were_skipped_fail() -> None:
    (said,) = judged(of_pip(SKIPPED_BY_PIP))
    assert "pip-audit skipped anyio, jinja2" in said


def test_packages_that_were_not_mentioned_fail() -> None:
    (said,) = judged(of_pip({"dependencies": [FOUND_BY_PIP["dependencies"][0]]}))
    assert "pip-audit did not mention jinja2" in said
    (said,) = judged(of_npm(FOUND_BY_NPM | {"vulnerabilities": {}}, locked=13))
    assert "npm audit looked at 12 of 13 packages" in said


@pytest.mark.parametrize("answer", ["", "no route to host", "[]", "{}", '{"dependencies": null}'])
def test_no_answer_is_no_good_answer(answer: str) -> None:
    assert "gave no answer" in judged(read_pip_audit(answer, {"anyio"}))[0]
    assert "gave no answer" in judged(read_npm_audit(answer, 1))[0]


def test_an_answer_that_is_an_error_fails_and_says_so() -> None:
    assert "405 Method Not Allowed" in judged(of_npm(NO_ANSWER_OF_NPM))[0]


@pytest.mark.parametrize("name", ["CVE-2025-27516", "GHSA-cpwx-vrp4-4pq7", "PYSEC-2025-9999"])
def test_an_exception_tolerates_one_advisory_by_any_of_its_names(name: str) -> None:
    assert judged(of_pip(FOUND_BY_PIP), entry(id=name)) == []


def test_an_exception_is_for_one_package_of_one_ecosystem() -> None:
    for other in ({"package": "anyio"}, {"ecosystem": "npm"}, {"id": "CVE-2025-27517"}):
        said = judged(of_pip(FOUND_BY_PIP), entry(**other))
        assert len(said) == 2, "what was found, and an entry that matches nothing"
        assert "matches nothing that was found" in said[1]


def test_an_exception_ends_after_its_last_day() -> None:
    last = date(2026, 12, 31)
    assert judged(of_pip(FOUND_BY_PIP), entry(), today=last) == []
    (said,) = judged(of_pip(FOUND_BY_PIP), entry(), today=last + timedelta(days=1))
    assert "CVE-2025-27516 for jinja2: expired on 2026-12-31; ada@example.org" in said


def test_an_exception_lasts_ninety_days_at_most() -> None:
    assert judged(of_pip(FOUND_BY_PIP), entry(expires="2027-02-19")) == []
    (said,) = judged(of_pip(FOUND_BY_PIP), entry(expires="2027-02-20"))
    assert "more than 90 days" in said


@pytest.mark.parametrize(
    "broken",
    [
        entry(id="CVE-1"),
        entry(id="everything"),
        entry(ecosystem="cargo"),
        entry(reason="later"),
        entry(owner=""),
        entry(package=""),
        entry(expires="never"),
        entry(expires="2026-13-01"),
        entry(severity="low"),
        *({k: v for k, v in entry().items() if k != name} for name in entry()),
    ],
    ids=str,
)
def test_reader_and_schema_refuse_the_same(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\$\.exceptions\[0\]"):
        read_exceptions(json.dumps({"exceptions": [broken]}))
    assert not schema().is_valid({"exceptions": [broken]})


def test_the_file_in_use_keeps_its_schema() -> None:
    text = (FOLDER / "audit-exceptions.json").read_text()
    schema().validate(json.loads(text))
    read_exceptions(text)
    assert schema().is_valid({"exceptions": [entry()]})


def schema() -> jsonschema_rs.Draft202012Validator:
    """The schema, dates included."""
    document = json.loads((FOLDER / "audit-exceptions.schema.json").read_text())
    return jsonschema_rs.Draft202012Validator(document, validate_formats=True)
