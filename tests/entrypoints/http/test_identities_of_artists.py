"""Who is who over HTTP: one artist, rows to resolve, merges and the way back."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.entrypoints.person import PASSWORD, Person


@pytest.fixture
def moderator(register: Callable[[], Person], migrated_database_url: str) -> Person:
    """Somebody who may merge artists."""
    person = register()
    with psycopg.connect(migrated_database_url, autocommit=True) as database:
        database.execute("update users set role = 'moderator' where id = %s", [person.id])
    return person


def signed_in_again(api: httpx.Client, person: Person) -> Person:
    """The same person with a session that knows the role."""
    body = {"email": person.email, "password": PASSWORD}
    answer = api.post("/api/v1/auth/login", json=body)
    return Person(api, answer.json())


class Pair:
    """Two artists in the catalogue, with an id each, and a person who has the first listed."""

    def __init__(self, person: Person) -> None:
        self.names = [f"Pair {uuid4().hex}", f"Pair {uuid4().hex}"]
        self.spotify = [uuid4().hex[:22], uuid4().hex[:22]]
        rows = zip(self.names, self.spotify, strict=True)
        person.import_csv("artist,id\n" + "".join(f"{name},{key}\n" for name, key in rows))
        entries = {e["artist"]["canonical_name"]: e["artist_id"] for e in person.entries()}
        self.ids = [entries[name] for name in self.names]


@pytest.fixture
def pair(ada: Person) -> Pair:
    """Two artists that are on one list."""
    return Pair(ada)


def merge(person: Person, pair: Pair, **headers: str) -> httpx.Response:
    """The first into the second."""
    path = f"/api/v1/artists/{pair.ids[0]}/merge"
    return person.call("POST", path, json={"into": pair.ids[1]}, headers=headers)


def resolve(person: Person, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    """What became of the rows."""
    answer = person.call("POST", "/api/v1/artists/resolve", json={"rows": rows})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def test_an_artist_is_read_with_its_names_and_a_tag(ada: Person, pair: Pair) -> None:
    path = f"/api/v1/artists/{pair.ids[0]}"
    answer = ada.call("GET", path)
    assert answer.status_code == 200
    assert answer.json()["names"] == [pair.names[0]]
    assert answer.json()["external_ids"] == {"spotify": pair.spotify[0]}
    assert answer.json()["merged_from"] == []
    again = ada.call("GET", path, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    answer = ada.call("GET", f"/api/v1/artists/{uuid4()}")
    assert (answer.status_code, answer.json()["code"]) == (404, "catalog.artist_not_found")


def test_rows_are_resolved_by_id_and_reviewed_by_name(ada: Person, pair: Pair) -> None:
    link = f"https://open.spotify.com/intl-de/artist/{pair.spotify[0]}?si=1"
    rows = resolve(
        ada,
        {"ids": {"spotify": f"spotify:artist:{pair.spotify[0]}"}},
        {"name": "whatever", "links": [link]},
        {"name": pair.names[0].upper()},
        {"links": [link], "ids": {"spotify": pair.spotify[1]}},
        {"name": "Nobody at all"},
        {"name": "a\x01b", "ids": {"winamp": "x"}, "links": ["https://example.org/1"]},
        {},
    )
    assert [row["outcome"] for row in rows] == [
        "resolved",
        "resolved",
        "review",
        "conflict",
        "unknown",
        "unknown",
        "unknown",
    ]
    assert rows[0]["artist"]["id"] == rows[1]["artist"]["id"] == pair.ids[0]
    assert rows[2]["artist"] is None
    (candidate,) = rows[2]["candidates"]
    assert (candidate["artist"]["id"], candidate["matched_on"]) == (pair.ids[0], "name")
    assert {c["artist"]["id"] for c in rows[3]["candidates"]} == set(pair.ids)
    assert rows[5]["unreadable"] == ["x", "https://example.org/1"]


def test_more_than_a_thousand_rows_and_unknown_fields_are_refused(ada: Person) -> None:
    refused: list[list[dict[str, str]]] = [[{}] * 1001, [], [{"nom": "x"}]]
    for rows in refused:
        answer = ada.call("POST", "/api/v1/artists/resolve", json={"rows": rows})
        assert answer.status_code in {400, 422}


def test_a_merge_redirects_the_old_id_until_it_is_undone(
    api: httpx.Client, moderator: Person, ada: Person, pair: Pair
) -> None:
    moderator = signed_in_again(api, moderator)
    before = ada.entries()
    answer = merge(moderator, pair)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["entries_moved"], answer.json()["entries_combined"]) == (0, 1)
    for artist_id in pair.ids:
        found = ada.call("GET", f"/api/v1/artists/{artist_id}").json()
        assert found["id"] == pair.ids[1]
        assert [merged["id"] for merged in found["merged_from"]] == [pair.ids[0]]
        entry = ada.call("GET", f"/api/v1/dnp/entries/{artist_id}").json()
        assert entry["artist_id"] == pair.ids[1]
    body = {"artist_id": pair.ids[0]}
    added = moderator.call("POST", "/api/v1/dnp/add", json=body)
    assert (added.status_code, added.json()["artist_id"]) == (201, pair.ids[1])
    refused = moderator.call("POST", "/api/v1/dnp/add", json=body)
    assert (refused.status_code, refused.json()["entry"]["artist_id"]) == (409, pair.ids[1])

    undo = f"/api/v1/artists/merges/{answer.json()['id']}/undo"
    undone = moderator.call("POST", undo)
    assert undone.status_code == 200, undone.text
    assert undone.json()["entries_restored"] == 1
    assert ada.entries() == before
    again = moderator.call("POST", undo)
    assert (again.status_code, again.json()["code"]) == (409, "catalog.merge_already_undone")


def test_a_merge_that_is_sent_twice_happens_once(
    api: httpx.Client, moderator: Person, pair: Pair
) -> None:
    moderator = signed_in_again(api, moderator)
    key = {"idempotency-key": uuid4().hex}
    first, second = merge(moderator, pair, **key), merge(moderator, pair, **key)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    answer = merge(moderator, pair)
    assert (answer.status_code, answer.json()["code"]) == (409, "catalog.artist_already_merged")


def test_members_merge_nothing(ada: Person, pair: Pair) -> None:
    answer = merge(ada, pair)
    assert (answer.status_code, answer.json()["code"]) == (403, "accounts.not_permitted")
    undo = f"/api/v1/artists/merges/{uuid4()}/undo"
    assert ada.call("POST", undo).status_code == 403


def test_an_artist_is_not_merged_into_itself(api: httpx.Client, moderator: Person) -> None:
    artist_id = str(uuid4())
    answer = signed_in_again(api, moderator).call(
        "POST", f"/api/v1/artists/{artist_id}/merge", json={"into": artist_id}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "catalog.same_artist")
