"""Messages on a page, for whoever develops."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import msgspec
import pytest

from entrypoints.http.app import create_app, shows_mail
from entrypoints.setting_values import Mode
from entrypoints.settings import load_settings
from tests.entrypoints.mail.post import Post
from tests.entrypoints.mail.test_mail_flows import profile_of
from tests.entrypoints.serving import serving
from tests.entrypoints.test_mail_setting import PRODUCTION
from tests.services import Services
from tests.sink import Sink


@pytest.fixture
def developing(
    post: Post, services: Services, tmp_path: Path
) -> Iterator[tuple[httpx.Client, Post]]:
    """The service as ``nodrake up`` starts it."""
    environ = {
        "DATABASE_URL": post.settings.database.url.value.decode(),
        "REDIS_URL": services.redis_url,
        "NODRAKE_MAIL_URL": f"folder:{tmp_path}/mail",
    }
    with (
        serving(environ) as url,
        httpx.Client(base_url=url, trust_env=False, timeout=30) as api,
    ):
        yield api, Post(api, load_settings(environ), Sink())


def test_register_open_the_page_and_follow_the_link(
    developing: tuple[httpx.Client, Post],
) -> None:
    api, post = developing
    assert "There is none yet" in api.get("/dev/mail").text
    ada = post.register()
    post.deliver()
    listed = api.get("/dev/mail")
    assert ada.email in listed.text
    (path,) = re.findall(r'href="(/dev/mail/[0-9a-f-]+)"', listed.text)
    shown = api.get(path)
    link = re.search(r'href="http://localhost:3000/verify-email#token=([\w-]+)"', shown.text)
    assert link is not None
    assert api.get("/verify-email").status_code == 200
    assert api.post("/api/v1/auth/email/verify", json={"token": link[1]}).status_code == 204
    assert profile_of(ada)["email_verified"] is True


def test_the_newest_is_first(developing: tuple[httpx.Client, Post]) -> None:
    api, post = developing
    people = [post.register() for _ in range(3)]
    post.deliver()
    listed = api.get("/dev/mail").text
    places = [listed.index(person.email) for person in people]
    assert places == sorted(places, reverse=True)


def test_pages_run_nothing_and_load_nothing(developing: tuple[httpx.Client, Post]) -> None:
    api, post = developing
    post.register()
    post.deliver()
    (path,) = re.findall(r'href="(/dev/mail/[0-9a-f-]+)"', api.get("/dev/mail").text)
    for page in ("/dev/mail", path):
        policy = api.get(page).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "script-src" not in policy
        assert "unsafe" not in policy
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in api.get(path).text
    message = api.get(f"{path}/html")
    assert "sandbox allow-popups" in message.headers["content-security-policy"]
    assert "allow-scripts" not in message.headers["content-security-policy"]
    assert "<h1>Is this your e-mail address?</h1>" in message.text


@pytest.mark.parametrize(
    "name", [str(uuid4()), "..%2f..%2fetc%2fpasswd", "x.eml", "%00", f"{uuid4()}/text"]
)
def test_what_is_not_a_message_is_not_there(
    developing: tuple[httpx.Client, Post], name: str
) -> None:
    api, _ = developing
    assert api.get(f"/dev/mail/{name}").status_code == 404


def test_there_is_no_such_page_in_production_or_with_a_server() -> None:
    assert not shows_mail(load_settings(PRODUCTION))
    servers = {"DATABASE_URL": "postgresql:///", "REDIS_URL": "unix:///"}
    assert not shows_mail(load_settings({**servers, "NODRAKE_MAIL_URL": "smtp://localhost"}))
    assert shows_mail(load_settings(servers))
    assert not shows_mail(msgspec.structs.replace(load_settings(servers), mode=Mode.PRODUCTION))
    assert create_app(load_settings(PRODUCTION)) is not None
