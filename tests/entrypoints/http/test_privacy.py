"""Everything to take away, or everything gone, over HTTP."""

import asyncio
import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4
from zipfile import ZipFile

import httpx
import psycopg
from redis import Redis

from adapters.postgres.data_map import DATA_MAP
from entrypoints.container import Container
from entrypoints.settings import load_settings
from tests.entrypoints.canaries import database_text
from tests.entrypoints.person import PASSWORD, Person


def live(person: Person) -> list[str]:
    """Leave something in many tables; the words by which it is found again."""
    note, tag, name = (f"{kind}-{uuid4().hex[:16]}" for kind in ("note", "tag", "name"))
    person.import_csv(f"artist,id,tags,note\nA,{'a' * 22},{tag},{note}\n=B,{'b' * 22},,\n")
    person.call("PATCH", "/api/v1/users/profile", json={"display_name": name})
    person.call("POST", "/api/v1/auth/2fa/setup")
    return [person.email, note, tag, name]


def archive(person: Person) -> ZipFile:
    """What they take away."""
    answer = person.call("GET", "/api/v1/users/export")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    today = f"my-data-{datetime.now(UTC):%Y-%m-%d}.zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="{today}"'
    return ZipFile(io.BytesIO(answer.content))


def test_the_archive_has_what_the_data_map_shows_and_says_what_it_means(ada: Person) -> None:
    *_, name_shown = live(ada)
    with archive(ada) as taken:
        assert taken.testzip() is None
        schema = json.loads(taken.read("schema.json"))
        shown = {name: table for name, table in DATA_MAP.items() if table.shown}
        assert {file["name"] for file in schema["files"]} == set(shown)
        for name, table in shown.items():
            rows = json.loads(taken.read(f"{name}.json"))
            cells = list(csv.reader(io.StringIO(taken.read(f"{name}.csv").decode())))
            assert cells[0] == list(table.shown)
            assert len(cells) == len(rows) + 1
            assert all(set(row) == set(table.shown) for row in rows)
        assert json.loads(taken.read("users.json"))[0]["display_name"] == name_shown
        assert len(json.loads(taken.read("user_artist_blocks.json"))) == 2
        assert json.loads(taken.read("audit_log.json"))


def test_tags_are_a_list_in_json_and_one_cell_in_csv(ada: Person) -> None:
    ada.import_csv(f"artist,id,tags\nA,{'c' * 22},loud;live\nB,{'d' * 22},\nC,{'e' * 22},one\n")
    with archive(ada) as taken:
        rows = json.loads(taken.read("user_artist_blocks.json"))
        cells = list(csv.DictReader(io.StringIO(taken.read("user_artist_blocks.csv").decode())))
        schema = json.loads(taken.read("schema.json"))
    tags = {row["artist"]: row["tags"] for row in rows}
    assert tags == {"A": ["live", "loud"], "B": [], "C": ["one"]}
    assert {row["artist"]: row["tags"] for row in cells} == {"A": "live;loud", "B": "", "C": "one"}
    (file,) = (each for each in schema["files"] if each["name"] == "user_artist_blocks")
    assert "a list" in file["columns"]["tags"]


def test_nobody_elses_data_and_no_secret_is_in_it(register: Callable[[], Person]) -> None:
    ada, eve = register(), register()
    words = live(eve)
    with archive(ada) as taken:
        content = b"".join(taken.read(name) for name in taken.namelist())
    for canary in (*words, eve.id, "$argon2id", ada.refresh_token):
        assert canary.encode() not in content


def test_the_list_in_it_goes_into_another_account_as_it_is(
    register: Callable[[], Person],
) -> None:
    ada, eve = register(), register()
    live(ada)
    with archive(ada) as taken:
        answer = eve.import_csv(taken.read("user_artist_blocks.csv"))
    assert answer.json()["added"] == 2, answer.text
    kept = ("artist_id", "tags", "note", "created_at")
    lists = [
        [{name: entry[name] for name in kept} for entry in person.entries(sort="name")]
        for person in (ada, eve)
    ]
    assert lists[0] == lists[1]


def test_a_change_of_mind_leaves_everything_as_it_was(ada: Person) -> None:
    assert ada.call("GET", "/api/v1/users/deletion").status_code == 404
    asked = ada.call("POST", "/api/v1/users/deletion")
    assert asked.status_code == 202
    assert ada.call("GET", "/api/v1/users/deletion").json() == asked.json()
    assert ada.call("DELETE", "/api/v1/users/deletion").status_code == 204
    assert ada.call("DELETE", "/api/v1/users/deletion").status_code == 404


async def _erase(environ: dict[str, str]) -> int:
    container = Container(settings=load_settings(environ))
    pool = container.pool()
    await pool.open()
    try:
        return int(await container.erase_users()())
    finally:
        await pool.close()


def test_after_the_grace_nothing_is_left(
    api: httpx.Client, register: Callable[[], Person], migrated_database_url: str, redis_url: str
) -> None:
    ada, eve = register(), register()
    words = live(ada)
    ada.call("POST", "/api/v1/users/deletion")
    with psycopg.connect(migrated_database_url) as connection:
        connection.execute(
            "update account_deletions set due_at = now() where user_id = %s", [ada.id]
        )
    environ = {"DATABASE_URL": migrated_database_url, "REDIS_URL": redis_url}
    assert asyncio.run(_erase(environ)) == 1
    assert asyncio.run(_erase(environ)) == 0
    left = database_text(migrated_database_url)
    for canary in words:
        assert canary.encode() not in left
    redis = Redis.from_url(redis_url)
    keys = list(redis.scan_iter())
    assert not any(ada.email.encode() in key or ada.id.encode() in key for key in keys)
    assert [key for key in keys if redis.ttl(key) == -1] == []
    answer = api.post("/api/v1/auth/login", json={"email": ada.email, "password": PASSWORD})
    assert answer.status_code == 401
    assert eve.call("GET", "/api/v1/users/profile").status_code == 200
