"""The files of the web app, as its build has left them: read once, and sent as they are."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

ENCODINGS = {"br": ".br", "gzip": ".gz"}  # the better one first
_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}


class WebFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file with the encodings that the build has made of it."""

    media_type: str
    etag: str
    content: bytes
    encoded: dict[str, bytes]


def read_web_files(folder: Path) -> Mapping[str, WebFile]:
    """By their paths, such as ``assets/index-4f2a.js``; nothing where the app was not built."""
    return {
        path.relative_to(folder).as_posix(): _read(path)
        for path in sorted(folder.rglob("*"))
        if path.suffix in _TYPES
    }


def _read(path: Path) -> WebFile:
    content = path.read_bytes()
    return WebFile(
        media_type=_TYPES[path.suffix],
        etag=f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        content=content,
        encoded={
            encoding: path.with_name(path.name + suffix).read_bytes()
            for encoding, suffix in ENCODINGS.items()
            if path.with_name(path.name + suffix).exists()
        },
    )
