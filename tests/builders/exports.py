"""Library exports in the exact shapes that the services and players write them."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

DOCTYPE = (
    '<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" '
    '"http://www.apple.com/DTDs/PropertyList-1.0.dtd">'
)
EXPORTIFY_COLUMNS = (
    *("Track URI", "Track Name", "Artist URI(s)", "Artist Name(s)", "Album URI", "Album Name"),
    *("Album Artist URI(s)", "Album Artist Name(s)", "Album Release Date", "Album Image URL"),
    *("Disc Number", "Track Number", "Track Duration (ms)", "Track Preview URL", "Explicit"),
    *("Popularity", "ISRC", "Added By", "Added At"),
)


def spotify_id(number: int) -> str:
    """A Spotify id in its form, another one for each number."""
    return f"{number:022d}"


def your_library(
    *,
    tracks: Sequence[tuple[str, str]] = (),
    albums: Sequence[tuple[str, str]] = (),
    artists: Sequence[tuple[str, str]] = (),
    banned_tracks: Sequence[tuple[str, str]] = (),
    banned_artists: Sequence[tuple[str, str]] = (),
    uris: bool = True,
) -> bytes:
    """``YourLibrary.json``: artist and title of tracks and albums, name and id of artists."""

    def track(number: int, artist: str, title: str) -> dict[str, str]:
        uri = {"uri": f"spotify:track:{spotify_id(number)}"} if uris else {}
        return {"artist": artist, "album": f"{title} EP", "track": title} | uri

    def album(number: int, artist: str, title: str) -> dict[str, str]:
        uri = {"uri": f"spotify:album:{spotify_id(number)}"} if uris else {}
        return {"artist": artist, "album": title} | uri

    def artist(name: str, id: str) -> dict[str, str]:
        return {"name": name} | ({"uri": f"spotify:artist:{id}"} if uris else {})

    show = {"name": "AntiCast", "publisher": "Half Deaf", "uri": f"spotify:show:{spotify_id(0)}"}
    library = {
        "tracks": [track(number, *pair) for number, pair in enumerate(tracks)],
        "albums": [album(number, *pair) for number, pair in enumerate(albums)],
        "shows": [show],
        "episodes": [],
        "bannedTracks": [track(number, *pair) for number, pair in enumerate(banned_tracks, 9000)],
        "artists": [artist(*pair) for pair in artists],
        "bannedArtists": [artist(*pair) for pair in banned_artists],
        "other": [],
    }
    return json.dumps(library, indent=2, ensure_ascii=False).encode()


def streaming_history(plays: Iterable[tuple[str, str]]) -> bytes:
    """``StreamingHistory_music_0.json``."""
    return json.dumps(
        [
            {
                "endTime": "2025-01-02 06:15",
                "artistName": artist,
                "trackName": title,
                "msPlayed": 15131,
            }
            for artist, title in plays
        ],
        indent=2,
    ).encode()


def extended_history(plays: Iterable[tuple[str | None, str | None]]) -> bytes:
    """``Streaming_History_Audio_2024_1.json``; a play of ``None`` is of an episode."""
    return json.dumps(
        [
            {
                "ts": "2024-04-11T00:27:53Z",
                "platform": "ios",
                "ms_played": 174674,
                "conn_country": "SG",
                "ip_addr": "203.0.113.7",
                "master_metadata_track_name": title,
                "master_metadata_album_artist_name": artist,
                "master_metadata_album_album_name": title and f"{title} EP",
                "spotify_track_uri": title and f"spotify:track:{spotify_id(number)}",
                "episode_name": None if title else "An episode",
                "episode_show_name": None if title else "A show",
                "spotify_episode_uri": None if title else f"spotify:episode:{spotify_id(number)}",
                "audiobook_title": None,
                "audiobook_uri": None,
                "audiobook_chapter_uri": None,
                "audiobook_chapter_title": None,
                "reason_start": "trackdone",
                "reason_end": "trackdone",
                "shuffle": False,
                "skipped": False,
                "offline": False,
                "offline_timestamp": None,
                "incognito_mode": False,
            }
            for number, (artist, title) in enumerate(plays)
        ]
    ).encode()


def exportify(rows: Iterable[tuple[str, Sequence[tuple[str, str]]]]) -> bytes:
    """A playlist by watsonbox/exportify: title, and name and id of each artist."""
    lines = []
    for number, (title, artists) in enumerate(rows):
        names = ", ".join(name.replace(",", "\\,") for name, _ in artists)
        ids = ", ".join(f"spotify:artist:{artist}" for _, artist in artists)
        track, album = spotify_id(number), spotify_id(number + 1)
        lines.append(
            [
                *(f"spotify:track:{track}", title, ids, names, f"spotify:album:{album}"),
                *(f"{title} EP", ids, names, "2019-05-01", "https://i.scdn.co/image/a", "1", "7"),
                *("215280", "", "false", "61", "GBAYE0601498", "spotify:user:ada"),
                "2024-02-11T08:00:00Z",
            ]
        )
    return _csv([EXPORTIFY_COLUMNS, *lines])


def exportify_net(rows: Iterable[tuple[str, Sequence[str]]]) -> bytes:
    """A playlist by exportify.net: names with semicolons between, no ids of artists."""
    columns = ("Track URI", "Track Name", "Album Name", "Artist Name(s)", "Release Date")
    return b"\xef\xbb\xbf" + _csv(
        [
            columns,
            *(
                [f"spotify:track:{spotify_id(number)}", title, "", ";".join(names), "2020"]
                for number, (title, names) in enumerate(rows)
            ),
        ]
    )


def youtube_songs(
    rows: Iterable[tuple[str, Sequence[str]]], *, first_column: str = "Video ID"
) -> bytes:
    """``music library songs.csv`` as Takeout has written it since 2023."""
    columns = [first_column, "Song Title", "Album Title", "Artist Name 1", "Artist Name 2"]
    return _csv(
        [
            columns,
            *(
                [f"{number:011d}", title, f"{title} EP", *names, *[""] * (2 - len(names))]
                for number, (title, names) in enumerate(rows)
            ),
        ]
    )


def youtube_songs_before_2023(rows: Iterable[tuple[str, str]]) -> bytes:
    """``music-library-songs.csv``: addresses, and all names in one cell."""
    return _csv(
        [
            ("Song URL", "Song Title", "Album Title", "Artist Names"),
            *(
                (f"https://music.youtube.com/watch?v={number:011d}", title, "", names)
                for number, (title, names) in enumerate(rows)
            ),
        ]
    )


def youtube_uploads(rows: Iterable[tuple[str, str]]) -> bytes:
    """``music-uploads-metadata.csv``."""
    return _csv(
        [
            ("Song Title", "Album Title", "Artist Names", "Duration Seconds"),
            *((title, "", names, "215.28") for title, names in rows),
        ]
    )


def itunes(tracks: Iterable[dict[str, str | int | bool]], *, doctype: str = DOCTYPE) -> bytes:
    """``Library.xml``: a dict of Apple's keys for each track."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        doctype,
        '<plist version="1.0">',
        "<dict>",
        "\t<key>Major Version</key><integer>1</integer>",
        "\t<key>Date</key><date>2024-05-30T00:04:05Z</date>",
        "\t<key>Application Version</key><string>1.4.5.9</string>",
        "\t<key>Library Persistent ID</key><string>6B6A2D4B9C042AA1</string>",
        "\t<key>Tracks</key>",
        "\t<dict>",
    ]
    for number, track in enumerate(tracks, start=101):
        lines += [f"\t\t<key>{number}</key>", "\t\t<dict>"]
        lines.append(f"\t\t\t<key>Track ID</key><integer>{number}</integer>")
        lines += [f"\t\t\t<key>{escape(key)}</key>{_value(value)}" for key, value in track.items()]
        lines.append("\t\t</dict>")
    lines += [
        "\t</dict>",
        "\t<key>Playlists</key>",
        "\t<array>",
        "\t\t<dict>",
        "\t\t\t<key>Name</key><string>Library</string>",
        "\t\t\t<key>Playlist Items</key>",
        "\t\t\t<array><dict><key>Track ID</key><integer>101</integer></dict></array>",
        "\t\t</dict>",
        "\t</array>",
        "</dict>",
        "</plist>",
    ]
    return "\n".join(lines).encode()


def m3u(rows: Iterable[tuple[str, str]]) -> bytes:
    """An M3U8 playlist with what is shown of each file."""
    lines = ["#EXTM3U"]
    for number, (artist, title) in enumerate(rows):
        lines += [f"#EXTINF:215,{artist} - {title}", f"Music/{number:02d}.mp3"]
    return "\n".join([*lines, ""]).encode()


def _value(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "<true/>" if value else "<false/>"
    if isinstance(value, int):
        return f"<integer>{value}</integer>"
    return f"<string>{escape(value)}</string>"


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
