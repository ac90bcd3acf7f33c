"""How messages go out: what can be set about it."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from entrypoints.setting_values import Secret

DEVELOPMENT_URL = "folder:.nodrake/mail"
DEVELOPMENT_SENDER = "No Drake in the House <no-reply@localhost>"

_EXPECTED = "expected smtp://user:password@host:587, smtps://user:password@host:465 or folder:PATH"


class MailSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How messages go out, and how often one network address may cause or follow links."""

    url: Secret
    sender: str
    link_attempts_per_hour: int

    @property
    def folder(self) -> Path | None:
        """Where messages are written to instead, in development."""
        text = self.url.value.decode()
        return Path(text.removeprefix("folder:")) if text.startswith("folder:") else None


def mail_url(text: str) -> Secret:
    """The address of an SMTP server, or of a folder; ``ValueError`` says what is expected."""
    scheme, _, path = text.partition(":")
    if scheme == "folder" and path:
        return Secret(text.encode())
    try:
        parts = urlsplit(text)
        whole = parts.scheme in {"smtp", "smtps"} and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(_EXPECTED)
    if bool(parts.username) != bool(parts.password):
        raise ValueError("expected a user together with a password, or neither")
    return Secret(text.encode())


def sender(text: str) -> str:
    """``name@example.org`` or ``Name <name@example.org>``."""
    name, bracket, rest = text.strip().rpartition("<")
    address = rest.removesuffix(">") if bracket else rest
    local, at, domain = address.strip().rpartition("@")
    if not (local and at and domain) or not text.isprintable() or ">" in address or "<" in name:
        raise ValueError("expected an address such as No Drake <no-reply@music.example.org>")
    return text


def production_problems(values: Mapping[str, object]) -> list[str]:
    """What cannot be used where people are served."""
    problems = []
    url = values.get("mail.url")
    if isinstance(url, Secret) and url.value.startswith(b"folder:"):
        problems.append(
            "mail.url (NODRAKE_MAIL_URL): production sends messages by a mail server, such as "
            "smtp://user:password@mail.example.org:587"
        )
    if values.get("mail.sender") == DEVELOPMENT_SENDER:
        problems.append(
            "mail.sender (NODRAKE_MAIL_FROM): is not set; production needs the address that "
            "messages come from"
        )
    return problems
