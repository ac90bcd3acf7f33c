"""Schemathesis over every operation of the document, signed in, against the real servers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import (
    CheckFunction,
    not_a_server_error,
)
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.entrypoints.person import Person

pytestmark = pytest.mark.slow

DOCUMENT = Path(__file__).parents[3] / "spec" / "openapi.json"
SCHEMA = schemathesis.openapi.from_dict(json.loads(DOCUMENT.read_bytes()))
# A body that is too long for the operation is turned away before it is read, and whoever is no
# administrator before anything else is looked at; only administrators' operations document a 403.
SCHEMA.config.checks.negative_data_rejection.expected_statuses = [
    str(status) for status in (400, 401, 403, 404, 409, 413, 415, 422)
]
WANTED: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@SCHEMA.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_document_describes(
    case: "Case[Any]",
    base_url: str,
    ada: Person,
    register: Callable[[], Person],
    migrated_database_url: str,
) -> None:
    person = register() if _ends_sessions(case.operation.label) else ada
    if "/admin/" in case.operation.path:
        with psycopg.connect(migrated_database_url) as connection:
            connection.execute("update users set role = 'admin' where id = %s", [person.id])
    case.call_and_validate(
        base_url=base_url,
        headers={"authorization": f"Bearer {person.access_token}"},
        checks=WANTED,
    )


def _ends_sessions(operation: str) -> bool:
    return operation.endswith(("/logout", "/revocation"))
