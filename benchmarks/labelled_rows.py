"""Rows of people's files with the artist that is meant: what they write, and how they go wrong."""

import random
import string
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from uuid import UUID

import msgspec

from benchmarks.names import Name
from domain.catalog.artist_name import search_key

_PLACES = ("Swedish", "Canadian", "Brazilian", "Japanese", "Polish", "Ghanaian", "Leeds", "Lyon")
_TRADES = ("rapper", "jazz band", "DJ", "producer", "black metal band", "singer", "choir")
_ALPHABET = string.ascii_letters + string.digits


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """An artist of the catalogue."""

    id: UUID
    name: str
    aliases: tuple[str, ...]
    disambiguation: str
    ids: dict[str, str]


class Right(StrEnum):
    """What is the right answer to a row."""

    RESOLVED = "resolved"
    CANDIDATE = "candidate"  # a person has to choose, and finds the artist among the candidates
    NOT_RESOLVED = "not resolved"  # ids that contradict each other or the name
    UNKNOWN = "unknown"


class Labelled(msgspec.Struct, frozen=True, kw_only=True):
    """One row, what is right, and of what kind it is."""

    kind: str
    row: dict[str, object]
    right: Right
    artist: UUID | None


def catalogue(names: Iterator[Name], seed: int) -> list[Known]:
    """Artists with the ids that services give them: most have one on Spotify, few an ISNI."""
    chance = random.Random(seed)
    known = []
    for number, name in enumerate(names):
        ids = {}
        if chance.random() < 0.9:
            ids["spotify"] = "".join(chance.choices(_ALPHABET, k=22))
        if chance.random() < 0.8:
            ids["musicbrainz"] = str(UUID(int=chance.getrandbits(128), version=4))
        if chance.random() < 0.5:
            ids["apple_music"] = str(1_000_000 + number)
        if chance.random() < 0.4:
            ids["deezer"] = str(5_000_000 + number)
        if chance.random() < 0.3 or not ids:
            ids["isni"] = _isni(f"{chance.randrange(10**9):015}")
        known.append(
            Known(
                id=UUID(int=chance.getrandbits(128), version=4),
                name=name.name,
                aliases=name.aliases,
                disambiguation=f"{chance.choice(_PLACES)} {chance.choice(_TRADES)}",
                ids=ids,
            )
        )
    return known


def labelled_rows(artists: Sequence[Known], each: int, seed: int) -> list[Labelled]:
    """``each`` rows of every kind."""
    chance = random.Random(seed)
    makers = _Makers(artists, chance)
    rows = []
    for kind, make in makers.by_kind().items():
        made = 0
        while made < each:
            labelled = make(chance.choice(artists))
            if labelled is not None:
                row, right, artist = labelled
                rows.append(Labelled(kind=kind, row=row, right=right, artist=artist))
                made += 1
    chance.shuffle(rows)
    return rows


_Made = tuple[dict[str, object], Right, UUID | None] | None


class _Makers:
    """One way for each kind to make a row of an artist; ``None`` where the artist is no use."""

    def __init__(self, artists: Sequence[Known], chance: random.Random) -> None:
        self._artists = artists
        self._chance = chance
        self._owners: dict[str, set[UUID]] = {}
        for artist in artists:
            for name in {artist.name, *artist.aliases}:
                self._owners.setdefault(search_key(name), set()).add(artist.id)

    def by_kind(self) -> dict[str, Callable[[Known], _Made]]:
        """Every kind with its maker."""
        return {
            "id and name": self._id_and_name,
            "link alone": self._link_alone,
            "ids of two services": self._two_ids,
            "id, and the name in other words": self._renamed,
            "id of another artist": self._wrong_id,
            "id of another artist, name with a slip": self._wrong_id_and_slip,
            "id and name with a slip": self._id_and_slip,
            "ids of two artists": self._ids_of_two,
            "name, unknown id": self._unknown_id,
            "name": self._name,
            "name of several": self._homonym,
            "name of several, and what tells them apart": self._told_apart,
            "alias": self._alias,
            "name in capitals, The and &": self._variant,
            "name with a slip": self._slip,
            "name with guests": self._guests,
            "nobody in the catalogue": self._stranger,
        }

    def _id_and_name(self, artist: Known) -> _Made:
        service = self._service(artist)
        text = self._spelled(service, artist.ids[service])
        return {"name": artist.name, "ids": {service: text}}, Right.RESOLVED, artist.id

    def _link_alone(self, artist: Known) -> _Made:
        service = self._service(artist)
        return {"links": [_link(service, artist.ids[service])]}, Right.RESOLVED, artist.id

    def _two_ids(self, artist: Known) -> _Made:
        if len(artist.ids) < 2:
            return None
        return {"name": artist.name, "ids": dict(artist.ids)}, Right.RESOLVED, artist.id

    def _renamed(self, artist: Known) -> _Made:
        row = {"name": f"{artist.name[::-1]} zq", "ids": dict(artist.ids)}
        return row, Right.RESOLVED, artist.id

    def _wrong_id(self, artist: Known) -> _Made:
        other = self._chance.choice(self._artists)
        if other.id == artist.id or search_key(other.name) == search_key(artist.name):
            return None
        service = self._service(other)
        return (
            {"name": artist.name, "ids": {service: other.ids[service]}},
            Right.NOT_RESOLVED,
            artist.id,
        )

    def _wrong_id_and_slip(self, artist: Known) -> _Made:
        wrong, slip = self._wrong_id(artist), self._slip(artist)
        if wrong is None or slip is None:
            return None
        return {**wrong[0], **slip[0]}, wrong[1], wrong[2]

    def _id_and_slip(self, artist: Known) -> _Made:
        right, slip = self._id_and_name(artist), self._slip(artist)
        if right is None or slip is None:
            return None
        return {**right[0], **slip[0]}, right[1], right[2]

    def _ids_of_two(self, artist: Known) -> _Made:
        other = self._chance.choice(self._artists)
        service = self._service(other)
        ids = {**artist.ids, service: other.ids[service]}
        if other.id == artist.id or len(ids) < 2:
            return None
        return {"name": artist.name, "ids": ids}, Right.NOT_RESOLVED, artist.id

    def _unknown_id(self, artist: Known) -> _Made:
        services = {"spotify", "deezer", "apple_music"} - set(artist.ids)
        if not services or self._is_shared(artist.name):
            return None
        ids = {min(services): "7" * (22 if min(services) == "spotify" else 9)}
        return {"name": artist.name, "ids": ids}, Right.CANDIDATE, artist.id

    def _name(self, artist: Known) -> _Made:
        if self._is_shared(artist.name):
            return None
        return {"name": artist.name}, Right.CANDIDATE, artist.id

    def _homonym(self, artist: Known) -> _Made:
        if not self._is_shared(artist.name):
            return None
        return {"name": artist.name}, Right.CANDIDATE, artist.id

    def _told_apart(self, artist: Known) -> _Made:
        made = self._homonym(artist)
        if made is None:
            return None
        place, trade = artist.disambiguation.split(" ", 1)
        words = self._chance.choice([f"{trade} ({place})", place, f"{place}, since 1999"])
        return {"name": artist.name, "disambiguation": words}, made[1], made[2]

    def _alias(self, artist: Known) -> _Made:
        if not artist.aliases:
            return None
        return {"name": self._chance.choice(artist.aliases)}, Right.CANDIDATE, artist.id

    def _variant(self, artist: Known) -> _Made:
        name = artist.name.upper()
        name = name[4:] if name.startswith("THE ") else f"The {name}"
        name = name.replace(" & ", " and ") if "&" in name else name.replace("-", " ")
        if not search_key(name) or self._is_shared(artist.name):
            return None
        return {"name": name}, Right.CANDIDATE, artist.id

    def _slip(self, artist: Known) -> _Made:
        name = artist.name
        if len(search_key(name).replace(" ", "")) < 5 or self._is_shared(name):
            return None
        written = self._mistyped(name)
        if search_key(written) in self._owners:
            return None  # that is somebody else's name
        return {"name": written}, Right.CANDIDATE, artist.id

    def _guests(self, artist: Known) -> _Made:
        if self._is_shared(artist.name) or not artist.name[0].isalnum():
            return None
        guest = self._chance.choice(self._artists).name
        word = self._chance.choice(["feat. {}", "ft. {}", "(feat. {})", "Featuring {}"])
        return {"name": f"{artist.name} {word.format(guest)}"}, Right.CANDIDATE, artist.id

    def _stranger(self, artist: Known) -> _Made:
        letters = self._chance.choices(string.ascii_lowercase, k=self._chance.randint(7, 16))
        row: dict[str, object] = {"name": "".join(letters).title()}
        if self._chance.random() < 0.5:
            row["ids"] = {"spotify": "".join(self._chance.choices(_ALPHABET, k=22))}
        return row, Right.UNKNOWN, None

    def _service(self, artist: Known) -> str:
        return self._chance.choice(sorted(artist.ids))

    def _spelled(self, service: str, value: str) -> str:
        return self._chance.choice([value, _link(service, value)])

    def _is_shared(self, name: str) -> bool:
        key = search_key(name)
        return not key or len(self._owners[key]) > 1

    def _mistyped(self, name: str) -> str:
        place = self._chance.randrange(1, len(name) - 1)
        letter = self._chance.choice(string.ascii_lowercase)
        return self._chance.choice(
            [
                name[:place] + name[place + 1 :],
                name[:place] + letter + name[place:],
                name[:place] + letter + name[place + 1 :],
                name[:place] + name[place + 1] + name[place] + name[place + 2 :],
            ]
        )


def _link(service: str, value: str) -> str:
    return {
        "spotify": f"https://open.spotify.com/intl-de/artist/{value}?si=x",
        "musicbrainz": f"http://musicbrainz.org/artist/{value}/releases",
        "apple_music": f"https://geo.music.apple.com/us/artist/_/{value}?app=music",
        "deezer": f"https://www.deezer.com/en/artist/{value}",
        "isni": f"https://isni.org/isni/{value[:4]} {value[4:8]} {value[8:12]} {value[12:]}",
    }[service]


def _isni(digits: str) -> str:
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    return digits + "0123456789X"[(12 - total % 11) % 11]
