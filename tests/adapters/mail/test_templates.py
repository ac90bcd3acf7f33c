"""What messages say."""

import re
from html.parser import HTMLParser

import pytest

from adapters.mail.templates import MailTemplates
from domain.shared.mail import MailKind
from tests.adapters.mail.conftest import PUBLIC_URL
from tests.builders.accounts import NOW
from tests.builders.mails import TOKEN, a_mail

NASTY = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
WITH_LINK = {
    MailKind.VERIFY_EMAIL: ("/verify-email", "/api/v1/auth/email/verify"),
    MailKind.RESET_PASSWORD: ("/reset-password", "/api/v1/auth/password/reset"),
    MailKind.CONFIRM_EMAIL_CHANGE: ("/confirm-email", "/api/v1/auth/email/confirm"),
    MailKind.EMAIL_CHANGED: ("/undo-email-change", "/api/v1/auth/email/undo"),
}

templates = MailTemplates(PUBLIC_URL)


class Tags(HTMLParser):
    """The tags of a page, which all have to be closed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Note it."""
        self.seen.append(tag)
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Expect it."""
        assert self.open.pop() == tag


@pytest.mark.parametrize("kind", MailKind)
def test_every_kind_says_what_happened_in_text_and_in_sound_html(kind: MailKind) -> None:
    content = templates.render(a_mail(kind), NOW)
    assert 10 < len(content.subject) < 60
    assert "\n" not in content.subject
    for text in (content.text, content.html):
        assert content.subject in text.replace("&#39;", "'")
        assert "31 January 2026, 12:00 UTC, from the network 192.0.2.x" in text
        assert "{{" not in text
        assert "None" not in text
    tags = Tags()
    tags.feed(content.html)
    assert tags.open == []
    assert tags.seen.count("h1") == tags.seen.count("main") == tags.seen.count("title") == 1
    assert '<html lang="en">' in content.html


@pytest.mark.parametrize("kind", MailKind)
def test_no_value_is_taken_for_html(kind: MailKind) -> None:
    values = dict.fromkeys(("name", "provider", "role", "date", "remaining", "place"), NASTY)
    content = templates.render(a_mail(kind, **values), NOW)
    assert "<script" not in content.html
    assert "<img" not in content.html
    assert NASTY not in content.subject


@pytest.mark.parametrize("kind", WITH_LINK)
def test_a_link_is_ours_with_its_secret_behind_the_fragment(kind: MailKind) -> None:
    page, path = WITH_LINK[kind]
    content = templates.render(a_mail(kind), NOW)
    link = f"{PUBLIC_URL}{page}#token={TOKEN}"
    assert link in content.text
    assert f'href="{link}"' in content.html
    assert f"{PUBLIC_URL}{path}" in content.text, "and how to do it without a browser"
    hosts = set(re.findall(r"https?://([^/\s\"'<#]+)", content.text + content.html))
    assert hosts == {"music.example.org"}
    before = re.findall(rf"[?/=]{TOKEN}", content.html.replace(f"#token={TOKEN}", ""))
    assert before == []


@pytest.mark.parametrize("kind", set(MailKind) - set(WITH_LINK))
def test_other_messages_carry_no_secret(kind: MailKind) -> None:
    content = templates.render(a_mail(kind), NOW)
    assert TOKEN not in content.text + content.html


def test_without_a_link_the_former_address_is_told_all_the_same() -> None:
    mail = a_mail(MailKind.EMAIL_CHANGED)
    mail.values.pop("token")
    content = templates.render(mail, NOW)
    assert "undo-email-change" not in content.text
    assert "nothing to do" in content.text


def test_how_long_a_link_works_is_said() -> None:
    assert "for 60 minutes" in templates.render(a_mail(), NOW).text


def test_content_shows_nothing_in_a_log() -> None:
    assert TOKEN not in repr(templates.render(a_mail(), NOW))


def test_a_deletion_says_the_day() -> None:
    mail = a_mail(MailKind.DELETION_SCHEDULED, due_at="2026-02-07T12:00:00+00:00")
    content = templates.render(mail, NOW)
    assert "will be deleted on 2026-02-07." in content.text
