"""Ids of artists on the services: every form that a person may have in the clipboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.errors import InvalidInputError
from domain.shared.external_id import ExternalId, MusicService

SPOTIFY = "3TVXtAsR1Inumwj472S9r4"
CHANNEL = "UC" + "aB-_" * 5 + "xy"
MBID = "9fff2f8a-21e6-47de-a2b8-7f449929d43f"
BARE = {
    MusicService.SPOTIFY: SPOTIFY,
    MusicService.APPLE_MUSIC: "271256",
    MusicService.YOUTUBE: CHANNEL,
    MusicService.TIDAL: "3557299",
    MusicService.DEEZER: "246791",
    MusicService.AMAZON_MUSIC: "B003BX4LT0",
    MusicService.MUSICBRAINZ: MBID,
}
LINKS = [
    (MusicService.SPOTIFY, f"spotify:artist:{SPOTIFY}"),
    (MusicService.SPOTIFY, f"https://open.spotify.com/artist/{SPOTIFY}"),
    (MusicService.SPOTIFY, f"https://open.spotify.com/intl-de/artist/{SPOTIFY}?si=abc"),
    (MusicService.APPLE_MUSIC, "https://music.apple.com/us/artist/drake/271256"),
    (MusicService.APPLE_MUSIC, "https://music.apple.com/de/artist/271256?l=en"),
    (MusicService.YOUTUBE, f"https://www.youtube.com/channel/{CHANNEL}"),
    (MusicService.YOUTUBE, f"https://music.youtube.com/channel/{CHANNEL}?feature=share"),
    (MusicService.TIDAL, "https://tidal.com/browse/artist/3557299"),
    (MusicService.TIDAL, "https://listen.tidal.com/artist/3557299"),
    (MusicService.DEEZER, "https://www.deezer.com/en/artist/246791"),
    (MusicService.DEEZER, "https://www.deezer.com/artist/246791#top"),
    (MusicService.AMAZON_MUSIC, "https://music.amazon.co.uk/artists/B003BX4LT0/drake"),
    (MusicService.MUSICBRAINZ, f"https://musicbrainz.org/artist/{MBID}"),
    (MusicService.MUSICBRAINZ, f"HTTPS://musicbrainz.org/artist/{MBID.upper()}"),
]
OTHERS = st.sampled_from(list(MusicService))


@pytest.mark.parametrize("service", MusicService)
def test_every_service_has_a_bare_form_that_is_kept(service: MusicService) -> None:
    assert ExternalId.parse(service, f" {BARE[service]}\n").value == BARE[service]


@pytest.mark.parametrize(("service", "link"), LINKS)
def test_a_link_gives_the_bare_id(service: MusicService, link: str) -> None:
    assert ExternalId.parse(service, link) == ExternalId(service=service, value=BARE[service])


@pytest.mark.parametrize(("service", "link"), LINKS[:-1])
def test_a_link_is_recognised_whatever_service_was_expected(
    service: MusicService, link: str
) -> None:
    for default in MusicService:
        assert ExternalId.recognise(link, default=default).service is service


@pytest.mark.parametrize("service", MusicService)
def test_a_bare_id_is_read_as_one_of_the_expected_service(service: MusicService) -> None:
    assert ExternalId.recognise(BARE[service], default=service).service is service


@pytest.mark.parametrize(
    ("service", "text"),
    [
        (MusicService.SPOTIFY, ""),
        (MusicService.SPOTIFY, SPOTIFY[:-1]),
        (MusicService.SPOTIFY, f"{SPOTIFY}\0"),
        (MusicService.SPOTIFY, f"spotify:track:{SPOTIFY}"),
        (MusicService.SPOTIFY, f"https://open.spotify.com.evil.example/artist/{SPOTIFY}"),
        (MusicService.SPOTIFY, f"http://open.spotify.com/artist/{SPOTIFY}"),
        (MusicService.SPOTIFY, f"https://open.spotify.com/artist/{SPOTIFY}\nx"),
        (MusicService.APPLE_MUSIC, "9" * 21),
        (MusicService.DEEZER, "-1"),
        (MusicService.DEEZER, "٣٤"),
        (MusicService.YOUTUBE, "@handle"),
        (MusicService.AMAZON_MUSIC, "b003bx4lt0"),
        (MusicService.MUSICBRAINZ, MBID.replace("-", "")),
        (MusicService.MUSICBRAINZ, "' or 1=1 --"),
    ],
)
def test_anything_else_is_refused_with_what_is_expected(service: MusicService, text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        ExternalId.parse(service, text)
    assert service in caught.value.detail
    assert [error.field for error in caught.value.errors] == ["id"]


def test_a_link_of_one_service_is_no_id_of_another() -> None:
    for service, link in LINKS:
        for other in set(MusicService) - {service}:
            with pytest.raises(InvalidInputError):
                ExternalId.parse(other, link)


@given(
    OTHERS,
    st.text()
    | st.sampled_from([link for _, link in LINKS]).flatmap(
        lambda link: st.text(max_size=4).map(lambda tail: link + tail)
    ),
)
def test_no_text_raises_anything_else_and_what_is_read_is_read_again(
    service: MusicService, text: str
) -> None:
    try:
        read = ExternalId.recognise(text, default=service)
    except InvalidInputError:
        return
    assert ExternalId.parse(read.service, read.value) == read
    assert read.value.isascii()
    assert len(read.value) <= 36
