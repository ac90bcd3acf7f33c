"""What messages say: one source for each kind, laid out as text and as HTML."""

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from domain.shared.mail import Mail

_FOLDER = Path(__file__).with_name("templates")


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A message in words."""

    subject: str
    text: str
    html: str

    def __repr__(self) -> str:
        return f"Content(subject={self.subject!r}, …)"


class MailTemplates:
    """A source says subject and paragraphs as plain text; only the layout for HTML escapes them.

    A link is an address of ours, never of the request's, and carries its secret behind ``#``,
    which browsers send to no server, so that it is in nobody's log.
    """

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url
        self._environment = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=select_autoescape(("html.jinja",), default=False, default_for_string=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, mail: Mail, queued_at: datetime) -> Content:
        """Subject, text and HTML of ``mail``."""
        source: Any = self._environment.get_template(f"{mail.kind}.jinja").make_module(
            {"value": _Values(mail.values), "valid_for": _duration(mail, queued_at)}
        )
        link, api = self._link(source, mail), getattr(source, "api", None)
        context = {
            "subject": source.subject,
            "said": source.said,
            "otherwise": getattr(source, "otherwise", None),
            "action": getattr(source, "action", None),
            "link": link,
            "api": api
            and SimpleNamespace(
                url=f"{self._public_url}{api.path}",
                body=api.body.replace("TOKEN", mail.values.get("token", "")),
            ),
            "at": f"{queued_at:%d %B %Y, %H:%M} UTC".lstrip("0"),
            "place": mail.values.get("place", ""),
            "public_url": self._public_url,
        }
        text = self._environment.get_template("layout.txt.jinja").render(context)
        html = self._environment.get_template("layout.html.jinja").render(context)
        return Content(subject=str(source.subject), text=text, html=html)

    def _link(self, source: Any, mail: Mail) -> str | None:
        page, token = getattr(source, "page", None), mail.values.get("token")
        return f"{self._public_url}/{page}#token={token}" if page and token else None


class _Values(dict[str, str]):
    """What a source may ask for: anything, since what is not there is empty."""

    def __missing__(self, _: str) -> str:
        return ""


def _duration(mail: Mail, queued_at: datetime) -> str:
    """How long the link works, in words."""
    if mail.expires_at is None:
        return ""
    minutes = round((mail.expires_at - queued_at).total_seconds() / 60)
    return f"{minutes} minutes" if minutes <= 60 else f"{minutes // 60} hours"
