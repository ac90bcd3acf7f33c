"""Sixty-four connections that try to sign in, some 540 times a second: a process of its own.

Each attempt names another address, as somebody with a list of leaked ones would, so that no
count of attempts stands in the way: only the hashing places do.
"""

import asyncio
import json
import sys
from uuid import uuid4

from benchmarks.load import Target, request_bytes, run_load
from benchmarks.stage import PASSWORD

CONNECTIONS = 64
SECONDS = 10.0
PAUSE = CONNECTIONS / 540


def attempt() -> bytes:
    """A sign-in with an address that nobody has."""
    body = json.dumps({"email": f"{uuid4().hex}@example.org", "password": PASSWORD}).encode()
    headers = {"content-type": "application/json"}
    return request_bytes("POST", "/api/v1/auth/login", body=body, headers=headers)


async def main(port: int) -> None:
    """Flood, then print what became of the attempts."""
    flood = await run_load(
        Target(port=port, request=attempt), connections=CONNECTIONS, seconds=SECONDS, pace=PAUSE
    )
    statuses = flood.statuses
    print(
        json.dumps(
            {
                "rate": flood.rate,
                "401": statuses[401],
                "503": statuses[503],
                "other": sum(n for status, n in statuses.items() if status not in {401, 503}),
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
