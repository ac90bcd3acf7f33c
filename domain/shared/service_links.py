"""Addresses of artists on the services that play them, and pictures that may be shown."""

from collections.abc import Mapping
from urllib.parse import urlsplit

_ADDRESSES = {
    "spotify": "https://open.spotify.com/artist/{}",
    "apple_music": "https://music.apple.com/us/artist/{}",
    "youtube": "https://www.youtube.com/channel/{}",
    "tidal": "https://tidal.com/artist/{}",
    "deezer": "https://www.deezer.com/artist/{}",
    "amazon_music": "https://music.amazon.com/artists/{}",
    "musicbrainz": "https://musicbrainz.org/artist/{}",
    "isni": "https://isni.org/isni/{}",
}
# Where services and free catalogues keep pictures of artists; nobody else learns who looks.
PICTURE_HOSTS = frozenset(
    {
        "i.scdn.co",
        "cdn-images.dzcdn.net",
        "e-cdns-images.dzcdn.net",
        "resources.tidal.com",
        "i.ytimg.com",
        "yt3.ggpht.com",
        "yt3.googleusercontent.com",
        "m.media-amazon.com",
        "coverartarchive.org",
        "upload.wikimedia.org",
    }
)
PICTURE_DOMAINS = (".mzstatic.com",)
PICTURE = "image_url"


def links_of(external_ids: Mapping[str, str]) -> dict[str, str]:
    """Where the artist is found on each service; a register without pages is left out."""
    return {
        str(service): _ADDRESSES[service].format(value)
        for service, value in external_ids.items()
        if service in _ADDRESSES
    }


def picture_of(metadata: Mapping[str, object]) -> str | None:
    """The catalogue's picture, if it has one on an https host that we let browsers ask."""
    address = metadata.get(PICTURE)
    if not isinstance(address, str) or len(address) > 2048 or not address.isascii():
        return None
    if not all(char.isprintable() and char not in " \"'<>\\^`{|}" for char in address):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    known = host in PICTURE_HOSTS or host.endswith(PICTURE_DOMAINS)
    plain = parts.scheme == "https" and port is None and parts.netloc == host
    return address if known and plain else None
