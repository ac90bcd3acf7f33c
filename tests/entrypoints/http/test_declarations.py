"""What every operation must declare, or the application does not start."""

from typing import Any

import pytest
from litestar import Litestar, get, post

from entrypoints.http.app import check_access, check_retries
from entrypoints.http.contract import contract

DECLARED = [
    contract(idempotent=True),
    contract(needs_no_key="it changes nothing"),
]
UNDECLARED = [
    contract(),
    contract(idempotent=True, needs_no_key="both"),
]


def an_app(opt: dict[str, Any]) -> Litestar:
    """An application with one operation that is posted to."""

    @post("/thing", opt=opt)
    async def make_thing_route() -> None:
        """Makes a thing."""

    return Litestar([make_thing_route], openapi_config=None)


@pytest.mark.parametrize("opt", DECLARED)
def test_a_post_that_is_safe_to_send_again_may_start(opt: dict[str, Any]) -> None:
    check_retries(an_app(opt))


@pytest.mark.parametrize("opt", UNDECLARED)
def test_a_post_that_says_nothing_or_both_does_not_start(opt: dict[str, Any]) -> None:
    with pytest.raises(RuntimeError, match="/thing"):
        check_retries(an_app(opt))


def test_an_operation_that_says_not_who_may_call_it_does_not_start() -> None:
    @get("/thing")
    async def get_thing_route() -> None:
        """Shows a thing."""

    app = Litestar([get_thing_route], openapi_config=None)
    check_retries(app)
    with pytest.raises(RuntimeError, match="/thing"):
        check_access(app)
