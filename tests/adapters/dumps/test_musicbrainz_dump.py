"""Dumps on disk: folders, archives, files of lines; whole, broken off, of another kind."""

import bz2
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.dumps.musicbrainz import MusicBrainzDump
from application.catalog.imports import DumpBatch
from domain.catalog.dump_rows import Staging
from domain.catalog.errors import BrokenDumpError
from tests.builders.musicbrainz import (
    TABLES,
    DumpArtist,
    json_line,
    made_up_artists,
    pack,
    write_json,
    write_tables,
)

ARTISTS = list(made_up_artists(300))


def json_folder(folder: Path) -> Path:
    """As artist.tar.xz unpacks."""
    (folder / "mbdump").mkdir(parents=True)
    write_json(folder / "mbdump/artist", ARTISTS)
    return folder


def compressed(path: Path, compress: Callable[[bytes], bytes]) -> Path:
    """One file of lines, compressed."""
    path.write_bytes(compress(b"".join(map(json_line, ARTISTS))))
    return path


JSON_DUMPS = {
    "archive": lambda p: pack(json_folder(p / "f"), p / "artist.tar.xz"),
    "bz2 archive": lambda p: pack(json_folder(p / "f"), p / "artist.tar.bz2"),
    "folder": lambda p: json_folder(p / "f"),
    "inner folder": lambda p: json_folder(p / "f") / "mbdump",
    "file": lambda p: write_json(p / "artists.jsonl", ARTISTS),
    "xz": lambda p: compressed(p / "artists.xz", lzma.compress),
    "bz2": lambda p: compressed(p / "artists.bz2", bz2.compress),
}
TABLE_DUMPS = {
    "archive": lambda p: pack(write_tables(p / "f", ARTISTS), p / "mbdump.tar.bz2"),
    "xz archive": lambda p: pack(write_tables(p / "f", ARTISTS), p / "mbdump.tar.xz"),
    "folder": lambda p: write_tables(p / "f", ARTISTS),
    "inner folder": lambda p: write_tables(p / "f", ARTISTS) / "mbdump",
}


def records(batches: list[DumpBatch]) -> list[object]:
    """Whose rows there are."""
    return [row[1] for batch in batches for row in batch.rows.get(Staging.ARTISTS, ())]


@pytest.mark.parametrize("make", JSON_DUMPS.values(), ids=JSON_DUMPS)
def test_json_lines_wherever_they_are(make: Callable[[Path], Path], tmp_path: Path) -> None:
    dump = MusicBrainzDump(str(make(tmp_path)))
    batches = list(dump.read({}))
    assert records(batches) == [artist.record for artist in ARTISTS]
    assert (batches[-1].file, batches[-1].lines) == ("artist", 300)
    assert 0 < batches[-1].done <= 1
    assert records(list(dump.read({"artist": 297}))) == [a.record for a in ARTISTS[297:]]


@pytest.mark.parametrize("make", TABLE_DUMPS.values(), ids=TABLE_DUMPS)
def test_tables_wherever_they_are(make: Callable[[Path], Path], tmp_path: Path) -> None:
    dump = MusicBrainzDump(str(make(tmp_path)))
    batches = list(dump.read({}))
    assert records(batches) == [artist.record for artist in ARTISTS]
    assert {batch.file for batch in batches} == set(TABLES) - {"artist_isni"}
    lines = {batch.file: batch.lines for batch in batches}
    assert list(dump.read(lines)) == []
    left = list(dump.read(lines | {"artist_type": 0}))
    assert [(batch.file, list(batch.rows)) for batch in left] == [("artist_type", [Staging.TYPES])]


def test_the_mark_changes_with_the_dump(tmp_path: Path) -> None:
    path = write_json(tmp_path / "artists", ARTISTS)
    before = MusicBrainzDump(str(path)).mark()
    assert MusicBrainzDump(str(path)).mark() == before
    write_json(path, ARTISTS[1:])
    assert MusicBrainzDump(str(path)).mark() != before


def test_there_must_be_something(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(BrokenDumpError):
            MusicBrainzDump(str(path)).mark()
    with pytest.raises(BrokenDumpError, match="no file called artist"):
        list(MusicBrainzDump(str(tmp_path)).read({}))


@pytest.mark.parametrize("table", ["artist_alias", "artist_type", "link", "url", "l_artist_url"])
def test_a_table_that_is_missing_is_named(table: str, tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "f", ARTISTS)
    (folder / "mbdump" / table).unlink()
    with pytest.raises(BrokenDumpError, match=f"lacks mbdump/{table}"):
        list(MusicBrainzDump(str(folder)).read({}))


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    (tmp_path / "f/notes.txt").write_text("nothing")
    with pytest.raises(BrokenDumpError, match="lacks mbdump/artist"):
        list(MusicBrainzDump(str(pack(tmp_path / "f", tmp_path / "x.tar.xz"))).read({}))


@pytest.mark.parametrize("suffix", ["tar.bz2", "tar.xz"])
def test_an_archive_that_breaks_off_is_refused(suffix: str, tmp_path: Path) -> None:
    path = pack(write_tables(tmp_path / "f", ARTISTS), tmp_path / f"mbdump.{suffix}")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(BrokenDumpError, match=r"cannot be read to its end|lacks"):
        list(MusicBrainzDump(str(path)).read({}))


def test_files_elsewhere_in_an_archive_are_not_the_dumps(tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "f", ARTISTS)
    (folder / "old").mkdir()
    (folder / "old/artist").write_text("not this\n")
    path = pack(folder, tmp_path / "mbdump.tar.xz")
    with tarfile.open(path) as archive:
        assert "old/artist" in archive.getnames()
    assert not any(batch.broken for batch in MusicBrainzDump(str(path)).read({}))


def test_broken_lines_are_named_and_the_others_read(tmp_path: Path) -> None:
    path = tmp_path / "artists"
    lines = [json_line(artist) for artist in ARTISTS[:5]]
    path.write_bytes(b"".join([*lines[:2], b"{\n", *lines[2:], b'{"id": 1}']))
    (batch,) = MusicBrainzDump(str(path)).read({})
    assert [(b.file, b.line) for b in batch.broken] == [("artist", 3), ("artist", 7)]
    assert len(records([batch])) == 5


def test_a_file_of_noise_is_given_up_soon(tmp_path: Path) -> None:
    path = tmp_path / "artists"
    path.write_bytes(b"noise\n" * 10_000)
    first = next(iter(MusicBrainzDump(str(path)).read({})))
    assert len(first.broken) == 100


def test_a_last_row_that_breaks_off_is_broken(tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "f", [DumpArtist(number=1, name="A")])
    file = folder / "mbdump/link"
    file.write_bytes(file.read_bytes()[:-1])
    broken = [b for batch in MusicBrainzDump(str(folder)).read({}) for b in batch.broken]
    assert [(b.file, b.reason) for b in broken] == [("link", "the line breaks off")]
