"""Library exports: every published shape, told by its content and read into the same items."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.external_id import ExternalId, MusicService
from domain.shared.library_export.errors import ExportTooLargeError, UnreadableExportError
from domain.shared.library_export.item import ItemKind, LibraryItem, Mark, Skipped
from domain.shared.library_export.reading import ExportFormat, read_export, recognise
from tests.builders import exports

DRAKE = "3TVXtAsR1Inumwj472S9r4"


def read(body: bytes) -> tuple[ExportFormat, list[LibraryItem], list[Skipped]]:
    skipped: list[Skipped] = []
    export = read_export(body, skipped.append)
    return export.format, list(export.items), skipped


def test_your_library_has_what_is_saved_followed_and_banned() -> None:
    known, items, skipped = read(
        exports.your_library(
            tracks=[("Simon & Garfunkel", "America")],
            albums=[("Radiohead", "In Rainbows")],
            artists=[("Drake", DRAKE)],
            banned_tracks=[("X", "Y")],
            banned_artists=[("Spam Bot", exports.spotify_id(3))],
        )
    )
    assert known is ExportFormat.SPOTIFY_LIBRARY
    assert skipped == []
    track, album, show, artist, banned_track, banned_artist = items
    assert track == LibraryItem(
        kind=ItemKind.TRACK,
        title="America",
        artists=("Simon & Garfunkel",),
        separate=True,
        album="America EP",
        uri=f"spotify:track:{exports.spotify_id(0)}",
        marks=frozenset({Mark.LIKED}),
        section="tracks",
        position=1,
    )
    assert (album.kind, album.title, album.artists) == (
        ItemKind.ALBUM,
        "In Rainbows",
        ("Radiohead",),
    )
    assert (show.kind, show.artists) == (ItemKind.SHOW, ("Half Deaf",))
    assert artist.artist_ids == (ExternalId(service=MusicService.SPOTIFY, value=DRAKE),)
    assert (artist.kind, artist.marks) == (ItemKind.ARTIST, frozenset({Mark.LIKED}))
    assert (banned_track.marks, banned_artist.marks) == (frozenset({Mark.BANNED}),) * 2
    assert banned_artist.place == "bannedArtists 1"


def test_your_library_of_old_has_no_addresses_and_bare_names() -> None:
    _, items, _ = read(
        exports.your_library(tracks=[("Zaz", "Je veux")], artists=[("Drake", "")], uris=False)
    )
    assert [(item.title, item.uri) for item in items if item.kind is not ItemKind.SHOW] == [
        ("Je veux", ""),
        ("Drake", ""),
    ]
    bare = json.dumps({"tracks": [], "artists": ["Drake", 7, ""]}).encode()
    _, items, skipped = read(bare)
    assert [item.artists for item in items] == [("Drake",)]
    assert [entry.position for entry in skipped] == [2, 3]


def test_streaming_history_is_what_was_played() -> None:
    known, items, _ = read(exports.streaming_history([("Goblinsmoker", "Toad King")]))
    assert known is ExportFormat.SPOTIFY_HISTORY
    assert [(item.artists, item.title, item.marks) for item in items] == [
        (("Goblinsmoker",), "Toad King", frozenset({Mark.PLAYED}))
    ]


def test_extended_history_passes_over_episodes() -> None:
    known, items, skipped = read(
        exports.extended_history([(None, None), ("Alex Metric", "Jack To The Future")])
    )
    assert known is ExportFormat.SPOTIFY_HISTORY
    assert skipped == []
    (play,) = items
    assert play.artists == ("Alex Metric",)
    assert play.uri == f"spotify:track:{exports.spotify_id(1)}"
    assert play.position == 2


def test_exportify_writes_every_artist_by_itself() -> None:
    known, items, _ = read(
        exports.exportify([("See You", [("Tyler, The Creator", DRAKE), ("Kali", DRAKE[::-1])])])
    )
    assert known is ExportFormat.EXPORTIFY
    (item,) = items
    assert item.artists == ("Tyler, The Creator", "Kali")
    assert [known and known.value for known in item.artist_ids] == [DRAKE, DRAKE[::-1]]
    assert item.separate
    assert item.position == 2


def test_exportify_net_has_semicolons_between_names() -> None:
    _, items, _ = read(exports.exportify_net([("Faust", ["Argy", "Tyler, The Creator"])]))
    assert [(item.artists, item.separate) for item in items] == [
        (("Argy", "Tyler, The Creator"), True)
    ]


def test_names_with_commas_between_and_nothing_to_count_them_by_stay_whole() -> None:
    body = b'Track URI,Track Name,Artist Name(s)\nspotify:track:1,Pressure,"Queen, David Bowie"\n'
    _, (item,), _ = read(body)
    assert (item.artists, item.separate) == (("Queen, David Bowie",), False)


def test_exportify_of_saved_albums() -> None:
    body = (
        b"Album URI,Album Name,Album Type,Album Artist URI(s),Album Artist Name(s),Saved At\n"
        b"spotify:album:1,Views,album,spotify:artist:3TVXtAsR1Inumwj472S9r4,Drake,2024\n"
    )
    _, (item,), _ = read(body)
    assert (item.kind, item.title, item.artists, item.uri) == (
        ItemKind.ALBUM,
        "Views",
        ("Drake",),
        "spotify:album:1",
    )


@pytest.mark.parametrize("first_column", ["Video ID", "ID vidéo", "影片 ID"])
def test_youtube_musics_songs_in_any_language(first_column: str) -> None:
    known, (item,), _ = read(
        exports.youtube_songs([("Lumière", ["Lorien Testard", "Alice"])], first_column=first_column)
    )
    assert known is ExportFormat.YOUTUBE_MUSIC
    assert (item.artists, item.separate) == (("Lorien Testard", "Alice"), True)
    assert item.uri == "https://music.youtube.com/watch?v=00000000000"


def test_youtube_musics_older_songs_and_uploads_have_all_names_in_one_cell() -> None:
    for body in (
        exports.youtube_songs_before_2023([("Despacito", "Luis Fonsi, Daddy Yankee")]),
        exports.youtube_uploads([("Despacito", "Luis Fonsi, Daddy Yankee")]),
    ):
        known, (item,), _ = read(body)
        assert known is ExportFormat.YOUTUBE_MUSIC
        assert (item.artists, item.separate) == (("Luis Fonsi, Daddy Yankee",), False)


def test_a_playlist_of_takeout_names_nobody_and_says_so() -> None:
    body = b"Video ID,Playlist Video Creation Timestamp\neY-eyZuW_Uk,2023-12-07T15:57:57+00:00\n"
    with pytest.raises(UnreadableExportError, match="names nobody"):
        read(body)


def test_itunes_has_what_is_loved_disliked_and_rated() -> None:
    song = {"Name": "Views", "Artist": "Drake & Co", "Album": "More", "Album Artist": "Drake"}
    known, items, skipped = read(
        exports.itunes(
            [
                song | {"Disliked": True, "Rating": 20, "Album Disliked": True},
                song | {"Favorited": True, "Album Disliked": True},
                song | {"Loved": True, "Rating": 80, "Rating Computed": True},
                {"Name": "A talk", "Artist": "Drake", "Podcast": True},
                {"Artist": "Nobody"},
            ]
        )
    )
    assert known is ExportFormat.ITUNES
    assert [(item.kind, item.marks, item.stars) for item in items] == [
        (ItemKind.TRACK, frozenset({Mark.DISLIKED}), 1),
        (ItemKind.ALBUM, frozenset({Mark.DISLIKED}), None),
        (ItemKind.TRACK, frozenset({Mark.LOVED}), None),
        (ItemKind.TRACK, frozenset({Mark.LOVED}), None),
    ]
    assert items[0].artists == ("Drake & Co",)
    assert items[1].artists == ("Drake",)
    assert not items[0].separate
    assert [entry.reason for entry in skipped] == ["the track has no name"]


def test_m3u_shows_artist_and_title() -> None:
    known, items, _ = read(
        b'\xef\xbb\xbf#EXTM3U\r\n#EXTALB:More\r\n#EXTINF:123 tvg-id="x",Drake - One - Two\r\n'
        b"a.mp3\r\n\r\nMusic\\01 - Kaf Inah - Song.flac\r\n#EXTINF:-1,No artist\r\nb.mp3\r\n"
        b"2 Chainz - Birthday.mp3\r\n"
    )
    assert known is ExportFormat.M3U
    assert [(item.artists, item.title, item.album, item.position) for item in items] == [
        (("Drake",), "One - Two", "More", 3),
        (("Kaf Inah",), "Song", "", 6),
        ((), "No artist", "", 7),
        (("2 Chainz",), "Birthday", "", 9),
    ]


def test_m3u_in_another_encoding_has_to_say_so() -> None:
    text = "#EXTM3U\n#EXTINF:1,Björk - Jóga\nx.mp3\n"
    with pytest.raises(UnreadableExportError, match="M3U8"):
        read(text.encode("latin-1"))
    _, (item,), _ = read(b"#EXTENC:ISO-8859-1\n" + text.encode("latin-1"))
    assert item.artists == ("Björk",)
    with pytest.raises(UnreadableExportError, match="encoding"):
        read(b"#EXTM3U\n#EXTENC:idna\n")


def test_a_bound_on_entries_holds() -> None:
    export = read_export(exports.m3u([("A", "B")] * 3), lambda _: None, max_items=2)
    with pytest.raises(ExportTooLargeError):
        list(export.items)


BOMB = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'


@pytest.mark.parametrize(
    "body",
    [
        exports.itunes([{"Name": "&b;"}], doctype=f"<!DOCTYPE plist [{BOMB}]>"),
        exports.itunes([], doctype='<!DOCTYPE plist [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        exports.itunes(
            [], doctype='<!DOCTYPE plist [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]>'
        ),
        exports.itunes([], doctype='<!DOCTYPE svg SYSTEM "http://127.0.0.1/">'),
        exports.itunes([{"Name": "A"}])[:-20],
        b"<?xml version='1.0'?><svg><title>plist</title></svg>",
        b"<plist>" + b"<dict>" * 5000,
        b"bplist00\xd1\x01\x02",
        b"\xff\xfe" + "Track Name,Artist Name(s)".encode("utf-16-le"),
        b"Track Name,Artist Name(s)\nCaf\xe9,X\n",
        b'Track Name,Artist Name(s)\n"open,X\n',
        b'Track Name,Artist Name(s)\n"' + b"x" * 200_000 + b'",X\n',
        b'{"tracks": [}',
        b'{"tracks": ' + b"[" * 100_000,
        b"[" * 100_000,
        b'[{"trackName": "\xff"}]',
        b"",
        b"PK\x03\x04",
        b"artist,id\nDrake,1\n",
        b'{"version": 1, "entries": []}',
        b'{"songs": {}, "artists": {"spotify:artist:x": true}}',
        b"[]",
        b"[1, 2]",
    ],
)
def test_what_is_damaged_hostile_or_something_else_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(UnreadableExportError) as refusal:
        read(body)
    assert refusal.value.detail.startswith("Nothing was read: ")


@pytest.mark.parametrize(
    "entry", ["[1]", '{"track": 7}', '{"artist": "no title"}', '{"track": "%s"}' % ("x" * 1001)]
)
def test_one_bad_entry_is_told_and_the_others_are_read(entry: str) -> None:
    body = f'{{"albums": [], "tracks": [{entry}, {{"track": "A", "artist": "B"}}]}}'
    _, items, skipped = read(body.encode())
    assert [item.title for item in items] == ["A"]
    assert [rejected.section for rejected in skipped] == ["tracks"]


@given(st.text(max_size=40))
def test_what_is_read_can_be_shown(text: str) -> None:
    _, items, _ = read(
        json.dumps({"albums": [], "tracks": [{"track": f"a{text}", "artist": text}]}).encode()
        if not any("\ud800" <= char <= "\udfff" for char in text)
        else b'{"albums": [], "tracks": []}'
    )
    for item in items:
        shown = "".join((item.title, *item.artists))
        assert not any(char in shown for char in "\n\r\t\0\x1b\x9b\u202e\u2028")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_refused_or_not_known(body: bytes) -> None:
    for prefix in (b"", b"<?xml?><plist>", b"#EXTM3U\n", b"Song Title,Album Title,Artist Name 1\n"):
        try:
            export = recognise(prefix + body, lambda _: None)
            assert export is None or all(isinstance(item.title, str) for item in export.items)
        except UnreadableExportError:
            continue
