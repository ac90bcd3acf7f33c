"""Twenty refreshes of one token at once, a hundred times: each token has one successor."""

import asyncio
import json
from uuid import UUID

import psycopg

from benchmarks.load import request_bytes
from benchmarks.result import Result
from benchmarks.stage import Person, Stage, register

ROUNDS = 100
AT_ONCE = 20

_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def measure_refresh(stage: Stage) -> list[Result]:
    """The answers are counted, and the tokens that the database knows of."""
    person = register(stage.port)
    before = _tokens(stage, person)
    successors, refused = asyncio.run(_rounds(stage.port, person.refresh_token))
    stored = _tokens(stage, person) - before
    wrong = sum(count != 1 for count in successors)
    complete = len(successors) == ROUNDS
    return [
        Result(
            what=f"{AT_ONCE} refreshes of one token at once, {ROUNDS} rounds along the chain",
            figure=f"{len(successors)} rounds, {wrong} with other than one successor "
            f"(most: {max(successors)})",
            bar="exactly 1 each",
            met=complete and wrong == 0,
        ),
        Result(
            what="successors that the database holds afterwards",
            figure=str(stored),
            bar=f"exactly {ROUNDS}",
            met=stored == ROUNDS,
        ),
        Result(
            what="answers other than 200",
            figure=f"{refused} of {len(successors) * AT_ONCE:,}",
        ),
    ]


async def _rounds(port: int, token: str) -> tuple[list[int], int]:
    """How many successors each round had; it ends early where there is none to go on with."""
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(AT_ONCE)]
    counts, refused = [], 0
    try:
        for _ in range(ROUNDS):
            request = _request(token)
            for _, writer in opened:
                writer.write(request)
            async with asyncio.timeout(30):
                answers = await asyncio.gather(*(_answer(streams) for streams in opened))
            successors = {token for token in answers if token is not None}
            refused += answers.count(None)
            counts.append(len(successors))
            if not successors:
                break
            token = min(successors)
    finally:
        for _, writer in opened:
            writer.close()
    return counts, refused


def _request(token: str) -> bytes:
    body = json.dumps({"refresh_token": token}).encode()
    headers = {"content-type": "application/json"}
    return request_bytes("POST", "/api/v1/auth/refresh", headers, body)


async def _answer(streams: _Streams) -> str | None:
    """The refresh token of the next answer; ``None`` where it is a refusal."""
    reader, _ = streams
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
    body = await reader.readexactly(length)
    return str(json.loads(body)["refresh_token"]) if head[9:12] == b"200" else None


def _tokens(stage: Stage, person: Person) -> int:
    with psycopg.connect(stage.database_url) as connection:
        row = connection.execute(
            """
            select count(*) from refresh_tokens t join user_sessions s on s.id = t.session_id
            where s.user_id = %s
            """,
            [UUID(person.id)],
        ).fetchone()
    assert row is not None
    return int(row[0])
