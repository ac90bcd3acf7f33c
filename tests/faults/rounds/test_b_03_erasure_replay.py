"""B-3: who was erased after a backup stays erased when it is put back."""

import asyncio
import random
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg

from entrypoints.container import Container
from entrypoints.settings import load_settings
from tests.e2e.process import nodrake
from tests.faults.rounds.backups import Backups, cluster, service, use
from tests.faults.rounds.invariants import invariant_complaints
from tests.faults.rounds.oracle import Account
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import Stack, stack

STAY = 2
_DUE = "update account_deletions set due_at = now()"


def test_erased_people_stay_erased(rounds: int, dice: random.Random, report: Report) -> None:
    left, back, complaints = 0, 0, []
    with stack(apis=1, worker=False) as running:
        backups = Backups(running)
        stays = running.people(STAY)
        kept = running.folder / "erased"
        for _ in range(rounds):
            erased = running.people(dice.randint(1, 3))
            canaries = [canary for person in erased for canary in mark(running, person, dice)]
            others = [canary for person in stays for canary in mark(running, person, dice)]
            taken = backups.take()
            erase(running, erased, kept)
            assert found(running.database_url, canaries) == 0
            with cluster() as new:
                backups.put_back(taken, new.url)
                before = found(new.url, canaries)
                assert before >= len(canaries), "the backup does not have them: nothing is shown"
                back += before
                settings = {**backups.settings, "DATABASE_URL": new.url}
                replayed = nodrake("erasures", "replay", str(kept), **settings)
                assert replayed.returncode == 0, replayed.stderr
                asyncio.run(work(settings))
                left += found(new.url, canaries)
                assert found(new.url, others) >= len(others)
                complaints += invariant_complaints(new.url)
                verified = nodrake("audit", "verify", **settings)
                complaints += [] if verified.returncode == 0 else [verified.stdout]
                with service(settings, new.url) as api:
                    use(api, stays[0])
    report.add(
        "B-3",
        "backup put back after people were erased, erasures replayed",
        f"{left} canaries left of {back:,} that the backups had; {len(complaints)} complaints",
        "0 canaries, the others untouched",
        met=left == 0 and not complaints,
    )
    assert left == 0
    assert complaints == []


def mark(running: Stack, person: Account, dice: random.Random) -> list[str]:
    """Words of theirs in places where people write something, and their address."""
    note, tag, name = (f"canary{uuid4().hex[:20]}" for _ in range(3))
    with httpx.Client(base_url=running.urls[0], trust_env=False, timeout=30) as client:
        one = {"artist_ids": [dice.choice(running.artists)], "note": note, "tags": [tag]}
        headers = person.headers
        client.post("/api/v1/dnp/bulk/add", headers=headers, json=one).raise_for_status()
        shown = {"display_name": name}
        client.patch("/api/v1/users/profile", headers=headers, json=shown).raise_for_status()
    return [note, tag, name, person.email]


def erase(running: Stack, people: list[Account], kept: Path) -> None:
    """They ask for it, the seven days are over, it is done, and the list is taken anew."""
    with httpx.Client(base_url=running.urls[0], trust_env=False, timeout=30) as client:
        for person in people:
            client.post("/api/v1/users/deletion", headers=person.headers).raise_for_status()
    with psycopg.connect(running.database_url) as connection:
        connection.execute(_DUE)
    asyncio.run(work(running.settings))
    listed = nodrake("erasures", "list", **running.settings)
    assert listed.returncode == 0, listed.stderr
    kept.write_text(listed.stdout)


async def work(settings: dict[str, str]) -> None:
    """What the worker does about them within a minute, and about the audit log."""
    container = Container(settings=load_settings(settings))
    pool = container.pool()
    await pool.open()
    try:
        while await container.erase_users()():
            pass
        await container.seal_audit_log()()
    finally:
        await pool.close()


def found(database_url: str, canaries: list[str]) -> int:
    """How often any of them is in a dump of all that there is."""
    with psycopg.connect(database_url) as connection:
        tables = connection.execute(
            "select tablename from pg_tables where schemaname = 'public'"
        ).fetchall()
        count = 0
        for (table,) in tables:
            with connection.cursor().copy(f"copy {table} to stdout".encode()) as rows:
                text = b"".join(bytes(part) for part in rows)
            count += sum(text.count(canary.encode()) for canary in canaries)
    return count
