"""Scans of library exports over HTTP."""

import asyncio
import csv
import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from entrypoints.http.enforcement.routes import MAX_BYTES
from entrypoints.http.upload import FORM_BYTES
from tests.builders import exports
from tests.entrypoints.person import Person

ID = "3ec16T2vMbjJi4luOqt6ps"
OTHER_ID = "5ec16T2vMbjJi4luOqt6ps"
NAME = "Neural Groove Machine"
LIBRARY = exports.your_library(
    tracks=[(NAME, "Slow Tide"), ("Smokey", f"Fog (feat. {NAME})"), ("Smokey", "=1+1")],
    albums=[(NAME, "Tides")],
    artists=[(NAME, ID), (NAME, OTHER_ID)],
    banned_artists=[(NAME, ID)],
)


@pytest.fixture
def listener(ada: Person) -> Person:
    """Somebody with one artist on the list."""
    assert ada.import_csv(f"artist,id\n{NAME},{ID}\n").status_code == 200
    return ada


def scan(person: Person, body: bytes, kind: str = "application/json", **query: Any) -> Any:
    """The answer to a scan."""
    headers = {"content-type": kind}
    return person.call("POST", "/api/v1/library/scan", content=body, headers=headers, params=query)


def test_a_scan_says_what_is_on_the_list_and_why(listener: Person) -> None:
    answer = scan(listener, LIBRARY)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["format"], found["listed"], found["already_banned"]) == ("spotify_library", 1, 1)
    assert found["read"] == {"tracks": 3, "albums": 1, "artists": 3, "shows": 1}
    why = [
        (hit["place"], reason["role"], reason["matched_by"], reason["confidence"])
        for hit in found["hits"]
        for reason in hit["reasons"]
    ]
    assert why == [
        ("tracks 1", "main", "name", 0.8),
        ("tracks 2", "featured", "name", 0.6),
        ("albums 1", "main", "name", 0.8),
        # Of the two who are called so, the one with the other id is somebody else.
        ("artists 1", "main", "id", 1.0),
    ]
    entry = listener.entries()[0]
    assert {reason["artist_id"] for hit in found["hits"] for reason in hit["reasons"]} == {
        entry["artist_id"]
    }


def test_the_caller_says_whether_guests_count(listener: Person) -> None:
    places = [hit["place"] for hit in scan(listener, LIBRARY, features="false").json()["hits"]]
    assert places == ["tracks 1", "albums 1", "artists 1"]


def test_a_report_as_csv_has_a_line_for_each_reason_and_no_formula(listener: Person) -> None:
    body = exports.m3u([(NAME, "=1+1"), ("Smokey", "Fog")])
    answer = scan(listener, body, "audio/x-mpegurl", format="csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["title"], row["on_list"], row["place"]) == ("'=1+1", NAME, "line 2")


def test_a_checklist_can_be_ticked_off_and_shows_titles_as_they_are(listener: Person) -> None:
    body = exports.your_library(tracks=[(NAME, "<script>[x](javascript:1)")])
    answer = scan(listener, body, format="checklist")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert r"- [ ] [\<script\>\[x\](javascript:1) – Neural" in answer.text
    assert "](https://open.spotify.com/track/" in answer.text


def test_a_form_with_the_file_is_read_as_well(listener: Person) -> None:
    files = {"file": ("YourLibrary.json", LIBRARY, "application/json")}
    answer = listener.call("POST", "/api/v1/library/scan", files=files)
    assert len(answer.json()["hits"]) == 4


def test_somebody_elses_list_does_not_count(
    listener: Person, register: Callable[[], Person]
) -> None:
    found = scan(register(), LIBRARY).json()
    assert (found["listed"], found["hits"]) == (0, [])


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"hello", "text/csv", 422, "shared.unreadable_library_export"),
        (b"", "text/csv", 422, "shared.unreadable_library_export"),
        (LIBRARY, "image/png", 415, "http.unsupported_media_type"),
        (LIBRARY, "application/x-www-form-urlencoded", 415, "http.unsupported_media_type"),
        (
            exports.itunes([], doctype='<!DOCTYPE plist [<!ENTITY a "b">]>'),
            "application/xml",
            422,
            "shared.unreadable_library_export",
        ),
        (
            b'{"albums": [], "tracks": [' + b"{}," * 150_000 + b"{}]}",
            "application/json",
            200,
            None,
        ),
        (
            b'{"albums": [], "artists": [' + b'"a",' * 150_000 + b'"a"]}',
            "application/json",
            413,
            "shared.library_export_too_large",
        ),
        (b"x" * (MAX_BYTES + FORM_BYTES + 1), "text/csv", 413, "http.body_too_large"),
        (b"[" * 1_000_000, "application/json", 422, "shared.unreadable_library_export"),
    ],
)
def test_a_file_that_cannot_be_scanned_is_answered_in_words(
    listener: Person, body: bytes, kind: str, status: int, code: str | None
) -> None:
    answer = scan(listener, body, kind)
    assert answer.status_code == status, answer.text[:500]
    assert answer.json().get("code") == code


def test_skipped_entries_are_counted_and_the_first_thousand_told(listener: Person) -> None:
    found = scan(listener, b'{"albums": [], "tracks": [' + b"{}," * 1_500 + b"{}]}").json()
    assert (found["skipped"], len(found["skips"])) == (1_501, 1_000)
    assert found["skips"][0] == {"place": "tracks 1", "reason": "the entry has no name"}


async def _beside_a_scan(listener: Person, base_url: str) -> tuple[int, int]:
    """How often the service says that it is alive until a long scan is answered; its status."""
    names = [f"Somebody {number} & {number + 1}" for number in range(15_000)]
    body = exports.m3u([(name, f"Song (feat. {name})") for name in names])
    alive = 0
    async with httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=60) as client:
        scanning = asyncio.create_task(
            client.post(
                "/api/v1/library/scan",
                content=body,
                headers={
                    "content-type": "audio/x-mpegurl",
                    "authorization": f"Bearer {listener.access_token}",
                },
            )
        )
        while not scanning.done():
            assert (await client.get("/health/live")).status_code == 200
            alive += 1
            await asyncio.sleep(0.01)
        return alive, (await scanning).status_code


def test_others_are_answered_while_a_long_scan_goes_on(listener: Person, base_url: str) -> None:
    alive, status = asyncio.run(_beside_a_scan(listener, base_url))
    assert status == 200
    assert alive > 10  # one or two, where the scan is done by the event loop
