"""Whole lists as files over HTTP: formats, dry runs, hostile uploads, round trips."""

import csv
import gzip
import io
import json
import secrets
import string
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.entrypoints.person import Person

DATA = Path(__file__).parents[4] / "shared" / "data"
IMPORT, EXPORT = "/api/v1/dnp/import", "/api/v1/dnp/export"
MEBIBYTE = 1024 * 1024


def spotify_id() -> str:
    """An id that no other test uses."""
    alphabet = string.ascii_letters + string.digits
    return "".join(secrets.choice(alphabet) for _ in range(22))


def send(person: Person, content: str | bytes, *, headers: Any = None, **params: Any) -> Any:
    """One import; the answer."""
    return person.call(
        "POST",
        IMPORT,
        content=content,
        params=params,
        headers={"content-type": "application/octet-stream", **(headers or {})},
    )


def test_a_dry_run_says_what_would_be_and_changes_nothing(ada: Person) -> None:
    known, new, name = spotify_id(), spotify_id(), f"Dry {uuid4().hex}"
    ada.import_csv(f"artist,id\nThere,{known}\n")
    before = ada.entries()
    content = json.dumps(
        [
            {"name": name, "spotify": new, "tags": ["x"]},
            {"spotify": known},
            {"name": "there"},
            {"name": "y", "added_at": "?"},
        ]
    )
    dry = send(ada, content, dry_run=True).json()
    assert (dry["format"], dry["dry_run"]) == ("json", True)
    assert (dry["added"], dry["already_there"], dry["needs_review"]) == (1, 1, 1)
    assert dry["additions"] == [{"line": 1, "name": name, "artist_id": None}]
    assert dry["there"][0]["line"] == 2
    (review,) = dry["reviews"]
    assert (review["line"], review["name"], review["reason"]) == (3, "there", "name_only")
    assert dry["rejections"][0]["line"] == 4
    assert ada.entries() == before
    assert ada.call("GET", "/api/v1/dnp/search", params={"q": name}).json()["items"] == []
    real = send(ada, content).json()
    assert dry["change_id"] is None
    assert real == dry | {"dry_run": False, "change_id": real["change_id"]}
    assert len(ada.entries()) == 2


def test_a_dry_run_and_its_import_do_not_share_a_key(ada: Person) -> None:
    key = {"idempotency-key": uuid4().hex}
    content = f"artist,id\nKeyed,{spotify_id()}\n"
    assert send(ada, content, headers=key, dry_run=True).json()["added"] == 1
    answer = send(ada, content, headers=key)
    assert answer.json()["code"] == "shared.idempotency_key_reused"


def test_a_row_to_review_is_completed_by_its_candidate(ada: Person) -> None:
    name = f"Reviewed {uuid4().hex}"
    ada.import_csv(f"artist,id\n{name},{spotify_id()}\n")
    artist = ada.entries()[0]["artist_id"]
    ada.call("DELETE", f"/api/v1/dnp/entries/{artist}")
    (review,) = send(ada, f"{name.upper()}\n", dry_run=True).json()["reviews"]
    (candidate,) = review["candidates"]
    assert (candidate["artist_id"], candidate["listed"]) == (artist, False)
    added = ada.call("POST", "/api/v1/dnp/add", json={"artist_id": candidate["artist_id"]})
    assert added.status_code == 201


def test_the_callers_word_for_the_format_counts(ada: Person) -> None:
    content = f"artist,id\nBloom,{spotify_id()}\n"
    result = send(ada, content, format="text", dry_run=True).json()
    assert (result["format"], result["needs_review"]) == ("text", 2)
    assert send(ada, content, format="json").json()["code"] == "blocklists.unreadable_list"
    assert send(ada, content, format="word").status_code == 422


def test_a_packed_file_is_unpacked_where_that_is_said(ada: Person) -> None:
    packed = gzip.compress(f"artist,id\nPacked,{spotify_id()}\n".encode())
    assert send(ada, packed, headers={"content-encoding": "gzip"}).json()["added"] == 1
    assert "unpack it" in send(ada, packed).json()["detail"]


@pytest.mark.parametrize(
    ("content", "encoding", "code"),
    [
        (gzip.compress(b"\0" * 1024 * MEBIBYTE), "gzip", "http.body_too_large"),
        (gzip.compress(b"x" * 2 * MEBIBYTE), "gzip", "http.body_too_large"),
        (gzip.compress(b"artist,id\n")[:-4], "gzip", "http.malformed_request"),
        (gzip.compress(b"x\n") + b"more", "gzip", "http.malformed_request"),
        (b"artist,id\n", "gzip", "http.malformed_request"),
        (b"artist,id\n", "br", "http.unsupported_media_type"),
        (gzip.compress(b"artist,id\n"), "gzip, gzip", "http.unsupported_media_type"),
    ],
    ids=["bomb", "ratio", "broken", "more", "plain", "br", "twice"],
)
def test_a_packed_file_that_is_no_list_changes_nothing(
    ada: Person, content: bytes, encoding: str, code: str
) -> None:
    answer = send(ada, content, headers={"content-encoding": encoding})
    assert answer.json()["code"] == code
    assert ada.entries() == []


def test_a_packed_file_may_have_as_much_in_it_as_any_other(ada: Person) -> None:
    content = gzip.compress(secrets.token_hex(6 * MEBIBYTE).encode(), 1)
    assert len(content) < 10 * MEBIBYTE
    answer = send(ada, content, headers={"content-encoding": "gzip"})
    assert answer.json()["code"] == "http.body_too_large"
    assert "unpacked" in answer.json()["detail"]


def test_the_service_answers_others_while_a_long_list_is_imported(
    api: httpx.Client, ada: Person
) -> None:
    content = "artist,id\n" + "".join(f"Long {n},{n:022d}\n" for n in range(100_000))
    answered = 0
    with ThreadPoolExecutor(1) as other:
        importing = other.submit(send, ada, content, dry_run=True)
        while not importing.done():
            assert api.get("/health/live").status_code == 200
            answered += 1
    assert importing.result().json()["added"] == 100_000
    assert answered > 10


def test_formulas_are_defused_on_the_way_out_and_come_back_as_they_were(
    ada: Person, register: Callable[[], Person]
) -> None:
    name, note = "=cmd|'/C calc'!A0", "@sum(1)"
    send(ada, json.dumps([{"name": name, "spotify": spotify_id(), "note": note, "tags": ["-1"]}]))
    exported = ada.call("GET", EXPORT).text
    for row in csv.reader(io.StringIO(exported, newline="")):
        assert not any(cell[:1] in tuple("=+-@\t\r") and cell for cell in row)
    eve = register()
    send(eve, exported)
    (entry,) = eve.entries()
    assert (entry["artist"]["canonical_name"], entry["note"], entry["tags"]) == (name, note, ["-1"])


def test_each_format_has_its_name_and_type(ada: Person) -> None:
    ada.import_csv(f"artist,id\nTyped,{spotify_id()}\n")
    types = {
        "csv": ("text/csv; charset=utf-8", ".csv"),
        "json": ("application/json", ".json"),
        "trashbin": ("application/vnd.spicetify.trashbin+json", ".trashbin.json"),
        "text": ("text/plain; charset=utf-8", ".txt"),
    }
    for name, (media_type, extension) in types.items():
        answer = ada.call("GET", EXPORT, params={"format": name})
        assert answer.headers["content-type"] == media_type
        assert f'list{extension}"' in answer.headers["content-disposition"]


def test_the_trashbin_holds_who_is_on_spotify(ada: Person) -> None:
    here = spotify_id()
    send(
        ada,
        json.dumps([{"name": "A", "spotify": here}, {"name": "B", "deezer": uuid4().int % 10**15}]),
    )
    document = ada.call("GET", EXPORT, params={"format": "trashbin"}).json()
    assert document == {"songs": {}, "artists": {f"spotify:artist:{here}": True}}


TEXT = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)
ENTRIES = st.lists(
    st.tuples(
        TEXT,
        st.sampled_from(["spotify", "deezer", "youtube", "musicbrainz", "both"]),
        st.lists(TEXT.filter(lambda t: ";" not in t), max_size=3),
        TEXT | st.none(),
    ),
    max_size=5,
)


def ids_on(services: str) -> dict[str, str]:
    """New ids."""
    made = {
        "spotify": spotify_id(),
        "deezer": str(uuid4().int)[:18],
        "youtube": f"UC{spotify_id()}",
        "musicbrainz": str(uuid4()),
    }
    return (
        {"spotify": made["spotify"], "deezer": made["deezer"]}
        if services == "both"
        else {services: made[services]}
    )


@pytest.mark.slow
@pytest.mark.parametrize("format", ["csv", "json", "text", "trashbin"])
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(entries=ENTRIES)
def test_what_is_exported_is_imported_as_far_as_the_format_holds_it(
    register: Callable[[], Person],
    format: str,
    entries: list[tuple[str, str, list[str], str | None]],
) -> None:
    ada, eve = register(), register()
    content = [
        {"name": name, "external_ids": ids_on(services), "tags": tags, "note": note}
        for name, services, tags, note in entries
    ]
    if content:
        assert send(ada, json.dumps(content)).json()["added"] == len(content)
    exported = ada.call("GET", EXPORT, params={"format": format}).content
    if exported:
        result = send(eve, exported).json()
        assert (result["format"], result["rejected"], result["needs_review"]) == (format, 0, 0)

    def held(entry: dict[str, Any]) -> object:
        if format in {"csv", "json"}:
            return {**entry, "user_id": None}
        return entry["artist"]

    expected = [
        held(entry)
        for entry in ada.entries(sort="name")
        if format != "trashbin" or "spotify" in entry["artist"]["external_ids"]
    ]
    assert [held(entry) for entry in eve.entries(sort="name")] == expected


@pytest.mark.skipif(not DATA.exists(), reason="the real lists are not beside the project")
def test_the_list_of_soul_over_ai_is_imported_and_resolves_by_any_id(
    ada: Person, register: Callable[[], Person]
) -> None:
    published = json.loads((DATA / "soul_over_ai_first_100.json").read_bytes())
    # Another real list brings some of the same artists by their Spotify ids alone; who is known
    # already is given no further ids by a list.
    content = json.dumps([{**record, "spotify": None} for record in published]).encode()
    dry = send(ada, content, dry_run=True).json()
    real = send(ada, content).json()
    assert (real["format"], real["added"] + real["already_there"]) == ("soul_over_ai", 100)
    assert dry["change_id"] is None
    assert real == dry | {"dry_run": False, "change_id": real["change_id"]}
    eve = register()
    records = [{"youtube": r["youtube"]} for r in published if r["youtube"]]
    by_youtube = send(eve, json.dumps(records)).json()
    assert by_youtube["rejected"] == 0
    assert send(ada, content).json()["added"] == 0
