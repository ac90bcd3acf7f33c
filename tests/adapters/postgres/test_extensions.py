"""Extensions of PostgreSQL: switched on by whoever owns the database, and missed by the doctor."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from adapters.postgres.extensions import NEEDED, extensions_finding
from adapters.postgres.migrations import migrate
from application.shared.finding import Verdict


@pytest.fixture
def owner(database_url: str) -> Iterator[str]:
    """A role that owns the empty database and administers nothing."""
    role = sql.Identifier(f"owner_{uuid4().hex}")
    database = sql.Identifier(str(conninfo_to_dict(database_url)["dbname"]))
    with psycopg.connect(database_url, autocommit=True) as connection:
        me = sql.Identifier(connection.info.user)
        connection.execute(sql.SQL("create role {} login password 'owner'").format(role))
        connection.execute(sql.SQL("alter database {} owner to {}").format(database, role))
    yield role.as_string().strip('"')
    with psycopg.connect(database_url, autocommit=True) as connection:
        for statement in (
            "alter database {database} owner to {me}",
            "drop owned by {role} cascade",
            "drop role {role}",
        ):
            connection.execute(sql.SQL(statement).format(database=database, me=me, role=role))


def test_the_owner_of_a_database_need_not_administer_the_server(
    database_url: str, owner: str
) -> None:
    url = make_conninfo(database_url, user=owner, password="owner")
    migrate(url)
    with psycopg.connect(url) as connection:
        row = connection.execute("select rolsuper from pg_roles where rolname = current_user")
        assert row.fetchone() == (False,)
        assert extensions_finding(connection).verdict is Verdict.OK


def test_an_extension_that_is_off_is_found(make_database: Callable[[], str]) -> None:
    with psycopg.connect(make_database()) as connection:
        connection.execute(sql.SQL("drop extension {} cascade").format(sql.Identifier(NEEDED[0])))
        finding = extensions_finding(connection)
        assert (finding.verdict, finding.advice) == (Verdict.FAIL, "run `nodrake migrate`")
