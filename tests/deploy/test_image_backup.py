"""Backups with what is in the image: there is no other PostgreSQL client in it."""

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.deploy.image import SOMEBODY_ELSE, run
from tests.services import Services, new_database


def test_one_is_made_proved_and_brought_back(
    image: Path, make_database: Callable[[], str], services: Services
) -> None:
    source = make_database()
    with (
        tempfile.TemporaryDirectory(prefix="nodrake-volume-") as mounted,
        new_database(services.database_url) as target,
    ):
        if os.geteuid() == 0:
            os.chown(mounted, SOMEBODY_ELSE, SOMEBODY_ELSE)
        settings = {"REDIS_URL": services.redis_url, "NODRAKE_BACKUP_FOLDER": mounted}
        key = f"{mounted}/backup.key"
        made = run(image, "nodrake", "backup", "key", key, **settings)
        assert made.returncode == 0, made.stderr
        [settings["NODRAKE_BACKUP_RECIPIENTS"]] = re.findall(r"age1\w+", made.stdout)
        # On the server: one of one's own needs the image's user to have a name on this machine.
        for url, command in (
            (source, ("create", "--keep-daily", "7")),
            (source, ("verify", "latest", "--on-server", "--identity", key)),
            (target, ("restore", "latest", "--identity", key)),
        ):
            done = run(image, "nodrake", "backup", *command, DATABASE_URL=url, **settings)
            assert done.returncode == 0, done.stderr
