"""Commands that never outlive us."""

import subprocess
import sys
from pathlib import Path
from typing import IO

_STOP_SECONDS = 20


class GuardedProcess:
    """A command in a session of its own, behind ``guard.py``."""

    def __init__(
        self,
        command: list[str],
        *,
        stop_signal: str,
        output: IO[bytes] | int | None = None,
        environ: dict[str, str] | None = None,
        owner: tuple[int, int] | None = None,
    ) -> None:
        environ = dict(environ or {})
        if owner is not None:
            environ |= {"NODRAKE_GUARD_UID": str(owner[0]), "NODRAKE_GUARD_GID": str(owner[1])}
        self._guard = subprocess.Popen(
            [
                sys.executable,
                "-I",
                str(Path(__file__).with_name("guard.py")),
                stop_signal,
                *command,
            ],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            env=environ or None,
            start_new_session=True,  # Ctrl-C in the terminal is for us, who stop it in order
        )

    @property
    def exit_status(self) -> int | None:
        """The command's status, or ``None`` while it runs."""
        return self._guard.poll()

    def stop(self) -> None:
        """Have the command end in order, and wait for it; kill it if it does not."""
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        try:
            self._guard.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._guard.kill()
            self._guard.wait()
