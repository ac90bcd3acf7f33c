"""Every operation with a token of every scope: open exactly where the policy says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.accounts.policy import POLICY
from domain.accounts.principal import Scope
from tests.entrypoints.person import Person

DOCUMENT = json.loads((Path(__file__).parents[3] / "spec" / "openapi.json").read_bytes())
SCOPES = DOCUMENT["components"]["securitySchemes"]["api_token"]["description"]


def guarded() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of each operation that is not for everybody."""
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            if operation["security"]:
                yield method, path, operation


OPERATIONS = list(guarded())


@pytest.fixture(scope="module")
def integrators(base_url: str) -> Iterator[dict[Scope | None, httpx.Client]]:
    """A client with a token for each scope; and one with a token for all, under ``None``."""
    with httpx.Client(base_url=base_url, trust_env=False, timeout=30) as api:
        ada = Person.register(api, "matrix-of-scopes@example.org")
        clients: dict[Scope | None, httpx.Client] = {}
        for scope in (*Scope, None):
            body = {"name": "Matrix", "scopes": [scope] if scope else list(Scope)}
            token = ada.call("POST", "/api/v1/auth/tokens", json=body).json()["token"]
            clients[scope] = httpx.Client(
                base_url=base_url,
                trust_env=False,
                timeout=30,
                headers={"authorization": f"Bearer {token}"},
            )
        yield clients
        for client in clients.values():
            client.close()


def call(client: httpx.Client, method: str, path: str, operation: dict[str, Any]) -> httpx.Response:
    """A request as the document describes it, with its own examples."""
    query = {}
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
        elif parameter["required"]:
            query[parameter["name"]] = parameter["example"]
    options: dict[str, Any] = {}
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        options["json"] = content["application/json"]["example"]
    elif "text/csv" in content:
        options["content"] = content["text/csv"]["example"]
        options["headers"] = {"content-type": "text/csv"}
    return client.request(method, path, params=query, **options)


@pytest.mark.parametrize(
    ("method", "path", "operation"), OPERATIONS, ids=[o["operationId"] for _, _, o in OPERATIONS]
)
def test_a_token_opens_what_its_scopes_name(
    integrators: dict[Scope | None, httpx.Client], method: str, path: str, operation: dict[str, Any]
) -> None:
    wanted = POLICY[operation["operationId"]].scope
    for scope, client in integrators.items():
        answer = call(client, method, path, operation)
        if wanted is not None and scope in {wanted, None}:
            assert answer.status_code not in {401, 403}, answer.text
        else:
            assert answer.status_code == 403, f"{scope}: {answer.text}"
            assert answer.json()["code"] in {
                "accounts.insufficient_scope",
                "accounts.not_permitted",
            }


@pytest.mark.parametrize(
    "operation", [o for _, _, o in OPERATIONS], ids=[o["operationId"] for _, _, o in OPERATIONS]
)
def test_the_document_says_which_scope_an_operation_wants(operation: dict[str, Any]) -> None:
    scope = POLICY[operation["operationId"]].scope
    wanted = [{"bearer": []}, *([{"api_token": [scope]}] if scope else [])]
    assert operation["security"] == wanted


def test_the_document_lists_every_scope_with_what_it_opens() -> None:
    for scope in Scope:
        (line,) = re.findall(rf"^- `{scope}`: (.+)$", SCOPES, re.MULTILINE)
        named = set(re.findall(r"`(\w+)`", line))
        opened = {o["operationId"] for _, _, o in OPERATIONS}
        assert named == {name for name in opened if POLICY[name].scope is scope}
        assert named


def test_nothing_under_auth_is_open_to_tokens() -> None:
    under_auth = [o["operationId"] for _, path, o in OPERATIONS if path.startswith("/api/v1/auth/")]
    assert {"createApiToken", "rotateApiToken", "revokeApiToken", "logOut"} <= set(under_auth)
    assert {POLICY[name].scope for name in under_auth} == {None}
