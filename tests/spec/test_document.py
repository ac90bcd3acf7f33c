"""The document is one that people and generators can work with."""

import json
import os
import subprocess
from typing import Any

import pytest

from spec.contract.client import CLIENT
from spec.contract.drift import DOCUMENT

METHODS = {"get", "put", "post", "patch", "delete"}


def operations() -> list[tuple[str, dict[str, Any]]]:
    """Every operation with its method and path."""
    document = json.loads(DOCUMENT.read_bytes())
    return [
        (f"{method} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


@pytest.mark.parametrize(("name", "operation"), operations(), ids=[n for n, _ in operations()])
def test_every_operation_is_described_in_full(name: str, operation: dict[str, Any]) -> None:
    for member in ("operationId", "summary", "description", "tags", "security"):
        assert member in operation, f"{name}: {member}"
    for status, response in operation["responses"].items():
        for media_type, content in response.get("content", {}).items():
            assert "example" in content, f"{name}: {status} {media_type}"
    if operation["security"]:
        assert "401" in operation["responses"]
    for body in operation.get("requestBody", {}).get("content", {}).items():
        assert "example" in body[1] or body[0] == "multipart/form-data"


def test_inputs_refuse_unknown_fields_and_outputs_require_all_of_theirs() -> None:
    schemas = json.loads(DOCUMENT.read_bytes())["components"]["schemas"]
    inputs = {"Credentials", "RefreshRequest", "ProfileChange", "Settings"}
    inputs |= {"ArtistToBlock", "EntryChange"}
    inputs |= {"LinkToken", "ForgottenPassword", "PasswordReset", "PasswordChange", "EmailChange"}
    for name, schema in schemas.items():
        if name in inputs:
            assert schema["additionalProperties"] is False, name
        elif name != "Problem" and "properties" in schema:
            assert set(schema["required"]) == set(schema["properties"]), name


@pytest.mark.slow
def test_the_document_is_clean_under_the_recommended_rules() -> None:
    linted = subprocess.run(
        ["npm", "run", "--silent", "lint:spec"],
        cwd=CLIENT,
        env={**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert "warning" not in linted.stderr.lower()


@pytest.mark.slow
def test_the_client_passes_its_own_tests() -> None:
    tested = subprocess.run(
        ["npm", "run", "--silent", "test"], cwd=CLIENT, capture_output=True, text=True, check=False
    )
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "# fail 0" in tested.stdout
