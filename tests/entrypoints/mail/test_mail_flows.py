"""Addresses and passwords over HTTP, with what comes by mail."""

import httpx
import psycopg
import pytest

from tests.entrypoints.mail.post import NEW_PASSWORD, Post, an_address, is_out, text_of
from tests.entrypoints.person import PASSWORD, Person


def profile_of(person: Person) -> dict[str, object]:
    """What the account shows."""
    answer: dict[str, object] = person.call("GET", "/api/v1/users/profile").json()
    return answer


def proven(post: Post) -> Person:
    """Somebody whose address is proven."""
    person = post.register()
    token = post.link(person.email, "verify-email")
    assert post.call("email/verify", token=token).status_code == 204
    return person


def moved(post: Post, person: Person) -> str:
    """Somebody who has moved to another address; which one."""
    new = an_address()
    asked = person.call("POST", "/api/v1/auth/email/change", json={"email": new})
    assert (asked.status_code, asked.content) == (202, b"")
    assert post.call("email/confirm", token=post.link(new, "confirm-email")).status_code == 204
    return new


def test_registering_sends_a_link_and_following_it_proves_the_address(post: Post) -> None:
    ada = post.register()
    assert profile_of(ada)["email_verified"] is False
    first = post.link(ada.email, "verify-email")
    asked = ada.call("POST", "/api/v1/auth/email/verification")
    assert (asked.status_code, asked.content) == (202, b"")
    second = post.link(ada.email, "verify-email")
    assert post.call("email/verify", token=first).status_code == 403
    assert post.call("email/verify", token=second).status_code == 204
    assert profile_of(ada)["email_verified"] is True
    assert post.call("email/verify", token=second).json()["code"] == "accounts.invalid_link"


def test_a_forgotten_password_is_replaced_by_a_link(post: Post) -> None:
    ada = post.register()
    post.reset(ada.email)
    assert is_out(post, ada)
    assert post.sign_in(ada.email).status_code == 401
    assert post.sign_in(ada.email, NEW_PASSWORD).status_code == 200
    assert post.subjects(ada.email)[-1] == "Your password was changed"


def test_a_refused_password_names_the_field_and_keeps_the_link(post: Post) -> None:
    ada = post.register()
    post.forget(ada.email)
    token = post.link(ada.email, "reset-password")
    short = post.call("password/reset", token=token, password="short")
    assert short.json()["errors"][0]["field"] == "password"
    again = post.call("password/reset", token=token, password=NEW_PASSWORD)
    assert again.status_code == 204


def test_a_known_and_an_unknown_address_are_answered_with_the_same_bytes(post: Post) -> None:
    known = post.register().email

    def answer(email: str) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
        response = post.api.post(
            "/api/v1/auth/password/forgot",
            json={"email": email},
            headers={"x-request-id": "the-same-for-all"},
        )
        passing = {b"date", b"ratelimit"}  # the one counts seconds, the other requests
        headers = [field for field in response.headers.raw if field[0] not in passing]
        return response.status_code, response.content, headers

    answers = [answer(email) for email in (known, an_address()) for _ in range(8)]
    assert answers[0][0] == 202
    assert all(each == answers[0] for each in answers)
    assert len(post.messages(known)) == 5, "five an hour, with the one of the registration"


def test_a_change_of_password_ends_the_other_sessions(post: Post) -> None:
    elsewhere = post.register()
    here = Person(post.api, post.sign_in(elsewhere.email).json())
    changed = here.call("PUT", "/api/v1/auth/password", json={"password": NEW_PASSWORD})
    assert changed.status_code == 204
    assert profile_of(here)["email"] == here.email
    assert is_out(post, elsewhere)
    assert post.sign_in(here.email, NEW_PASSWORD).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/api/v1/auth/password", {"password": NEW_PASSWORD}),
        ("POST", "/api/v1/auth/email/change", {"email": "new@example.org"}),
    ],
)
def test_password_and_address_change_with_a_fresh_proof_only(
    post: Post, method: str, path: str, body: dict[str, str]
) -> None:
    ada = post.register()
    with psycopg.connect(post.settings.database.url.value.decode()) as connection:
        connection.execute(
            "update user_sessions set authenticated_at = authenticated_at - interval '11 minutes' "
            "where user_id = %s",
            [ada.id],
        )
    answer = ada.call(method, path, json=body)
    assert answer.json()["code"] == "accounts.fresh_authentication_required"
    assert post.api.request(method, path, json=body).status_code == 401


def test_the_former_address_is_told_and_can_take_the_account_back(post: Post) -> None:
    ada = proven(post)
    new = moved(post, ada)
    assert (profile_of(ada)["email"], profile_of(ada)["email_verified"]) == (new, True)
    assert post.subjects(ada.email)[-1] == "The address of your account was changed"
    undo = post.link(ada.email, "undo-email-change")
    assert post.call("email/undo", token=undo).status_code == 204
    assert is_out(post, ada)
    assert {post.sign_in(email).status_code for email in (new, ada.email)} == {401}
    token = post.link(ada.email, "reset-password")
    assert post.call("password/reset", token=token, password=NEW_PASSWORD).status_code == 204
    assert post.sign_in(ada.email, NEW_PASSWORD).json()["user"]["id"] == ada.id
    assert post.call("email/undo", token=undo).status_code == 403


def test_asking_for_a_taken_address_is_answered_as_for_a_free_one(post: Post) -> None:
    ada, bob = post.register(), post.register()
    post.messages(bob.email)

    def ask(email: str) -> tuple[int, bytes, list[str]]:
        answer = ada.call("POST", "/api/v1/auth/email/change", json={"email": email})
        return answer.status_code, answer.content, sorted(answer.headers)

    assert ask(bob.email) == ask(an_address())
    assert post.subjects(bob.email)[-1] == "Your address was entered for another account"
    assert ada.email not in text_of(post.messages(bob.email)[-1])


@pytest.mark.parametrize("path", ["email/verify", "password/reset", "email/confirm", "email/undo"])
def test_every_wrong_link_looks_the_same(post: Post, path: str) -> None:
    body = {"password": NEW_PASSWORD} if path == "password/reset" else {}
    ada = post.register()
    other_purpose = post.link(ada.email, "verify-email")
    if path == "email/verify":
        assert post.call(path, token=other_purpose).status_code == 204  # used from now on
    answers = [post.call(path, token=token, **body) for token in (other_purpose, "x", "é" * 40)]
    documents = [answer.json() for answer in answers]
    for document in documents:
        document.pop("request_id")
        document.pop("timestamp")
    assert documents[0]["code"] == "accounts.invalid_link"
    assert documents[0] == documents[1] == documents[2]


def test_links_name_the_service_whatever_host_the_request_names(post: Post) -> None:
    ada = post.register()
    answer = post.api.post(
        "/api/v1/auth/password/forgot",
        json={"email": ada.email},
        headers={
            "host": "evil.example",
            "x-forwarded-host": "evil.example",
            "forwarded": "host=evil.example",
            "x-original-host": "evil.example",
            "referer": "https://evil.example/",
            "origin": "https://evil.example",
        },
    )
    assert answer.status_code == 202
    for message in post.messages(ada.email):
        assert "https://music.example.org/" in text_of(message)
        assert "evil.example" not in message.as_string()


@pytest.mark.parametrize(
    "email", ["ada@example.org\r\nBcc: eve@example.org", "ada\n@example.org", "a\x00da@example.org"]
)
def test_a_line_break_in_an_address_is_refused(post: Post, email: str) -> None:
    answer = post.call("password/forgot", email=email)
    assert answer.status_code in {400, 422}


def test_a_message_without_line_breaks_of_ours_is_one_message(post: Post) -> None:
    ada = post.register()
    ada.call("PATCH", "/api/v1/users/profile", json={"display_name": "Ada Bcc: eve@example.org"})
    post.reset(ada.email)
    assert all(message["Bcc"] is None for message in post.messages(ada.email))
    assert "eve@example.org" not in post.sink.recipients


def test_neither_links_nor_passwords_are_kept_in_readable_form(post: Post) -> None:
    ada = post.register()
    secrets = [post.link(ada.email, "verify-email")]
    post.forget(ada.email)
    secrets.append(post.link(ada.email, "reset-password"))
    ada.call("PUT", "/api/v1/auth/password", json={"password": NEW_PASSWORD})
    with psycopg.connect(post.settings.database.url.value.decode()) as connection:
        names = connection.execute(
            "select tablename from pg_tables where schemaname = 'public'"
        ).fetchall()
        for (name,) in names:
            rows = connection.execute(f"select t::text from {name} t").fetchall()
            text = "\n".join(str(row[0]) for row in rows)
            for secret in (*secrets, PASSWORD, NEW_PASSWORD):
                assert secret not in text, name
                assert secret.encode().hex() not in text, name


def test_pages_that_links_lead_to_ask_first_and_load_nothing_from_elsewhere(post: Post) -> None:
    for page in ("verify-email", "reset-password", "confirm-email", "undo-email-change"):
        answer = post.api.get(f"/{page}")
        assert answer.status_code == 200
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "http" not in answer.text
    assert post.api.get("/links/follow.js").headers["content-type"].startswith("text/javascript")
    assert post.api.get("/links/follow.css").headers["content-type"].startswith("text/css")


def test_where_messages_are_sent_nobody_reads_them_on_a_page(post: Post) -> None:
    for path in ("/dev/mail", "/dev/mail/01a1fc92-f28d-7423-8b08-1933147824f5"):
        answer: httpx.Response = post.api.get(path)
        assert answer.status_code == 404
