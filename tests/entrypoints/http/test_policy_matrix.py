"""The policy over HTTP: every operation, for everybody who could ask (AZ-01, AZ-02).

The cells come from the table in ``domain.accounts.policy`` and from the document, so that an
operation that is added is held against its row without anybody thinking of it.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from application.accounts.create_api_token import ApiTokenWish
from application.accounts.ports import AccessClaims
from domain.accounts.policy import POLICY, Owner, Rule
from domain.accounts.principal import Scope
from domain.accounts.role import Role
from domain.shared.ids import SessionId, UserId
from entrypoints.container import Container
from entrypoints.settings import load_settings
from tests.builders.accounts import an_origin
from tests.entrypoints.person import Person
from tests.entrypoints.serving import UNLIMITED, serving
from tests.services import Services, new_database

pytestmark = pytest.mark.slow

DOCUMENT = json.loads((Path(__file__).parents[3] / "spec" / "openapi.json").read_bytes())
REFUSALS = {
    "accounts.authentication_required",
    "accounts.not_permitted",
    "accounts.insufficient_scope",
    "accounts.fresh_authentication_required",
}


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One operation with an input that it would take from the right person."""

    operation: str
    method: str
    path: str
    body: bytes
    content_type: str

    @property
    def rule(self) -> Rule:
        """The row of the policy."""
        return POLICY[self.operation]


def calls() -> list[Call]:
    """Every operation of the document, with its own example as the body."""
    found = []
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {})
            media_type = next(iter(content), "")
            example = content.get(media_type, {}).get("example", "")
            body = example if isinstance(example, str) else json.dumps(example)
            found.append(
                Call(
                    operation=operation["operationId"],
                    method=method.upper(),
                    path=path,
                    body=body.encode(),
                    content_type=media_type,
                )
            )
    return found


class Town:
    """A service of its own, whose people are made as they are needed."""

    def __init__(
        self,
        api: httpx.Client,
        database: psycopg.Connection[Any],
        environ: dict[str, str],
    ) -> None:
        self.api = api
        self._environ = environ
        self._database = database
        self._tokens = Container(settings=load_settings(environ)).access_tokens()

    def person(self, role: Role) -> UserId:
        """Somebody in a role, without any way in but the ones below."""
        user_id, email = uuid4(), f"{uuid4().hex}@example.org"
        self._database.execute(
            """
            insert into users (id, email, email_key, email_verified, role)
            values (%s, %s, %s, true, %s)
            """,
            [user_id, email, email, role],
        )
        return UserId(user_id)

    def session(self, user_id: UserId, proved: timedelta = timedelta(0)) -> str:
        """An access token of a new session, whose person proved so long ago who they are."""
        now, session_id = datetime.now(UTC), uuid4()
        self._database.execute(
            """
            insert into user_sessions (id, user_id, expires_at, authenticated_at)
            values (%s, %s, %s, %s)
            """,
            [session_id, user_id, now + timedelta(days=1), now - proved],
        )
        claims = AccessClaims(user_id=user_id, session_id=SessionId(session_id))
        return self._tokens.issue(claims, now)

    def api_tokens(self, user_id: UserId) -> dict[frozenset[Scope], str]:
        """Tokens of theirs: one for each scope, and one for all of them."""
        return asyncio.run(self._make_tokens(user_id))

    async def _make_tokens(self, user_id: UserId) -> dict[frozenset[Scope], str]:
        container = Container(settings=load_settings(self._environ))
        pool = container.pool()
        await pool.open()
        try:
            made = {}
            for scopes in [*({scope} for scope in Scope), set(Scope)]:
                wish = ApiTokenWish(
                    actor=user_id,
                    name="matrix",
                    scopes=tuple(sorted(scopes)),
                    expires_in_days=1,
                    requests_per_minute=None,
                    origin=an_origin(),
                )
                made[frozenset(scopes)] = (await container.create_api_token()(wish)).text
            return made
        finally:
            await pool.close()

    def refusal(self, call: Call, token: str | None, path: str | None = None) -> str | None:
        """How the policy refused a call, if it did."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if call.content_type:
            headers["content-type"] = call.content_type
        url = path or call.path.replace("{name}", "nobody")
        for parameter in (
            "artist_id",
            "session_id",
            "passkey_id",
            "token_id",
            "identity_id",
            "merge_id",
            "exception_id",
        ):
            url = url.replace("{" + parameter + "}", str(uuid4()))
        url = url.replace("{user_id}", str(uuid4()))
        answer = self.api.request(call.method, url, content=call.body, headers=headers)
        assert answer.status_code < 500 or answer.status_code == 503, (call.operation, answer.text)
        if answer.status_code < 400 or "json" not in answer.headers.get("content-type", ""):
            return None
        code = answer.json().get("code")
        return code if code in REFUSALS else None


@pytest.fixture(scope="module")
def town(services: Services, template_url: str) -> Iterator[Town]:
    """With a database of its own: some cells sign everybody out."""
    template = str(conninfo_to_dict(template_url)["dbname"])
    with new_database(services.database_url, template=template) as url:
        environ = {**UNLIMITED, "DATABASE_URL": url, "REDIS_URL": services.redis_url}
        with (
            serving(environ) as base,
            httpx.Client(base_url=base, trust_env=False) as api,
            psycopg.connect(url, autocommit=True) as database,
        ):
            yield Town(api, database, environ)


def expected(rule: Rule, role: Role, *, fresh: bool) -> str | None:
    """What the row says to somebody who is signed in."""
    if rule.roles is None:
        return None
    if role not in rule.roles:
        return "accounts.not_permitted"
    return "accounts.fresh_authentication_required" if rule.fresh and not fresh else None


@pytest.mark.parametrize("call", calls(), ids=lambda call: call.operation)
def test_nobody_gets_in_but_where_everybody_does(town: Town, call: Call) -> None:
    wanted = None if call.rule.roles is None else "accounts.authentication_required"
    assert town.refusal(call, None) == wanted
    assert town.refusal(call, "eyJ.not.ours") == wanted


@pytest.mark.parametrize("role", Role)
def test_a_session_may_do_what_the_row_says(town: Town, role: Role) -> None:
    person = town.person(role)
    for call in calls():
        if call.rule.roles is None:
            continue
        for fresh in (True, False):
            proved = timedelta(0) if fresh else timedelta(hours=1)
            found = town.refusal(call, town.session(person, proved))
            assert found == expected(call.rule, role, fresh=fresh), (call.operation, fresh)


@pytest.mark.parametrize("role", Role)
def test_a_token_may_do_what_its_scopes_open(town: Town, role: Role) -> None:
    tokens = town.api_tokens(town.person(role))
    for call in calls():
        rule = call.rule
        if rule.roles is None:
            continue
        for scopes, token in tokens.items():
            wanted = expected(rule, role, fresh=True)
            if wanted is None and rule.scope not in scopes:
                wanted = "accounts.insufficient_scope"
            assert town.refusal(call, token) == wanted, (call.operation, sorted(scopes))


def test_the_matrix_has_a_thousand_cells() -> None:
    guarded = sum(call.rule.roles is not None for call in calls())
    cells = 2 * len(calls()) + guarded * len(Role) * (2 + len(Scope) + 1)
    assert cells >= 1000


# Where an operation names a thing of somebody's: how the thing is made, and looked at again.


def _entry(owner: Person, database: psycopg.Connection[Any]) -> str:
    owner.import_csv(f"artist,id\nA,{uuid4().hex[:22]}\n")
    return str(owner.entries()[0]["artist_id"])


def _session(owner: Person, database: psycopg.Connection[Any]) -> str:
    return str(owner.call("GET", "/api/v1/auth/sessions").json()["items"][0]["id"])


def _passkey(owner: Person, database: psycopg.Connection[Any]) -> str:
    passkey_id = uuid4()
    database.execute(
        """
        insert into user_passkeys (id, user_id, credential_id, public_key, sign_count, transports,
                                   backup_eligible, backed_up, name, created_at)
        values (%s, %s, %s, '', 0, '{}', false, false, 'Phone', now())
        """,
        [passkey_id, owner.id, passkey_id.bytes],
    )
    return str(passkey_id)


def _token(owner: Person, database: psycopg.Connection[Any]) -> str:
    body = {"name": "x", "scopes": ["list:read"], "expires_in_days": 1}
    answer = owner.call("POST", "/api/v1/auth/tokens", json=body)
    return str(answer.json()["details"]["id"])


def _identity(owner: Person, database: psycopg.Connection[Any]) -> str:
    identity_id = uuid4()
    database.execute(
        """
        insert into user_identities (id, user_id, provider, issuer, subject, created_at,
                                     last_used_at)
        values (%s, %s, 'x', 'https://x.example', %s, now(), now())
        """,
        [identity_id, owner.id, identity_id.hex],
    )
    return str(identity_id)


def _exception(owner: Person, database: psycopg.Connection[Any]) -> str:
    artist_id = _entry(owner, database)
    owner.call("DELETE", f"/api/v1/dnp/entries/{artist_id}")
    answer = owner.call("POST", "/api/v1/dnp/exceptions", json={"artist_id": artist_id})
    return str(answer.json()["id"])


THINGS: dict[str, tuple[str, Callable[[Person, psycopg.Connection[Any]], str]]] = {
    "{artist_id}": ("user_artist_blocks", _entry),
    "{session_id}": ("user_sessions", _session),
    "{passkey_id}": ("user_passkeys", _passkey),
    "{token_id}": ("api_tokens", _token),
    "{identity_id}": ("user_identities", _identity),
    "{exception_id}": ("user_exceptions", _exception),
}
OWNED = [
    call
    for call in calls()
    if call.rule.owner is Owner.SELF and "{" in call.path and "{name}" not in call.path
]


@pytest.mark.parametrize("call", OWNED, ids=lambda call: call.operation)
def test_what_belongs_to_somebody_else_is_not_found_and_stays(
    call: Call, api: httpx.Client, register: Callable[[], Person], migrated_database_url: str
) -> None:
    ada, eve = register(), register()
    parameter = call.path[call.path.index("{") : call.path.index("}") + 1]
    table, make = THINGS[parameter]
    with psycopg.connect(migrated_database_url, autocommit=True) as database:
        thing = make(ada, database)
        rows = f"select t::text from {table} t where user_id = %s order by 1"
        before = database.execute(rows.encode(), [ada.id]).fetchall()
        answer = eve.call(
            call.method,
            call.path.replace(parameter, thing),
            content=call.body,
            headers={"content-type": call.content_type} if call.content_type else {},
        )
        assert answer.status_code == 404, answer.text
        assert database.execute(rows.encode(), [ada.id]).fetchall() == before
