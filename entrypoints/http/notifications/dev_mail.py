"""Messages that would have been sent, to be read by whoever develops: not there in production."""

import base64
import hashlib
import re
from typing import Any
from uuid import UUID

from jinja2 import DictLoader, Environment
from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from markupsafe import Markup, escape

from application.notifications.ports import MailFolder, StoredMail
from domain.shared.ids import MailId
from entrypoints.http.contract import contract

_SHOWN = 100
_LINK = re.compile(r"https?://[^\s'\"<>]+")
_STYLE = """
:root { color-scheme: light dark; --ink: #1c1b22; --soft: #55525e; --line: #d9d6e0;
  --paper: #fff; --room: #f6f5f9; --link: #5b2bd0 }
@media (prefers-color-scheme: dark) { :root { --ink: #f2f0f7; --soft: #b9b5c6; --line: #3a3845;
  --paper: #1f1e26; --room: #17161c; --link: #c3b1ff } }
body { margin: 0; padding: 2rem 1rem; font: 1rem/1.55 system-ui, sans-serif; color: var(--ink);
  background: var(--room) }
main { max-width: 46rem; margin: 0 auto }
h1 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 .25rem }
h2 { font-size: 1rem; margin: 2rem 0 .5rem }
a { color: var(--link) }
.soft { color: var(--soft); margin: 0 0 1.5rem }
ul { list-style: none; margin: 0; padding: 0 }
li, pre, iframe { background: var(--paper); border: 1px solid var(--line); border-radius: .6rem }
li { margin: 0 0 .6rem; padding: .8rem 1rem }
li a { font-weight: 600 }
li span { display: block; color: var(--soft); font-size: .9rem; overflow-wrap: anywhere }
pre { padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere;
  font: .95rem/1.5 ui-monospace, monospace }
iframe { width: 100%; height: 34rem }
:focus-visible { outline: 3px solid #9d7bff; outline-offset: 2px }
"""
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; img-src data:; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# A message is shown as a mail program would: alone, without scripts, as an origin of its own.
_MESSAGE_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{% block title %}{% endblock %}</title>
<link rel="icon" href="data:,">
<style>{{ style }}</style>
</head>
<body><main>{% block main %}{% endblock %}</main></body>
</html>
"""
_LIST = """{% extends "frame" %}
{% block title %}Mail of this service{% endblock %}
{% block main %}
<h1>Mail of this service</h1>
<p class="soft">In development nothing is sent: what would have been is here, newest first.
Reload the page to see more.</p>
{% if mails %}
<ul>
{% for mail in mails %}
<li><a href="/dev/mail/{{ mail.id }}">{{ mail.subject }}</a>
<span>to {{ mail.to }}, <time datetime="{{ mail.sent_at.isoformat() }}">
{{- mail.sent_at.strftime("%d %B %Y, %H:%M:%S UTC") }}</time></span></li>
{% endfor %}
</ul>
{% else %}
<p>There is none yet. Open an account at <a href="/docs">/docs</a>, and the first one comes.</p>
{% endif %}
{% endblock %}
"""
_ONE = """{% extends "frame" %}
{% block title %}{{ mail.subject }}{% endblock %}
{% block main %}
<p><a href="/dev/mail">All mail</a></p>
<h1>{{ mail.subject }}</h1>
<p class="soft">to {{ mail.to }}, <time datetime="{{ mail.sent_at.isoformat() }}">
{{- mail.sent_at.strftime("%d %B %Y, %H:%M:%S UTC") }}</time></p>
<h2>As text</h2>
<pre>{{ text }}</pre>
<h2>As a mail program shows it</h2>
<iframe src="/dev/mail/{{ mail.id }}/html" title="The message as HTML"
 sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
{% endblock %}
"""
_PAGES = Environment(
    loader=DictLoader({"frame": _FRAME, "list": _LIST, "one": _ONE}), autoescape=True
)


def _page(name: str, **values: object) -> Response[str]:
    text = _PAGES.get_template(name).render(style=Markup(_STYLE), **values)  # noqa: S704
    return Response(text, media_type=MediaType.HTML, headers={"content-security-policy": _POLICY})


async def _find(folder: MailFolder, id: UUID) -> StoredMail:
    mail = await folder.find(MailId(id))
    if mail is None:
        raise NotFoundException
    return mail


@get("/dev/mail", operation_id="getDevMailList", include_in_schema=False, opt=contract())
async def get_dev_mail_list_route(mail_folder: NamedDependency[MailFolder]) -> Response[str]:
    """The last hundred."""
    return _page("list", mails=await mail_folder.newest(_SHOWN))


@get("/dev/mail/{id:uuid}", operation_id="getDevMail", include_in_schema=False, opt=contract())
async def get_dev_mail_route(
    id: FromPath[UUID], mail_folder: NamedDependency[MailFolder]
) -> Response[str]:
    """One of them: the text, and the HTML in a frame."""
    mail = await _find(mail_folder, id)
    return _page("one", mail=mail, text=_with_links(mail.text))


@get(
    "/dev/mail/{id:uuid}/html",
    operation_id="getDevMailHtml",
    include_in_schema=False,
    opt=contract(),
)
async def get_dev_mail_html_route(
    id: FromPath[UUID], mail_folder: NamedDependency[MailFolder]
) -> Response[str]:
    """The HTML alone; its links open beside it."""
    mail = await _find(mail_folder, id)
    html = mail.html.replace("<head>", '<head><base target="_blank">', 1)
    headers = {"content-security-policy": _MESSAGE_POLICY}
    return Response(html, media_type=MediaType.HTML, headers=headers)


def _with_links(text: str) -> Markup:
    """The text with its addresses made links."""
    parts: list[Any] = []
    end = 0
    for match in _LINK.finditer(text):
        link = Markup('<a href="{0}">{0}</a>').format(match[0])
        parts += [escape(text[end : match.start()]), link]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


ROUTES = (get_dev_mail_list_route, get_dev_mail_route, get_dev_mail_html_route)
