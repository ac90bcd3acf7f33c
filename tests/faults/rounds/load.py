"""People who change and read their lists all the time, and write down how each try was answered."""

import asyncio
import random
import threading
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import httpx

from tests.faults.rounds.oracle import (
    NO_ANSWER,
    UNSETTLED,
    WRITES,
    Account,
    Kind,
    Operation,
    Oracle,
    Outcome,
    headers_of,
    request_of,
)

# How often somebody does what, of a hundred.
MIX = {
    Kind.ADD: 25, Kind.ADD_MANY: 5, Kind.EDIT: 15, Kind.REMOVE: 12, Kind.READ: 28, Kind.PAGE: 15,
}  # fmt: skip
# The same for somebody who does nothing but write.
WRITING = {Kind.ADD: 25, Kind.ADD_MANY: 15, Kind.EDIT: 40, Kind.REMOVE: 20}
MANY = 5
_LONGEST_PAUSE = 1.0
_REFRESH_SECONDS = 1.0
# Later than ten seconds a refresh token that is sent again means theft.
_REFRESH_PATIENCE = 8.0


class Load:
    """``hands`` at work at ``rate`` operations a second in all, from ``start`` to ``stop``.

    Each hand changes entries that no other touches, one operation at a time, and sends what got no
    answer again under the same id, to the next of ``urls``, until it is settled. Several hands have
    one person's list in common. ``keyed`` is False for the control that sends no Idempotency-Key.
    """

    def __init__(
        self,
        oracle: Oracle,
        urls: Sequence[str],
        people: Sequence[Account],
        artists: Sequence[str],
        *,
        rate: float,
        mix: Mapping[Kind, int] = MIX,
        seed: int,
        hands: int = 12,
        keyed: bool = True,
        refresh: bool = True,
        timeout: float = 12.0,
    ) -> None:
        self._oracle = oracle
        self._urls = list(urls)
        self._people = list(people)
        self._artists = list(artists)
        self._pause = hands / rate
        self._mix = mix
        self._seed = seed
        self._hands = hands
        self._keyed = keyed
        self._refresh = refresh
        self._timeout = timeout
        self._ending = threading.Event()
        self._give_up = float("inf")
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._failure: BaseException | None = None
        self.outcomes: list[Outcome] = []

    def __enter__(self) -> Self:
        """Begin."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""
        self.stop()

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    def stop(self, settle: float = 15.0) -> None:
        """Begin nothing new; what is not settled after so many seconds stays unknown."""
        self._give_up = time.monotonic() + settle
        self._ending.set()
        self._thread.join(settle + 2 * self._timeout)
        assert not self._thread.is_alive(), "the load does not end"
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            asyncio.run(self._all())
        except BaseException as failure:  # shown to whoever stops the load
            self._failure = failure

    async def _all(self) -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        async with httpx.AsyncClient(
            trust_env=False, timeout=self._timeout, limits=limits
        ) as client:
            hands = [self._work(client, number) for number in range(self._hands)]
            if self._refresh:
                hands += [self._keep_signed_in(client, person) for person in self._people]
            async with asyncio.TaskGroup() as group:
                for hand in hands:
                    group.create_task(hand)

    async def _work(self, client: httpx.AsyncClient, number: int) -> None:
        dice = random.Random(self._seed * 1000 + number)
        person = self._people[number % len(self._people)]
        artists = self._artists[number :: self._hands]
        due = time.monotonic() + dice.random() * self._pause
        while not self._ending.is_set():
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due = max(due + self._pause, time.monotonic() - self._pause)
            operation = self._next(dice, person, artists)
            if operation.kind in WRITES:
                await self._settle(client, dice, person, operation)
            else:
                await self._read(client, dice, person, operation)

    def _next(self, dice: random.Random, person: Account, artists: Sequence[str]) -> Operation:
        kind = dice.choices(list(self._mix), list(self._mix.values()))[0]
        name = f"{dice.getrandbits(96):024x}"
        chosen: tuple[str, ...] = ()
        if kind in {Kind.ADD, Kind.ADD_MANY}:
            wanted = MANY if kind is Kind.ADD_MANY else 1
            chosen = self._some(dice, person, artists, there=False)[:wanted]
            if len(chosen) < wanted:
                kind = Kind.REMOVE
        if kind in {Kind.EDIT, Kind.REMOVE, Kind.READ}:
            chosen = self._some(dice, person, artists, there=True)[:1]
            if not chosen:
                kind, chosen = Kind.ADD, self._some(dice, person, artists, there=False)[:1]
        if not chosen:
            kind = Kind.PAGE
        note = f"note {name}" if kind in {Kind.ADD, Kind.ADD_MANY, Kind.EDIT} else None
        return Operation(id=name, kind=kind, person=person.id, artists=chosen, note=note)

    def _some(
        self, dice: random.Random, person: Account, artists: Sequence[str], *, there: bool
    ) -> tuple[str, ...]:
        """Up to ``MANY`` entries of which it is known that they are there, or not."""
        tried = dice.sample(artists, min(len(artists), 40))
        fitting = (
            artist
            for artist in tried
            if len(notes := self._oracle.may_be(person.id, artist)) == 1
            and (notes != {None}) is there
        )
        return tuple(artist for artist, _ in zip(fitting, range(MANY), strict=False))

    async def _settle(
        self, client: httpx.AsyncClient, dice: random.Random, person: Account, operation: Operation
    ) -> None:
        attempt = 0
        while True:
            attempt += 1
            self._oracle.sent(operation)
            keyed = self._keyed or attempt == 1
            headers = headers_of(operation, person, keyed=keyed)
            outcome, _ = await self._send(client, operation, headers, attempt, dice)
            if self._oracle.answered(operation, outcome.status, outcome.code):
                return
            if time.monotonic() > self._give_up:
                return
            await asyncio.sleep(dice.uniform(0.05, _LONGEST_PAUSE))

    async def _read(
        self, client: httpx.AsyncClient, dice: random.Random, person: Account, operation: Operation
    ) -> None:
        headers = headers_of(operation, person)
        outcome, content = await self._send(client, operation, headers, 1, dice)
        if outcome.status in UNSETTLED or operation.kind is Kind.PAGE:
            if outcome.status not in {200, *UNSETTLED}:
                self._oracle.surprises.append(f"page: {outcome.status} {outcome.code}")
            return
        notes = self._oracle.may_be(person.id, operation.artists[0])
        note = content.get("note") if outcome.status == 200 else None
        if outcome.status not in {200, 404} or note not in notes:
            self._oracle.surprises.append(f"read: {outcome.status} {note!r}, expected {notes}")

    async def _keep_signed_in(self, client: httpx.AsyncClient, person: Account) -> None:
        dice = random.Random(person.id)
        while not self._ending.is_set():
            await asyncio.sleep(dice.uniform(0.5, 1.5) * _REFRESH_SECONDS)
            since = time.monotonic()
            for attempt in range(1, 100):
                if time.monotonic() - since > _REFRESH_PATIENCE:
                    return
                outcome, content = await self._exchange(client, person, attempt, dice)
                if outcome.status == 200:
                    person.access_token = content["access_token"]
                    person.refresh_token = content["refresh_token"]
                    break
                if outcome.status not in UNSETTLED:
                    self._oracle.surprises.append(f"refresh: {outcome.status} {outcome.code}")
                    return
                await asyncio.sleep(dice.uniform(0.05, 0.5))

    async def _exchange(
        self, client: httpx.AsyncClient, person: Account, attempt: int, dice: random.Random
    ) -> tuple[Outcome, dict[str, Any]]:
        operation = Operation(
            id=f"refresh-{dice.getrandbits(64):016x}", kind=Kind.REFRESH, person=person.id,
            artists=(), note=None,
        )  # fmt: skip
        return await self._send(
            client, operation, {"x-request-id": operation.id}, attempt, dice,
            request=("POST", "/api/v1/auth/refresh", {"refresh_token": person.refresh_token}),
        )  # fmt: skip

    async def _send(
        self,
        client: httpx.AsyncClient,
        operation: Operation,
        headers: dict[str, str],
        attempt: int,
        dice: random.Random,
        *,
        request: tuple[str, str, dict[str, object] | None] | None = None,
    ) -> tuple[Outcome, dict[str, Any]]:
        method, path, body = request or request_of(operation)
        started = time.monotonic()
        status, code, fields = NO_ANSWER, "", httpx.Headers()
        content: dict[str, Any] = {}
        try:
            answer = await client.request(
                method, dice.choice(self._urls) + path, json=body, headers=headers
            )
            status, fields = answer.status_code, answer.headers
            content = answer.json() if answer.content else {}
            code = str(content.get("code", ""))
        except httpx.TransportError as error:
            code = type(error).__name__
        outcome = Outcome(
            operation=operation.id, kind=operation.kind, status=status, code=code, at=started,
            seconds=time.monotonic() - started, attempt=attempt,
            retry_after="retry-after" in fields, replayed="idempotent-replayed" in fields,
        )  # fmt: skip
        self.outcomes.append(outcome)
        return outcome, content
