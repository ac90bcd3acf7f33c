"""`nodrake migrate`: made-up artists come where they are asked for, and never beside real ones."""

import psycopg

from tests.e2e.process import nodrake

REDIS = "unix:///nowhere"


def artists(database_url: str) -> int:
    """How many the catalogue has."""
    with psycopg.connect(database_url) as connection:
        found = connection.execute("select count(*) from artists").fetchone()
    assert found is not None
    return int(found[0])


def test_samples_are_put_into_an_empty_catalogue_once(database_url: str) -> None:
    settings = {"DATABASE_URL": database_url, "REDIS_URL": REDIS}
    assert nodrake("migrate", **settings).returncode == 0
    assert artists(database_url) == 0
    done = nodrake("migrate", "--sample", **settings)
    loaded = artists(database_url)
    assert loaded > 0
    assert f"catalogue: {loaded} sample artists loaded" in done.stdout
    again = nodrake("migrate", "--sample", **settings)
    assert "catalogue: 0 sample artists loaded" in again.stdout
    assert artists(database_url) == loaded
