"""Lists of artists as CSV."""

import csv
import io
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.blocklists.dnp_entry import parse_note, parse_tags
from domain.blocklists.errors import ListTooLargeError, UnreadableListError
from domain.blocklists.list_formats.csv_file import COLUMNS
from domain.blocklists.list_formats.row import MAX_BYTES, MAX_ROWS, ListRow, Rejection
from domain.blocklists.list_formats.sniffing import ListFormat, read_list, sniff
from domain.shared.csv_text import guarded, unguarded, write_row
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId

ID = "4PbKVheWA7ToOxOrqqzjol"
SPOTIFY = ExternalId(service=MusicService.SPOTIFY, value=ID)


def read(content: bytes | str) -> tuple[list[ListRow], list[Rejection]]:
    """What a file holds, and what of it was rejected."""
    rejections: list[Rejection] = []
    body = content if isinstance(content, bytes) else content.encode()
    assert sniff(body) is ListFormat.CSV
    rows = list(read_list(body, ListFormat.CSV, rejections.append))
    return [row for row in rows if isinstance(row, ListRow)], rejections


@pytest.mark.parametrize(
    "content",
    [
        f"artist,id\nBloom,{ID}\n",
        f"id,name\n{ID},Bloom\n",
        f"Name;Spotify ID\nBloom;{ID}\n",
        f"Artist\tURI\nBloom\tspotify:artist:{ID}\n",
        f'"artist","id"\r\n"Bloom","{ID}"\r\n',
        f"\ufeffartist,id\nBloom,{ID}",
        f"rank,artist,spotify_id,genre\n1,Bloom,{ID},ambient\n",
        f"artist,link\nBloom,https://open.spotify.com/artist/{ID}?si=x\n",
        f"artist,id\n\n  \nBloom,{ID}\n\n",
        f"artist,id,service\nBloom,{ID},Spotify\n",
        f"artist|id\nBloom|{ID}\n",
        f"artist,id\nBloom,{ID}\n".encode("utf-16"),
        f"artist,spotify_id,deezer_id\nBloom,{ID},\n",
    ],
)
def test_files_as_people_have_them_are_read(content: str | bytes) -> None:
    rows, rejections = read(content)
    assert rejections == []
    assert [(row.name, row.references) for row in rows] == [("Bloom", (SPOTIFY,))]


def test_a_link_says_which_service_it_belongs_to() -> None:
    rows, _ = read("artist,url\nBloom,https://www.deezer.com/en/artist/4050205\n")
    assert rows[0].references == (ExternalId(service=MusicService.DEEZER, value="4050205"),)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        ("\ufeff \n".encode(), "is empty"),
        (b"Bloom,4PbKVheWA7ToOxOrqqzjol\n", "first line"),
        (b"Bloom;1\nStatic;2\n", "first line"),
        (b"artist,id\n\xff\xfe,x\n", "not UTF-8"),
        ("artist,id\nBloöm,x\n".encode("latin-1"), "save it as UTF-8"),
        ("artist,id\nBloom,x\n".encode("utf-32"), "not UTF-8"),
        ("artist,id\nBloom,x\n".encode("utf-16")[:-1], "not UTF-8"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"PK\x03\x04", "zip"),
        (b"\0\0\0", "no text"),
        (b'artist,id\n"open,x\nBloom,y\n', "quotes do not match"),
        (b'artist,id\n"a"b,x\n', "quotes do not match"),
        (b"artist,id\n" + b"," * 70_000, "more than 64 KiB"),
        (b"artist,id" + b",id" * 30_000, "more than 64 KiB"),
        (b"artist,id\n" + b'x,"\n",' * 20_000, "more than 64 KiB"),
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableListError, match=reason) as refusal:
        read(content)
    assert refusal.value.errors[0].field == "file"


def test_a_row_is_rejected_with_its_line_and_reason() -> None:
    rows, rejections = read(
        f'artist,id\n"two\tlines",{ID}\nBloom,nonsense\n,{ID}\nBloom,\nBloom,{ID}\n'
    )
    assert [(row.line, row.name) for row in rows] == [(4, None), (5, "Bloom"), (6, "Bloom")]
    assert [rejection.line for rejection in rejections] == [2, 3]
    assert rejections[1].reason.startswith("id: expected for spotify")
    assert rejections[1].code == "invalid_id"


def test_lines_are_counted_through_quoted_line_breaks() -> None:
    _, rejections = read(f'artist,id,note\nBloom,{ID},"one\ntwo"\nBloom,bad,\n')
    assert [rejection.line for rejection in rejections] == [4]


def test_a_file_past_the_limits_is_refused() -> None:
    with pytest.raises(ListTooLargeError, match="10 MiB"):
        read(b"x" * (MAX_BYTES + 1))
    with pytest.raises(ListTooLargeError, match="100,000 rows"):
        read("artist,id\n" + f"B,{ID}\n" * (MAX_ROWS + 1))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\0x", "'=x", "''@x"])
def test_no_cell_that_is_written_starts_a_formula(cell: str) -> None:
    written = next(csv.reader(io.StringIO(write_row([cell]), newline="")))[0]
    assert written[0] not in "=+-@\t\r\0"
    assert unguarded(written) == cell


@given(st.text())
def test_guarding_can_always_be_undone(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60)
KEYS = st.one_of(
    st.from_regex(r"[0-9A-Za-z]{22}", fullmatch=True).map(
        lambda value: ExternalId(service=MusicService.SPOTIFY, value=value)
    ),
    st.integers(1, 10**12).map(
        lambda value: ExternalId(service=MusicService.DEEZER, value=str(value))
    ),
    st.uuids().map(ArtistId),
)


@given(
    name=NAMES,
    key=KEYS,
    tags=st.lists(NAMES.filter(lambda tag: ";" not in tag and len(tag) <= 50), max_size=5),
    note=st.none() | st.text(st.characters(exclude_categories=["C"]) | st.just("\n")),
    added_at=st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)),
)
def test_what_is_written_is_read_back_the_same(
    name: str,
    key: ExternalId | UUID,
    tags: list[str],
    note: str | None,
    added_at: datetime,
) -> None:
    row = ListRow(
        line=2,
        references=(key if isinstance(key, ExternalId) else ArtistId(key),),
        name=name,
        tags=parse_tags(tags),
        note=parse_note(note and note[:2000]),
        added_at=added_at,
    )
    service = key.service if isinstance(key, ExternalId) else "nodrake"
    value = key.value if isinstance(key, ExternalId) else str(key)
    cells = [name, value, service, ";".join(row.tags), row.note or "", added_at.isoformat()]
    rows, rejections = read(write_row(list(COLUMNS)) + write_row(cells))
    assert rejections == []
    assert rows[0].references == row.references
    assert rows[0].tags == row.tags
    assert rows[0].note == row.note
    assert rows[0].added_at == added_at
