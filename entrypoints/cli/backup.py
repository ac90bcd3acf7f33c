"""``nodrake backup``: encrypted backups that are known to be good because they were restored."""

import argparse
import logging
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from domain.shared.backup import Manifest
from domain.shared.errors import DomainError
from entrypoints.cli import backup_shelf
from entrypoints.cli.backup_steps import (
    BackupFolder,
    Opened,
    bring_up_to_date,
    make_backup,
    write_identity,
)
from entrypoints.settings import Settings, load_settings

_DONE, _FAILED, _USAGE, _STOPPED = 0, 1, 2, 130
_DESCRIPTION = """\
Back up the database while the service goes on. A backup is one moment of it, compressed, and
encrypted with age to public keys: the machine that makes backups cannot read them.

once, somewhere else than where backups are made:
  nodrake backup key /safe/place/backup.key      prints the public key

each day, with NODRAKE_BACKUP_RECIPIENTS=age1… and NODRAKE_BACKUP_FOLDER=/backups:
  nodrake backup create --keep-daily 7 --keep-weekly 4 --keep-monthly 12

each week, where the key is: a backup that was never restored is a hope
  nodrake backup verify latest --identity /safe/place/backup.key

when all is lost, with DATABASE_URL naming a new and empty database:
  nodrake backup restore latest --identity /safe/place/backup.key

deploy/runbooks/restore.md goes through the last one step by step, and through going back to a
minute in between two backups (base backup and archived WAL, PostgreSQL's own tools).
"""
_CREATE = """\
Write a backup of this moment to NODRAKE_BACKUP_FOLDER: NAME.dump.age with the rows, and NAME.json
with what they are known by (rows and a digest of each table, from the same moment, signed). Nothing
is a backup before all of it is on the disk. It needs a role that may read all tables, takes memory
that does not grow, and holds up no reader or writer; a migration waits until it has ended.

Any copy tool can take both files elsewhere. They open without nodrake as well:
  age -d -i backup.key NAME.dump.age | pg_restore --no-owner -d DATABASE
"""
_VERIFY = """\
Restore a backup into a database that is thrown away (in a PostgreSQL that is started for it, or
with --on-server one that is made on the server of DATABASE_URL), and compare every table with what
it held, then check the audit log. With --quick: read all of it and restore nothing.
"""
_RESTORE = """\
Restore a backup into the database of DATABASE_URL, which has to be empty: nothing is ever
overwritten. All of it comes back, in one transaction, or nothing. Then every table is compared with
what it held, missing migrations are applied, and it is said what is left to do by hand.
"""
_WAL = """\
Look through a folder of archived WAL (deploy/backup/archive-wal.sh fills one): from the oldest base
backup on, every segment has to be there in full length. One that is missing cuts off all that came
after it, and is seen by nobody until the day of need.
"""
_STATUS = """
exit status: 0  done, and as it should be
             1  not so: it is said why, and what to do
             2  settings or usage
"""


def add_to(commands: Any) -> None:
    """Describe the commands."""
    raw = argparse.RawDescriptionHelpFormatter
    parser: argparse.ArgumentParser = commands.add_parser(
        "backup",
        help="back up the database, check backups, restore one",
        description=_DESCRIPTION,
        formatter_class=raw,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    def add(name: str, act: Any, help: str, description: str) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = actions.add_parser(
            name, help=help, description=description, epilog=_STATUS, formatter_class=raw
        )
        added.set_defaults(run=_stoppable(act))
        return added

    create = add("create", _create, "back up, and remove what is too old", _CREATE)
    _add_keep(create)
    verify = add("verify", _verify, "restore one where it harms nobody, and compare", _VERIFY)
    _add_source(verify)
    verify.add_argument("--quick", action="store_true", help="decrypt and list, restore nothing")
    verify.add_argument(
        "--on-server", action="store_true", help="in a new database on the server of DATABASE_URL"
    )
    _add_source(add("restore", _restore, "restore one into an empty database", _RESTORE))
    listing = add(
        "list", backup_shelf.run_list, "show which there are", "Show the backups, newest first."
    )
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.add_argument(
        "--max-age-hours",
        type=float,
        metavar="N",
        help="exit with 1 where the newest is older than that (for monitoring)",
    )
    prune = add(
        "prune",
        backup_shelf.run_prune,
        "remove what is too old",
        "Remove backups that are too old, of those that were made under this NODRAKE_SECRET.",
    )
    _add_keep(prune)
    prune.add_argument("--dry-run", action="store_true", help="only say what would be removed")
    wal = add("wal", backup_shelf.run_wal, "look for gaps in an archive of WAL", _WAL)
    wal.add_argument("folder", type=Path, metavar="FOLDER", help="where the segments are")
    wal.add_argument(
        "--segment-mb", type=int, default=16, metavar="N", help="as wal_segment_size (default: 16)"
    )
    wal.add_argument(
        "--max-age-seconds",
        type=float,
        metavar="N",
        help="exit with 1 where nothing has come for so long (for monitoring)",
    )
    key = add("key", _key, "make a key that opens backups", "Make a key, as age-keygen does.")
    key.add_argument("file", type=Path, metavar="FILE", help="a new file, for its owner alone")


def _add_keep(parser: argparse.ArgumentParser) -> None:
    for name, period in (("daily", "days"), ("weekly", "weeks"), ("monthly", "months")):
        parser.add_argument(
            f"--keep-{name}",
            type=int,
            default=0,
            metavar="N",
            help=f"keep the newest of each of the last N {period} that have one",
        )


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="as `nodrake backup list` shows it; or latest")
    parser.add_argument(
        "--identity", type=Path, required=True, metavar="FILE", help="file with the secret key"
    )
    parser.add_argument(
        "--unsigned", action="store_true", help="do not ask who has made the backup"
    )


def _create(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    settings = load_settings(environ)
    if not settings.backup.recipients:
        _say(
            "NODRAKE_BACKUP_RECIPIENTS is not set, and nothing is written that is not encrypted: "
            "`nodrake backup key FILE`, somewhere else than here, makes a key and prints what to "
            "set"
        )
        return _USAGE
    folder = BackupFolder(settings.backup.folder)
    with folder.only_writer():
        made = make_backup(settings, folder)
        print(f"{made.name}: {backup_shelf.size_of(made)}, {made.rows} rows, schema {made.schema}")
        if keep := backup_shelf.to_keep(options):
            is_ours = backup_shelf.made_under(settings)
            backup_shelf.remove_old(folder, keep, is_ours, dry_run=False, made=made)
    return _DONE


def _verify(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    settings = (
        load_settings(environ) if options.on_server else backup_shelf.settings_for_reading(environ)
    )
    with closing(_opened(options, settings)) as opened:
        if options.quick:
            opened.list_tables()
            print(f"{opened.manifest.name}: can be read, and has every table; nothing was restored")
            return _DONE
        with opened.scratch(settings, options.on_server) as url:
            if wrong := opened.put_back(url):
                return _told_wrong(opened.manifest, wrong)
            checked = _audit(opened, url, {**backup_shelf.NO_SERVERS, **environ})
    good = opened.manifest
    print(f"{good.name}: good, {len(good.tables)} tables with {good.rows} rows as they were")
    return checked


def _restore(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    settings = load_settings(environ)
    database_url = settings.database.own_sessions()
    with closing(_opened(options, settings)) as opened:
        wrong = opened.put_back(database_url)
    if wrong:
        return _told_wrong(opened.manifest, wrong)
    good = opened.manifest
    print(f"{good.name} is back: {len(good.tables)} tables with {good.rows} rows as they were")
    checked = _audit(opened, database_url, environ)
    print("\n".join(bring_up_to_date(settings) or ["the schema is up to date"]))
    print(
        f"\nThe database is as it was at {good.taken_at:%Y-%m-%d %H:%M:%S} UTC. Left to do, before "
        "anybody is let in:\n"
        "  nodrake erasures replay FILE   who was erased since then is erased again\n"
        "  nodrake audit verify --head FILE   says by how much the log is shorter than it was\n"
        "  nodrake doctor                 settings, roles, Redis (which may be empty)\n"
        "Then start the worker and the service."
    )
    if not settings.database.application_role:
        print("NODRAKE_APPLICATION_ROLE is not set: no role but those of the backup was granted.")
    return checked


def _audit(opened: Opened, url: str, environ: Mapping[str, str]) -> int:
    if not opened.is_signed:
        print(
            "the audit log was not checked: that needs the NODRAKE_SECRET that it was written with"
        )
        return _DONE
    try:
        verdict = opened.audit(url, environ)
    except DomainError as error:
        _say(f"the audit log could not be checked: {error.detail}")
        return _FAILED
    if verdict.fault is not None:
        _say(f"the audit log is not whole: {verdict.fault.what}; `nodrake audit verify` names it")
        return _FAILED
    print(f"audit log: {verdict.checked} rows, whole")
    return _DONE


def _key(options: argparse.Namespace, _: Mapping[str, str]) -> int:
    recipient = write_identity(options.file)
    print(f"NODRAKE_BACKUP_RECIPIENTS={recipient}")
    _say(
        f"{options.file} opens every backup that is made with this setting. Keep two copies, none "
        "of them where backups are made or kept: without it no backup can be read by anybody."
    )
    return _DONE


def _opened(options: argparse.Namespace, settings: Settings) -> Opened:
    folder = BackupFolder(settings.backup.folder)
    return Opened(settings, folder, options.name, options.identity, options.unsigned)


def _told_wrong(manifest: Manifest, wrong: list[str]) -> int:
    print(f"{manifest.name}: NOT AS IT WAS. Let nobody in; use another backup.")
    print("\n".join(f"  {each}" for each in wrong))
    return _FAILED


def _say(text: str) -> None:
    print(f"nodrake: {text}", file=sys.stderr, flush=True)


def _stoppable(
    act: Callable[[argparse.Namespace, Mapping[str, str]], int],
) -> Callable[[argparse.Namespace, Mapping[str, str]], int]:
    """SIGTERM and Ctrl-C end it in order: what was begun is removed or rolled back."""

    def run(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
        numbers = (signal.SIGTERM, signal.SIGINT)
        before = {number: signal.signal(number, _interrupt) for number in numbers}
        try:
            return act(options, environ)
        except KeyboardInterrupt:
            _say("stopped; what was begun was taken back")
            return _STOPPED
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    return run


def _interrupt(_: int, __: FrameType | None) -> NoReturn:
    # The driver complains of what it cannot roll back; the server does it, as the connection ends.
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)
    raise KeyboardInterrupt
