"""What the application's role may do: read and write rows, and nothing to the schema.

The migrator owns the tables. The role that ``serve`` and ``worker`` sign in as can only add to
the audit log, seal what it has added, and remove what the database itself finds old enough.
"""

import psycopg
from psycopg import sql

from adapters.postgres.migrations import MigrationError

_ROWS = "select, insert, update, delete"
# Everything that is not plainly read and written.
_OTHERWISE = {
    "schema_migrations": "select",
    "audit_log": "select, insert, update (chain_position, chain_hash, ip_address)",
    "audit_chain": "select, insert, update",
}
# An import of a dump empties these when it is done with them.
_STAGED = (
    "staged_artists", "staged_names", "staged_ids", "staged_types", "staged_urls",
    "staged_links", "staged_ended_links",
)  # fmt: skip
_OTHERWISE |= dict.fromkeys(_STAGED, f"{_ROWS}, truncate")
_FUNCTIONS = ("remove_audit_records(bigint)",)
# An import tells the planner of what it has added; before version 17 only owners can.
_MAINTAINED = ("user_artist_blocks", "artists", "artist_names", "artist_external_ids", *_STAGED)
_MAINTAIN_SINCE = 170_000

_TABLES = """
select c.relname, pg_has_role(%(role)s, c.relowner, 'member')
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and not c.relispartition  -- reached through what they are partitions of
order by c.relname
"""
_TOO_MUCH = """
select has_schema_privilege(%(role)s, 'public', 'create')
    or has_table_privilege(%(role)s, 'audit_log', 'update, delete, truncate')
"""
_ROLE = """
select rolsuper or rolcreaterole or rolbypassrls or rolreplication
from pg_roles where rolname = %(role)s
"""


def grant_application_role(database_url: str, role: str) -> None:
    """Give ``role`` exactly what the application needs, and take from it whatever else it has.

    ``MigrationError`` where there is no such role, or where it could help itself to more.
    """
    with psycopg.connect(database_url, connect_timeout=5) as connection:
        connection.execute("set lock_timeout = '10s'")
        found = connection.execute(_ROLE, {"role": role}).fetchone()
        if found is None:
            raise MigrationError(
                f"there is no role {role!r}; make it first: create role {role} login password '…'"
            )
        tables = connection.execute(_TABLES, {"role": role}).fetchall()
        if found[0] or any(owned for _, owned in tables):
            raise MigrationError(
                f"the role {role!r} owns tables or administers the server, so nothing can be kept "
                "from it; make one of its own: create role nodrake_app login password '…'"
            )
        name = sql.Identifier(role)
        for statement in _statements([table for table, _ in tables], connection):
            connection.execute(sql.SQL(statement).format(role=name))
        if connection.execute(_TOO_MUCH, {"role": role}).fetchone() != (False,):
            raise MigrationError(
                f"the role {role!r} has more than was granted, from another role or from all "
                "roles: it must not create in the schema, nor change or empty audit_log"
            )


def _statements(tables: list[str], connection: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    database = sql.Identifier(connection.info.dbname).as_string(connection)
    statements = [
        "revoke create on schema public from public, {role}",
        "grant usage on schema public to {role}",
        f"grant connect, temporary on database {database} to {{role}}",
        "revoke all on all tables in schema public from {role}",
        "grant usage, select on all sequences in schema public to {role}",
    ]
    for table in tables:
        quoted = sql.Identifier(table).as_string(connection)
        statements.append(f"grant {_OTHERWISE.get(table, _ROWS)} on {quoted} to {{role}}")
    statements += [f"grant execute on function {function} to {{role}}" for function in _FUNCTIONS]
    if connection.info.server_version >= _MAINTAIN_SINCE:
        statements += [f"grant maintain on {table} to {{role}}" for table in _MAINTAINED]
    return statements
