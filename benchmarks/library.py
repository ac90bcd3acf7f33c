"""A library and a list of the sizes that are wanted, as people have them, the same every time."""

import random
from collections.abc import Sequence

from tests.builders import exports

_FIRST = [
    "Neural",
    "Silent",
    "Golden",
    "Señor",
    "Black",
    "Little",
    "Dead",
    "Paper",
    "Młody",
    "Björn",
    "Тихий",
    "The",
    "DJ",
    "Saint",
]
_LAST = [
    "Groove",
    "Machine",
    "September",
    "Rivers",
    "Ocaso",
    "Tide",
    "Foxes",
    "Engines",
    "Свет",
    "Kid",
    "Atlas",
    "&",
    "Sons",
    "Hour",
]
_WORDS = [
    "slow",
    "tide",
    "fog",
    "night",
    "dancing",
    "with",
    "myself",
    "love",
    "you",
    "the",
    "a",
    "of",
    "summer",
    "rain",
    "two",
]

Track = tuple[str, str]
"""Artist and title."""


def names(count: int) -> list[str]:
    """That many different names of artists."""
    draw = random.Random(1)
    return [f"{draw.choice(_FIRST)} {draw.choice(_LAST)} {number:x}" for number in range(count)]


def tracks(count: int, artists: Sequence[str]) -> list[Track]:
    """Tracks of a few artists mostly; of every five titles one names somebody else."""
    draw = random.Random(2)
    # Weights as 1/rank: half of a library is by a twentieth of its artists.
    weights = [1 / (rank + 10) for rank in range(len(artists))]
    chosen = draw.choices(artists, weights, k=count)
    guests = draw.choices(artists, k=count)
    return [
        (artist, _title(draw, number, guest))
        for number, (artist, guest) in enumerate(zip(chosen, guests, strict=True))
    ]


def list_file(artists: Sequence[str]) -> bytes:
    """A do-not-play list as it is exported."""
    rows = (f'"{name}",{exports.spotify_id(number)}' for number, name in enumerate(artists))
    return "\n".join(["artist,id", *rows]).encode()


def library_files(of: Sequence[Track]) -> dict[str, bytes]:
    """The same tracks in every format."""
    ids = {artist: exports.spotify_id(10**9 + place) for place, (artist, _) in enumerate(of)}
    return {
        "Spotify YourLibrary.json": exports.your_library(tracks=of),
        "Spotify extended history": exports.extended_history(of),
        "Exportify CSV": exports.exportify([(t, [(a, ids[a])]) for a, t in of]),
        "YouTube Music CSV": exports.youtube_songs([(t, [a]) for a, t in of]),
        "M3U8": exports.m3u(of),
        "iTunes Library.xml": exports.itunes([_itunes(a, t) for a, t in of]),
    }


def _title(draw: random.Random, number: int, guest: str) -> str:
    title = f"{' '.join(draw.choices(_WORDS, k=3)).capitalize()} {number}"
    patterns = (f"{title} (feat. {guest})", f"{title} - {guest} Remix", f"{title} (Live)")
    return patterns[number // 5 % 3] if number % 5 == 0 else title


def _itunes(artist: str, title: str) -> dict[str, str | int | bool]:
    return {
        "Name": title,
        "Artist": artist,
        "Album Artist": artist,
        "Album": f"{title} EP",
        "Genre": "Pop",
        "Kind": "Apple Music AAC audio file",
        "Size": 7866542,
        "Total Time": 245760,
        "Track Number": 4,
        "Year": 2015,
        "Bit Rate": 256,
        "Sample Rate": 44100,
        "Play Count": 3,
        "Loved": True,
        "Persistent ID": "7019FB9D6F49DCC8",
        "Track Type": "Remote",
        "Apple Music": True,
    }
