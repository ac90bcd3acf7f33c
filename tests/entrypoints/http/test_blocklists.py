"""The do-not-play list over HTTP."""

import csv
import io
import json
import secrets
import string
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.entrypoints.person import Person

REAL_LIST = Path(__file__).parents[4] / "shared" / "data" / "spotify_ai_artists.csv"


def spotify_id() -> str:
    """An id that no other test uses."""
    alphabet = string.ascii_letters + string.digits
    return "".join(secrets.choice(alphabet) for _ in range(22))


def a_list(*names: str) -> str:
    """A file with these artists under new ids."""
    return "artist,id\n" + "".join(f'"{name}",{spotify_id()}\n' for name in names)


def test_an_artist_is_found_added_edited_and_removed(ada: Person) -> None:
    name = f"Static {uuid4().hex}"
    ada.import_csv(a_list(name))
    hits = ada.call("GET", "/api/v1/dnp/search", params={"q": name[:20].upper()}).json()["items"]
    artist_id = hits[0]["id"]
    assert hits[0]["match"] == {"reason": "prefix", "name": name, "is_alias": False}
    assert (hits[0]["aliases"], hits[0]["disambiguation"]) == ([], None)
    assert hits[0]["on_own_list"] is True
    path = f"/api/v1/dnp/entries/{artist_id}"
    assert ada.call("DELETE", path).status_code == 204
    assert ada.call("DELETE", path).json()["code"] == "blocklists.artist_not_blocked"
    body = {"artist_id": artist_id, "tags": ["b", "a"], "note": "Not on the commute."}
    added = ada.call("POST", "/api/v1/dnp/add", json=body)
    assert added.status_code == 201
    assert added.json()["tags"] == ["a", "b"]
    edited = ada.call("PATCH", path, json={"note": None})
    assert (edited.json()["tags"], edited.json()["note"]) == (["a", "b"], None)
    assert ada.entries() == [edited.json()]


def test_adding_twice_answers_the_entry_that_is_there(ada: Person) -> None:
    ada.import_csv(a_list("Twice"))
    entry = ada.entries()[0]
    answer = ada.call("POST", "/api/v1/dnp/add", json={"artist_id": entry["artist_id"]})
    assert answer.status_code == 409
    assert answer.json()["code"] == "blocklists.artist_already_blocked"
    assert answer.json()["entry"] == entry


def test_twenty_adds_of_one_artist_leave_one_entry(
    ada: Person, register: Callable[[], Person]
) -> None:
    register().import_csv(a_list(name := f"Racer {uuid4().hex}"))
    hits = ada.call("GET", "/api/v1/dnp/search", params={"q": name}).json()["items"]

    def add(_: int) -> int:
        return ada.call("POST", "/api/v1/dnp/add", json={"artist_id": hits[0]["id"]}).status_code

    with ThreadPoolExecutor(20) as racers:
        statuses = list(racers.map(add, range(20)))
    assert statuses.count(201) == 1
    assert set(statuses) <= {201, 409, 503}
    assert len(ada.entries()) == 1


def test_an_artist_must_exist(ada: Person) -> None:
    answer = ada.call("POST", "/api/v1/dnp/add", json={"artist_id": str(uuid4())})
    assert answer.status_code == 404
    assert answer.json()["code"] == "blocklists.unknown_artist"


def test_somebody_elses_list_is_neither_seen_nor_touched(
    ada: Person, register: Callable[[], Person]
) -> None:
    eve = register()
    ada.import_csv(a_list("Private"))
    entry = ada.entries()[0]
    path = f"/api/v1/dnp/entries/{entry['artist_id']}"
    assert eve.entries() == []
    assert eve.call("PATCH", path, json={"tags": ["mine"]}).status_code == 404
    assert eve.call("DELETE", path).status_code == 404
    cursor = ada_cursor(ada)
    assert eve.call("GET", "/api/v1/dnp/list", params={"cursor": cursor}).status_code == 400
    assert ada.entries()[-1] == entry


def ada_cursor(ada: Person) -> str:
    """A cursor of somebody else."""
    ada.import_csv(a_list("One", "Two"))
    page = ada.call("GET", "/api/v1/dnp/list", params={"limit": 1}).json()
    return str(page["next_cursor"])


@pytest.mark.parametrize("sort", ["-created_at", "created_at", "name", "-name"])
def test_every_entry_is_read_once_in_every_order(ada: Person, sort: str) -> None:
    names = [f"Name {n:02}" for n in range(7)]
    ada.import_csv(a_list(*names, "Name 03"))
    read = [e["artist"]["canonical_name"] for e in ada.entries(limit=3, sort=sort)]
    assert sorted(read) == sorted([*names, "Name 03"])
    if sort.endswith("name"):
        assert read == sorted(read, reverse=sort.startswith("-"))


def test_the_list_is_filtered_by_tag_and_text(ada: Person) -> None:
    ada.import_csv(
        f"artist,id,tags\nSeñor Ocaso,{spotify_id()},evening;calm\nLow 100%,{spotify_id()},calm\n"
    )
    assert len(ada.entries(tag="calm")) == 2
    assert len(ada.entries(tag="evening")) == 1
    assert [e["artist"]["canonical_name"] for e in ada.entries(q="nor OC")] == ["Señor Ocaso"]
    assert [e["artist"]["canonical_name"] for e in ada.entries(q="100%")] == ["Low 100%"]
    assert ada.entries(q="_") == []


def test_a_cursor_is_worth_nothing_for_another_listing(ada: Person) -> None:
    cursor = ada_cursor(ada)
    for params in ({"sort": "name"}, {"tag": "x"}, {"q": "x"}):
        answer = ada.call("GET", "/api/v1/dnp/list", params={"cursor": cursor, **params})
        assert answer.json()["code"] == "shared.bad_cursor"
    broken = ada.call("GET", "/api/v1/dnp/list", params={"cursor": cursor[:-2] + "xx"})
    assert broken.status_code == 400


def test_a_file_can_come_as_a_form(ada: Person) -> None:
    file = ("list.csv", io.BytesIO(a_list("Form").encode()), "text/csv")
    answer = ada.call("POST", "/api/v1/dnp/import", files={"file": file})
    assert answer.json() == {"added": 1, "already_there": 0, "rejected": 0, "rejections": []}


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b"artist\nx\n", "text/csv", 422, "blocklists.unreadable_list"),
        (b"\xff\xfe", "text/csv", 422, "blocklists.unreadable_list"),
        (b"", "text/csv", 422, "blocklists.unreadable_list"),
        (b"{}", "application/json", 415, "http.unsupported_media_type"),
        (b"x", "multipart/form-data", 400, "http.malformed_request"),
        (b"x" * (10 * 1024 * 1024 + 1), "text/csv", 413, "blocklists.list_too_large"),
        (b"x" * (11 * 1024 * 1024), "text/csv", 413, "http.body_too_large"),
    ],
)
def test_a_file_that_is_no_list_changes_nothing(
    ada: Person, content: bytes, content_type: str, status: int, code: str
) -> None:
    answer = ada.call(
        "POST", "/api/v1/dnp/import", content=content, headers={"content-type": content_type}
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ada.entries() == []


def test_an_export_defuses_formulas_and_reads_back(
    ada: Person, register: Callable[[], Person]
) -> None:
    ada.import_csv(f"artist,id,note\n\"'=cmd|'/C calc'!A0\",{spotify_id()},@sum\n")
    exported = ada.call("GET", "/api/v1/dnp/export")
    assert exported.headers["content-type"] == "text/csv; charset=utf-8"
    for row in csv.reader(io.StringIO(exported.text, newline="")):
        assert not any(cell[:1] in tuple("=+-@\t\r") and cell for cell in row)
    eve = register()
    eve.import_csv(exported.content)
    assert eve.entries()[0]["artist"]["canonical_name"] == "=cmd|'/C calc'!A0"
    assert eve.entries()[0]["note"] == "@sum"


TEXT = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)
ENTRIES = st.lists(
    st.tuples(TEXT, st.lists(TEXT.filter(lambda t: ";" not in t), max_size=3), TEXT | st.none()),
    max_size=5,
)


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(entries=ENTRIES)
def test_export_then_import_gives_the_same_list(
    register: Callable[[], Person], entries: list[tuple[str, list[str], str | None]]
) -> None:
    ada, eve = register(), register()
    ada.import_csv(a_list(*(f"Artist {n}" for n in range(len(entries)))))
    for there, (_, tags, note) in zip(ada.entries(), entries, strict=True):
        path = f"/api/v1/dnp/entries/{there['artist_id']}"
        assert ada.call("PATCH", path, json={"tags": tags, "note": note}).status_code == 200
    result = eve.import_csv(ada.call("GET", "/api/v1/dnp/export").content).json()
    assert (result["added"], result["rejected"]) == (len(entries), 0)

    def content(person: Person) -> list[object]:
        return [{**entry, "user_id": None} for entry in person.entries()]

    assert content(eve) == content(ada)


def test_an_export_as_json_is_whole(ada: Person) -> None:
    ada.import_csv(a_list("One", "Two"))
    answer = ada.call("GET", "/api/v1/dnp/export", params={"format": "json"})
    document = json.loads(answer.content)
    assert document["version"] == 1
    assert len(document["entries"]) == 2
    assert "attachment" in answer.headers["content-disposition"]


@pytest.mark.skipif(not REAL_LIST.exists(), reason="the real list is not beside the project")
def test_the_real_list_is_imported_once(ada: Person) -> None:
    content = REAL_LIST.read_bytes()
    first, again = ada.import_csv(content).json(), ada.import_csv(content).json()
    assert (first["added"], first["rejected"]) == (7477, 0)
    assert (again["added"], again["already_there"]) == (0, 7477)


def test_a_search_never_fails_on_strange_signs(api: httpx.Client, ada: Person) -> None:
    for text in ("%", "_", "\\", "'", "a' & b", "(((", "!!!", ":*", "<->", "\u0301a", "a\ufeffb"):
        answer = ada.call("GET", "/api/v1/dnp/search", params={"q": text})
        assert answer.status_code == 200, (text, answer.text)
