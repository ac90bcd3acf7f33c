"""Lines of the dump of tables: columns, escapes, and what is said of broken ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalog.dump_rows import Staging
from domain.catalog.errors import BrokenDumpError
from domain.catalog.musicbrainz.json_lines import read_line as read_json
from domain.catalog.musicbrainz.tables import TABLES, read_line
from tests.builders.musicbrainz import DumpArtist, json_line, table_lines

# As PostgreSQL's COPY writes the columns of CreateTables.sql.
ARTIST = (
    b"956\ta74b1b7f-71a5-4011-9441-d0b5e4122711\tRadiohead\tRadiohead\t1991\t\\N\t\\N\t\\N\t\\N\t"
    b"\\N\t2\t221\t\\N\ta \\\\ b\\tc\t0\t2024-05-01 10:00:02.47+00\tf\t3902\t\\N\n"
)
RECORD = "a74b1b7f-71a5-4011-9441-d0b5e4122711"
ALIAS = (
    b"7\t956\tRadio Head\t\\N\t0\t2012-05-15 18:57:13.252186+00\t3\tRadio Head\t\\N\t\\N\t\\N\t\\N"
    b"\t\\N\t\\N\tf\tf\n"
)
URL = b"11\t4a425cd3-641d-409c-a282-2334935bf1bd\thttps://www.deezer.com/artist/399\t0\t\\N\n"
ARTIST_URL = b"3\t101\t956\t11\t0\t2013-01-08 09:57:31.203044+00\t0\t\t\n"
LINK = b"101\t194\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t0\t2011-05-16 14:57:06.530063+00\tf\n"


def test_each_table_is_read_by_its_columns() -> None:
    assert read_line("artist", ARTIST) == [
        (
            Staging.ARTISTS,
            (956, RECORD, "Radiohead", "radiohead", "a \\ b\tc", None, 2),
        ),
        (Staging.NAMES, (956, "Radiohead", "radiohead")),
    ]
    assert read_line("artist_alias", ALIAS) == [(Staging.NAMES, (956, "Radio Head", "radio head"))]
    assert read_line("artist_isni", b"956\t0000000121032683\t0\t\\N\n") == [
        (Staging.IDS, (956, "isni", "0000000121032683"))
    ]
    assert read_line("artist_type", b"2\tGroup\t\\N\t2\t\\N\te431f5f6\n") == [
        (Staging.TYPES, (2, "group"))
    ]
    assert read_line("url", URL) == [(Staging.URLS, (11, "deezer", "399"))]
    assert read_line("l_artist_url", ARTIST_URL) == [(Staging.LINKS, (101, 956, 11))]
    assert read_line("link", LINK) == []
    assert read_line("link", LINK.removesuffix(b"f\n") + b"t\n") == [(Staging.ENDED_LINKS, (101,))]


@pytest.mark.parametrize(
    "page",
    [
        b"https://example.org/",
        b"https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        b"https://open.spotify.com/album/3ec16T2vMbjJi4luOqt6ps",
        b"https://musicbrainz.org/artist/a74b1b7f-71a5-4011-9441-d0b5e4122711",
    ],
)
def test_pages_of_nobody_are_passed_over(page: bytes) -> None:
    assert read_line("url", URL.replace(b"https://www.deezer.com/artist/399", page)) == []


@pytest.mark.parametrize(
    ("table", "line", "reason"),
    [
        ("artist", ARTIST.replace(b"\t221", b""), "expected 19 columns, found 18"),
        ("artist", ARTIST.replace(b"956", b"x"), "id: expected a number"),
        ("artist", ARTIST.replace(b"a74b1b7f", b""), "gid: expected a UUID"),
        ("artist", ARTIST.replace(b"\tRadiohead\tR", b"\t\\N\tR"), "name: expected a text"),
        ("artist", ARTIST.replace(b"Radiohead", b"\xff"), "not UTF-8"),
        ("artist_alias", ALIAS.replace(b"\t956", b"\t\\N"), "artist: expected a number"),
        ("artist_alias", b"\n", "expected 16 columns, found 1"),
        ("artist_type", b"2\t\\N\t\\N\t2\t\\N\te431f5f6\n", "name: expected a text"),
        ("url", URL.replace(b"\t0", b""), "expected 5 columns, found 4"),
        ("l_artist_url", ARTIST_URL.replace(b"956", b"9.5"), "entity0: expected a number"),
        ("link", LINK.replace(b"\t194", b""), "expected 11 columns, found 10"),
    ],
)
def test_a_broken_line_says_what_is_wrong(table: str, line: bytes, reason: str) -> None:
    with pytest.raises(BrokenDumpError, match=reason):
        read_line(table, line)


NAMES = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1)


@given(NAMES.filter(str.strip), NAMES, st.lists(NAMES, max_size=3))
def test_both_layouts_say_the_same_of_an_artist(
    name: str, comment: str, aliases: list[str]
) -> None:
    artist = DumpArtist(number=1, name=name, comment=comment, type=None, aliases=tuple(aliases))
    lines = table_lines(artist, iter(range(1, 99)))
    from_tables = [row for table, line in lines for row in read_line(table, line)]
    assert sorted(from_tables, key=repr) == sorted(read_json(json_line(artist), 1), key=repr)


@given(st.sampled_from(sorted(TABLES)), st.binary(max_size=200))
def test_noise_is_broken_or_nothing(table: str, line: bytes) -> None:
    try:
        assert read_line(table, line) == []
    except BrokenDumpError:
        return
