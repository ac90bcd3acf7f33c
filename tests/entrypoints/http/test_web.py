"""The web app comes as its build has left it, and every screen of it has an address."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from litestar.datastructures import State
from litestar.testing import TestClient

from domain.shared.service_links import picture_of
from entrypoints.http.web import link_pages
from entrypoints.http.web.files import read_web_files
from entrypoints.http.web.routes import FOLDER, LASTING, LINKED, ROUTES, SCREENS

_ROUTER = FOLDER.parent / "src" / "router.ts"
_PAGE = b"<!doctype html><title>No Drake in the House</title>"
_SCRIPT = b"console.log('a script that is long enough to be worth it')"


def _browser(folder: Path) -> TestClient[Litestar]:
    state = State({"web_files": read_web_files(folder)})
    return TestClient(
        Litestar(route_handlers=[*ROUTES, *link_pages.ROUTES], state=state, openapi_config=None)
    )


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    """Somebody who looks at an app that was built."""
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_bytes(_PAGE)
    (tmp_path / "icon.svg").write_bytes(b"<svg/>")
    (tmp_path / "service-worker.js").write_bytes(_SCRIPT)
    (assets / "index-4f2a.js").write_bytes(_SCRIPT)
    (assets / "index-4f2a.js.gz").write_bytes(gzip.compress(_SCRIPT))
    (assets / "index-4f2a.js.br").write_bytes(b"what brotli makes of it")
    with _browser(tmp_path) as client:
        yield client


def test_every_screen_of_the_router_is_served_and_no_other() -> None:
    """Otherwise reloading the page would answer 404."""
    assert sorted([*SCREENS, *LINKED]) == sorted(_addresses(_ROUTER.read_text()))


def _addresses(router: str) -> set[str]:
    """The paths of ``createRouter({"/settings": {"/email": () => …}})``."""
    found: set[str] = set()
    around: list[str] = []
    for part in re.finditer(r'"(/[^"]*)":\s*(\{|\(\) =>)|[{}]', router.split("createRouter(")[1]):
        path, opens = part.groups()
        if part[0] == "}":
            around.pop()
        elif path is None or opens == "{":
            around.append(path or "")
        else:
            found.add(re.sub("/+", "/", "".join([*around, path])).rstrip("/") or "/")
    return found


@pytest.mark.parametrize("screen", SCREENS)
def test_each_screen_is_the_one_page_which_is_asked_for_again(
    browser: TestClient[Litestar], screen: str
) -> None:
    """The page itself reads its address; a stale one would name scripts that are gone."""
    answer = browser.get(screen, params={"to": "/settings"})
    assert (answer.status_code, answer.content) == (200, _PAGE)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", LINKED)
def test_links_in_messages_lead_to_the_app_and_without_it_to_a_page_of_the_service(
    browser: TestClient[Litestar], tmp_path: Path, path: str
) -> None:
    """Where there is no Node, nothing is built, and mails are sent all the same."""
    assert browser.get(path).content == _PAGE
    empty = tmp_path / "empty"
    empty.mkdir()
    with _browser(empty) as without:
        answer = without.get(path)
    assert (answer.status_code, "/links/follow.js" in answer.text) == (200, True)


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere(
    browser: TestClient[Litestar],
) -> None:
    """So that a name with a script in it stays a name."""
    policy = browser.get("/").headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in policy


def test_pictures_come_from_where_the_api_takes_them_and_nowhere_else(
    browser: TestClient[Litestar],
) -> None:
    """Whoever keeps a picture learns who looks at it, so only known services do."""
    policy = browser.get("/").headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    allowed = rules["img-src"].split()
    assert {"'self'", "https://i.scdn.co", "https://*.mzstatic.com"} <= set(allowed)
    assert not {"https:", "*", "http:", "https://*"} & set(allowed)
    for source in allowed:
        if source.startswith("https://"):
            address = source.replace("*", "is1-ssl") + "/image/1"
            assert picture_of({"image_url": address}) == address


def test_assets_are_kept_for_good(browser: TestClient[Litestar]) -> None:
    """Their names change with their content."""
    answer = browser.get("/assets/index-4f2a.js", headers={"accept-encoding": "identity"})
    assert answer.content == _SCRIPT
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_files_whose_names_stay_are_asked_for_again(browser: TestClient[Litestar]) -> None:
    """The icon and the like."""
    answer = browser.get("/icon.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cache-control"] == "no-cache"


def test_every_file_with_a_lasting_name_is_served_and_no_other_is_named() -> None:
    """Those of the manifest and of the page among them; the build makes the service worker."""
    web = FOLDER.parent
    there = {path.name for path in (web / "public").iterdir()} | {"service-worker.js"}
    assert there == set(LASTING)
    named = (web / "public/app.webmanifest").read_text() + (web / "index.html").read_text()
    assert set(re.findall(r'"/([a-z0-9-]+\.(?:png|svg|webmanifest))"', named)) <= there


def test_the_service_worker_is_asked_for_again_and_may_look_after_all_screens(
    browser: TestClient[Litestar],
) -> None:
    """At the root, as a script: a worker in a folder would look after that folder only."""
    answer = browser.get("/service-worker.js")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("GZIP", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_what_comes_is_compressed_as_the_browser_can_read_it(
    browser: TestClient[Litestar], accepted: str, sent: str | None
) -> None:
    """The best that the build has made and the browser takes; caches tell them apart."""
    headers = {"accept-encoding": accepted}
    with browser.stream("GET", "/assets/index-4f2a.js", headers=headers) as answer:
        assert answer.headers.get("content-encoding") == sent
        assert answer.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize("path", ["/", "/settings/email", "/assets/index-4f2a.js", "/icon.svg"])
def test_what_a_browser_has_already_is_not_sent_again(
    browser: TestClient[Litestar], path: str
) -> None:
    """304 by the entity tag; anything else is sent whole."""
    first = browser.get(path)
    again = browser.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert browser.get(path, headers={"if-none-match": '"another"'}).status_code == 200


@pytest.mark.parametrize("path", ["/assets/none.js", "/assets/..%2Findex.html"])
def test_what_is_not_there_is_a_problem(base_url: str, path: str) -> None:
    """And never the page: a script that is one is a riddle to whoever looks for the fault."""
    answer = httpx.get(base_url + path, trust_env=False)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "http.not_found"


def test_without_a_build_the_page_says_how_to_get_one(tmp_path: Path) -> None:
    """In plain HTML, with the way to the documentation of the API."""
    with _browser(tmp_path) as client:
        answer = client.get("/settings")
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "make run" in answer.text
    assert "/docs" in answer.text


def test_the_service_answers_screens_to_whoever_is_nobody(base_url: str) -> None:
    """Built or not: the address is a screen's and no operation's."""
    answer = httpx.get(f"{base_url}/settings/email", trust_env=False)
    assert answer.status_code in {200, 503}
    assert answer.headers["content-type"].startswith("text/html")
    policies = answer.headers.get_list("content-security-policy")
    assert len(policies) == 1
    assert "script-src 'self'" in policies[0]


def test_the_log_of_an_account_has_words_for_all_that_can_be_in_it() -> None:
    """What nobody did in their own name needs none."""
    source = FOLDER.parents[2]
    tags = {
        tag
        for folder in ("domain", "application")
        for path in (source / folder).rglob("*.py")
        for tag in re.findall(r'"([a-z]+\.[a-z_]+)\.v1"', path.read_text())
    }
    words = (FOLDER.parent / "src/lib/i18n/activity.en.ts").read_text()
    told = set(re.findall(r'"did\.([a-z._]+)"', words))
    assert tags - told == {"audit.records_removed", "privacy.user_erased"}
    assert told - tags == set()
