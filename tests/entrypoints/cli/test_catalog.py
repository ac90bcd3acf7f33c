"""``nodrake catalog``: what it prints, and with which status it ends."""

from collections.abc import Callable
from pathlib import Path

import pytest

from entrypoints.cli.main import main
from tests.builders.musicbrainz import DumpArtist, write_json, write_tables

MANY = [DumpArtist(number=n, name=f"Artist {n}") for n in range(1, 41)]

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(
    make_database: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Runs a command on a database of one's own; its status, output and complaints."""
    monkeypatch.setenv("DATABASE_URL", make_database())
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["catalog", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_a_dump_a_newer_one_and_an_excerpt(command: Command, tmp_path: Path) -> None:
    status, out, err = command("import", str(write_json(tmp_path / "a", MANY)))
    assert (status, out) == (0, "40 new, 0 known from lists, 0 changed, 0 as before, 0 gone\n")
    assert "nodrake: reading 100 %, 40 artists\nnodrake: merging 100 %, 40 artists\n" in err

    newer = write_tables(tmp_path / "b", [DumpArtist(number=1, name="Renamed"), *MANY[2:]])
    status, out, _ = command("import", str(newer))
    assert (status, out) == (0, "0 new, 0 known from lists, 1 changed, 38 as before, 1 gone\n")

    few = str(write_json(tmp_path / "c", MANY[:3]))
    status, out, _ = command("import", few)
    assert status == 3
    assert out.endswith("not in the dump: 37 artists; none was marked as gone\n"), out
    assert command("import", few, "--excerpt")[0] == 0

    status, out, _ = command("status")
    assert status == 0
    first, second, *imports = out.splitlines()
    assert (first, second) == ("40 artists", "  40 from MusicBrainz core data (CC0-1.0)")
    assert [line.split("UTC  ")[1] for line in imports[1:]] == [
        "c: done, 0 new, 0 known from lists, 0 changed, 3 as before, 0 gone",
        "c: done, 0 new, 0 known from lists, 2 changed, 1 as before, 0 gone",
        "b: done, 0 new, 0 known from lists, 1 changed, 38 as before, 1 gone",
        "a: done, 40 new, 0 known from lists, 0 changed, 0 as before, 0 gone",
    ]


def test_a_broken_line_is_named(command: Command, tmp_path: Path) -> None:
    path = write_json(tmp_path / "a", MANY)
    path.write_bytes(path.read_bytes() + b"{}\n")
    status, out, err = command("import", str(path))
    assert (status, out) == (1, "")
    assert "nodrake: artist, line 41: not an artist in JSON" in err
    status, out, _ = command("import", str(path), "--leave-out", "1")
    assert status == 0
    assert out.endswith("left out: 1 line\n")


def test_no_dump_and_no_database(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, _, err = command("import", str(tmp_path / "nothing"))
    told = f"nodrake: {tmp_path}/nothing: there is no dump of MusicBrainz there\n"
    assert (status, err) == (1, told)
    status, out, _ = command("status")
    assert (status, out) == (0, "0 artists\nnothing has been imported\n")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    status, _, err = command("status")
    assert (status, err.count("\n")) == (1, 1)


def test_the_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["catalog", "import", "--help"])
    shown = capsys.readouterr().out
    for told in ("artist.tar.xz", "mbdump.tar.bz2", "CC0", "exit status", "goes on from there"):
        assert told in shown
