"""What a backup is made of and put back by, step by step."""

import hashlib
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from adapters.backups.folder import BackupFolder
from adapters.backups.throwaway import throwaway_folder
from adapters.embedded.errors import EmbeddedServerError
from adapters.embedded.servers import EmbeddedServers
from adapters.postgres.grants import grant_application_role
from adapters.postgres.migrations import latest_version, migrate
from adapters.postgres.reach import require_database
from adapters.postgres.restoring import (
    Feed,
    Writer,
    make_roles,
    restore,
    scratch_database,
    tables_in,
)
from adapters.postgres.snapshots import dumping
from adapters.security.age_files import decrypt, encrypt, read_identities, write_identity
from adapters.system.clock import utc_now
from application.audit.verify_audit_log import Verdict, Verification
from domain.audit.chain import Mark
from domain.shared.backup import FORMAT, BackupError, Manifest
from entrypoints.cli.backup_progress import Shown, shown_progress
from entrypoints.cli.backup_shelf import latest, made_under
from entrypoints.cli.with_database import with_database
from entrypoints.container import Container
from entrypoints.settings import Settings

__all__ = ["BackupFolder", "write_identity"]

_GRACE = timedelta(minutes=1)


def make_backup(settings: Settings, folder: BackupFolder) -> Manifest:
    """Dump, encrypt, digest, sign, put in place: the manifest of a finished backup."""
    database_url = settings.database.own_sessions()
    require_database(database_url)
    taken_at = utc_now()
    name = f"nodrake-{taken_at:%Y%m%dT%H%M%S}{taken_at.microsecond // 1000:03}Z"
    with (
        shown_progress(sys.stderr, "writing", None) as shown,
        folder.new(name) as (file, finish),
        dumping(database_url) as dump,
        ThreadPoolExecutor(1) as pool,
    ):
        target = _Measured(file, shown)
        writing = pool.submit(encrypt, dump.rows, target, settings.backup.recipients)

        def require_written() -> None:
            writing.result()
            dump.require_success()

        def written(_: object) -> None:
            try:
                require_written()
            except Exception:  # nobody waits for digests of a dump that has failed
                dump.stop_digests()

        writing.add_done_callback(written)
        try:
            tables = dump.digests(shown.checked)
        except BaseException:
            if writing.done():
                require_written()  # if that is why
            dump.kill()
            raise
        require_written()
        manifest = Manifest(
            format=FORMAT,
            name=name,
            taken_at=taken_at,
            release=version("nodrake"),
            server=dump.snapshot.server,
            client=dump.snapshot.client,
            schema=dump.snapshot.schema,
            size=target.size,
            sha256=target.sha256.hexdigest(),
            tables=tables,
            roles=dump.snapshot.roles,
            audit_head=dump.snapshot.audit_head,
        )
        signed: Manifest = Container(settings=settings).backup_signature().sign(manifest)
        finish(signed)
    return signed


class Opened:
    """A backup of which digest and signature were found right, and the keys to read it."""

    def __init__(
        self, settings: Settings, folder: BackupFolder, name: str, identity: Path, unsigned: bool
    ) -> None:
        is_ours = made_under(settings)
        self.manifest = (
            latest(folder, (lambda _: True) if unsigned else is_ours)
            if name == "latest"
            else folder.get(name)
        )
        self.is_signed = is_ours(self.manifest)
        self._identities = read_identities(identity)
        if not (unsigned or self.is_signed):
            raise BackupError(
                f"{self.manifest.name} was not made under this NODRAKE_SECRET (or keyring), or was "
                "altered: set the one of the deployment; --unsigned takes it as it is, and whoever "
                "could write to the folder decides what is in it"
            )
        if self.manifest.schema > latest_version():
            raise BackupError(
                f"the backup is of a newer release ({self.manifest.release}, schema "
                f"{self.manifest.schema}): use that release"
            )
        file = folder.open_whole(self.manifest)
        if file is None:
            rows = folder.rows_of(self.manifest.name)
            raise BackupError(
                f"{rows} is {'not as it was written' if rows.exists() else 'missing'}: use another "
                "copy of it, or another backup"
            )
        self._file = file

    def close(self) -> None:
        """The rows are not read any more."""
        self._file.close()

    def feeding(self, shown: Shown) -> Feed:
        """What writes the rows, as pg_dump has written them."""

        def feed(writer: Writer) -> None:
            self._file.seek(0)
            decrypt(_Watched(self._file, shown), writer, self._identities)

        return feed

    def list_tables(self) -> None:
        """Read all of it; ``BackupError`` where a table of the manifest is not in it."""
        with shown_progress(sys.stderr, "reading", self.manifest.size) as shown:
            listed = tables_in(self.manifest, self.feeding(shown))
        if lacking := self.manifest.tables.keys() - listed:
            raise BackupError(f"the dump lacks the rows of {', '.join(sorted(lacking))}")

    def put_back(self, database_url: str) -> list[str]:
        """Restore, and say what is not as it was."""
        with shown_progress(sys.stderr, "restoring", self.manifest.size) as shown:
            return restore(database_url, self.manifest, self.feeding(shown), shown.checked)

    @contextmanager
    def scratch(self, settings: Settings, on_server: bool) -> Iterator[str]:
        """An empty database to restore into, which is gone afterwards."""
        if on_server:
            server_url = settings.database.own_sessions()
            require_database(server_url)
            with scratch_database(server_url) as url:
                yield url
            return
        with throwaway_folder(Path(tempfile.gettempdir())) as folder, ExitStack() as ends:
            servers = EmbeddedServers(folder / "data", redis=False, durable=False)
            try:
                ends.enter_context(servers)
            except EmbeddedServerError as error:
                raise BackupError(
                    f"no PostgreSQL could be started to restore into: {error}; or restore on "
                    "the server of DATABASE_URL, with --on-server"
                ) from error
            make_roles(servers.database_url, self.manifest.roles)
            yield servers.database_url

    def audit(self, database_url: str, environ: Mapping[str, str]) -> Verdict:
        """Whether the audit log is whole, and reaches to where it did."""
        head = self.manifest.audit_head

        async def verify(container: Container) -> Verdict:
            verdict: Verdict = await container.verify_audit_log()(
                Verification(
                    kept=None if head is None else Mark.from_hex(head),
                    grace=utc_now() - self.manifest.taken_at + _GRACE,
                    progress=lambda checked, total: None,
                )
            )
            return verdict

        return with_database({**environ, "DATABASE_URL": database_url}, verify)


def bring_up_to_date(settings: Settings) -> Sequence[str]:
    """Migrate and grant as `nodrake migrate` does; one sentence for each thing done."""
    database_url = settings.database.own_sessions()
    told = [f"applied {name}" for name in migrate(database_url)]
    if role := settings.database.application_role:
        grant_application_role(database_url, role)
        told.append(f"granted what the application needs to {role}")
    return told


class _Measured:
    """A file of which length and digest are known when it is written."""

    def __init__(self, file: BinaryIO, shown: Shown) -> None:
        self._file = file
        self._shown = shown
        self.sha256 = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes, /) -> int:
        """All of it."""
        self._file.write(data)
        self.sha256.update(data)
        self.size += len(data)
        self._shown.moved(len(data))
        return len(data)

    def flush(self) -> None:
        """To the file."""
        self._file.flush()


class _Watched:
    """A file of which it is told how far it was read."""

    def __init__(self, file: BinaryIO, shown: Shown) -> None:
        self._file = file
        self._shown = shown

    def read(self, size: int = -1, /) -> bytes:
        """From the file."""
        data = self._file.read(size)
        self._shown.moved(len(data))
        return data
