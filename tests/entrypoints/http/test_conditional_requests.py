"""Entity tags and conditions (RFC 9110 section 13) over HTTP."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest

from tests.entrypoints.http.test_blocklists import a_list
from tests.entrypoints.person import Person
from tests.entrypoints.serving import serving

PROFILE, SETTINGS = "/api/v1/users/profile", "/api/v1/users/settings"
RACERS = 20


def an_entry(person: Person) -> str:
    """Where an entry of theirs is."""
    assert person.import_csv(a_list("Someone")).json()["added"] == 1
    return f"/api/v1/dnp/entries/{person.entries()[0]['artist_id']}"


def tag_of(person: Person, path: str) -> str:
    """The entity tag of what is there."""
    answer = person.call("GET", path)
    assert answer.status_code == 200, answer.text
    return answer.headers["etag"]


def change(person: Person, what: str, path: str, tag: str, number: int = 0) -> httpx.Response:
    """A change on the condition that nobody else was faster."""
    headers = {"if-match": tag}
    match what:
        case "profile":
            body: dict[str, Any] = {"display_name": f"Ada {number}"}
            return person.call("PATCH", PROFILE, json=body, headers=headers)
        case "settings":
            body = {"theme": "dark", "language": "de", "email_notifications": False}
            return person.call("PUT", SETTINGS, json=body, headers=headers)
        case "entry":
            return person.call("PATCH", path, json={"note": f"note {number}"}, headers=headers)
    return person.call("DELETE", path, headers=headers)


WHAT = ["profile", "settings", "entry", "removal"]


@pytest.mark.parametrize("what", WHAT)
def test_of_twenty_changes_with_one_tag_one_happens(ada: Person, what: str) -> None:
    path = PROFILE if what in {"profile", "settings"} else an_entry(ada)
    tag = tag_of(ada, path)
    with ThreadPoolExecutor(RACERS) as racers:
        answers = list(racers.map(lambda n: change(ada, what, path, tag, n), range(RACERS)))
    statuses = Counter(answer.status_code for answer in answers)
    late = 404 if what == "removal" else 412  # what is gone has no tag to compare with
    assert statuses == {204 if what == "removal" else 200: 1, late: RACERS - 1}
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 412}
    assert codes <= {"shared.precondition_failed"}


@pytest.mark.parametrize("what", WHAT)
@pytest.mark.parametrize(
    "tag", ['"other"', "W/{tag}", "{bare}", '"a", W/"b"', "", ",", '"', '"a" "b"', '"a";{tag}']
)
def test_a_tag_that_does_not_match_changes_nothing(ada: Person, what: str, tag: str) -> None:
    path = PROFILE if what in {"profile", "settings"} else an_entry(ada)
    now = tag_of(ada, path)
    sent = tag.replace("{tag}", now).replace("{bare}", now.strip('"'))
    answer = change(ada, what, path, sent)
    assert answer.status_code == 412, answer.text
    assert tag_of(ada, path) == now


@pytest.mark.parametrize("what", WHAT)
@pytest.mark.parametrize("tag", ["{tag}", '"a", {tag}', '{tag} ,W/"b",', "*"])
def test_a_tag_that_matches_lets_the_change_happen(ada: Person, what: str, tag: str) -> None:
    path = PROFILE if what in {"profile", "settings"} else an_entry(ada)
    answer = change(ada, what, path, tag.replace("{tag}", tag_of(ada, path)))
    assert answer.is_success, answer.text
    if what != "removal":
        assert answer.headers["etag"] == tag_of(ada, path)


def test_a_change_of_nothing_keeps_to_the_condition_too(ada: Person) -> None:
    before = tag_of(ada, PROFILE)
    same = ada.call("PATCH", PROFILE, json={}, headers={"if-match": before})
    assert (same.status_code, same.headers["etag"]) == (200, before)
    other = ada.call("PATCH", PROFILE, json={}, headers={"if-match": '"other"'})
    assert other.status_code == 412


def test_without_a_condition_everything_works_as_before(ada: Person) -> None:
    path = an_entry(ada)
    assert ada.call("PATCH", path, json={"note": "x"}).status_code == 200
    assert ada.call("PATCH", PROFILE, json={"display_name": "Ada"}).status_code == 200
    assert ada.call("DELETE", path).status_code == 204


def test_a_refusal_comes_before_the_condition(ada: Person) -> None:
    path = an_entry(ada)
    headers = {"if-match": '"other"'}
    assert ada.call("PATCH", path, json={"tags": [";"]}, headers=headers).status_code == 422
    ada.call("DELETE", path)
    assert ada.call("PATCH", path, json={"note": "x"}, headers=headers).status_code == 404
    assert ada.call("DELETE", path, headers=headers).status_code == 404


@pytest.mark.parametrize("condition", ["{tag}", "W/{tag}", '"a", {tag}', "*"])
def test_what_somebody_has_is_not_sent_again(ada: Person, condition: str) -> None:
    for path in (PROFILE, an_entry(ada)):
        tag = tag_of(ada, path)
        headers = {"if-none-match": condition.replace("{tag}", tag)}
        answer = ada.call("GET", path, headers=headers)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
    other = ada.call("GET", path, headers={"if-none-match": '"other"'})
    assert other.status_code == 200


def test_an_entry_shows_when_its_artist_has_changed_and_takes_changes_all_the_same(
    ada: Person, migrated_database_url: str
) -> None:
    path = an_entry(ada)
    before = tag_of(ada, path)
    with psycopg.connect(migrated_database_url) as connection:
        connection.execute(
            'update artists set metadata = \'{"image": "x"}\' where id = %s',
            [path.rpartition("/")[2]],
        )
    assert ada.call("GET", path, headers={"if-none-match": before}).status_code == 200
    assert tag_of(ada, path) != before
    assert change(ada, "entry", path, before).status_code == 200
    assert change(ada, "entry", path, before).status_code == 412


def test_an_entry_that_was_removed_and_added_again_is_another(ada: Person) -> None:
    path = an_entry(ada)
    before, artist_id = tag_of(ada, path), path.rpartition("/")[2]
    ada.call("DELETE", path)
    added = ada.call("POST", "/api/v1/dnp/add", json={"artist_id": artist_id})
    assert added.status_code == 201
    assert added.headers["etag"] == tag_of(ada, path) != before
    assert change(ada, "removal", path, before).status_code == 412


def test_one_entry_is_read_by_its_owner_alone(ada: Person, register: Callable[[], Person]) -> None:
    path, eve = an_entry(ada), register()
    assert ada.call("GET", path).json() == ada.entries()[0]
    answer = eve.call("GET", path)
    assert (answer.status_code, answer.json()["code"]) == (404, "blocklists.artist_not_blocked")


def test_browsers_of_named_origins_may_use_the_fields(
    migrated_database_url: str, redis_url: str
) -> None:
    environ = {
        "DATABASE_URL": migrated_database_url,
        "REDIS_URL": redis_url,
        "NODRAKE_CORS_ORIGINS": "https://music.example.org",
    }
    with serving(environ) as url, httpx.Client(base_url=url, trust_env=False) as api:
        origin = {"origin": "https://music.example.org"}
        asked = api.options(
            PROFILE, headers={**origin, "access-control-request-method": "PATCH"}
        ).headers["access-control-allow-headers"]
        for field in ("if-match", "if-none-match", "idempotency-key"):
            assert field in asked.lower()
        exposed = api.get("/health/live", headers=origin).headers["access-control-expose-headers"]
        for field in ("etag", "idempotent-replayed", "retry-after"):
            assert field in exposed.lower()
