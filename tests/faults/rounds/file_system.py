"""A small file system of one's own in a file, that can lose its power and fill up."""

import contextlib
import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_EXT4_IOC_SHUTDOWN = 0x8004587D
_NO_LOG_FLUSH = 2
LOOPS = Path("/dev/loop-control")


class FileSystem:
    """An ext4 in ``image``, mounted on ``folder``; what ``folder`` holds belongs to everybody."""

    def __init__(self, image: Path, folder: Path) -> None:
        self._image = image
        self.folder = folder

    def mount(self) -> None:
        """Attach it; after a loss of power the journal is played first."""
        _run("mount", "-o", "loop", str(self._image), str(self.folder))

    def unmount(self) -> None:
        """Detach it; nobody may have a file open there."""
        _run("umount", str(self.folder))

    def lose_power(self) -> None:
        """From this moment nothing more reaches the disk, not even what waits in the journal."""
        place = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(place, _EXT4_IOC_SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(place)

    def fill(self) -> None:
        """Leave no block free."""
        with (self.folder / "filler").open("ab", buffering=0) as filler:
            for size in (1024 * 1024, 4096, 512):
                with contextlib.suppress(OSError):
                    while True:
                        filler.write(bytes(size))

    def free(self) -> None:
        """Give the space back."""
        (self.folder / "filler").unlink(missing_ok=True)


@contextmanager
def file_system(folder: Path, mebibytes: int) -> Iterator[FileSystem]:
    """One of that size, mounted until the block ends."""
    if os.geteuid() != 0 or shutil.which("mkfs.ext4") is None or not LOOPS.exists():
        pytest.fail("this row needs root on Linux with loop devices and mkfs.ext4 (e2fsprogs)")
    image, mounted = folder / "disk", folder / "mounted"
    mounted.mkdir()
    with image.open("wb") as file:
        file.truncate(mebibytes * 1024**2)
    _run("mkfs.ext4", "-q", "-F", "-m", "0", str(image))
    system = FileSystem(image, mounted)
    system.mount()
    try:
        yield system
    finally:
        system.unmount()


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.fail(f"{' '.join(command)}: {done.stderr}")
