"""100,000 rows in one request, beside a bare COPY of the same rows into the same tables."""

import random
import string
import time
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg

from benchmarks.result import Result
from benchmarks.stage import Person, Stage, call, register

_ROWS = 100_000
_ROUNDS = 3
_LIST = "copy user_artist_blocks (user_id, artist_id, tags, note, created_at) from stdin"
_ARTISTS = "copy artists (id, canonical_name, sort_key, external_ids, created_at) from stdin"
_NAMES = "copy artist_names (artist_id, name, search_key, source) from stdin"
_IDS = "copy artist_external_ids (service, external_id, artist_id) from stdin"

Rows = list[tuple[str, str]]


def measure_long_import(stage: Stage) -> list[Result]:
    """The best of three rounds each; COPY has its bytes made before the clock starts."""
    new, new_copies, known, known_copies, dry = [], [], [], [], []
    before, growth = stage.memory("VmRSS"), 0.0
    for turn in range(_ROUNDS):
        rows = _made_up(turn)
        new.append(_import(stage, register(stage.port), rows))
        dry.append(_import(stage, register(stage.port), rows, query="?dry_run=true"))
        known.append(_import(stage, register(stage.port), rows))
        growth = stage.memory("VmHWM") - before
        with psycopg.connect(stage.database_url) as connection:
            known_copies.append(_copy_list(connection, register(stage.port), rows))
            others = _made_up(turn + _ROUNDS)
            new_copies.append(_copy_all(connection, register(stage.port), others))
    return [
        _ratio("artists that the catalogue has", min(known), min(known_copies), "its table"),
        _ratio("artists that are new to it", min(new), min(new_copies), "the same four tables"),
        Result(
            what="dry run of 100,000 rows",
            figure=f"{min(dry):.2f} s, {min(dry) / min(known):.2f} of the import itself",
            bar="no more than the import",
            met=min(dry) < min(known),
        ),
        Result(
            what="growth of the process's memory with 100,000 rows (highest point)",
            figure=f"{growth:.1f} MiB",
            bar="< 64 MiB",
            met=growth < 64,
        ),
    ]


def _ratio(what: str, ours: float, bare: float, tables: str) -> Result:
    return Result(
        what=f"import of 100,000 {what}",
        figure=f"{ours:.2f} s, bare COPY into {tables} {bare:.2f} s: {bare / ours:.2f} of its rate",
        bar="at least half of its rate",
        met=bare / ours >= 0.5,
    )


def _made_up(seed: int) -> Rows:
    chance = random.Random(seed)
    alphabet = string.ascii_letters + string.digits
    syllables = ("ka", "lo", "mi", "ren", "so", "tha", "vel", "zu", "né", "or")
    return [
        (
            f"{''.join(chance.choices(syllables, k=3)).title()} {seed} {number}",
            "".join(chance.choices(alphabet, k=22)),
        )
        for number in range(_ROWS)
    ]


def _import(stage: Stage, person: Person, rows: Rows, *, query: str = "") -> float:
    body = "artist,id\n" + "".join(f"{name},{spotify}\n" for name, spotify in rows)
    headers = {**person.headers, "content-type": "text/csv"}
    started = time.perf_counter()
    answer = call(stage.port, "POST", f"/api/v1/dnp/import{query}", headers, body.encode())
    seconds = time.perf_counter() - started
    if answer["added"] != _ROWS:
        raise RuntimeError(f"only {answer['added']} of the rows were added")
    return seconds


def _copy_list(
    connection: psycopg.Connection[tuple[UUID, ...]], person: Person, rows: Rows
) -> float:
    found = connection.execute(
        "select artist_id from artist_external_ids where external_id = any(%s)",
        [[spotify for _, spotify in rows]],
    )
    return _timed(connection, [(_LIST, _list_rows(person, [row[0] for row in found]))])


def _copy_all(
    connection: psycopg.Connection[tuple[UUID, ...]], person: Person, rows: Rows
) -> float:
    ids, now = [uuid4() for _ in rows], datetime.now(UTC).isoformat()
    artists, names, external = [], [], []
    for id_, (name, spotify) in zip(ids, rows, strict=True):
        artists.append(f'{id_}\t{name}\t{name.lower()}\t{{"spotify": "{spotify}"}}\t{now}\n')
        names.append(f"{id_}\t{name}\t{name.lower()}\timport\n")
        external.append(f"spotify\t{spotify}\t{id_}\n")
    return _timed(
        connection,
        [
            (_ARTISTS, "".join(artists)),
            (_NAMES, "".join(names)),
            (_IDS, "".join(external)),
            (_LIST, _list_rows(person, ids)),
        ],
    )


def _list_rows(person: Person, artists: list[UUID]) -> str:
    now = datetime.now(UTC).isoformat()
    return "".join(f"{person.id}\t{artist}\t{{}}\t\\N\t{now}\n" for artist in artists)


def _timed(
    connection: psycopg.Connection[tuple[UUID, ...]], copies: list[tuple[str, str]]
) -> float:
    bodies = [(statement, rows.encode()) for statement, rows in copies]
    started = time.perf_counter()
    for statement, rows in bodies:
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(rows)
    connection.commit()
    return time.perf_counter() - started
