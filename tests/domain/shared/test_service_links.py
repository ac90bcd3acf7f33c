"""Addresses of artists, and pictures that may be shown."""

import pytest

from domain.shared.external_id import ExternalId, MusicService
from domain.shared.service_links import links_of, picture_of

IDS = {
    MusicService.SPOTIFY: "3ec16T2vMbjJi4luOqt6ps",
    MusicService.APPLE_MUSIC: "159260351",
    MusicService.YOUTUBE: "UCuAXFkgsw1L7xaCfnd5JJOw",
    MusicService.TIDAL: "3557299",
    MusicService.DEEZER: "13",
    MusicService.AMAZON_MUSIC: "B00G9YHGDQ",
    MusicService.MUSICBRAINZ: "b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d",
}


def test_every_address_is_read_back_as_the_id_that_it_was_made_of() -> None:
    links = links_of({str(service): value for service, value in IDS.items()})
    assert set(links) == set(IDS)
    for service, value in IDS.items():
        assert ExternalId.parse(service, links[service]).value == value


def test_what_has_no_pages_has_no_address() -> None:
    assert links_of({"elsewhere": "1"}) == {}


@pytest.mark.parametrize(
    "address",
    [
        "https://i.scdn.co/image/ab6761610000e5eb",
        "https://is1-ssl.mzstatic.com/image/thumb/Music/a.jpg/600x600.jpg",
        "https://upload.wikimedia.org/wikipedia/commons/a/ab/C%20d.jpg?x=1",
    ],
)
def test_a_picture_of_a_known_service_is_shown(address: str) -> None:
    assert picture_of({"image_url": address}) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        7,
        "",
        "http://i.scdn.co/image/a",
        "//i.scdn.co/image/a",
        "javascript:alert(1)",
        "https://evil.example/i.scdn.co",
        "https://i.scdn.co.evil.example/a",
        "https://evilmzstatic.com/a",
        "https://i.scdn.co@evil.example/a",
        "https://user:pass@i.scdn.co/a",
        "https://i.scdn.co:8443/a",
        "https://I.SCDN.CO/a",
        'https://i.scdn.co/"onerror=alert(1)',
        "https://i.scdn.co/a b",
        "https://i.scdn.co/\n",
        "https://i.scdn.co/ä",
        "https://[i.scdn.co/a",
        "https://i.scdn.co/" + "a" * 2048,
    ],
)
def test_any_other_is_not(address: object) -> None:
    assert picture_of({"image_url": address}) is None
