"""B-4: a backup put back beside a Redis that knows nothing."""

import httpx

from tests.entrypoints.person import PASSWORD
from tests.faults.rounds.backups import Backups, cluster, service, use
from tests.faults.rounds.oracle import Account
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import stack


def test_sessions_and_sign_in_are_as_they_were(report: Report) -> None:
    with stack(apis=1) as running:
        backups = Backups(running)
        stays, ended, leaves = running.people(3)
        with httpx.Client(base_url=running.urls[0], trust_env=False, timeout=30) as client:
            used = refresh(client, stays)
            assert used.status_code == 200
            client.post("/api/v1/auth/logout", headers=ended.headers).raise_for_status()
        old = stays.refresh_token
        stays.access_token = used.json()["access_token"]
        stays.refresh_token = used.json()["refresh_token"]
        taken = backups.take()
        with cluster() as new:
            backups.put_back(taken, new.url)
            with (
                service(backups.settings, new.url) as api,
                httpx.Client(base_url=api.url, trust_env=False, timeout=30) as client,
            ):
                answers = {
                    "a session goes on": client.get("/api/v1/dnp/list", headers=stays.headers),
                    "its refresh token is exchanged": refresh(client, stays),
                    "an ended session stays ended": client.get(
                        "/api/v1/dnp/list", headers=ended.headers
                    ),
                    "its refresh token as well": refresh(client, ended),
                    "a wrong password is refused": sign_in(client, leaves, "not my password"),
                    "the right one is not": sign_in(client, leaves, PASSWORD),
                }
                stays.refresh_token = answers["its refresh token is exchanged"].json()[
                    "refresh_token"
                ]
                again = refresh(client, Account(
                    id=stays.id, email=stays.email, access_token="", refresh_token=old,
                ))  # fmt: skip
                answers["an old refresh token is theft"] = again
                answers["and ends its session"] = refresh(client, stays)
                use(api, stays)
    expected = [200, 200, 401, 401, 401, 200, 401, 401]
    wrong = [
        f"{what}: {answer.status_code}"
        for (what, answer), status in zip(answers.items(), expected, strict=True)
        if answer.status_code != status
    ]
    report.add(
        "B-4",
        "restored beside an empty Redis",
        f"{len(answers) - len(wrong)} of {len(answers)} answers of sessions and sign-in as before",
        f"{len(answers)}",
        met=not wrong,
        rounds=0,
    )
    assert wrong == []


def refresh(client: httpx.Client, person: Account) -> httpx.Response:
    """Exchange a refresh token."""
    return client.post("/api/v1/auth/refresh", json={"refresh_token": person.refresh_token})


def sign_in(client: httpx.Client, person: Account, password: str) -> httpx.Response:
    """With that password."""
    body = {"email": person.email, "password": password}
    return client.post("/api/v1/auth/login", json=body)
