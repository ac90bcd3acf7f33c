"""A password that has been closed, and sign-ins from somewhere new, over HTTP."""

from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.entrypoints.person import PASSWORD, Person

# What differs between any two answers.
OF_ITS_OWN = {"x-request-id", "date", "ratelimit"}


@pytest.fixture
def rows(migrated_database_url: str) -> Any:
    """Asks the database."""

    def ask(query: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(migrated_database_url, autocommit=True) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    return ask


def log_in(api: httpx.Client, email: str, password: str, **headers: str) -> httpx.Response:
    """An attempt of a stranger."""
    body = {"email": email, "password": password}
    return api.post("/api/v1/auth/login", json=body, headers=headers)


def told(answer: httpx.Response) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Everything in an answer that says something."""
    headers = {name: v for name, v in answer.headers.items() if name not in OF_ITS_OWN}
    document = {k: v for k, v in answer.json().items() if k not in {"request_id", "timestamp"}}
    return answer.status_code, headers, document


def actions(rows: Any, person: Person) -> list[str]:
    """What the audit log says of somebody."""
    found = rows("select action from audit_log where user_id = %s order by id", person.id)
    return [row[0] for row in found]


def test_a_closed_password_answers_as_an_address_that_nobody_has(
    api: httpx.Client, rows: Any
) -> None:
    body = {"email": f"{uuid4().hex}@example.org", "password": PASSWORD}
    answer = api.post("/api/v1/auth/register", json=body)
    device = answer.headers["set-cookie"].partition(";")[0]
    person = Person(api, answer.json())
    rows("insert into password_failures values (%s, false, 79, null)", person.id)
    before = rows("select count(*) from outgoing_mails where user_id = %s", person.id)[0][0]

    last = log_in(api, person.email, "not the one that it is")
    closed = log_in(api, person.email, PASSWORD)
    nobody = log_in(api, f"{uuid4().hex}@example.org", PASSWORD)
    assert told(last) == told(closed) == told(nobody)
    assert closed.status_code == 401
    assert closed.json()["code"] == "accounts.invalid_credentials"

    assert actions(rows, person).count("accounts.password_closed.v1") == 1
    mails = rows("select count(*) from outgoing_mails where user_id = %s", person.id)[0][0]
    assert mails == before + 1

    assert person.call("GET", "/api/v1/users/profile").status_code == 200
    assert log_in(api, person.email, PASSWORD, cookie=device).status_code == 200
    assert rows("select * from password_failures where user_id = %s", person.id) == []
    assert log_in(api, person.email, PASSWORD).status_code == 200


def test_a_change_of_the_password_opens_it(api: httpx.Client, ada: Person, rows: Any) -> None:
    rows("insert into password_failures values (%s, false, 80, now())", ada.id)
    assert log_in(api, ada.email, PASSWORD).status_code == 401
    other = "nine loud herons on a pier"
    changed = ada.call("PUT", "/api/v1/auth/password", json={"password": other})
    assert changed.status_code == 204, changed.text
    assert log_in(api, ada.email, other).status_code == 200


def test_a_new_device_is_told_of_once(api: httpx.Client, ada: Person, rows: Any) -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"
    for version in (140, 141):
        answer = log_in(api, ada.email, PASSWORD, **{"user-agent": firefox.format(version)})
        assert answer.status_code == 200
    notices = rows("select notice from user_sessions where user_id = %s order by id", ada.id)
    assert notices == [(None,), ("sent",), (None,)]
