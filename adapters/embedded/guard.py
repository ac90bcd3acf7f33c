"""A process that runs one command and ends it when its own parent is gone.

    python guard.py SIGNAL COMMAND...

Standard input is a pipe that the parent holds open. Its end, however it comes about (closed,
parent exited, parent killed), means: send SIGNAL to the command and wait for it. Should the
guard itself be killed, the kernel sends the command the same signal (Linux).
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading

_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Run until the command ends or the parent is gone; the command's status."""
    stop_signal = signal.Signals[sys.argv[1]]
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)

    def prepare() -> None:
        # In the child, before it becomes the command: it must hear the signals that we ignore.
        for restored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
            signal.signal(restored, signal.SIG_DFL)
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(stop_signal))

    uid = os.environ.pop("NODRAKE_GUARD_UID", None)
    gid = os.environ.pop("NODRAKE_GUARD_GID", None)
    command = subprocess.Popen(
        sys.argv[2:],
        stdin=subprocess.DEVNULL,
        user=None if uid is None else int(uid),
        group=None if gid is None else int(gid),
        extra_groups=None if uid is None else [],
        preexec_fn=prepare,  # noqa: PLW1509  # this process has one thread so far
    )

    def watch() -> None:
        while os.read(0, 64):
            pass
        command.send_signal(stop_signal)

    threading.Thread(target=watch, daemon=True).start()
    return command.wait()


if __name__ == "__main__":
    sys.exit(main())
