"""The second factor over HTTP."""

from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import httpx
import psycopg
import pyotp
import pytest

from tests.entrypoints.person import PASSWORD, Person


def enrol(person: Person) -> tuple[str, list[str]]:
    """Switch it on; the secret and the recovery codes."""
    setup = person.call("POST", "/api/v1/auth/2fa/setup")
    assert setup.status_code == 201, setup.text
    secret = setup.json()["secret"]
    answer = person.call(
        "POST", "/api/v1/auth/2fa/verify", json={"totp_code": pyotp.TOTP(secret).now()}
    )
    assert answer.status_code == 200, answer.text
    return secret, answer.json()["recovery_codes"]


def sign_in(api: httpx.Client, person: Person, **code: str) -> httpx.Response:
    """An attempt."""
    body = {"email": person.email, "password": PASSWORD, **code}
    return api.post("/api/v1/auth/login", json=body)


def test_a_journey_with_an_authenticator(api: httpx.Client, ada: Person) -> None:
    setup = ada.call("POST", "/api/v1/auth/2fa/setup").json()
    assert setup["secret"] in setup["otpauth_url"]
    assert ElementTree.fromstring(setup["qr_code_svg"]).tag.endswith("svg")  # noqa: S314
    assert ada.call("GET", "/api/v1/users/profile").json()["two_factor_enabled"] is False
    _, codes = enrol(ada)
    assert ada.call("GET", "/api/v1/users/profile").json()["two_factor_enabled"] is True
    refused = sign_in(api, ada)
    assert (refused.status_code, refused.json()["code"]) == (401, "accounts.totp_required")
    assert sign_in(api, ada, recovery_code=codes[0]).status_code == 200
    again = sign_in(api, ada, recovery_code=codes[0])
    assert (again.status_code, again.json()["code"]) == (401, "accounts.invalid_second_factor")
    new = ada.call("POST", "/api/v1/auth/2fa/recovery-codes").json()["recovery_codes"]
    assert sign_in(api, ada, recovery_code=codes[1]).status_code == 401
    assert sign_in(api, ada, recovery_code=new[0].upper()).status_code == 200
    assert ada.call("POST", "/api/v1/auth/2fa/disable").status_code == 204
    assert sign_in(api, ada).status_code == 200


def test_the_code_that_switched_it_on_does_not_sign_in(api: httpx.Client, ada: Person) -> None:
    setup = ada.call("POST", "/api/v1/auth/2fa/setup").json()
    code = pyotp.TOTP(setup["secret"]).now()
    assert ada.call("POST", "/api/v1/auth/2fa/verify", json={"totp_code": code}).status_code == 200
    assert sign_in(api, ada, totp_code=code).json()["code"] == "accounts.invalid_second_factor"


def test_four_at_once_with_one_recovery_code_are_one_sign_in(
    api: httpx.Client, ada: Person
) -> None:
    _, codes = enrol(ada)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: sign_in(api, ada, recovery_code=codes[0]), range(4)))
    assert sorted(answer.status_code for answer in answers).count(200) == 1


def test_no_secret_is_kept_in_the_clear(ada: Person, migrated_database_url: str) -> None:
    secret, codes = enrol(ada)
    with psycopg.connect(migrated_database_url) as connection:
        factors = connection.execute(
            "select secret_sealed from user_totp where user_id = %s", [ada.id]
        ).fetchall()
        digests = connection.execute(
            "select code_hash from recovery_codes where user_id = %s", [ada.id]
        ).fetchall()
    assert len(digests) == 10
    kept = b"".join(row[0] for row in [*factors, *digests])
    assert secret.encode() not in kept
    assert not any(code.encode() in kept for code in codes)


@pytest.mark.parametrize("code", ["12345", "1234567x", "", "12 3456 7"])
def test_what_is_no_code_is_told_so(ada: Person, code: str) -> None:
    ada.call("POST", "/api/v1/auth/2fa/setup")
    answer = ada.call("POST", "/api/v1/auth/2fa/verify", json={"totp_code": code})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "totp_code"


def test_a_recovery_code_in_the_wrong_place_is_told_the_right_one(
    api: httpx.Client, ada: Person
) -> None:
    _, codes = enrol(ada)
    proof = {"password": PASSWORD, "totp_code": codes[0]}
    for answer in (
        sign_in(api, ada, totp_code=codes[0]),
        ada.call("POST", "/api/v1/auth/reauthenticate", json=proof),
    ):
        assert answer.status_code == 422
        (problem,) = answer.json()["errors"]
        assert problem["field"] == "totp_code"
        assert "goes into recovery_code" in problem["message"]
        assert codes[0] not in answer.text
    assert sign_in(api, ada, recovery_code=codes[0]).status_code == 200


def test_a_code_that_was_used_is_told_so_after_the_right_password_alone(
    api: httpx.Client, ada: Person
) -> None:
    secret, _ = enrol(ada)
    code = pyotp.TOTP(secret).now()  # it switched the factor on
    used = sign_in(api, ada, totp_code=code).json()
    assert used["code"] == "accounts.invalid_second_factor"
    assert "was used already" in used["detail"]
    body = {"email": ada.email, "password": "wrong wrong wrong"}
    one, other = (
        api.post("/api/v1/auth/login", json={**body, **proof}).json()["detail"]
        for proof in ({"totp_code": code}, {})
    )
    assert one == other
