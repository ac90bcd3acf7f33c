"""Sixty-four connections that try to sign in, some 540 times a second: a process of its own.

Each attempt names another account, as somebody with a list of leaked ones would. From everywhere
at once, no count of attempts stands in the way: only the hashing places do. From as many hosts as
there are connections, the count for each network does.
"""

import asyncio
import json
import random
import sys
from uuid import uuid4

from benchmarks.load import Target, request_bytes, run_load
from benchmarks.stage import PASSWORD

CONNECTIONS = 64
SECONDS = 10.0
PAUSE = CONNECTIONS / 540


def attempt(address: str, email: str | None = None) -> bytes:
    """A sign-in from ``address``, with an account that nobody has unless it is named."""
    email = email or f"{uuid4().hex}@example.org"
    body = json.dumps({"email": email, "password": PASSWORD + "!"}).encode()
    headers = {"content-type": "application/json", "x-forwarded-for": address}
    return request_bytes("POST", "/api/v1/auth/login", body=body, headers=headers)


def anywhere() -> str:
    """The address of nobody in particular."""
    return ".".join(str(random.randint(1, 223)) for _ in range(4))


async def main(port: int, hosts: int) -> None:
    """Flood from so many hosts, or with 0 from everywhere; print what became of the attempts."""

    def request() -> bytes:
        return attempt(f"198.51.100.{random.randint(1, hosts)}" if hosts else anywhere())

    flood = await run_load(
        Target(port=port, request=request), connections=CONNECTIONS, seconds=SECONDS, pace=PAUSE
    )
    statuses = flood.statuses
    print(
        json.dumps(
            {
                "rate": flood.rate,
                "401": statuses[401],
                "429": statuses[429],
                "503": statuses[503],
                "other": sum(n for status, n in statuses.items() if status not in {401, 429, 503}),
                "refused_p99": flood.percentile(0.99),
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
