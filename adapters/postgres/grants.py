"""What the service's own role may do: read and write the data, and nothing to the schema."""

import psycopg
from psycopg import sql

from adapters.postgres.migrations import MigrationError

# Tables in which the service may do less than everything.
LIMITED = {"schema_migrations": ("select",), "audit_log": ("select", "insert")}
_EVERYTHING = ("select", "insert", "update", "delete")


def grant_to(database_url: str, role: str) -> None:
    """Give ``role`` what it needs on every table that there is, and take away what it does not.

    In one transaction, and again after each migration, since new tables belong to who made them.
    """
    name = sql.Identifier(role)
    with psycopg.connect(database_url, connect_timeout=5) as connection:
        connection.execute("set lock_timeout = '2s'")
        row = connection.execute(
            "select rolsuper from pg_roles where rolname = %s", [role]
        ).fetchone()
        if row is None or row[0]:
            raise MigrationError(
                f"{role} is a superuser: nothing can be kept from it"
                if row
                else f"there is no role {role}; make it with: create role {role} login"
            )
        database = sql.Identifier(connection.info.dbname)
        for statement in (
            sql.SQL("grant connect on database {} to {}").format(database, name),
            sql.SQL("grant usage on schema public to {}").format(name),
            sql.SQL("revoke create on schema public from public, {}").format(name),
            sql.SQL("grant usage on all sequences in schema public to {}").format(name),
        ):
            connection.execute(statement)
        tables = connection.execute(
            "select tablename from pg_tables where schemaname = 'public'"
        ).fetchall()
        for (table,) in tables:
            rights = sql.SQL(", ").join(map(sql.SQL, LIMITED.get(table, _EVERYTHING)))
            place = sql.Identifier("public", table)
            connection.execute(sql.SQL("revoke all on {} from {}").format(place, name))
            connection.execute(sql.SQL("grant {} on {} to {}").format(rights, place, name))
