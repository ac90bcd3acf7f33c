"""The bounds of sessions that a pooler hands out."""

import psycopg
import pytest

from adapters.postgres.pool import SESSION
from adapters.postgres.session_bounds import bounds_finding
from application.shared.finding import Verdict


@pytest.mark.parametrize(
    ("name", "value"),
    [("", ""), ("statement_timeout", "0"), ("statement_timeout", "1h"), ("lock_timeout", "1ms")],
)
def test_every_bound_other_than_the_services_own_is_told(
    database_url: str, name: str, value: str
) -> None:
    bounds = {**SESSION, name: value} if name else SESSION
    options = " ".join(f"-c {each}={bound}" for each, bound in bounds.items())
    with psycopg.connect(database_url, options=options) as connection:
        finding = bounds_finding(connection)
    assert finding.verdict is (Verdict.FAIL if name else Verdict.OK)
    if name:
        assert f"{name} is {value}" in finding.found
