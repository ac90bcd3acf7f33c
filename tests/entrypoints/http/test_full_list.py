"""The list beyond one entry, over HTTP."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.entrypoints.http.test_blocklists import a_list, spotify_id
from tests.entrypoints.person import Person

BULK = "/api/v1/dnp/bulk"
EXCEPTIONS = "/api/v1/dnp/exceptions"


def some_artists(person: Person, number: int) -> list[str]:
    """Ids of artists that somebody else has brought into the catalogue."""
    person.import_csv(a_list(*(f"Full {n}" for n in range(number))))
    return [entry["artist_id"] for entry in person.entries()]


def post(person: Person, path: str, body: dict[str, Any], key: str | None = None) -> Any:
    """A POST that is answered with 200."""
    headers = {"idempotency-key": key} if key else {}
    answer = person.call("POST", path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_many_are_added_changed_removed_and_brought_back(
    ada: Person, register: Callable[[], Person]
) -> None:
    ids, unknown = some_artists(register(), 3), str(uuid4())
    body = {"artist_ids": [ids[0], unknown, *ids], "tags": ["a"]}
    added = post(ada, f"{BULK}/add", body, key="once")
    assert (added["added"], added["already_there"], added["unknown"]) == (3, 0, 1)
    assert [item["artist_id"] for item in added["items"]] == [ids[0], unknown, *ids[1:]]
    assert post(ada, f"{BULK}/add", body, key="once") == added
    assert post(ada, f"{BULK}/add", body)["already_there"] == 3
    edited = post(ada, f"{BULK}/edit", {"artist_ids": ids[:2], "add_tags": ["b"], "note": "Why."})
    assert (edited["changed"], edited["unchanged"]) == (2, 0)
    before = sorted(ada.entries(), key=str)
    removed = post(ada, f"{BULK}/remove", {"artist_ids": [*ids, unknown]})
    assert (removed["removed"], removed["not_there"]) == (3, 1)
    assert ada.entries() == []
    undone = post(ada, f"{BULK}/undo", {"change_id": removed["change_id"]})
    assert (undone["restored"], undone["left"], undone["change"]["kind"]) == (3, 0, "remove")
    assert sorted(ada.entries(), key=str) == before
    again = ada.call("POST", f"{BULK}/undo", json={})
    assert (again.status_code, again.json()["code"]) == (409, "blocklists.nothing_to_undo")


def test_ten_thousand_are_taken_and_no_more(ada: Person) -> None:
    ids = [str(uuid4()) for _ in range(10_000)]
    assert post(ada, f"{BULK}/add", {"artist_ids": ids})["unknown"] == 10_000
    for wrong in ([], [*ids, str(uuid4())]):
        answer = ada.call("POST", f"{BULK}/add", json={"artist_ids": wrong})
        assert answer.status_code == 422, answer.text


def test_twenty_undos_of_an_import_undo_it_once(ada: Person) -> None:
    ada.import_csv(a_list("One", "Two"))

    def undo(_: int) -> int:
        return ada.call("POST", f"{BULK}/undo", json={}).status_code

    with ThreadPoolExecutor(20) as racers:
        statuses = list(racers.map(undo, range(20)))
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 409, 503}
    assert ada.entries() == []


def test_tags_are_counted_renamed_and_removed(ada: Person) -> None:
    ada.import_csv(
        f"artist,id,tags\nA,{spotify_id()},ai;loud\nB,{spotify_id()},AI\nC,{spotify_id()},ai\n"
    )
    tags = {
        tag["tag"]: tag["entries"] for tag in ada.call("GET", "/api/v1/dnp/tags").json()["items"]
    }
    assert tags == {"ai": 2, "AI": 1, "loud": 1}
    assert post(ada, "/api/v1/dnp/tags/rename", {"tag": "AI", "to": "ai"})["entries"] == 1
    assert len(ada.entries(tag="ai")) == 3
    assert post(ada, "/api/v1/dnp/tags/remove", {"tag": "ai"})["entries"] == 3
    gone = ada.call("POST", "/api/v1/dnp/tags/remove", json={"tag": "ai"})
    assert (gone.status_code, gone.json()["code"]) == (404, "blocklists.tag_not_found")
    assert ada.entries(q="loud")[0]["artist"]["canonical_name"] == "A"


def test_an_entry_ends_is_extended_and_taken_away(
    ada: Person, register: Callable[[], Person]
) -> None:
    (artist,) = some_artists(register(), 1)
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    added = ada.call("POST", "/api/v1/dnp/add", json={"artist_id": artist, "until": until})
    assert datetime.fromisoformat(added.json()["until"]) == datetime.fromisoformat(until)
    path = f"/api/v1/dnp/entries/{artist}"
    past = ada.call("PATCH", path, json={"until": "2020-01-01T00:00:00Z"})
    assert past.status_code == 422
    stale = {"if-match": added.headers["etag"]}
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    assert ada.call("PATCH", path, json={"until": later}, headers=stale).status_code == 200
    assert ada.call("PATCH", path, json={"until": None}, headers=stale).status_code == 412
    exported = ada.call("GET", "/api/v1/dnp/export").content
    eve = register()
    assert eve.import_csv(exported).json()["added"] == 1
    assert eve.entries()[0]["until"] == ada.entries()[0]["until"]


def test_an_artist_is_on_the_list_or_excepted(ada: Person, register: Callable[[], Person]) -> None:
    listed, loved = some_artists(register(), 2)
    ada.call("POST", "/api/v1/dnp/add", json={"artist_id": listed})
    refused = ada.call("POST", EXCEPTIONS, json={"artist_id": listed})
    assert (refused.status_code, refused.json()["code"]) == (409, "blocklists.blocked_by_own_list")
    exception = ada.call("POST", EXCEPTIONS, json={"artist_id": loved}).json()
    refused = ada.call("POST", "/api/v1/dnp/add", json={"artist_id": loved})
    assert (refused.status_code, refused.json()["code"]) == (409, "blocklists.artist_excepted")
    assert exception["id"] in refused.json()["detail"]
    assert post(ada, f"{BULK}/add", {"artist_ids": [loved]})["excepted"] == 1
    eve = register()
    assert eve.call("DELETE", f"{EXCEPTIONS}/{exception['id']}").status_code == 404
    assert ada.call("DELETE", f"{EXCEPTIONS}/{exception['id']}").status_code == 204
    assert ada.call("POST", "/api/v1/dnp/add", json={"artist_id": loved}).status_code == 201


@pytest.mark.parametrize("body", [{}, {"artist_id": str(uuid4()), "track": "both"}])
def test_an_exception_is_one_thing(ada: Person, body: dict[str, Any]) -> None:
    if "track" in body:
        body |= {"track": a_track()}
    assert ada.call("POST", EXCEPTIONS, json=body).status_code == 422


def a_track(title: str = "Eleven Kinds of Rain") -> dict[str, str]:
    """A track under a new id."""
    return {
        "service": "spotify",
        "id": f"spotify:track:{spotify_id()}",
        "title": title,
        "artist_credit": "Static Bloom",
    }


def test_tracks_come_are_paged_and_go(ada: Person, register: Callable[[], Person]) -> None:
    tracks = [a_track(f"Track {n}") for n in range(5)]
    assert post(ada, "/api/v1/dnp/tracks/add", {"tracks": tracks})["added"] == 5
    page = ada.call("GET", "/api/v1/dnp/tracks", params={"limit": 3}).json()
    params = {"limit": 3, "cursor": page["next_cursor"]}
    rest = ada.call("GET", "/api/v1/dnp/tracks", params=params).json()
    titles = {item["track"]["title"] for item in page["items"] + rest["items"]}
    assert titles == {track["title"] for track in tracks}
    assert register().call("GET", "/api/v1/dnp/tracks", params=params).status_code == 400
    assert ada.call("GET", EXCEPTIONS, params=params).status_code == 400
    wrong = ada.call("POST", "/api/v1/dnp/tracks/add", json={"tracks": [a_track() | {"id": "x"}]})
    assert wrong.json()["errors"][0]["field"] == "tracks[0].id"
    gone = {"tracks": [{"service": t["service"], "id": t["id"]} for t in tracks]}
    assert post(ada, "/api/v1/dnp/tracks/remove", gone)["removed"] == 5
    assert ada.call("GET", "/api/v1/dnp/summary").json()["tracks"] == 0


def test_an_entry_shows_where_the_artist_is_found(ada: Person) -> None:
    key = spotify_id()
    ada.import_csv(f"artist,id\nLinked,{key}\n")
    artist = ada.entries()[0]["artist"]
    assert artist["links"] == {"spotify": f"https://open.spotify.com/artist/{key}"}
    assert artist["image_url"] is None
