"""Ids of artists on the services: every form that a person may have in the clipboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.errors import InvalidInputError
from domain.shared.external_id import ExternalId, MusicService

SPOTIFY = "3TVXtAsR1Inumwj472S9r4"
CHANNEL = "UC" + "aB-_" * 5 + "xy"
MBID = "9fff2f8a-21e6-47de-a2b8-7f449929d43f"
ISNI = "000000011778310X"
BARE = {
    MusicService.SPOTIFY: SPOTIFY,
    MusicService.APPLE_MUSIC: "271256",
    MusicService.YOUTUBE: CHANNEL,
    MusicService.TIDAL: "3557299",
    MusicService.DEEZER: "246791",
    MusicService.AMAZON_MUSIC: "B003BX4LT0",
    MusicService.MUSICBRAINZ: MBID,
    MusicService.ISNI: ISNI,
}
LINKS = [
    (MusicService.SPOTIFY, f"spotify:artist:{SPOTIFY}"),
    (MusicService.SPOTIFY, f"https://open.spotify.com/artist/{SPOTIFY}"),
    (MusicService.SPOTIFY, f"https://open.spotify.com/intl-de/artist/{SPOTIFY}?si=abc"),
    (MusicService.SPOTIFY, f"http://open.spotify.com/artist/{SPOTIFY}"),
    (MusicService.SPOTIFY, f"open.spotify.com/artist/{SPOTIFY}/discography/all"),
    (MusicService.SPOTIFY, f"https://open.spotify.com/embed/artist/{SPOTIFY}#top"),
    (MusicService.SPOTIFY, f"https://Open.Spotify.com:443/intl-pt-BR/artist/{SPOTIFY}/"),
    (MusicService.SPOTIFY, f"https://api.spotify.com/v1/artists/{SPOTIFY}"),
    (MusicService.SPOTIFY, f"SPOTIFY:artist:{SPOTIFY}"),
    (MusicService.SPOTIFY, f"spotify://artist/{SPOTIFY}?si=abc"),
    (MusicService.SPOTIFY, f"spotify:{SPOTIFY}"),
    (MusicService.APPLE_MUSIC, "https://music.apple.com/us/artist/drake/271256"),
    (MusicService.APPLE_MUSIC, "https://music.apple.com/de/artist/271256?l=en"),
    (MusicService.APPLE_MUSIC, "https://geo.music.apple.com/us/artist/_/271256?app=music&at=1"),
    (MusicService.APPLE_MUSIC, "http://itunes.apple.com/us/artist/drake/id271256?uo=4"),
    (MusicService.APPLE_MUSIC, "https://itunes.apple.com/artist/id271256"),
    (MusicService.APPLE_MUSIC, "itms://itunes.apple.com/de/artist/id271256"),
    (MusicService.APPLE_MUSIC, "https://music.apple.com/jp/artist/宇多田ヒカル/271256"),
    (MusicService.APPLE_MUSIC, "https://music.apple.com/jp/artist/%E5%AE%87/271256/see-all"),
    (MusicService.YOUTUBE, f"https://www.youtube.com/channel/{CHANNEL}"),
    (MusicService.YOUTUBE, f"https://music.youtube.com/channel/{CHANNEL}?feature=share"),
    (MusicService.YOUTUBE, f"http://m.youtube.com/channel/{CHANNEL}/videos"),
    (MusicService.YOUTUBE, f"youtube.com/channel/{CHANNEL}"),
    (MusicService.YOUTUBE, f"https://music.youtube.com/browse/MPLA{CHANNEL}"),
    (MusicService.TIDAL, "https://tidal.com/browse/artist/3557299"),
    (MusicService.TIDAL, "https://listen.tidal.com/artist/3557299"),
    (MusicService.TIDAL, "tidal:artist:3557299"),
    (MusicService.TIDAL, "tidal://artist/3557299"),
    (MusicService.TIDAL, "http://www.tidal.com/artist/3557299/u?x=1"),
    (MusicService.TIDAL, "https://store.tidal.com/us/artist/3557299"),
    (MusicService.DEEZER, "https://www.deezer.com/en/artist/246791"),
    (MusicService.DEEZER, "http://deezer.com/pt-br/artist/246791/top_track"),
    (MusicService.DEEZER, "deezer://www.deezer.com/artist/246791"),
    (MusicService.DEEZER, "deezer:artist:246791"),
    (MusicService.DEEZER, "https://www.deezer.com/artist/246791#top"),
    (MusicService.AMAZON_MUSIC, "https://music.amazon.co.uk/artists/B003BX4LT0/drake"),
    (MusicService.AMAZON_MUSIC, "https://music.amazon.com/artists/B003BX4LT0?marketplaceId=1"),
    (MusicService.AMAZON_MUSIC, "https://www.amazon.de/music/player/artists/B003BX4LT0/drake"),
    (MusicService.MUSICBRAINZ, f"https://musicbrainz.org/artist/{MBID}"),
    (MusicService.MUSICBRAINZ, f"http://beta.musicbrainz.org/artist/{MBID}/releases"),
    (MusicService.MUSICBRAINZ, f"mbid:{MBID}"),
    (MusicService.ISNI, f"https://isni.org/isni/{ISNI}"),
    (MusicService.ISNI, f"http://www.isni.org/{ISNI.lower()}"),
    (MusicService.ISNI, "https://isni.org/isni/0000 0001 1778 310X/"),
    (MusicService.ISNI, "https://isni.org/isni/0000%200001%201778%20310x"),
    (MusicService.ISNI, "ISNI 0000 0001 1778 310X"),
    (MusicService.ISNI, "isni:0000-0001-1778-310X"),
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
        (MusicService.SPOTIFY, f"https://open.spotify.com/track/{SPOTIFY}"),
        (MusicService.SPOTIFY, f"https://open.spotify.com@evil.example/artist/{SPOTIFY}"),
        (MusicService.SPOTIFY, f"https://evil.example/open.spotify.com/artist/{SPOTIFY}"),
        (MusicService.SPOTIFY, f"https://open.spotify.com/artist/{SPOTIFY}{'x' * 2048}"),
        (MusicService.SPOTIFY, f"spotify {SPOTIFY}"),
        (MusicService.APPLE_MUSIC, "https://music.apple.com/us/album/x/271256"),
        (MusicService.ISNI, "0000000117783108"),
        (MusicService.ISNI, "0000000117783X10"),
        (MusicService.ISNI, "https://isni.org/isni/0000000117783108"),
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


@given(st.sampled_from(LINKS))
def test_the_link_that_is_written_is_read_again(spelled: tuple[MusicService, str]) -> None:
    known = ExternalId.parse(*spelled)
    assert ExternalId.from_link(known.link) == known


@pytest.mark.parametrize("text", ["Nobody", SPOTIFY, "271256", "Isni", "AC/DC", "Tidal 5", "a:b"])
def test_what_is_no_link_is_none(text: str) -> None:
    assert ExternalId.from_link(text) is None


@pytest.mark.parametrize(
    "service",
    sorted(set(MusicService) - {MusicService.APPLE_MUSIC, MusicService.TIDAL, MusicService.DEEZER}),
)
def test_a_bare_id_that_only_one_service_writes_so_needs_no_expectation(
    service: MusicService,
) -> None:
    assert ExternalId.recognise(f" {BARE[service]} ").service is service


@pytest.mark.parametrize("text", ["271256", "Nobody", "", "0000000117783108", "BEASTIEBOY"])
def test_a_number_or_a_name_is_nobody_s_id(text: str) -> None:
    with pytest.raises(InvalidInputError):
        ExternalId.recognise(text)


def isni_of(digits: str) -> str:
    """``digits`` and the character that checks them, by the definition in ISO 7064."""
    weighed = sum(int(digit) * pow(2, 15 - place, 11) for place, digit in enumerate(digits))
    return digits + "0123456789X"[(1 - weighed) % 11]


@given(st.from_regex(r"[0-9]{15}", fullmatch=True).filter(str.isascii), st.sampled_from(" -"))
def test_an_isni_is_read_with_gaps_and_without_and_a_wrong_digit_is_seen(
    digits: str, gap: str
) -> None:
    isni = isni_of(digits)
    spaced = gap.join(isni[place : place + 4] for place in range(0, 16, 4))
    read = ExternalId(service=MusicService.ISNI, value=isni)
    assert ExternalId.parse(MusicService.ISNI, spaced.lower()) == read
    assert ExternalId.recognise(spaced) == read
    for place, digit in enumerate(digits):
        other = digits[:place] + str((int(digit) + 1) % 10) + digits[place + 1 :]
        with pytest.raises(InvalidInputError):
            ExternalId.parse(MusicService.ISNI, other + isni[15])
