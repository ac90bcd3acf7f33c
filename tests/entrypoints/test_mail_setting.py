"""How messages go out is checked before anything starts."""

from pathlib import Path

import pytest

from entrypoints.settings import SettingsError, load_settings

SERVERS = {"DATABASE_URL": "postgresql:///", "REDIS_URL": "unix:///"}
PRODUCTION = {
    **SERVERS,
    "NODRAKE_MODE": "production",
    "NODRAKE_PUBLIC_URL": "https://music.example.org",
    "NODRAKE_SECRET": "a secret of at least thirty-two bytes",
    "NODRAKE_MAIL_URL": "smtp://nodrake:pa55-w0rd@mail.example.org:587",
    "NODRAKE_MAIL_FROM": "No Drake <no-reply@music.example.org>",
}


def test_development_writes_into_a_folder() -> None:
    assert load_settings(SERVERS).mail.folder == Path(".nodrake/mail")


def test_production_has_a_server_and_an_address() -> None:
    settings = load_settings(PRODUCTION)
    assert settings.mail.folder is None
    assert "pa55" not in repr(settings)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NODRAKE_MAIL_URL", ""),
        ("NODRAKE_MAIL_URL", "folder:/var/mail"),
        ("NODRAKE_MAIL_FROM", ""),
    ],
)
def test_production_refuses_what_only_a_developer_reads(variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings({**PRODUCTION, variable: value})
    assert [variable in problem for problem in refusal.value.problems] == [True]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NODRAKE_MAIL_URL", "mail.example.org"),
        ("NODRAKE_MAIL_URL", "http://mail.example.org"),
        ("NODRAKE_MAIL_URL", "smtp://"),
        ("NODRAKE_MAIL_URL", "smtp://mail.example.org:99999"),
        ("NODRAKE_MAIL_URL", "smtp://user@mail.example.org"),
        ("NODRAKE_MAIL_URL", "smtp://mail.example.org/path?x=1"),
        ("NODRAKE_MAIL_URL", "folder:"),
        ("NODRAKE_MAIL_FROM", "nobody"),
        ("NODRAKE_MAIL_FROM", "A <a@example.org>, B <b@example.org>"),
        ("NODRAKE_MAIL_FROM", "A <a@example.org>\r\nBcc: eve@example.org"),
        ("NODRAKE_LINK_ATTEMPTS_PER_HOUR", "0"),
    ],
)
def test_what_cannot_be_used_is_named(variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings({**SERVERS, variable: value})
    assert variable in str(refusal.value)
    assert "user@mail" not in str(refusal.value)
