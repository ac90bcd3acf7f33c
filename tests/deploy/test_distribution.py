"""Whether the schema could be distributed by user, and what it would take."""

from collections.abc import Callable

import psycopg
import pytest

from tests.deploy.distribution import PLACES, Place, obstacles
from tests.e2e.process import ROOT

SCALING = ROOT / "deploy" / "SCALING.md"


def test_what_stands_in_the_way_is_what_operators_are_told(template_url: str) -> None:
    with psycopg.connect(template_url) as connection:
        found = obstacles(connection)
    assert found == {"user_exceptions": ["user_exceptions_pkey (id) lacks user_id"]}
    text = SCALING.read_text("utf-8")
    assert "`user_exceptions_pkey (id)`" in text
    for table, place in PLACES.items():
        if place is Place.BY_USER:
            assert f"`{table}`" in text


@pytest.mark.parametrize(
    ("statement", "table", "reason"),
    [
        ("create table news (id uuid)", "news", "nobody has said where it would be"),
        (
            "alter table user_tracks add column serial bigint unique",
            "user_tracks",
            "user_tracks_serial_key (serial) lacks user_id",
        ),
        (
            "alter table artists add column owner uuid references user_lists (user_id)",
            "artists",
            "artists_owner_fkey leads to user_lists, which is elsewhere",
        ),
        (
            "alter table user_tracks add column change uuid references bulk_changes (id)",
            "user_tracks",
            "user_tracks_change_fkey leads to bulk_changes, which is elsewhere",
        ),
    ],
)
def test_a_table_that_breaks_a_rule_is_found(
    make_database: Callable[[], str], statement: str, table: str, reason: str
) -> None:
    with psycopg.connect(make_database()) as connection:
        connection.execute(statement)
        assert reason in obstacles(connection)[table]
