"""The real nginx with the file that operators get; only addresses and places of files are ours."""

import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.process import ROOT, free_port, wait_for

FILE = ROOT / "deploy/proxy/nginx.conf"
# What `# CHANGE` marks, and what belongs to the machine.
_PLACES = (
    "pid /run/nginx.pid;",
    "/var/log/nginx/error.log",
    "/var/log/nginx/refused.log",
    "listen 80 default_server;",
    "listen 443 ssl http2 default_server;",
    "server 127.0.0.1:3001 max_fails=1",
    "server 127.0.0.1:3002 max_fails=1",
    "/etc/nginx/tls/fullchain.pem",
    "/etc/nginx/tls/privkey.pem",
)


class Nginx:
    """nginx on a port of its own; ``url`` is where people come in."""

    def __init__(self, folder: Path, ports: Sequence[int], *, tls: bool) -> None:
        found = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
        assert found, "nginx is needed; on Debian: apt-get install nginx-light"
        self._command = found
        self._folder = folder
        self.port, self.plain_port = free_port(), free_port()
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"
        self.errors = folder / "error.log"
        self.certificate = folder / "certificate.pem"
        self.file = folder / "nginx.conf"
        self._write(ports, tls=tls)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; ``AssertionError`` with its own words where the file is not to its liking."""
        command = [self._command, "-e", str(self.errors), "-c", str(self.file)]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        self._process = subprocess.Popen([*command, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
        wait_for((self._folder / "nginx.pid").exists, 10, "nginx runs")
        time.sleep(0.2)

    def stop(self) -> None:
        """Have it end at once."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)

    def _write(self, ports: Sequence[int], *, tls: bool) -> None:
        text = FILE.read_text()
        key = self._folder / "key.pem"
        listen = f"listen 127.0.0.1:{self.port}{' ssl http2' if tls else ''} default_server;"
        ours = (
            f"pid {self._folder}/nginx.pid;",
            str(self.errors),
            str(self._folder / "refused.log"),
            f"listen 127.0.0.1:{self.plain_port} default_server;",
            listen,
            f"server 127.0.0.1:{ports[0]} max_fails=1",
            f"server 127.0.0.1:{ports[1]} max_fails=1",
            str(self.certificate),
            str(key),
        )
        for place, own in zip(_PLACES, ours, strict=True):
            assert text.count(place) == 1, place
            text = text.replace(place, own)
        self.file.write_text(text)
        subprocess.run(
            f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 "
            f"-addext subjectAltName=IP:127.0.0.1 -keyout {key} -out {self.certificate}".split(),
            check=True,
            capture_output=True,
        )


@contextmanager
def nginx(folder: Path, ports: Sequence[int], *, tls: bool = False) -> Iterator[Nginx]:
    """nginx in front of processes on two ports, until the block ends.

    Without ``tls`` the load is spared the handshakes; what stands behind is the same.
    """
    place = folder / "nginx"
    place.mkdir()
    running = Nginx(place, ports, tls=tls)
    try:
        running.start()
        yield running
    finally:
        running.stop()
