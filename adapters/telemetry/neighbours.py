"""Processes of one service on one host tell one another what they have measured.

Prometheus reads one address, behind which any of them may answer: whichever it is asks the others
over sockets in a folder that belongs to them. Each process keeps its own counts, so a page shows
them side by side, and a process that was started anew begins at nothing without harm.
"""

import asyncio
import os
from collections.abc import Callable, Iterable
from pathlib import Path

_TIMEOUT_SECONDS = 0.5
_END = b"# EOF\n"


class Neighbours:
    """The other processes that have a socket in ``folder``; none where that is ``None``."""

    def __init__(self, folder: Path | None, *, name: str | None = None) -> None:
        self._folder = folder
        self._server: asyncio.Server | None = None
        self.name = None if folder is None else name or str(os.getpid())

    async def open(self, own_page: Callable[[str], bytes]) -> None:
        """Answer whoever asks with ``own_page`` for the formats that they accept."""
        if self._folder is None:
            return

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                async with asyncio.timeout(_TIMEOUT_SECONDS):
                    accept = (await reader.readline()).decode("latin-1").strip()
                    writer.write(own_page(accept))
                    await writer.drain()
            except (OSError, TimeoutError, ValueError):
                pass  # whoever has asked is gone, or asks nothing
            finally:
                writer.close()

        # Seen only once it listens: another process takes one that refuses for a dead one's.
        unseen = self._own_socket().with_suffix(".early")
        self._server = await asyncio.start_unix_server(answer, unseen)
        await asyncio.to_thread(unseen.rename, self._own_socket())

    async def ask(self, accept: str) -> list[bytes]:
        """The pages of all others; one that does not answer in half a second is left out."""
        if self._folder is None:
            return []
        others = [each for each in self._folder.glob("*.sock") if each != self._own_socket()]
        pages = await asyncio.gather(*(_page_of(each, accept) for each in others))
        return [page for page in pages if page]

    async def close(self) -> None:
        """Answer nobody any more."""
        if self._server is not None:
            self._server.close()
            self._own_socket().unlink(missing_ok=True)

    def _own_socket(self) -> Path:
        assert self._folder is not None
        return self._folder / f"{self.name}.sock"


async def _page_of(socket: Path, accept: str) -> bytes:
    try:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            reader, writer = await asyncio.open_unix_connection(socket)
            try:
                writer.write(accept.replace("\n", " ").encode("latin-1", "replace") + b"\n")
                return await reader.read(-1)
            finally:
                writer.close()
    except ConnectionRefusedError:  # it was killed; its numbers begin anew with its successor
        await asyncio.to_thread(socket.unlink, missing_ok=True)
        return b""
    except (OSError, TimeoutError):
        return b""


def merged(pages: Iterable[bytes]) -> bytes:
    """One page of several: every family once, with the samples of all."""
    families: dict[bytes, list[bytes]] = {}
    ends = b""
    for page in pages:
        body = page.removesuffix(_END)
        ends = _END if body != page else ends
        for block in body.split(b"# HELP ")[1:]:
            lines = block.splitlines(keepends=True)
            samples = [line for line in lines[1:] if not line.startswith(b"# ")]
            head = b"# HELP " + b"".join(lines[: len(lines) - len(samples)])
            families.setdefault(head, []).extend(samples)
    return b"".join(head + b"".join(samples) for head, samples in families.items()) + ends
