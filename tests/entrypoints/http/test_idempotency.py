"""``Idempotency-Key`` over HTTP: one effect, one answer."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.entrypoints.http.test_accounts import credentials
from tests.entrypoints.http.test_blocklists import a_list
from tests.entrypoints.person import Person
from tests.entrypoints.serving import serving

REGISTER, ADD, IMPORT = "/api/v1/auth/register", "/api/v1/dnp/add", "/api/v1/dnp/import"
CSV = {"content-type": "text/csv"}
REPLAYED = "idempotent-replayed"


def keyed(key: str | None = None) -> dict[str, str]:
    """The field with a key, a new one unless it is given."""
    return {"idempotency-key": f'"{key or uuid4().hex}"'}


def an_artist(person: Person) -> str:
    """An artist of the catalogue who is not on the person's list."""
    assert person.import_csv(a_list(uuid4().hex)).json()["added"] == 1
    artist_id = str(person.entries()[0]["artist_id"])
    assert person.call("DELETE", f"/api/v1/dnp/entries/{artist_id}").status_code == 204
    return artist_id


def events(url: str, type_: str, user_id: str) -> int:
    """How many events of a type there are about somebody."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "select count(*) from outbox where type = %s and user_id = %s", [type_, user_id]
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_fifty_at_once_with_one_key_have_one_effect(
    ada: Person, migrated_database_url: str
) -> None:
    content, headers = a_list(*(uuid4().hex for _ in range(20))), {**CSV, **keyed()}

    def attempt(_: int) -> httpx.Response:
        return ada.call("POST", IMPORT, content=content, headers=headers)

    with ThreadPoolExecutor(50) as racers:
        answers = list(racers.map(attempt, range(50)))
    answers.append(attempt(0))
    assert {answer.status_code for answer in answers} <= {200, 409, 503}
    assert {answer.json()["added"] for answer in answers if answer.status_code == 200} == {20}
    first = [a for a in answers if a.status_code == 200 and REPLAYED not in a.headers]
    assert len(first) <= 1  # none where it came too late, and was told to ask again
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "shared.request_in_progress"
            assert answer.json()["retryable"] is True
            assert answer.headers["retry-after"] == "1"
    assert events(migrated_database_url, "blocklists.blocked_artists_imported.v1", ada.id) == 1


def test_fifty_at_once_with_fifty_keys_are_all_answered(
    ada: Person, migrated_database_url: str
) -> None:
    artists = [an_artist(ada) for _ in range(50)]

    def attempt(artist_id: str) -> int:
        body = {"artist_id": artist_id}
        headers = keyed()
        answer = ada.call("POST", ADD, json=body, headers=headers)
        while answer.status_code in {409, 503}:  # a busy machine: once more, with the same key
            answer = ada.call("POST", ADD, json=body, headers=headers)
        return answer.status_code

    with ThreadPoolExecutor(50) as racers:
        assert Counter(racers.map(attempt, artists)) == {201: 50}
    assert events(migrated_database_url, "blocklists.artist_blocked.v1", ada.id) == 50


def test_a_repetition_is_given_the_same_answer(ada: Person) -> None:
    body, headers = {"artist_id": an_artist(ada), "note": "x"}, keyed("the-same")
    first = ada.call("POST", ADD, json=body, headers=headers)
    assert first.status_code == 201
    assert REPLAYED not in first.headers
    again = ada.call("POST", ADD, json=body, headers={"idempotency-key": "the-same"})
    assert again.status_code == 201
    assert again.headers[REPLAYED] == "true"
    assert again.content == first.content
    for field in ("content-type", "etag", "content-length", "cache-control", "nosniff"):
        assert again.headers.get(field) == first.headers.get(field)
    assert again.headers["x-request-id"] != first.headers["x-request-id"]


def test_a_refusal_is_repeated_even_where_it_would_no_longer_be_one(ada: Person) -> None:
    artist_id = an_artist(ada)
    body, headers = {"artist_id": artist_id}, keyed()
    ada.call("POST", ADD, json=body)
    first = ada.call("POST", ADD, json=body, headers=headers)
    assert first.json()["code"] == "blocklists.artist_already_blocked"
    ada.call("DELETE", f"/api/v1/dnp/entries/{artist_id}")
    again = ada.call("POST", ADD, json=body, headers=headers)
    assert (again.status_code, again.content) == (409, first.content)
    assert again.headers["content-type"] == "application/problem+json"
    assert ada.entries() == []


@pytest.mark.parametrize("other", ["body", "query", "type"])
def test_a_key_of_another_request_is_refused(ada: Person, other: str) -> None:
    headers = {**CSV, **keyed()}
    content = a_list("a")
    assert ada.call("POST", IMPORT, content=content, headers=headers).status_code == 200
    if other == "body":
        content = content.replace("a", "b")
    if other == "type":
        headers["content-type"] = "text/csv; charset=utf-8"
    path = IMPORT + ("?a=1" if other == "query" else "")
    answer = ada.call("POST", path, content=content, headers=headers)
    assert answer.status_code == 422
    codes = {"query": "shared.invalid_input"}  # no such parameter: refused before it is looked up
    assert answer.json()["code"] == codes.get(other, "shared.idempotency_key_reused")
    assert len(ada.entries()) == 1


def test_a_key_of_somebody_else_is_another_key(ada: Person, register: Callable[[], Person]) -> None:
    eve, headers = register(), keyed("1")
    body = {"artist_id": an_artist(ada)}
    for person in (ada, eve):
        answer = person.call("POST", ADD, json=body, headers=headers)
        assert (answer.status_code, answer.json()["user_id"]) == (201, person.id)
        assert REPLAYED not in answer.headers


def test_a_registration_whose_answer_was_lost_is_answered_again(
    api: httpx.Client, migrated_database_url: str
) -> None:
    body, headers = credentials(f"{uuid4().hex}@example.org"), keyed("1")
    first = api.post(REGISTER, json=body, headers=headers)
    again = api.post(REGISTER, json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    stranger = credentials(f"{uuid4().hex}@example.org")
    other = api.post(REGISTER, json=stranger, headers=headers)
    assert (other.status_code, REPLAYED in other.headers) == (201, False)
    wrong = body | {"password": "another password entirely"}
    guess = api.post(REGISTER, json=wrong, headers=headers)
    assert guess.json()["code"] == "accounts.email_already_registered"
    with psycopg.connect(migrated_database_url) as connection:
        rows = connection.execute("select sealed, fingerprint from kept_answers").fetchall()
    for secret in (first.json()["access_token"], first.json()["refresh_token"], body["email"]):
        assert not any(secret.encode() in bytes(row[0]) for row in rows)


def test_the_fingerprint_of_a_password_cannot_be_guessed_from_the_database(
    api: httpx.Client, migrated_database_url: str
) -> None:
    """It is keyed: another deployment makes another one of the same request."""
    body, headers = credentials(f"{uuid4().hex}@example.org"), keyed()
    api.post(REGISTER, json=body, headers=headers)

    def newest() -> tuple[bytes, ...]:
        with psycopg.connect(migrated_database_url) as connection:
            row = connection.execute(
                "select fingerprint, scope from kept_answers order by kept_at desc limit 1"
            ).fetchone()
        assert row is not None
        return tuple(bytes(value) for value in row)

    before = newest()
    environ = {"DATABASE_URL": migrated_database_url, "NODRAKE_SECRET": "another secret " * 4}
    with serving(environ | {"REDIS_URL": "redis://127.0.0.1:1"}) as url:
        answer = httpx.post(url + REGISTER, json=body, headers=headers, trust_env=False)
    assert answer.status_code == 409
    assert not set(before) & set(newest())


def test_a_form_that_is_sent_again_has_another_boundary(ada: Person) -> None:
    headers, content = keyed(), a_list("a", "b").encode()
    answers = [
        ada.call("POST", IMPORT, files={"file": ("list.csv", content)}, headers=headers)
        for _ in range(2)
    ]
    assert [answer.json().get("added") for answer in answers] == [2, 2]
    assert answers[1].headers[REPLAYED] == "true"
    other = ada.call("POST", IMPORT, files={"file": ("list.csv", b"x")}, headers=headers)
    assert other.json()["code"] == "shared.idempotency_key_reused"


def test_a_whole_file_is_imported_once(ada: Person) -> None:
    content = a_list(*(f"{n} " + "x" * 200 for n in range(5000)))
    headers = {**CSV, **keyed()}
    answers = [ada.call("POST", IMPORT, content=content, headers=headers) for _ in range(2)]
    assert [answer.json()["added"] for answer in answers] == [5000, 5000]
    too_large = ada.call("POST", IMPORT, content=b"x" * 11_000_000, headers={**CSV, **keyed()})
    assert too_large.status_code == 413


@pytest.mark.parametrize(
    "key",
    ["", '""', "x" * 65, f'"{"x" * 65}"', "a b", '"a', 'a"', '"a"b"', "\xe4".encode(), '"a";b=1'],
)
def test_what_is_no_key_is_refused(ada: Person, key: str | bytes) -> None:
    answer = ada.call(
        "POST", ADD, json={"artist_id": str(uuid4())}, headers={"idempotency-key": key}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize("key", ["x", "x" * 64, f'"{"x" * 64}"', "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"])
def test_a_key_is_a_text_with_or_without_quotes(ada: Person, key: str) -> None:
    headers = {"idempotency-key": key}
    answer = ada.call("POST", ADD, json={"artist_id": str(uuid4())}, headers=headers)
    assert answer.json()["code"] == "blocklists.unknown_artist"


def test_two_keys_are_refused(ada: Person, api: httpx.Client) -> None:
    headers = [
        ("authorization", f"Bearer {ada.access_token}"),
        ("idempotency-key", "a"),
        ("idempotency-key", "a"),
    ]
    answer = api.post(ADD, json={"artist_id": str(uuid4())}, headers=headers)
    assert answer.status_code == 422


def test_somebody_who_is_not_signed_in_uses_up_no_key(ada: Person, api: httpx.Client) -> None:
    headers, body = keyed(), {"artist_id": an_artist(ada)}
    assert api.post(ADD, json=body, headers=headers).status_code == 401
    assert ada.call("POST", ADD, json=body, headers=headers).status_code == 201


def test_a_failure_of_the_service_is_not_kept(ada: Person, migrated_database_url: str) -> None:
    headers, body = keyed(), {"artist_id": an_artist(ada)}
    with psycopg.connect(migrated_database_url) as connection:
        connection.execute("select from users where id = %s for update", [ada.id])
        started = time.monotonic()
        failed = ada.call("POST", ADD, json=body, headers=headers)
        assert failed.status_code == 503, time.monotonic() - started
        connection.rollback()
    assert ada.entries() == []
    answer = ada.call("POST", ADD, json=body, headers=headers)
    assert (answer.status_code, REPLAYED in answer.headers) == (201, False)


def test_a_request_that_was_too_late_has_no_effect_and_can_be_sent_again(
    migrated_database_url: str, redis_url: str
) -> None:
    environ = {
        "DATABASE_URL": migrated_database_url,
        "REDIS_URL": redis_url,
        "NODRAKE_DEADLINE_SECONDS": "1",
    }
    with serving(environ) as url, httpx.Client(base_url=url, trust_env=False, timeout=30) as api:
        person = Person.register(api, f"{uuid4().hex}@example.org")
        headers, body = keyed(), {"artist_id": an_artist(person)}
        with psycopg.connect(migrated_database_url) as connection:
            connection.execute("select from users where id = %s for update", [person.id])
            assert person.call("POST", ADD, json=body, headers=headers).status_code == 503
        assert person.entries() == []
        answer = person.call("POST", ADD, json=body, headers=headers)
        while answer.status_code == 409:  # the one that was given up may still be ending
            time.sleep(0.05)
            answer = person.call("POST", ADD, json=body, headers=headers)
        assert (answer.status_code, REPLAYED in answer.headers) == (201, False)


@pytest.mark.slow
def test_without_a_database_the_answer_is_503(redis_url: str) -> None:
    environ = {"DATABASE_URL": "postgresql://x@127.0.0.1:1/x", "REDIS_URL": redis_url}
    with serving(environ) as url, httpx.Client(base_url=url, trust_env=False, timeout=10) as api:
        answer = api.post(REGISTER, json=credentials("a@example.org"), headers=keyed())
        assert (answer.status_code, answer.json()["code"]) == (503, "shared.unavailable")
