"""Reading the audit log over HTTP."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.entrypoints.person import PASSWORD, Person

OWN = "/api/v1/audit/events"
ALL = "/api/v1/admin/audit/events"


def events(person: Person, **filters: Any) -> list[dict[str, Any]]:
    """Every record of a person, page by page."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = person.call("GET", OWN, params={**filters, **cursor})
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        if answer.json()["next_cursor"] is None:
            return found
        cursor = {"cursor": answer.json()["next_cursor"]}


def test_a_person_reads_what_was_done_in_their_name(
    api: httpx.Client, ada: Person, register: Callable[[], Person]
) -> None:
    register().call("PATCH", "/api/v1/users/profile", json={"display_name": "Bob"})
    ada.call(
        "PATCH",
        "/api/v1/users/profile",
        json={"display_name": "Ada"},
        headers={"user-agent": b"b\xc2\x85\xe2\x80\xa8d", "x-request-id": "request-of-ada"},
    )
    api.post("/api/v1/auth/login", json={"email": ada.email, "password": "wrong wrong wrong"})
    refused, renamed, *others = events(ada, limit=2)
    assert {event["user_id"] for event in (refused, renamed, *others)} == {ada.id}
    assert (refused["action"], refused["outcome"]) == ("accounts.sign_in_refused.v1", "refused")
    assert renamed | {"id": "", "created_at": ""} == {
        "id": "",
        "user_id": ada.id,
        "action": "accounts.profile_updated.v1",
        "outcome": "success",
        "resource_type": "user",
        "resource_id": ada.id,
        "before": {"display_name": None},
        "after": {"display_name": "3 characters"},
        "address": "127.0.0.1",
        "user_agent": "b\u00c2\u0085\u00e2\u0080\u00a8d",
        "request_id": "request-of-ada",
        "created_at": "",
    }
    assert {event["action"] for event in others} == {
        "accounts.user_registered.v1",
        "accounts.session_opened.v1",
    }


def test_actions_can_be_chosen(ada: Person) -> None:
    assert [e["action"] for e in events(ada, action="accounts.user_")] == [
        "accounts.user_registered.v1"
    ]
    assert events(ada, action="%") == []


def test_no_password_token_or_address_is_in_a_record(ada: Person) -> None:
    text = ada.call("GET", OWN).text
    for secret in (PASSWORD, ada.access_token, ada.refresh_token, ada.email, "argon2"):
        assert secret not in text


def test_a_cursor_is_worth_nothing_elsewhere(ada: Person, register: Callable[[], Person]) -> None:
    cursor = ada.call("GET", OWN, params={"limit": 1}).json()["next_cursor"]
    assert ada.call("GET", OWN, params={"cursor": cursor}).status_code == 200
    for person, filters in (
        (register(), {"cursor": cursor}),
        (ada, {"cursor": cursor, "action": "accounts."}),
        (ada, {"cursor": cursor[:-2] + "xx"}),
        (ada, {"cursor": "x"}),
    ):
        answer = person.call("GET", OWN, params=filters)
        assert answer.status_code == 400
        assert answer.json()["code"] == "shared.bad_cursor"
    listed = ada.call("GET", "/api/v1/dnp/list", params={"cursor": cursor})
    assert listed.status_code == 400


@pytest.mark.parametrize("filters", [{}, {"user_id": "01a1fc92-f28d-7423-8b08-1933147824f5"}])
def test_everybodys_records_are_for_administrators(
    api: httpx.Client, ada: Person, filters: dict[str, str]
) -> None:
    answer = ada.call("GET", ALL, params=filters)
    assert answer.status_code == 403
    assert answer.json()["code"] == "accounts.not_permitted"
    for path in (OWN, ALL):
        assert api.get(path, params=filters).status_code == 401


def test_somebody_elses_records_cannot_be_asked_for(ada: Person) -> None:
    answer = ada.call("GET", OWN, params={"user_id": "01a1fc92-f28d-7423-8b08-1933147824f5"})
    assert answer.status_code == 422
