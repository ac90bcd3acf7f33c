"""`free_ports.py api=3000 web=5173`: says which ports somebody else uses, and what to do.

Ports that the caller holds itself are free: Tilt asks again whenever its file changes, with its
own forwards open. Prints a line for each conflict; 0 in any case, as Tilt is to show the lines.
"""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path


def main(wanted: list[str]) -> int:
    """Check each ``name=port``."""
    ports = {name: int(port) for name, _, port in (each.partition("=") for each in wanted)}
    for name, port in ports.items():
        twins = [other for other in ports if ports[other] == port and other != name]
        if twins:
            say(name, port, f"is that of {twins[0]} too", set(ports.values()))
        elif not is_free(port) and not (holders(port) & ancestors()):
            say(name, port, f"is used by {described(holders(port))}", set(ports.values()))
    return 0


def say(name: str, port: int, trouble: str, taken: set[int]) -> None:
    """One line: what is wrong, and the next port that would do."""
    other = next(p for p in range(port + 1, 65536) if p not in taken and is_free(p))
    print(f"port {port} ({name}) {trouble}; choose another: tilt up -- --{name}-port={other}")


def is_free(port: int) -> bool:
    """Whether it can be listened on."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def holders(port: int) -> set[int]:
    """Processes that listen on it, as far as we may see them."""
    if Path("/proc/net/tcp").exists():
        return _holders_by_proc(port)
    told = _output("lsof", "-nP", "-t", f"-iTCP:{port}", "-sTCP:LISTEN")
    return {int(line) for line in told.split()}


def ancestors() -> set[int]:
    """This process, and those that it comes from."""
    parents = dict(
        map(int, line.split()) for line in _output("ps", "-Ao", "pid=,ppid=").splitlines()
    )
    found, process = set(), os.getpid()
    while process and process not in found:
        found.add(process)
        process = parents.get(process, 0)
    return found


def described(processes: set[int]) -> str:
    """A name that a person knows, where it can be told."""
    names = [
        f"{name} (process {process})"
        for process in sorted(processes)
        if (name := _output("ps", "-o", "comm=", "-p", str(process)).strip())
    ]
    return ", ".join(names) or "another program"


def _holders_by_proc(port: int) -> set[int]:
    lines = [
        line.split()
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        if Path(table).exists()
        for line in Path(table).read_text("ascii").splitlines()[1:]
    ]
    sockets = {
        f"socket:[{at[9]}]" for at in lines if at[1].endswith(f":{port:04X}") and at[3] == "0A"
    }
    return {process for process in _processes() if _opened(process) & sockets}


def _processes() -> list[int]:
    return [int(each.name) for each in Path("/proc").iterdir() if re.fullmatch(r"\d+", each.name)]


def _opened(process: int) -> set[str]:
    found = set()
    try:
        for handle in Path(f"/proc/{process}/fd").iterdir():
            found.add(str(handle.readlink()))
    except OSError:  # ended meanwhile, or somebody else's
        pass
    return found


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
