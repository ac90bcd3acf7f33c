"""The schema as text: what the migrations add up to, for people and for comparison."""

import psycopg

# The same text on PostgreSQL 15 to 18: version 18 lists NOT NULL among the constraints too.
_COLUMNS = """
select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       pg_get_expr(d.adbin, d.adrelid)
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
order by c.relname, a.attnum
"""
_CONSTRAINTS = """
select conrelid::regclass::text, conname, pg_get_constraintdef(oid)
from pg_constraint
where connamespace = 'public'::regnamespace and contype <> 'n' and conrelid <> 0
order by 1, contype desc, 2
"""
_INDEXES = """
select tablename, indexdef from pg_indexes i
where schemaname = 'public' and not exists (
    select from pg_constraint k where k.conname = i.indexname
)
order by 1, indexname
"""
_FUNCTIONS = """
select pg_get_functiondef(p.oid) from pg_proc p
where p.pronamespace = 'public'::regnamespace and not exists (
    select from pg_depend d where d.objid = p.oid and d.deptype = 'e'
)
order by p.proname
"""
_TRIGGERS = """
select pg_get_triggerdef(t.oid) from pg_trigger t
join pg_class c on c.oid = t.tgrelid and c.relnamespace = 'public'::regnamespace
where not t.tgisinternal order by c.relname, t.tgname
"""
_COMMENTS = """
select c.relname, obj_description(c.oid, 'pg_class')
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
"""


def describe_schema(database_url: str) -> str:
    """Every table with its columns, constraints and indexes, sorted, as readable SQL."""
    with psycopg.connect(database_url, connect_timeout=5) as connection:
        comments: dict[str, str | None] = dict(connection.execute(_COMMENTS).fetchall())
        tables: dict[str, list[str]] = {}
        for table, name, type_, not_null, default in connection.execute(_COLUMNS):
            column = f"    {name} {type_}{' not null' if not_null else ''}"
            tables.setdefault(table, []).append(column + (f" default {default}" if default else ""))
        for table, name, definition in connection.execute(_CONSTRAINTS):
            tables[table].append(f"    constraint {name} {definition}")
        indexes = connection.execute(_INDEXES).fetchall()
        code = connection.execute(_FUNCTIONS).fetchall()
        code += connection.execute(_TRIGGERS).fetchall()
    parts = ["-- What the migrations add up to. Written by `make schema`; never edited by hand.\n"]
    for table, lines in tables.items():
        parts.append(f"-- {comments[table]}" if comments[table] else "-- The migrations applied.")
        parts.append(f"create table {table} (\n" + ",\n".join(lines) + "\n);")
        parts += [f"{definition};" for owner, definition in indexes if owner == table]
        parts.append("")
    parts += [f"{definition.strip()};" for (definition,) in code]
    return "\n".join([*parts, ""])
