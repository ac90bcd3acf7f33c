"""The shelf of backups: which are there, and which are too old to stay."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import msgspec
from rich.console import Console
from rich.table import Table

from adapters.backups.folder import BackupFolder
from adapters.postgres.wal_archive import examine_archive
from adapters.system.clock import utc_now
from domain.shared.backup import BackupError, Keep, Manifest
from entrypoints.container import Container
from entrypoints.settings import Settings, load_settings

_DONE, _FAILED, _USAGE = 0, 1, 2
# For what reads backups only: neither server is asked anything.
NO_SERVERS = {"DATABASE_URL": "postgresql:///", "REDIS_URL": "unix:///"}


def run_prune(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Remove, and say what."""
    keep = to_keep(options)
    if keep is None:
        _say("say what to keep: --keep-daily 7 --keep-weekly 4 --keep-monthly 12, for example")
        return _USAGE
    settings = settings_for_reading(environ)
    folder = BackupFolder(settings.backup.folder)
    is_ours = made_under(settings)
    with folder.only_writer():
        remove_old(folder, keep, is_ours, dry_run=options.dry_run)
    return _DONE


def made_under(settings: Settings) -> Callable[[Manifest], bool]:
    """What tells, by its signature, whether a backup was made under the secret of ``settings``."""
    has_signed: Callable[[Manifest], bool] = (
        Container(settings=settings).backup_signature().has_signed
    )
    return has_signed


def to_keep(options: argparse.Namespace) -> Keep | None:
    """What was said to keep, if anything."""
    counts = (options.keep_daily, options.keep_weekly, options.keep_monthly)
    if not any(counts):
        return None
    return Keep(daily=counts[0], weekly=counts[1], monthly=counts[2])


def remove_old(
    folder: BackupFolder,
    keep: Keep,
    is_ours: Callable[[Manifest], bool],
    *,
    dry_run: bool,
    made: Manifest | None = None,
) -> None:
    """Whole ones count only: a damaged file is no reason to remove a good one.

    What was ``made`` just now stays, however the others are dated. What is not ours, by its
    signature, may be another deployment's that shares the folder.
    """
    backups = _countable(folder.all(), is_ours)
    rotten = _rotten(folder, keep, backups)
    _tell_left(rotten, "not as they were written; bring another copy")
    whole = [each for each in _full(folder, backups) if each not in rotten]
    for each in _going(keep, whole, backups):
        if each not in rotten and each != made:
            print(f"{'would remove' if dry_run else 'removed'} {each.name}, {size_of(each)}")
            if not dry_run:
                folder.remove(each.name)


def _rotten(folder: BackupFolder, keep: Keep, backups: Sequence[Manifest]) -> list[Manifest]:
    """Those on which the removal of others relies, and cannot: they are read byte for byte."""
    whole = _full(folder, backups)
    good: list[Manifest] = []
    rotten: list[Manifest] = []
    while unread := [
        each for each in keep.relied_on(whole, _going(keep, whole, backups)) if each not in good
    ]:
        for each in unread:
            (good if folder.is_whole(each) else rotten).append(each)
        whole = [each for each in whole if each not in rotten]
    return rotten


def _full(folder: BackupFolder, backups: Sequence[Manifest]) -> list[Manifest]:
    return [each for each in backups if folder.is_whole(each, thorough=False)]


def _going(keep: Keep, whole: Sequence[Manifest], backups: Sequence[Manifest]) -> list[Manifest]:
    """Nothing goes where nothing is whole."""
    chosen = keep.chosen(whole)
    return [each for each in backups if chosen and each.name not in chosen]


def latest(folder: BackupFolder, is_ours: Callable[[Manifest], bool]) -> Manifest:
    """The newest of those that are counted; what is not is named."""
    backups = folder.all()
    if not backups:
        raise BackupError("there is no backup in the folder: `nodrake backup create`")
    counted = _countable(backups, is_ours)
    if not counted:
        raise BackupError(
            "none of the backups there counts as the latest: set NODRAKE_SECRET (or the keyring) "
            "of the deployment, or name the one that you mean (`nodrake backup list`)"
        )
    return counted[0]


def _countable(backups: Sequence[Manifest], is_ours: Callable[[Manifest], bool]) -> list[Manifest]:
    """Those that are counted and may go; the others are named."""
    now = utc_now()
    ours = [each for each in backups if is_ours(each)]
    foreign = [each for each in backups if each not in ours]
    later = [each for each in ours if each.taken_at > now]
    _tell_left(foreign, "not made under this NODRAKE_SECRET (or keyring), or altered since")
    _tell_left(later, "dated later than now, by a clock that was wrong")
    return [each for each in ours if each not in later]


def _tell_left(backups: Sequence[Manifest], why: str) -> None:
    if backups:
        _say(f"left alone, and not counted: {', '.join(each.name for each in backups)}: {why}")


def run_list(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print them; 1 where the newest is older than was asked for."""
    settings = settings_for_reading(environ)
    folder = BackupFolder(settings.backup.folder)
    is_ours = made_under(settings)
    backups = folder.all()
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(backups)).decode())
    elif backups:
        table = Table("name", "taken (UTC)", "size", "rows", "schema", "files")
        for each in backups:
            when = f"{each.taken_at:%Y-%m-%d %H:%M}"
            table.add_row(
                each.name,
                when,
                size_of(each),
                str(each.rows),
                str(each.schema),
                _state(folder, each, is_ours),
            )
        Console(width=None if sys.stdout.isatty() else 120).print(table)
    else:
        print("there is no backup: `nodrake backup create`")
    if options.max_age_hours is None:
        return _DONE
    youngest = utc_now() - timedelta(hours=options.max_age_hours)
    fresh = (each for each in _countable(backups, is_ours) if each.taken_at >= youngest)
    if any(folder.is_whole(each, thorough=False) for each in fresh):
        return _DONE
    _say(f"no backup is younger than {options.max_age_hours:g} hours")
    return _FAILED


def _state(folder: BackupFolder, manifest: Manifest, is_ours: Callable[[Manifest], bool]) -> str:
    if not folder.is_whole(manifest, thorough=False):
        return "MISSING OR CUT OFF"
    return "there" if is_ours(manifest) else "NOT OF THIS NODRAKE_SECRET"


def run_wal(options: argparse.Namespace, _: Mapping[str, str]) -> int:
    """Say what is missing; 1 where something is."""
    found = examine_archive(options.folder, options.segment_mb * 1024**2)
    for problem in found.problems:
        print(problem)
    age = utc_now().timestamp() - found.newest_at
    late = options.max_age_seconds is not None and age > options.max_age_seconds
    if late:
        print(f"nothing has come for {age:.0f} s: look at pg_stat_archiver and the server's log")
    if found.problems or late:
        return _FAILED
    counted = f"{found.segments} segment{'' if found.segments == 1 else 's'}"
    print(f"whole: {counted} from {found.first} to {found.last}")
    return _DONE


def settings_for_reading(environ: Mapping[str, str]) -> Settings:
    """Settings of a machine that has backups and need not reach any server."""
    given = {name: value for name, value in environ.items() if value}
    return load_settings({**NO_SERVERS, **given})


def size_of(manifest: Manifest) -> str:
    """In megabytes."""
    return f"{manifest.size / 1e6:.1f} MB"


def _say(text: str) -> None:
    print(f"nodrake: {text}", file=sys.stderr, flush=True)
