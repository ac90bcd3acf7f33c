"""What people do, in a real browser with the real service."""

from typing import Any

import pytest

from tests.e2e.process import Up
from tests.web.conftest import Play
from tests.web.node import ROOT

pytestmark = pytest.mark.slow
REAL_LIST = ROOT.parent / "shared" / "data" / "spotify_ai_artists.csv"


def fine(report: dict[str, Any]) -> dict[str, Any]:
    """What a journey has found, if it went as it should."""
    assert report["failure"] is None, report["failure"]
    assert report["errors"] == [], "the browser complains"
    assert report["complaints"] == [], "axe complains, or something does not fit"
    assert report["kept"] == [], "something is left behind in the browser"
    assert report["elsewhere"] == [], "another site was asked"
    found: dict[str, Any] = report["found"]
    return found


def test_getting_in_and_back_in(up: Up, play: Play) -> None:
    fine(play("account", up.port))


def test_devices_and_tabs(up: Up, play: Play) -> None:
    found = fine(play("sessions", up.port))
    assert found["ofBothTabs"] == 1, "tabs share a refresh"
    assert found["afterRefusal"] == {"asked": 2, "refreshes": 1}


def test_a_token_for_a_script(up: Up, play: Play) -> None:
    fine(play("tokens", up.port))


def test_taking_the_data_and_leaving(up: Up, play: Play) -> None:
    fine(play("data", up.port))


def test_everything_that_a_list_is_for(up: Up, play: Play) -> None:
    """With the list that a community keeps where it is at hand, else with one as long."""
    settings = {"list": str(REAL_LIST)} if REAL_LIST.exists() else {}
    found = fine(play("everything", up.port, **settings))
    assert found["many"] > 7_000
