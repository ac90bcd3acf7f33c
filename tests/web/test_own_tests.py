"""The web app passes its own tests: components, rules of its source, contrast, types."""

import pytest

from tests.web.node import npm_run

pytestmark = pytest.mark.slow


def test_the_web_app_passes_its_own_tests() -> None:
    tested = npm_run("test")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "passed" in tested.stdout


def test_the_types_of_the_web_app_fit() -> None:
    checked = npm_run("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
