"""``nodrake scan`` as a process: no server, no settings, a person's own files."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.builders import exports
from tests.e2e.process import nodrake

DRAKE = "3TVXtAsR1Inumwj472S9r4"
LIST = f'artist,id\nDrake,{DRAKE}\n"Tyler, The Creator",{DRAKE[::-1]}\n'


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """One file of each format, and a list."""
    contents = {
        "library": exports.your_library(
            tracks=[("Zaz", "Je veux (feat. Drake)"), ("Simon & Garfunkel", "America")],
            albums=[("Drake", "Views")],
            artists=[("Drake", DRAKE)],
        ),
        "history": exports.extended_history([("Drake", "A"), (None, None)]),
        "old_history": exports.streaming_history([("Drake", "A"), ("Drake", "A")]),
        "exportify": exports.exportify([("See You", [("Tyler, The Creator", DRAKE[::-1])])]),
        "itunes": exports.itunes([{"Name": "A", "Artist": "Tyler, The Creator & Kali Uchis"}]),
        "youtube": exports.youtube_songs([("A", ["Zaz", "Drake"])]),
        "m3u": exports.m3u([("Drake x Zaz", "A"), ("Zaz", "B")]),
        "list": LIST.encode(),
        "clean": exports.m3u([("Zaz", "B")]),
        "broken": b"{",
        "binary": b"\0\1",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: str(tmp_path / name) for name in contents}


def test_every_format_is_scanned_in_one_run(files: dict[str, str]) -> None:
    names = ["library", "history", "old_history", "exportify", "itunes", "youtube", "m3u"]
    done = nodrake(
        "scan", "--list", files["list"], "--format", "json", *(files[name] for name in names)
    )
    assert done.returncode == 1, done.stderr
    found = {Path(part["file"]).name: part["scan"] for part in json.loads(done.stdout)}
    assert {name: len(scan["hits"]) for name, scan in found.items()} == {
        "library": 3,
        "history": 1,
        "old_history": 1,
        "exportify": 1,
        "itunes": 1,
        "youtube": 1,
        "m3u": 1,
    }
    assert found["old_history"]["hits"][0]["times"] == 2
    assert found["exportify"]["hits"][0]["reasons"][0]["matched_by"] == "id"


def test_the_table_says_what_was_found_and_the_exit_status_that_something_was(
    files: dict[str, str],
) -> None:
    done = nodrake("scan", files["library"], "--list", files["list"])
    assert done.returncode == 1
    assert "Drake (featured, by name, 60%)" in done.stdout
    assert "1 track, 1 album, 1 followed artist on the list of 2" in done.stdout


def test_without_features_only_main_artists_count(files: dict[str, str]) -> None:
    done = nodrake("scan", files["library"], "--list", files["list"], "--no-features")
    assert "0 tracks" not in done.stdout
    assert "1 album, 1 followed artist on the list of 2" in done.stdout


def test_nothing_on_the_list_is_status_0(files: dict[str, str]) -> None:
    done = nodrake("scan", files["clean"], "--list", files["list"])
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing on the list" in done.stdout


def test_a_checklist_goes_to_a_file(files: dict[str, str], tmp_path: Path) -> None:
    for kind, box in (("markdown", "- [ ] ["), ("html", '<input type="checkbox">')):
        path = tmp_path / kind
        done = nodrake(
            "scan", files["library"], "--list", files["list"], "--format", kind, "-o", str(path)
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert path.read_text("utf-8").count(box) == 3


def test_csv_names_the_file(files: dict[str, str]) -> None:
    done = nodrake("scan", files["m3u"], "--list", files["list"], "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert (row["file"], row["on_list"], row["written"]) == (files["m3u"], "Drake", "Drake")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["broken", "--list", "list"], "the file starts like JSON and is damaged"),
        (["library", "--list", "binary"], "the file is no text"),
        (["library", "--list", "missing"], "No such file"),
        (["missing", "--list", "list"], "No such file"),
        (["library"], "--list"),
    ],
)
def test_what_cannot_be_read_is_named_and_status_2(
    files: dict[str, str], arguments: list[str], says: str
) -> None:
    done = nodrake("scan", *(files.get(argument, argument) for argument in arguments))
    assert done.returncode == 2
    assert done.stdout == ""
    assert says in done.stderr


def test_titles_cannot_write_to_the_terminal(files: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "hostile"
    path.write_bytes(exports.your_library(tracks=[("Drake", "\x1b[2J\x9b31m[bold]x\u202e")]))
    done = nodrake("scan", str(path), "--list", files["list"])
    assert "\x1b" not in done.stdout
    assert "[bold]x" in done.stdout


def test_help_teaches(files: dict[str, str]) -> None:
    done = nodrake("scan", "--help")
    assert done.returncode == 0
    for part in ("YourLibrary.json", "Library.xml", "exit status", "--no-features"):
        assert part in done.stdout
