"""Passkeys over HTTP, with an authenticator in software."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import httpx
import psycopg
import pytest

from tests import authenticator as soft
from tests.authenticator import WELL, Authenticator, Json, Mischief
from tests.entrypoints.person import PASSWORD, Person

BASE = "/api/v1/auth/passkeys"
ORIGIN = "http://localhost:3000"  # the default of NODRAKE_PUBLIC_URL


@pytest.fixture
def api(base_url: str) -> Iterator[httpx.Client]:
    """A client at an address of its own, since attempts are counted by address."""
    _, b, c, d = (max(1, octet % 255) for octet in secrets.token_bytes(4))
    transport = httpx.HTTPTransport(local_address=f"127.{b}.{c}.{d}")
    with httpx.Client(
        base_url=base_url, transport=transport, trust_env=False, timeout=30
    ) as client:
        yield client


def add(person: Person, device: Authenticator, wrong: Mischief = WELL) -> httpx.Response:
    """Have the device make a passkey for somebody."""
    options = person.call("POST", f"{BASE}/registration")
    assert options.status_code == 200, options.text
    body = {"name": "Phone", "credential": device.create(options.json(), wrong)}
    return person.call("POST", f"{BASE}/registration/finish", json=body)


def a_device(person: Person, **traits: Any) -> Authenticator:
    """A device with a passkey for somebody."""
    device = Authenticator(origin=ORIGIN, **traits)
    answer = add(person, device)
    assert answer.status_code == 201, answer.text
    return device


def question(api: httpx.Client) -> Json:
    """What `get` is to be asked."""
    answer = api.post(f"{BASE}/assertion")
    assert answer.status_code == 200, answer.text
    options: Json = answer.json()
    return options


def sign_in(api: httpx.Client, device: Authenticator, wrong: Mischief = WELL) -> httpx.Response:
    """An attempt to sign in."""
    proof = device.get(question(api), wrong)
    return api.post(f"{BASE}/assertion/finish", json={"credential": proof})


def items(person: Person) -> list[Json]:
    """Somebody's passkeys."""
    found: list[Json] = person.call("GET", BASE).json()["items"]
    return found


def essence(answer: httpx.Response) -> tuple[int, Json, Json]:
    """A refusal without what is different each time."""
    document = {k: v for k, v in answer.json().items() if k not in {"request_id", "timestamp"}}
    passing = {"date", "x-request-id", "ratelimit"}
    headers = {k: v for k, v in answer.headers.items() if k not in passing}
    return answer.status_code, document, headers


def test_a_life_with_passkeys(api: httpx.Client, ada: Person) -> None:
    phone, laptop = a_device(ada), a_device(ada, key=soft.eddsa(), eligible=True)
    first, second = items(ada)
    assert (first["name"], first["transports"]) == ("Phone", ["internal", "hybrid"])
    assert [first["backed_up"], second["backed_up"]] == [False, True]
    assert first["last_used_at"] is None
    for device in (phone, laptop, phone):
        answer = sign_in(api, device)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        signed_in = Person(api, answer.json())
        assert signed_in.id == ada.id
        assert signed_in.call("GET", "/api/v1/users/profile").json()["email"] == ada.email
        refreshed = api.post(
            "/api/v1/auth/refresh", json={"refresh_token": signed_in.refresh_token}
        )
        assert refreshed.status_code == 200
    path = f"{BASE}/{first['id']}"
    renamed = signed_in.call("PATCH", path, json={"name": "Old phone"})
    assert renamed.json()["name"] == "Old phone"
    assert renamed.json()["last_used_at"] is not None
    assert signed_in.call("DELETE", path).status_code == 204
    assert [passkey["id"] for passkey in items(ada)] == [second["id"]]
    assert sign_in(api, phone).json()["code"] == "accounts.invalid_passkey"
    assert sign_in(api, laptop).status_code == 200
    assert signed_in.call("DELETE", path).json()["code"] == "accounts.passkey_not_found"


def test_the_questions_are_what_browsers_read(api: httpx.Client, ada: Person) -> None:
    device = a_device(ada)
    create = ada.call("POST", f"{BASE}/registration").json()
    assert len(soft.to_bytes(create.pop("challenge"))) == 32
    assert create == {
        "rp": {"id": "localhost", "name": "No Drake in the House"},
        "user": {
            "id": soft.to_text(bytes.fromhex(ada.id.replace("-", ""))),
            "name": ada.email,
            "displayName": ada.email,
        },
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in (-8, -7, -257)],
        "timeout": 300_000,
        "excludeCredentials": [
            {
                "type": "public-key",
                "id": soft.to_text(device.credential_id),
                "transports": ["internal", "hybrid"],
            }
        ],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }
    get = question(api)
    assert len(soft.to_bytes(get.pop("challenge"))) == 32
    assert get == {
        "timeout": 300_000,
        "rpId": "localhost",
        "allowCredentials": [],
        "userVerification": "required",
    }


def test_a_foreign_page_cannot_use_a_proof_up(api: httpx.Client, ada: Person) -> None:
    proof = a_device(ada).get(question(api), WELL)
    body = {"credential": proof, "refresh_token_in": "cookie"}
    path = f"{BASE}/assertion/finish"
    refused = api.post(path, json=body, headers={"origin": "https://evil.example"})
    assert (refused.status_code, refused.json()["code"]) == (403, "accounts.cross_site_request")
    assert api.post(path, json=body, headers={"origin": ORIGIN}).status_code == 200


WRONG = {
    "another origin": Mischief(origin="http://localhost:3001"),
    "another relying party": Mischief(rp_id="evil.example"),
    "the other ceremony": Mischief(type="webauthn.create"),
    "a frame": Mischief(cross_origin=True),
    "nobody verified": Mischief(verified=False),
    "nobody present": Mischief(present=False),
    "another key": Mischief(other_key=True),
    "tampered client data": Mischief(tampered_client_data=True),
    "a challenge of nobody": Mischief(challenge=soft.to_text(bytes(32))),
    "a challenge that is none": Mischief(challenge="?"),
    "somebody else's handle": Mischief(user_handle=bytes(16)),
    "no handle": Mischief(no_user_handle=True),
    "fit for backups at once": Mischief(backed_up=True),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_every_wrong_proof_is_refused_like_an_unknown_passkey(
    api: httpx.Client, ada: Person, wrong: Mischief
) -> None:
    device = a_device(ada)
    unknown = sign_in(api, Authenticator(origin=ORIGIN, user_handle=device.user_handle))
    assert unknown.status_code == 401
    assert unknown.json()["code"] == "accounts.invalid_passkey"
    assert essence(sign_in(api, device, wrong)) == essence(unknown)
    assert sign_in(api, device).status_code == 200


def test_a_proof_counts_once_however_many_send_it(api: httpx.Client, ada: Person) -> None:
    device = a_device(ada, counts=False)  # so that only the challenge stands in their way
    body = {"credential": device.get(question(api))}
    with ThreadPoolExecutor(20) as racers:
        statuses = list(
            racers.map(
                lambda _: api.post(f"{BASE}/assertion/finish", json=body).status_code, range(20)
            )
        )
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 401, 503}
    assert api.post(f"{BASE}/assertion/finish", json=body).status_code == 401


def test_a_copy_gives_itself_away_and_is_shut_out_with_the_original(
    api: httpx.Client, ada: Person, migrated_database_url: str
) -> None:
    device = a_device(ada)
    assert sign_in(api, device).status_code == 200
    copy = device.copy()
    assert sign_in(api, copy).status_code == 200
    refused = sign_in(api, device)  # the original, one behind by now
    assert refused.json()["code"] == "accounts.invalid_passkey"
    assert items(ada)[0]["suspected_at"] is not None
    for holder in (device, copy, copy):
        assert essence(sign_in(api, holder)) == essence(refused)
    with psycopg.connect(migrated_database_url) as connection:
        audit = connection.execute(
            "select action from audit_log where user_id = %s order by created_at", [ada.id]
        ).fetchall()
        mails = connection.execute(
            "select count(*) from outgoing_mails where user_id = %s", [ada.id]
        ).fetchone()
    assert [action for (action,) in audit].count("accounts.passkey_suspected.v1") == 1
    assert mails == (3,), "for the registration, the new passkey and the suspicion"


def test_a_device_that_counts_nothing_is_not_suspected(api: httpx.Client, ada: Person) -> None:
    device = a_device(ada, counts=False, eligible=True)
    assert [sign_in(api, device).status_code for _ in range(3)] == [200] * 3
    assert items(ada)[0]["suspected_at"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        Mischief(origin="http://localhost:3001"),
        Mischief(rp_id="evil.example"),
        Mischief(verified=False),
        Mischief(cross_origin=True),
        Mischief(other_credential_id=True),
        Mischief(challenge=soft.to_text(bytes(32))),
        Mischief(fmt="tpm"),
    ],
)
def test_a_wrong_new_passkey_is_refused_and_none_is_kept(ada: Person, wrong: Mischief) -> None:
    answer = add(ada, Authenticator(origin=ORIGIN), wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "accounts.passkey_not_accepted")
    assert items(ada) == []


def test_a_passkey_is_registered_once_and_for_one_person(
    ada: Person, register: Callable[[], Person]
) -> None:
    device, eve = a_device(ada), register()
    again = add(eve, replace(device))
    assert (again.status_code, again.json()["code"]) == (
        409,
        "accounts.passkey_already_registered",
    )
    passkey_id = items(ada)[0]["id"]
    for method, options in (("PATCH", {"json": {"name": "Mine"}}), ("DELETE", {})):
        answer = eve.call(method, f"{BASE}/{passkey_id}", **options)
        assert (answer.status_code, answer.json()["code"]) == (404, "accounts.passkey_not_found")
    assert items(eve) == []
    assert items(ada)[0]["name"] == "Phone"


def test_somebody_elses_challenge_is_none(ada: Person, register: Callable[[], Person]) -> None:
    eve, device = register(), Authenticator(origin=ORIGIN)
    made = device.create(ada.call("POST", f"{BASE}/registration").json())
    body = {"name": "Phone", "credential": made}
    assert eve.call("POST", f"{BASE}/registration/finish", json=body).status_code == 422
    assert ada.call("POST", f"{BASE}/registration/finish", json=body).status_code == 201


def test_there_are_twenty_at_most_however_many_are_made_at_once(ada: Person) -> None:
    for _ in range(17):
        a_device(ada)
    made = [
        {
            "name": "Phone",
            "credential": Authenticator(origin=ORIGIN).create(
                ada.call("POST", f"{BASE}/registration").json()
            ),
        }
        for _ in range(8)
    ]
    with ThreadPoolExecutor(8) as racers:
        answers = list(
            racers.map(
                lambda body: ada.call("POST", f"{BASE}/registration/finish", json=body), made
            )
        )
    codes = sorted(str(answer.json().get("code")) for answer in answers)
    assert codes == ["None"] * 3 + ["accounts.too_many_passkeys"] * 5
    assert len(items(ada)) == 20
    full = ada.call("POST", f"{BASE}/registration")
    assert (full.status_code, full.json()["code"]) == (409, "accounts.too_many_passkeys")


def test_the_last_way_in_cannot_be_removed(
    api: httpx.Client, ada: Person, migrated_database_url: str
) -> None:
    device = a_device(ada)
    with psycopg.connect(migrated_database_url) as connection:
        connection.execute("update users set password_hash = null where id = %s", [ada.id])
    path = f"{BASE}/{items(ada)[0]['id']}"
    refused = ada.call("DELETE", path)
    assert (refused.status_code, refused.json()["code"]) == (409, "accounts.last_sign_in_method")
    assert sign_in(api, device).status_code == 200


def test_an_old_session_is_renewed_by_passkey_and_by_nobody_elses(
    api: httpx.Client, ada: Person, register: Callable[[], Person], migrated_database_url: str
) -> None:
    device, other = a_device(ada), a_device(register())
    path = f"{BASE}/{items(ada)[0]['id']}"
    answer = api.post("/api/v1/auth/login", json={"email": ada.email, "password": PASSWORD})
    session = Person(api, answer.json())
    with psycopg.connect(migrated_database_url) as connection:
        connection.execute(
            "update user_sessions set authenticated_at = now() - interval '11 minutes' "
            "where user_id = %s",
            [ada.id],
        )
    for method, where in (("DELETE", path), ("POST", f"{BASE}/registration")):
        stale = session.call(method, where)
        assert stale.json()["code"] == "accounts.fresh_authentication_required"
        assert "insufficient_user_authentication" in stale.headers["www-authenticate"]

    def renew(by: Authenticator) -> httpx.Response:
        body = {"credential": by.get(question(api))}
        return session.call("POST", f"{BASE}/assertion/renew", json=body)

    assert renew(other).json()["code"] == "accounts.invalid_passkey"
    assert session.call("DELETE", path).status_code == 401
    assert renew(device).status_code == 204
    assert session.call("DELETE", path).status_code == 204
    with psycopg.connect(migrated_database_url) as connection:
        methods = connection.execute(
            "select methods from user_sessions where user_id = %s order by authenticated_at desc",
            [ada.id],
        ).fetchone()
    assert methods == (["hwk"],)


def test_only_whoever_is_signed_in_can_manage_passkeys(api: httpx.Client, ada: Person) -> None:
    device = a_device(ada)
    body = {"credential": device.get(question(api))}
    for method, path, json in (
        ("POST", f"{BASE}/registration", None),
        ("POST", f"{BASE}/registration/finish", {}),
        ("POST", f"{BASE}/assertion/renew", body),
        ("GET", BASE, None),
        ("PATCH", f"{BASE}/{items(ada)[0]['id']}", {"name": "Mine"}),
        ("DELETE", f"{BASE}/{items(ada)[0]['id']}", None),
    ):
        answer = api.request(method, path, json=json)
        assert answer.json()["code"] == "accounts.authentication_required", path


def test_bodies_are_bounded_and_strict(api: httpx.Client, ada: Person) -> None:
    proof = a_device(ada).get(question(api))

    def finish(**changes: Any) -> int:
        return api.post(
            f"{BASE}/assertion/finish", json={"credential": {**proof, **changes}}
        ).status_code

    response = proof["response"]
    assert finish(id="A" * 1365) == 422
    assert finish(id="not base64url!") == 422
    assert finish(type="password") == 422
    assert finish(strange=1) == 422
    assert finish(response={**response, "signature": "A" * 8193}) == 422
    assert finish(response={**response, "strange": 1}) == 422
    assert finish(clientExtensionResults={"x": "y" * 32 * 1024}) == 413
    assert finish(rawId=proof["id"][:-1]) == 401
    assert finish(response={**response, "signature": "A"}) == 401
    fresh = a_device(ada).get(question(api))
    assert api.post(f"{BASE}/assertion/finish", json={"credential": fresh}).status_code == 200


def test_the_61st_proof_in_a_minute_waits(api: httpx.Client) -> None:
    device = Authenticator(origin=ORIGIN, user_handle=bytes(16))
    body = {"credential": device.get({"challenge": soft.to_text(bytes(32)), "rpId": "localhost"})}
    statuses = [api.post(f"{BASE}/assertion/finish", json=body).status_code for _ in range(61)]
    assert statuses == [401] * 60 + [429]


def test_only_digests_of_challenges_are_kept(
    api: httpx.Client, ada: Person, migrated_database_url: str
) -> None:
    challenges = [question(api)["challenge"]]
    challenges.append(ada.call("POST", f"{BASE}/registration").json()["challenge"])
    with psycopg.connect(migrated_database_url) as connection:
        kept = connection.execute("select passkey_challenges::text from passkey_challenges")
        text = "\n".join(row[0] for row in kept.fetchall())
    for challenge in challenges:
        assert challenge not in text
        assert soft.to_bytes(challenge).hex() not in text
        assert hashlib.sha256(challenge.encode()).hexdigest() in text
