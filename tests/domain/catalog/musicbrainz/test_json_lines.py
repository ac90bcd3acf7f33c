"""Lines of the JSON dump: what is read of them, and what is said of broken ones."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalog.artist_name import search_key
from domain.catalog.dump_rows import COLUMNS, Staging
from domain.catalog.errors import BrokenDumpError
from domain.catalog.musicbrainz.json_lines import read_line
from tests.builders.musicbrainz import DumpArtist, json_line

# As a lookup of /ws/2/artist answers and the dump has it, member for member; shortened.
PUBLISHED = (
    b'{"sort-name":"Radiohead","gender-id":null,"ipis":[],"isnis":["0000000121032683"],'
    b'"type-id":"e431f5f6-b5d2-343d-8b36-72607fffb74b","disambiguation":"",'
    b'"life-span":{"begin":"1991","ended":false,"end":null},"end-area":null,"country":"GB",'
    b'"area":{"name":"United Kingdom","type":null,"disambiguation":"","sort-name":"UK",'
    b'"type-id":null,"iso-3166-1-codes":["GB"],"id":"8a754a16-0027-3a29-b6d7-2b40ea0481ed"},'
    b'"name":"Radiohead","aliases":[{"name":"Radio Head","sort-name":"Radio Head",'
    b'"type":"Search hint","type-id":"1937e404-b981-3cb7-8151-4c86ebfc8d8e","primary":null,'
    b'"locale":null,"begin":null,"end":null,"ended":false}],'
    b'"id":"a74b1b7f-71a5-4011-9441-d0b5e4122711","type":"Group","gender":null,'
    b'"relations":[{"end":null,"target-credit":"","attribute-ids":{},"attributes":[],'
    b'"direction":"forward","type":"free streaming","url":{"resource":'
    b'"https://www.deezer.com/artist/399","id":"4a425cd3-641d-409c-a282-2334935bf1bd"},'
    b'"target-type":"url","ended":false,"type-id":"769085a1-c2f7-4c24-a532-2375a77693bd",'
    b'"attribute-values":{},"source-credit":"","begin":null}],"genres":[],"tags":[],'
    b'"rating":{"votes-count":1,"value":4},"annotation":null}\n'
)


def rows(line: bytes) -> dict[Staging, list[tuple[object, ...]]]:
    """What a line stands for, by table."""
    found: dict[Staging, list[tuple[object, ...]]] = {}
    for staging, row in read_line(line, 5):
        found.setdefault(staging, []).append(row)
    return found


def test_a_published_line_is_read() -> None:
    found = rows(PUBLISHED)
    assert found.keys() == {Staging.ARTISTS, Staging.NAMES, Staging.IDS}
    assert found[Staging.ARTISTS] == [
        (5, "a74b1b7f-71a5-4011-9441-d0b5e4122711", "Radiohead", "radiohead", None, "group", None)
    ]
    assert [row[1] for row in found[Staging.NAMES]] == ["Radiohead", "Radio Head"]
    assert found[Staging.IDS] == [(5, "deezer", "399"), (5, "isni", "0000000121032683")]


def test_the_generator_writes_every_published_member() -> None:
    """What tests read is as rich as what is published."""

    def members(value: object) -> set[str]:
        if isinstance(value, dict):
            return {*value, *(m for inner in value.values() for m in members(inner))}
        return {m for inner in value for m in members(inner)} if isinstance(value, list) else set()

    artist = DumpArtist(number=1, name="A", aliases=("B",), urls=("https://x.org",))
    theirs = members(msgspec.json.decode(PUBLISHED)) - {"iso-3166-1-codes"}
    assert theirs <= members(msgspec.json.decode(json_line(artist)))


@pytest.mark.parametrize(
    ("kind", "ours"),
    [
        ("Person", "person"),
        ("Orchestra", "orchestra"),
        ("Robot", "other"),
        (None, None),
        ("", None),
    ],
)
def test_kinds(kind: str | None, ours: str | None) -> None:
    line = json_line(DumpArtist(number=1, name="A", type=kind))
    assert rows(line)[Staging.ARTISTS][0][5] == ours


@pytest.mark.parametrize(
    "sort_name", ["Beatles, The", "The Beatles", "beatles THE", "", "Béatles, The"]
)
def test_the_same_words_in_another_order_are_no_further_name(sort_name: str) -> None:
    line = json_line(DumpArtist(number=1, name="The Beatles", sort_name=sort_name))
    assert len(rows(line)[Staging.NAMES]) == 1


def test_the_page_of_an_ended_relation_and_of_nobodys_service_is_not_taken() -> None:
    other = DumpArtist(number=2, name="B")
    line = json_line(
        DumpArtist(
            number=1,
            name="A",
            urls=("https://example.org/1", f"https://musicbrainz.org/artist/{other.record}"),
            ended=("https://www.deezer.com/artist/1",),
            isnis=("0000000121032684", "1234"),
        )
    )  # fmt: skip
    assert Staging.IDS not in rows(line)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"\n", "not an artist in JSON"),
        (b"[]\n", "not an artist in JSON"),
        (b'{"id": "a74b1b7f-71a5-4011-9441-d0b5e4122711"}\n', "name"),
        (b'{"id": "17", "name": "A"}\n', "no MusicBrainz id"),
        (PUBLISHED[:200], "not an artist in JSON"),
        (PUBLISHED.replace(b'"name":"Radiohead"', b'"name":" "'), "no name"),
        (PUBLISHED.replace(b'"name":"Radiohead"', b'"name":"Radio\\u0000"'), "NUL"),
        (PUBLISHED.replace(b'"disambiguation":""', b'"disambiguation":"\\u0000"'), "NUL"),
        (PUBLISHED.replace(b"Radiohead", b"Radio\xffhead"), "JSON|UTF-8"),
        (PUBLISHED.replace(b'"name":"Radiohead"', b'"name":"\\ud800"'), "JSON|UTF-8"),
    ],
)
def test_a_broken_line_says_what_is_wrong(line: bytes, reason: str) -> None:
    with pytest.raises(BrokenDumpError, match=reason):
        read_line(line, 1)


@given(st.text(min_size=1), st.text(), st.lists(st.text(), max_size=3))
def test_whatever_artists_are_called_fits_the_catalogue(
    name: str, sort_name: str, aliases: list[str]
) -> None:
    try:
        artist = DumpArtist(
            number=1, name=name, sort_name=sort_name, comment=name, aliases=tuple(aliases)
        )
        found = read_line(json_line(artist), 1)
    except BrokenDumpError:
        return
    for staging, row in found:
        assert len(row) == len(COLUMNS[staging])
        assert not any("\0" in cell for cell in row if isinstance(cell, str))
        if staging is Staging.NAMES:
            assert 1 <= len(str(row[1])) <= 255
            assert len(str(row[2])) <= 255
            assert row[2] == search_key(str(row[1]))[:255]


@given(st.binary(max_size=200))
def test_noise_is_broken_and_nothing_else(line: bytes) -> None:
    with pytest.raises(BrokenDumpError):
        read_line(line, 1)
