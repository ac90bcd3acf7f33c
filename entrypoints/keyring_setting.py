"""The setting that names a keyring, read through so that the start tells all that is wrong."""

from datetime import UTC, datetime
from pathlib import Path

from domain.shared.keyring import KeyringError, parse_keyring


def keyring_file(text: str) -> Path | None:
    """The path, or nothing; ``ValueError`` with one problem a line for a file of no use."""
    if not text:
        return None
    path = Path(text).absolute()  # not resolved: a mounted secret is replaced behind its link
    try:
        parse_keyring(path.read_text("ascii"), datetime.fromtimestamp(path.stat().st_mtime, UTC))
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is no keyring: it is not plain ASCII text") from error
    except KeyringError as error:
        raise ValueError(str(error)) from error
    return path
