"""`nodrake settings`, and what commands say where a setting leads nowhere."""

import re

import pytest

from entrypoints.cli.main import main
from entrypoints.setting_table import SETTINGS

SECRET = "a secret that must not be shown, ever"


def test_of_every_setting_it_says_whether_it_is_set_in_one_way(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting in SETTINGS:
        monkeypatch.delenv(setting.variable, raising=False)
    monkeypatch.setenv("NODRAKE_SECRET", SECRET)
    assert main(["settings"]) == 0
    said = capsys.readouterr().out
    states = dict(re.findall(r"^([A-Z_]+) +(.*)$", said, re.MULTILINE))
    assert set(states) == {setting.variable for setting in SETTINGS}
    assert states["NODRAKE_PORT"] == "default: 3000"
    assert states["NODRAKE_SECRET"] == "set"
    for variable in ("DATABASE_URL", "NODRAKE_CORS_ORIGINS", "NODRAKE_KEYRING_FILE"):
        assert states[variable] == "not set"
    assert "None" not in said
    assert SECRET not in said


@pytest.mark.parametrize("command", ["admin code", "erasures list", "migrate"])
def test_a_database_that_is_not_there_is_told_in_one_line(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:never-shown@127.0.0.1:1/music")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    assert main(command.split()) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "DATABASE_URL, which is postgresql://ada@127.0.0.1:1/music" in said
    assert "never-shown" not in said


def test_what_is_no_address_of_a_database_is_told_without_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:never-shown@h/x?nonsense=1")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    assert main(["migrate"]) == 1
    said = capsys.readouterr().err
    assert "DATABASE_URL is no address" in said
    assert "never-shown" not in said
