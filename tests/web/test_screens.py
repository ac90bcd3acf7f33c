"""Every screen as it looks: for axe, on a phone, in the dark."""

import pytest

from entrypoints.http.web.routes import LINKED, SCREENS
from tests.e2e.process import Up
from tests.web.conftest import Play
from tests.web.node import ROOT
from tests.web.test_journeys import fine

pytestmark = pytest.mark.slow

# Screens for whoever is not signed in; they send everybody else away.
SIGNED_OUT = {
    "/welcome",
    "/sign-in",
    "/sign-up",
    "/forgotten-password",
    "/signed-in",
    "/sign-in-failed",
}
PICTURES = ROOT / "build" / "screenshots"


def test_every_screen_is_one_for_everybody(up: Up, play: Play) -> None:
    """Axe finds nothing, nothing is wider than 320 pixels, and there is a picture of each."""
    signed_out = sorted(SIGNED_OUT) + LINKED
    signed_in = sorted(set(SCREENS) - SIGNED_OUT)
    for old in PICTURES.glob("*.png"):
        if not old.name.startswith(("dialog-", "stopped-")):
            old.unlink()
    found = fine(play("screens", up.port, signedOut=signed_out, signedIn=signed_in))
    # SCREENS is what the router has: tests/entrypoints/http/test_web.py holds the two together.
    assert sorted(found["visited"]) == sorted([*SCREENS, *LINKED, "*"])
    for size in ("wide", "phone"):
        for theme in ("light", "dark"):
            pictures = list(PICTURES.glob(f"*-{size}-{theme}.png"))
            assert len(pictures) >= len(SCREENS) + len(LINKED) + 1
