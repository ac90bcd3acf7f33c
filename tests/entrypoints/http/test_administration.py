"""Administration over HTTP."""

import argparse
from collections.abc import Callable

import httpx
import pytest

from entrypoints.cli import admin
from tests.entrypoints.person import PASSWORD, Person


@pytest.fixture
def admin_code(
    migrated_database_url: str, redis_url: str, capsys: pytest.CaptureFixture[str]
) -> Callable[[], str]:
    """What the operator's command prints."""

    def make() -> str:
        environ = {"DATABASE_URL": migrated_database_url, "REDIS_URL": redis_url}
        assert admin.run(argparse.Namespace(), environ) == 0
        return capsys.readouterr().out.strip()

    return make


@pytest.fixture
def root(register: Callable[[], Person], admin_code: Callable[[], str]) -> Person:
    """An administrator."""
    person = register()
    answer = person.call("POST", "/api/v1/admin/claim", json={"code": admin_code()})
    assert answer.status_code == 200, answer.text
    assert answer.json()["role"] == "admin"
    return person


def test_a_code_works_once(register: Callable[[], Person], admin_code: Callable[[], str]) -> None:
    ada, eve, code = register(), register(), admin_code()
    assert ada.call("POST", "/api/v1/admin/claim", json={"code": code}).status_code == 200
    answer = eve.call("POST", "/api/v1/admin/claim", json={"code": code})
    assert (answer.status_code, answer.json()["code"]) == (403, "accounts.invalid_admin_code")


def test_an_administrator_sees_accounts_and_gives_roles(
    api: httpx.Client, root: Person, ada: Person
) -> None:
    found = root.call("GET", "/api/v1/admin/users", params={"email": ada.email}).json()["items"]
    assert [(user["id"], user["role"]) for user in found] == [(ada.id, "member")]
    path = f"/api/v1/admin/users/{ada.id}/role"
    assert root.call("PUT", path, json={"role": "curator"}).status_code == 204
    assert ada.call("GET", "/api/v1/users/profile").status_code == 401
    body = {"email": ada.email, "password": PASSWORD}
    answer = api.post("/api/v1/auth/login", json=body)
    assert answer.json()["user"]["role"] == "curator"


def test_an_administrator_signs_somebody_out(root: Person, ada: Person) -> None:
    answer = root.call("POST", f"/api/v1/admin/users/{ada.id}/sessions/revocation")
    assert answer.json() == {"revoked": 1}
    assert ada.call("GET", "/api/v1/users/profile").status_code == 401


def test_nobody_else_reaches_any_of_it(ada: Person) -> None:
    for method, path, body in [
        ("GET", "/api/v1/admin/users", None),
        ("PUT", f"/api/v1/admin/users/{ada.id}/role", {"role": "admin"}),
        ("POST", f"/api/v1/admin/users/{ada.id}/sessions/revocation", None),
        ("POST", "/api/v1/admin/sessions/revocation", None),
    ]:
        answer = ada.call(method, path, json=body) if body else ada.call(method, path)
        assert (answer.status_code, answer.json()["code"]) == (403, "accounts.not_permitted")
