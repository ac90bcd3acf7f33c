"""PostgreSQL as `nodrake doctor` sees it: reachable, of the right kind, and set up with care."""

import ipaddress
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict

from adapters.postgres.extensions import extensions_finding
from adapters.postgres.migrations import latest_version
from adapters.postgres.pool import CONNECT_TIMEOUT_SECONDS
from adapters.postgres.session_bounds import bounds_finding
from application.shared.finding import Finding, broken, doubtful, well

_Connection = psycopg.Connection[tuple[Any, ...]]
_SESSION = "-c statement_timeout=3000 -c lock_timeout=1000"
_OLDEST, _NEWEST = 15, 18
_NOTABLE_SKEW, _HARMFUL_SKEW = timedelta(seconds=2), timedelta(seconds=20)
_BACKLOG = timedelta(minutes=1)
_MAIL_BACKLOG = timedelta(minutes=15)
_ONLY_READ = "schema_migrations"
_NEVER_CHANGED = "audit_log"
_LACKING = """
select string_agg(lower(p.privilege) || ' on ' || t.tablename, ', ' order by t.tablename)
from pg_tables t cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p (privilege)
where t.schemaname = 'public'
  and not (select relispartition from pg_class
           where oid = format('public.%%I', t.tablename)::regclass)
  and not (t.tablename = %(read)s and p.privilege <> 'SELECT')
  and not (t.tablename = %(kept)s and p.privilege in ('UPDATE', 'DELETE'))
  and not (t.tablename = 'audit_chain' and p.privilege = 'DELETE')
  and not has_table_privilege(format('public.%%I', t.tablename)::regclass, p.privilege)
"""
_EXCESSIVE = """
select rolsuper,
       has_schema_privilege('public', 'create')
           or exists (select from pg_tables where schemaname = 'public'
                      and pg_has_role(tableowner, 'usage')),
       to_regclass('public.audit_log') is not null
           and has_table_privilege(to_regclass('public.audit_log'), 'update, delete')
from pg_roles where rolname = current_user
"""
_ROOM = """
select current_setting('max_connections')::int
           - current_setting('superuser_reserved_connections')::int
           - coalesce(current_setting('reserved_connections', true), '0')::int,
       r.rolconnlimit, d.datconnlimit
from pg_roles r, pg_database d
where r.rolname = current_user and d.datname = current_database()
"""
_ENCRYPTED = "select ssl from pg_stat_ssl where pid = pg_backend_pid()"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What the service is going to ask of the server."""

    pool_size: int
    processes: int
    production: bool
    behind_pooler: bool = False


def examine_database(
    database_url: str, plan: Plan, clock: Callable[[], datetime]
) -> Iterator[Finding]:
    """Findings as they are made; a server that stops answering ends them, it is not waited for."""
    try:
        connection = psycopg.connect(
            database_url,
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            application_name="nodrake-doctor",
            options="" if plan.behind_pooler else _SESSION,
            prepare_threshold=None,
        )
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "no answer"
        pooled = "unsupported startup parameter" in reason  # as PgBouncer says it
        yield broken(
            "postgresql",
            reason,
            "set NODRAKE_DATABASE_POOLER=transaction where DATABASE_URL is a pooler's"
            if pooled
            else "check DATABASE_URL, and that the server runs",
        )
        return
    except psycopg.Error as error:
        yield broken(
            "postgresql",
            f"DATABASE_URL is no address ({type(error).__name__})",
            "expected postgresql://user:password@host:5432/database",
        )
        return
    with connection:
        version = connection.info.server_version
        yield version_finding(version)
        if version < _OLDEST * 10_000:
            return
        yield _primary(connection)
        yield _durability(connection)
        yield _encoding(connection)
        yield tls_finding(
            host=connection.info.host,
            encrypted=bool(_one(connection, _ENCRYPTED)[0]),
            sslmode=str(conninfo_to_dict(database_url).get("sslmode", "prefer")),
            production=plan.production,
        )
        yield _clock(connection, clock)
        yield _connections(connection, plan)
        schema = _schema(connection)
        yield schema
        yield extensions_finding(connection)
        if plan.behind_pooler:
            yield bounds_finding(connection)
        yield from _role(connection)
        if schema.advice is None:
            yield _outbox(connection)
            yield _mails(connection)


def version_finding(version: int) -> Finding:
    """``version`` as the server numbers it: 180002 for 18.2."""
    major = version // 10_000
    told = f"version {major}.{version % 10_000}"
    if major < _OLDEST:
        return broken("postgresql", told, f"upgrade it to {_OLDEST} or later")
    if major > _NEWEST:
        return doubtful("postgresql", told, f"nobody tried later ones than {_NEWEST} yet")
    return well("postgresql", told)


def tls_finding(*, host: str, encrypted: bool, sslmode: str, production: bool) -> Finding:
    """Whether others on the way can read, or pose as the server."""
    advice = "add ?sslmode=verify-full&sslrootcert=… to DATABASE_URL"
    if encrypted and sslmode == "verify-full":
        return well("database tls", "encrypted, and the server's name is checked")
    if _is_local(host):
        return well("database tls", "the server is on this machine")
    if encrypted:
        return doubtful("database tls", "encrypted, but anybody may pose as the server", advice)
    worse = broken if production else doubtful
    return worse("database tls", f"everything travels readably to {host}", advice)


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in {"", "localhost"} or host.startswith(("/", "@"))


def _primary(connection: _Connection) -> Finding:
    if _one(connection, "select pg_is_in_recovery()")[0]:
        return broken("database writes", "it is a standby", "name the primary in DATABASE_URL")
    if _one(connection, "show default_transaction_read_only")[0] == "on":
        return broken("database writes", "it is read-only", "set default_transaction_read_only=off")
    return well("database writes", "it takes them")


def _durability(connection: _Connection) -> Finding:
    settings = ("synchronous_commit", "fsync", "full_page_writes")
    off = [name for name in settings if _one(connection, f"show {name}")[0] == "off"]
    if off:
        return broken(
            "durability",
            f"{', '.join(off)} off: what was answered may be lost when the power fails",
            f"set {', '.join(f'{name}=on' for name in off)}",
        )
    return well("durability", "what was answered is on the disk")


def _encoding(connection: _Connection) -> Finding:
    encoding = _one(connection, "show server_encoding")[0]
    if encoding != "UTF8":
        return broken(
            "encoding", f"{encoding} cannot hold every name", "make the database with encoding UTF8"
        )
    return well("encoding", "UTF8")


def _clock(connection: _Connection, clock: Callable[[], datetime]) -> Finding:
    before = clock()
    theirs: datetime = _one(connection, "select clock_timestamp()")[0]
    skew = abs(theirs - (before + (clock() - before) / 2))
    told = f"{skew.total_seconds():.1f} s between here and the database"
    advice = "let chrony or systemd-timesyncd set both clocks"
    if skew > _HARMFUL_SKEW:
        return broken("clocks", f"{told}: access tokens are refused from 30 s on", advice)
    if skew > _NOTABLE_SKEW:
        return doubtful("clocks", told, advice)
    return well("clocks", told)


def _connections(connection: _Connection, plan: Plan) -> Finding:
    room, *limits = _one(connection, _ROOM)
    room = min([room, *(limit for limit in limits if limit >= 0)])
    wanted = plan.pool_size * plan.processes
    told = f"{plan.processes} processes with {plan.pool_size} each; the server has {room}"
    if wanted > room:
        return broken(
            "connections",
            told,
            "raise max_connections or the limit of the role, or lower NODRAKE_DATABASE_POOL_SIZE; "
            "--processes says how many processes there are",
        )
    return well("connections", told)


def _schema(connection: _Connection) -> Finding:
    expected = latest_version()
    try:
        version = _one(connection, "select max(version) from schema_migrations")[0]
    except psycopg.errors.UndefinedTable:
        return broken("schema", "there is none", "run `nodrake migrate`")
    except psycopg.errors.InsufficientPrivilege:
        return broken("schema", "it cannot be read", "grant select on all tables to the role")
    if version is None or version < expected:
        return broken("schema", f"version {version}, expected {expected}", "run `nodrake migrate`")
    if version > expected:
        return doubtful(
            "schema",
            f"version {version}, expected {expected}",
            "fine while releases are exchanged; then run the one that belongs to it",
        )
    return well("schema", f"version {version}")


def _role(connection: _Connection) -> Iterator[Finding]:
    superuser, may_change_schema, may_rewrite = _one(connection, _EXCESSIVE)
    name = connection.info.user
    advice = "let `nodrake migrate` use a role of its own, which grants this one what it needs"
    if superuser:
        yield doubtful("database role", f"{name} is a superuser", advice)
    elif may_change_schema:
        yield doubtful("database role", f"{name} may change the schema", advice)
    elif may_rewrite:
        yield doubtful(
            "database role",
            f"{name} may change and delete what is in the audit log",
            f"revoke update, delete on {_NEVER_CHANGED} from {name}",
        )
    else:
        yield well("database role", f"{name} may do what it needs and no more")
    lacking = _one(connection, _LACKING, read=_ONLY_READ, kept=_NEVER_CHANGED)[0]
    if lacking:
        yield broken("database rights", f"{name} lacks {lacking}", "grant them")
    else:
        yield well("database rights", f"{name} may read and write every table")


def _outbox(connection: _Connection) -> Finding:
    waiting, age = _one(
        connection,
        "select count(*), clock_timestamp() - min(occurred_at) from outbox "
        "where relayed_at is null",
    )
    if waiting and age > _BACKLOG:
        return broken(
            "worker",
            f"{waiting} events wait, the oldest for {int(age.total_seconds())} s",
            "start `nodrake worker`, or look into its log",
        )
    return well("worker", f"{waiting} events wait")


def _mails(connection: _Connection) -> Finding:
    waiting = _one(
        connection,
        "select count(*) from outgoing_mails where due_at < clock_timestamp() - %(late)s",
        late=_MAIL_BACKLOG,
    )[0]
    if waiting:
        return doubtful(
            "mails",
            f"{waiting} should have been sent more than {_MAIL_BACKLOG} ago",
            "start `nodrake worker`, or look into its log for what the mail server says",
        )
    return well("mails", "none is late")


def _one(connection: _Connection, query: str, **parameters: object) -> tuple[Any, ...]:
    row = connection.execute(query, parameters or None).fetchone()
    assert row is not None
    return row
