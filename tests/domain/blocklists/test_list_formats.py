"""Lists in the formats that people have: told by their content, read into the same rows."""

import json
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest

from domain.blocklists.errors import ListTooLargeError, UnreadableListError
from domain.blocklists.list_formats.row import MAX_ROWS, ListRow, Rejection, TrackRow
from domain.blocklists.list_formats.sniffing import ListFormat, read_list, sniff
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId

DATA = Path(__file__).parents[4] / "shared" / "data"
ID = "4PbKVheWA7ToOxOrqqzjol"
OTHER = "32PcXsAFr3ArYaHSYr8qGh"
TRACK = "spotify:track:3eSyMBd7ERw68NVB3jlRmW"
SPOTIFY = ExternalId(service=MusicService.SPOTIFY, value=ID)
DEEZER = ExternalId(service=MusicService.DEEZER, value="4050205")

Read = tuple[ListFormat, list[ListRow], list[TrackRow], list[Rejection]]


def read(content: bytes | str) -> Read:
    """What a file is, and what is in it."""
    body = content if isinstance(content, bytes) else content.encode()
    rejections: list[Rejection] = []
    told = sniff(body)
    rows = list(read_list(body, told, rejections.append))
    artists = [row for row in rows if isinstance(row, ListRow)]
    return told, artists, [row for row in rows if isinstance(row, TrackRow)], rejections


def plist(*tracks: str, before: str = "") -> str:
    """A Library.xml in the layout that iTunes writes."""
    doctype = (
        '<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" '
        '"http://www.apple.com/DTDs/PropertyList-1.0.dtd">'
    )
    dicts = "".join(
        f"<key>{n}</key><dict><key>Track ID</key><integer>{n}</integer>{track}</dict>"
        for n, track in enumerate(tracks)
    )
    return (
        f"<?xml version='1.0'?>\n{before or doctype}\n<plist version='1.0'><dict>"
        f"<key>Major Version</key><integer>1</integer><key>Tracks</key><dict>{dicts}</dict>"
        "</dict></plist>"
    )


SOUL_OVER_AI = {
    "id": "bloom",
    "name": "Bloom",
    "removed": False,
    "disclosure": "none",
    "markers": ["anonymous"],
    "urls": [{"url": "https://example.org", "notes": "x"}],
    "notes": "Says so itself.",
    "spotify": ID,
    "apple": None,
    "deezer": "4050205",
    "tiktok": "@bloom",
}


@pytest.mark.parametrize(
    ("told", "content"),
    [
        (ListFormat.CSV, f"artist|id\nBloom|{ID}\n"),
        (ListFormat.TEXT, f"https://open.spotify.com/artist/{ID} # Bloom\n"),
        (ListFormat.TEXT, f"# mine\n\n{ID} # Bloom\n"),
        (ListFormat.TEXT, f"open.spotify.com/artist/{ID}?si=1 # Bloom\n".encode("utf-16")),
        (ListFormat.FILTER_LIST, f"! Title: Mine\n!\n||open.spotify.com/artist/{ID}^ # Bloom\n"),
        (ListFormat.FILTER_LIST, f"[Adblock Plus 2.0]\nspotify:artist:{ID} # Bloom\n"),
        (ListFormat.JSON, f'[{{"name": "Bloom", "id": "{ID}"}}]'),
        (ListFormat.JSON, f' [{{"artist": "Bloom", "spotify": "{ID}", "more": [[1]]}}]'),
        (ListFormat.JSON, f'{{"version": 1, "entries": [{{"artist": "Bloom", "uri": "{ID}"}}]}}'),
        (ListFormat.JSON, f'["https://open.spotify.com/artist/{ID} # Bloom"]'),
        (
            ListFormat.SPOTIFY_LIBRARY,
            '{"tracks": [], "shows": [], "bannedArtists": '
            f'[{{"name": "Bloom", "uri": "spotify:artist:{ID}"}}]}}',
        ),
    ],
)
def test_a_file_is_told_by_its_content(told: ListFormat, content: bytes | str) -> None:
    found, artists, tracks, rejections = read(content)
    assert found is told
    assert (tracks, rejections) == ([], [])
    assert [(row.name, row.references) for row in artists] == [("Bloom", (SPOTIFY,))]


def test_names_one_a_line_are_names_whatever_they_look_like() -> None:
    names = ["!!!", "AC/DC", "#1 Dads", "Tyler, The Creator", "[spunge]", "a-ha", "M.I.A.", "1349"]
    told, artists, _, rejections = read("\n".join(names))
    assert (told, rejections) == (ListFormat.TEXT, [])
    assert [(row.name, row.references) for row in artists] == [(name, ()) for name in names]
    assert [row.line for row in artists] == list(range(1, len(names) + 1))


def test_links_of_tracks_are_tracks_and_other_links_are_rejected() -> None:
    _, artists, tracks, rejections = read(f"{TRACK}\nhttps://example.org/x\nspotify:album:x\n")
    assert artists == []
    assert [(track.line, track.uri) for track in tracks] == [(1, TRACK)]
    assert [rejection.line for rejection in rejections] == [2, 3]


def test_an_id_of_this_service_is_read_from_text() -> None:
    artist = ArtistId(uuid4())
    _, artists, _, _ = read(f"nodrake:artist:{artist} # Bloom\n")
    assert artists[0].references == (artist,)


def test_exceptions_of_a_filter_list_are_rejected() -> None:
    _, artists, _, rejections = read("! Title: x\n@@Bloom\n!!!\n")
    assert [row.name for row in artists] == ["!!!"]
    assert [(one.line, one.code) for one in rejections] == [(2, "exception")]


def test_a_record_of_soul_over_ai_has_ids_on_several_services_and_the_lists_word() -> None:
    withdrawn = SOUL_OVER_AI | {"removed": True}
    told, artists, _, rejections = read(json.dumps([SOUL_OVER_AI, withdrawn, {"name": 3}]))
    assert told is ListFormat.SOUL_OVER_AI
    (row,) = artists
    assert row.references == (SPOTIFY, DEEZER)
    assert row.note == "Soul Over AI: Says so itself."
    assert (row.tags, row.added_at) == (frozenset(), None)
    codes = [(one.line, one.code) for one in rejections]
    assert codes == [(2, "withdrawn"), (3, "invalid_entry")]
    assert "withdrawn" in rejections[0].reason


def test_a_note_of_a_list_that_is_too_long_is_cut() -> None:
    _, artists, _, _ = read(json.dumps([SOUL_OVER_AI | {"notes": "x" * 5000}]))
    assert len(artists[0].note or "") == 2000


@pytest.mark.parametrize(
    "shape", [("songs", "artists"), ("trashSongList", "trashArtistList")], ids=str
)
def test_the_trashbin_has_artists_and_songs(shape: tuple[str, str]) -> None:
    songs, artists_key = shape
    content = {
        songs: {TRACK: True},
        artists_key: {f"spotify:artist:{ID}": True, f"spotify:artist:{OTHER}": False, "x": True},
    }
    told, artists, tracks, rejections = read(json.dumps(content))
    assert told is ListFormat.TRASHBIN
    assert [(row.name, row.references) for row in artists] == [(None, (SPOTIFY,))]
    assert [track.uri for track in tracks] == [TRACK]
    assert [rejection.line for rejection in rejections] == [2]


def test_the_old_shape_of_spotifys_export_has_names_alone() -> None:
    told, artists, tracks, _ = read(
        json.dumps(
            {
                "tracks": [{"artist": "Muse", "album": "x", "track": "y"}],
                "albums": [],
                "shows": [],
                "bannedTracks": [{"artist": "Muse", "album": "x", "track": "Pressure"}],
                "bannedArtists": [{"name": "Bloom"}, "Static"],
            }
        )
    )
    assert told is ListFormat.SPOTIFY_LIBRARY
    assert [(row.name, row.references) for row in artists] == [("Bloom", ()), ("Static", ())]
    assert [(track.artist, track.title) for track in tracks] == [("Muse", "Pressure")]


def test_exportifys_rows_are_tracks() -> None:
    told, artists, tracks, _ = read(
        '"Track URI","Track Name","Artist URI(s)","Artist Name(s)","Album Name"\n'
        f'"{TRACK}","Pressure","spotify:artist:{ID}","Muse","Simulation Theory"\n'
    )
    assert (told, artists) == (ListFormat.EXPORTIFY, [])
    assert [(t.uri, t.title, t.artist) for t in tracks] == [(TRACK, "Pressure", "Muse")]


def test_itunes_tells_what_is_disliked_and_loved() -> None:
    names = "<key>Name</key><string>{}</string><key>Artist</key><string>Muse</string>"
    told, artists, tracks, _ = read(
        plist(
            names.format("One") + "<key>Disliked</key><true/>",
            names.format("Two") + "<key>Loved</key><true/>",
            names.format("Three"),
        )
    )
    assert (told, artists) == (ListFormat.ITUNES, [])
    assert [(t.title, t.artist, t.loved) for t in tracks] == [
        ("One", "Muse", False),
        ("Two", "Muse", True),
    ]


BILLION_LAUGHS = (
    '<!DOCTYPE plist [<!ENTITY a "lol">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


@pytest.mark.parametrize(
    "content",
    [
        plist("<key>Name</key><string>&i;</string>", before=BILLION_LAUGHS),
        plist(before='<!DOCTYPE plist [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        plist(before="<!DOCTYPE html>"),
        "<?xml version='1.0'?><rss/>",
        "<!DOCTYPE html><html><body>sign in</body></html>",
        plist()[:-20],
        "[" * 100_000,
        '{"artists": ' + "[" * 100_000,
        '[{"name": "x", "y": ' + "[" * 100_000,
        '{"a": 1}',
        "{}",
        "[[]]",
        '[{"name": "x"}, 1]',
        '[{"name": "x"}',
        '{"version": 2, "entries": []}',
        '{"artists": {"x": 1}}',
        '{"songs": [], "artists": []}',
        b'["\xff"]',
        b'{"artists": {"\xff": true}}',
    ],
)
def test_what_cannot_be_read_is_refused_as_a_whole(content: bytes | str) -> None:
    with pytest.raises(UnreadableListError, match="Nothing was imported") as refusal:
        read(content)
    assert refusal.value.errors[0].field == "file"


@pytest.mark.parametrize(
    "content",
    [
        "x\n" * (MAX_ROWS + 1),
        "! x\n" + "x\n" * (MAX_ROWS + 1),
        json.dumps(["x"] * (MAX_ROWS + 1)),
        "[" + "{}," * (MAX_ROWS * 3) + "{} and it goes on",
        json.dumps({"artists": {f"spotify:artist:{n}": True for n in range(MAX_ROWS + 1)}}),
        '{"tracks": [], "bannedArtists": [' + "1," * 2_000_000 + "1]}",
        "Track Name,Artist Name(s)\n" + "x,y\n" * (MAX_ROWS + 1),
    ],
    ids=["text", "filters", "names", "objects", "trashbin", "library", "exportify"],
)
def test_more_rows_than_one_import_takes_are_refused(content: str) -> None:
    with pytest.raises(ListTooLargeError, match="100,000 rows"):
        read(content)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({}, "neither a name nor an id"),
        ({"name": "x" * 256}, "at most 255"),
        ({"name": "x\u202ey"}, "without controls"),
        ({"name": "x", "tags": ["y"] * 50_000}, "at most 20 tags"),
        ({"name": "x", "tags": "y"}, "expected `array`"),
        ({"name": "x", "service": "myspace", "id": "1"}, "service: expected one of"),
        ({"name": "x", "added_at": "yesterday"}, "expected a time"),
        ({"name": ["x"]}, "in `name`"),
    ],
)
def test_an_entry_of_a_json_list_is_rejected_with_its_number(
    entry: dict[str, object], reason: str
) -> None:
    _, artists, _, rejections = read(json.dumps([{"name": "Bloom"}, entry]))
    assert [row.name for row in artists] == ["Bloom"]
    assert [rejection.line for rejection in rejections] == [2]
    assert reason in rejections[0].reason


def test_an_id_that_is_none_does_not_matter_beside_one_that_is() -> None:
    _, artists, _, rejections = read(json.dumps([{"name": "x", "spotify": "?", "deezer": 4050205}]))
    assert rejections == []
    assert artists[0].references == (DEEZER,)


@pytest.mark.skipif(not DATA.exists(), reason="the real lists are not beside the project")
def test_the_real_lists_are_read_whole() -> None:
    told, artists, _, rejections = read((DATA / "spotify_ai_artists.csv").read_bytes())
    assert (told, len(artists), rejections) == (ListFormat.CSV, 7477, [])
    told, artists, _, rejections = read((DATA / "soul_over_ai_first_100.json").read_bytes())
    assert (told, len(artists), rejections) == (ListFormat.SOUL_OVER_AI, 100, [])
    services = Counter(
        reference.service
        for row in artists
        for reference in row.references
        if isinstance(reference, ExternalId)
    )
    assert services[MusicService.SPOTIFY] == 100
    assert services[MusicService.APPLE_MUSIC] == 90
    assert services[MusicService.AMAZON_MUSIC] == 77
    assert services[MusicService.YOUTUBE] >= 90
