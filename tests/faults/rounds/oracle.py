"""What the service has acknowledged, and whether all of it is there after a fault.

Every operation is written down before it is sent and again with each answer. What an entry may be
follows from that: exactly what was acknowledged last, or, where an operation got no answer, what it
was before or what it was to become. Whatever else is found is a complaint, in words.
"""

import json
import threading
from collections import defaultdict
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psycopg

IN_PROGRESS = "shared.request_in_progress"
NO_ANSWER = 0
# What tells nothing of what has become of a request: from the service, or from a proxy before it.
UNSETTLED = {NO_ANSWER, 502, 503, 504}


class Kind(StrEnum):
    """What somebody does."""

    ADD = "add"
    ADD_MANY = "add many"
    EDIT = "edit"
    REMOVE = "remove"
    READ = "read"
    PAGE = "page"
    REFRESH = "refresh"


KEYED = (Kind.ADD, Kind.ADD_MANY)
WRITES = (*KEYED, Kind.EDIT, Kind.REMOVE)


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One deed of one person; ``id`` is its request id and its Idempotency-Key in every try.

    ``note`` is what its entries have afterwards; ``None`` where they are gone then.
    """

    id: str
    kind: Kind
    person: str
    artists: tuple[str, ...]
    note: str | None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """One try of one operation; ``status`` is 0 without an answer, times are monotonic seconds."""

    operation: str
    kind: Kind
    status: int
    code: str
    at: float
    seconds: float
    attempt: int
    retry_after: bool
    replayed: bool


class Account(msgspec.Struct, kw_only=True):
    """Somebody who is signed in; the tokens are those of the last refresh."""

    id: str
    email: str
    access_token: str
    refresh_token: str

    @property
    def headers(self) -> dict[str, str]:
        """What a signed-in person sends."""
        return {"authorization": f"Bearer {self.access_token}"}


class Oracle:
    """The book of what was asked and answered; also as JSON lines in ``file``."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self._may_be: dict[tuple[str, str], set[str | None]] = defaultdict(lambda: {None})
        self._operations: dict[str, Operation] = {}
        self._tries: dict[str, int] = defaultdict(int)
        self._acknowledged: dict[str, int] = {}
        self.surprises: list[str] = []

    def close(self) -> None:
        """No more is written."""
        self._file.close()

    @property
    def acknowledged(self) -> int:
        """Operations that were answered with success."""
        return len(self._acknowledged)

    @property
    def acknowledged_entries(self) -> int:
        """Entries that those have added, changed or removed."""
        with self._lock:
            return sum(len(self._operations[each].artists) for each in self._acknowledged)

    def sent(self, operation: Operation) -> None:
        """It is about to be sent, for the first time or again."""
        with self._lock:
            self._operations[operation.id] = operation
            self._tries[operation.id] += 1
            for artist in operation.artists:
                self._may_be[operation.person, artist].add(operation.note)
            self._write("sent", operation.id, msgspec.to_builtins(operation))

    def answered(self, operation: Operation, status: int, code: str) -> bool:
        """How a try of a write was answered; whether that settles it."""
        with self._lock:
            self._write("answered", operation.id, status)
            again = self._tries[operation.id] > 1
            gone = operation.kind is Kind.REMOVE and status == 404 and again
            if 200 <= status < 300 or gone:
                self._acknowledged[operation.id] = status
                for artist in operation.artists:
                    self._may_be[operation.person, artist] = {operation.note}
                return True
            if status in UNSETTLED or (status == 409 and code == IN_PROGRESS):
                return False
            self.surprises.append(f"{operation.kind} {operation.id}: {status} {code}")
            return True

    def may_be(self, person: str, artist: str) -> set[str | None]:
        """The notes that the entry may have now; ``None`` where it may be absent."""
        with self._lock:
            return set(self._may_be[person, artist])

    def complaints(self, url: str, people: list[Account], database_url: str) -> list[str]:
        """Everything that is not as it was acknowledged; empty is what is wanted.

        Ask while the service answers and nothing is under way.
        """
        found = list(self.surprises)
        with httpx.Client(base_url=url, trust_env=False, timeout=30) as api:
            for person in people:
                found += self._entry_complaints(person, entries_of(api, person))
            with psycopg.connect(database_url) as connection:
                found += self._effect_complaints(connection, [person.id for person in people])
            return found + self._replay_complaints(api, people)

    def _entry_complaints(self, person: Account, there: dict[str, str | None]) -> list[str]:
        expected = {
            artist: notes for (owner, artist), notes in self._may_be.items() if owner == person.id
        }
        found = []
        for artist, notes in expected.items():
            is_there = there.pop(artist, None)
            if is_there not in notes:
                found.append(f"lost: entry {artist} is {is_there!r}, acknowledged was {notes}")
        return found + [f"nobody has added {artist} ({note!r})" for artist, note in there.items()]

    def _effect_complaints(
        self, connection: "psycopg.Connection[Any]", ids: list[str]
    ) -> list[str]:
        rows = connection.execute(
            "select request_id, count(*) from audit_log "
            "where user_id = any(%s::uuid[]) and action like 'blocklists.%%' group by 1",
            [ids],
        ).fetchall()
        effects = {str(request): int(count) for request, count in rows}
        found = [f"nobody has sent {each}" for each in effects if each not in self._operations]
        for each, operation in self._operations.items():
            most = self._tries[each] if operation.kind is Kind.EDIT else 1
            least = 1 if each in self._acknowledged else 0
            if not least <= effects.get(each, 0) <= most:
                found.append(
                    f"{operation.kind} {each} had {effects.get(each, 0)} effects after "
                    f"{self._tries[each]} tries, acknowledged: {each in self._acknowledged}"
                )
        return found

    def _replay_complaints(self, api: httpx.Client, people: list[Account]) -> list[str]:
        """The last keyed requests of each person once more: each has a kept answer."""
        found = []
        for person in people:
            keyed = [
                self._operations[each]
                for each in self._acknowledged
                if self._operations[each].person == person.id
                and self._operations[each].kind in KEYED
            ]
            for operation in keyed[-2:]:
                method, path, body = request_of(operation)
                answer = api.request(method, path, json=body, headers=headers_of(operation, person))
                status = self._acknowledged[operation.id]
                if answer.status_code != status or "idempotent-replayed" not in answer.headers:
                    found.append(f"{operation.id} is not replayed: {answer.status_code}")
        return found

    def _write(self, what: str, operation: str, more: object) -> None:
        self._file.write(json.dumps([what, operation, more]) + "\n")
        self._file.flush()


def entries_of(api: httpx.Client, person: Account) -> dict[str, str | None]:
    """The notes of a person's whole list by artist, page by page."""
    entries: dict[str, str | None] = {}
    cursor: dict[str, str] = {}
    while True:
        parameters = {"limit": "100", **cursor}
        answer = api.get("/api/v1/dnp/list", params=parameters, headers=person.headers)
        page = answer.raise_for_status().json()
        entries |= {entry["artist_id"]: entry["note"] for entry in page["items"]}
        if page["next_cursor"] is None:
            return entries
        cursor = {"cursor": page["next_cursor"]}


def request_of(operation: Operation) -> tuple[str, str, dict[str, object] | None]:
    """Method, path and JSON body of an operation on a list."""
    artists, note = operation.artists, operation.note
    if operation.kind is Kind.ADD:
        one: dict[str, object] = {"artist_id": artists[0], "note": note, "tags": ["faults"]}
        return "POST", "/api/v1/dnp/add", one
    if operation.kind is Kind.ADD_MANY:
        many: dict[str, object] = {"artist_ids": list(artists), "note": note, "tags": ["many"]}
        return "POST", "/api/v1/dnp/bulk/add", many
    if operation.kind is Kind.EDIT:
        return "PATCH", f"/api/v1/dnp/entries/{artists[0]}", {"note": note}
    if operation.kind is Kind.REMOVE:
        return "DELETE", f"/api/v1/dnp/entries/{artists[0]}", None
    if operation.kind is Kind.READ:
        return "GET", f"/api/v1/dnp/entries/{artists[0]}", None
    return "GET", "/api/v1/dnp/list?limit=50", None


def headers_of(operation: Operation, person: Account, *, keyed: bool = True) -> dict[str, str]:
    """Who sends it, and under which id."""
    headers = {**person.headers, "x-request-id": operation.id}
    if keyed and operation.kind in KEYED:
        headers["idempotency-key"] = operation.id
    return headers
