"""Ids of tracks, in every usual spelling."""

import pytest

from domain.blocklists.track import Track, TrackId, TrackRegister
from domain.shared.errors import InvalidInputError

S = TrackRegister
UUID = "b9ad642e-b012-41c7-b72a-42cf4911f9ff"


@pytest.mark.parametrize(
    ("service", "text", "value"),
    [
        (S.SPOTIFY, " 11dFghVXANMlKmJXsNCbNl ", "11dFghVXANMlKmJXsNCbNl"),
        (S.SPOTIFY, "spotify:track:11dFghVXANMlKmJXsNCbNl", "11dFghVXANMlKmJXsNCbNl"),
        (
            S.SPOTIFY,
            "https://open.spotify.com/intl-de/track/11dFghVXANMlKmJXsNCbNl?si=1",
            "11dFghVXANMlKmJXsNCbNl",
        ),
        (S.APPLE_MUSIC, "https://music.apple.com/us/album/x/1440783617?i=1440783625", "1440783625"),
        (S.APPLE_MUSIC, "https://music.apple.com/de/song/x/1440783625", "1440783625"),
        (S.YOUTUBE, "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1", "dQw4w9WgXcQ"),
        (S.YOUTUBE, "https://youtu.be/dQw4w9WgXcQ", "dQw4w9WgXcQ"),
        (S.TIDAL, "https://tidal.com/browse/track/77640617", "77640617"),
        (S.DEEZER, "https://www.deezer.com/en/track/3135556", "3135556"),
        (S.AMAZON_MUSIC, "https://music.amazon.co.uk/tracks/B01ABCDEFG", "B01ABCDEFG"),
        (S.MUSICBRAINZ, f"https://musicbrainz.org/recording/{UUID.upper()}".lower(), UUID),
        (S.MUSICBRAINZ, UUID.upper(), UUID),
        (S.ISRC, "QZ-ES7-12-34567", "QZES71234567"),
        (S.ISRC, "isrc qzes71234567", "QZES71234567"),
    ],
)
def test_an_id_is_read_in_any_spelling(service: TrackRegister, text: str, value: str) -> None:
    assert TrackId.parse(service, text) == TrackId(service=service, value=value)


@pytest.mark.parametrize(
    ("service", "text"),
    [
        (S.SPOTIFY, ""),
        (S.SPOTIFY, "spotify:artist:11dFghVXANMlKmJXsNCbNl"),
        (S.SPOTIFY, "https://evil.example/track/11dFghVXANMlKmJXsNCbNl"),
        (S.SPOTIFY, "11dFghVXANMlKmJXsNCbNl\n11dFghVXANMlKmJXsNCbNl"),
        (S.YOUTUBE, "dQw4w9WgXcQx"),
        (S.DEEZER, "٣"),
        (S.ISRC, "QZES7123456"),
        (S.ISRC, "1ZES71234567"),
        (S.TIDAL, "https://tidal.com/track/1" + "/" * 600),
    ],
)
def test_anything_else_is_refused(service: TrackRegister, text: str) -> None:
    with pytest.raises(InvalidInputError):
        TrackId.parse(service, text)


@pytest.mark.parametrize("title", ["", "  ", "a\nb", "x" * 501])
def test_a_track_has_a_title(title: str) -> None:
    with pytest.raises(InvalidInputError):
        Track.parse(S.DEEZER, "1", title, "Somebody", None)
