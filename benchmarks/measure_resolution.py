"""Who is who on a labelled set: precision and recall, kind by kind, and what a merge costs."""

import json
import random
import time
from collections import Counter
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.labelled_rows import Known, Labelled, Right, catalogue, labelled_rows
from benchmarks.names import SEED, names
from benchmarks.result import Result
from benchmarks.stage import Stage, call
from domain.catalog.artist_name import search_key

ARTISTS = 100_000
EACH = 500
LISTS = 50_000


def measure_resolution(stage: Stage) -> list[Result]:
    """Over HTTP, a thousand rows in a request."""
    artists = catalogue(names(ARTISTS), SEED)
    _take_in(stage, artists)
    rows = labelled_rows(artists, EACH, SEED + 1)
    answers: list[dict[str, Any]] = []
    seconds = []
    for start in range(0, len(rows), 1000):
        body = json.dumps({"rows": [row.row for row in rows[start : start + 1000]]}).encode()
        headers = {**stage.person.headers, "content-type": "application/json"}
        began = time.perf_counter()
        answer = call(stage.port, "POST", "/api/v1/artists/resolve", headers, body)
        seconds.append(time.perf_counter() - began)
        answers += answer["rows"]
    return [
        *_overall(rows, answers),
        *_by_kind(rows, answers),
        Result(
            what="1,000 rows in one request",
            figure=f"median {sorted(seconds)[len(seconds) // 2]:.2f} s, most {max(seconds):.2f} s",
        ),
        *_merge(stage, artists),
    ]


def _overall(rows: list[Labelled], answers: list[dict[str, Any]]) -> list[Result]:
    decided = [
        (row, answer)
        for row, answer in zip(rows, answers, strict=True)
        if answer["outcome"] == "resolved"
    ]
    right = sum(
        row.right is Right.RESOLVED and answer["artist"]["id"] == str(row.artist)
        for row, answer in decided
    )
    wanted = sum(row.right is Right.RESOLVED for row in rows)
    by_name = sum(not row.row.get("ids") and not row.row.get("links") for row, _ in decided)
    precision, recall = right / len(decided), right / wanted
    return [
        Result(
            what=f"{len(rows):,} rows, {ARTISTS:,} artists: precision of what is resolved",
            figure=f"{precision:.4f} ({right:,} of {len(decided):,})",
            bar="≥ 0.99",
            met=precision >= 0.99,
        ),
        Result(
            what="recall of what ids decide",
            figure=f"{recall:.4f} ({right:,} of {wanted:,})",
            bar="≥ 0.99",
            met=recall >= 0.99,
        ),
        Result(
            what="rows resolved by a name alone", figure=f"{by_name}", bar="0", met=by_name == 0
        ),
        _calibration(rows, answers),
    ]


def _calibration(rows: list[Labelled], answers: list[dict[str, Any]]) -> Result:
    """Of the first candidates of a confidence, how many were right."""
    seen, right = Counter[str](), Counter[str]()
    for row, answer in zip(rows, answers, strict=True):
        if answer["outcome"] == "review":
            first = answer["candidates"][0]
            band = "≥ 0.8" if first["confidence"] >= 0.8 else "0.5 to 0.8"
            band = "< 0.5" if first["confidence"] < 0.5 else band
            seen[band] += 1
            right[band] += first["artist"]["id"] == str(row.artist)
    parts = [f"{band}: {right[band] / seen[band]:.2f} of {seen[band]:,}" for band in sorted(seen)]
    return Result(what="first candidates that are right, by confidence", figure="; ".join(parts))


def _by_kind(rows: list[Labelled], answers: list[dict[str, Any]]) -> list[Result]:
    found = []
    for kind in dict.fromkeys(sorted(row.kind for row in rows)):
        pairs = [(r, a) for r, a in zip(rows, answers, strict=True) if r.kind == kind]
        right = pairs[0][0].right
        outcomes = Counter(str(answer["outcome"]) for _, answer in pairs)
        said = ", ".join(f"{outcome} {n}" for outcome, n in outcomes.most_common())
        if right is Right.CANDIDATE:
            first = sum(_place(row, answer) == 0 for row, answer in pairs) / len(pairs)
            among = sum(_place(row, answer) is not None for row, answer in pairs) / len(pairs)
            figure = f"first candidate {first:.3f}, among the candidates {among:.3f} ({said})"
        else:
            share = sum(_is_right(row, answer) for row, answer in pairs) / len(pairs)
            figure = f"right {share:.3f} ({said})"
        found.append(Result(what=f"{kind}, to be {right}", figure=figure))
    return found


def _is_right(row: Labelled, answer: dict[str, Any]) -> bool:
    match row.right:
        case Right.RESOLVED:
            return bool(answer["artist"] and answer["artist"]["id"] == str(row.artist))
        case Right.NOT_RESOLVED:
            return answer["artist"] is None
    return bool(answer["outcome"] == "unknown")


def _place(row: Labelled, answer: dict[str, Any]) -> int | None:
    ids = [candidate["artist"]["id"] for candidate in answer["candidates"]]
    return ids.index(str(row.artist)) if str(row.artist) in ids else None


def _merge(stage: Stage, artists: list[Known]) -> list[Result]:
    """One that a few people have, and one that fifty thousand do."""
    headers = {**stage.person.headers, "content-type": "application/json"}
    with psycopg.connect(stage.database_url, autocommit=True) as database:
        database.execute("update users set role = 'moderator' where id = %s", [stage.person.id])
        results = []
        chance = random.Random(SEED)
        for people in (10, LISTS):
            part, whole = chance.sample(artists, 2)
            _put_on_lists(database, people, part.id, whole.id)
            body = json.dumps({"into": str(whole.id)}).encode()
            began = time.perf_counter()
            path = f"/api/v1/artists/{part.id}/merge"
            merged = call(stage.port, "POST", path, headers, body)
            there = time.perf_counter() - began
            path = f"/api/v1/artists/merges/{merged['id']}/undo"
            began = time.perf_counter()
            undone = call(stage.port, "POST", path, headers, b"")
            back = time.perf_counter() - began
            kept = undone["entries_restored"] == people
            results.append(
                Result(
                    what=f"a merge that concerns {people:,} lists, and its undo",
                    figure=f"{there:.2f} s and {back:.2f} s; {merged['entries_moved']:,} moved, "
                    f"{merged['entries_combined']:,} combined, "
                    f"{undone['entries_restored']:,} restored",
                    bar="every entry comes back",
                    met=kept,
                )
            )
    return results


def _put_on_lists(database: psycopg.Connection[Any], people: int, part: UUID, whole: UUID) -> None:
    database.execute(
        """
        with people as (
            insert into users (id, email, email_key)
            select gen_random_uuid(), k, k from (
                select gen_random_uuid() || '@example.org' as k
                from generate_series(1, %(people)s)
            ) k returning id
        ), all_of_them as (
            insert into user_artist_blocks (user_id, artist_id) select id, %(part)s from people
        )
        insert into user_artist_blocks (user_id, artist_id)
        select id, %(whole)s from (select id, row_number() over () as n from people) numbered
        where n %% 4 = 0
        """,
        {"people": people, "part": part, "whole": whole},
    )


def _take_in(stage: Stage, artists: list[Known]) -> None:
    with psycopg.connect(stage.database_url) as database, database.cursor() as cursor:
        with cursor.copy(
            "copy artists (id, canonical_name, sort_key, disambiguation) from stdin"
        ) as copy:
            for artist in artists:
                key = search_key(artist.name)
                copy.write_row((artist.id, artist.name, key, artist.disambiguation))
        with cursor.copy(
            "copy artist_names (artist_id, name, search_key, source) from stdin"
        ) as copy:
            for artist in artists:
                for name in dict.fromkeys((artist.name, *artist.aliases)):
                    copy.write_row((artist.id, name, search_key(name), "bench"))
        with cursor.copy(
            "copy artist_external_ids (service, external_id, artist_id) from stdin"
        ) as copy:
            for artist in artists:
                for service, value in artist.ids.items():
                    copy.write_row((service, value, artist.id))
        database.commit()
        database.autocommit = True
        database.execute("vacuum analyze artists, artist_names, artist_external_ids")
