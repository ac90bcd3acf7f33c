"""The catalogue in memory."""

import re
from itertools import pairwise

from application.catalog.ports import ALIASES_SHOWN, Artist, ArtistHit
from application.shared.ports import Clock
from domain.catalog.artist_name import search_key
from domain.catalog.match import MatchReason
from domain.shared.ids import ArtistId, UserId
from tests.fakes.shared import FakeDatabase

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
)
_Rank = tuple[int, int, int]
_REASONS = (MatchReason.EXACT, MatchReason.EXACT, MatchReason.PREFIX)


class FakeArtistSearch:
    """``ArtistSearch`` by looking at every name."""

    def __init__(self, database: FakeDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def find(self, key: str, limit: int, /, *, listener: UserId) -> list[ArtistHit]:
        """As they are written; only where that finds nobody, with slips in every word."""
        hits = self._hits(key, listener, forgiving=False) or self._hits(
            key, listener, forgiving=True
        )
        return hits[:limit]

    def _hits(self, key: str, listener: UserId, *, forgiving: bool) -> list[ArtistHit]:
        rows = self._database.rows
        found = []
        for artist_id, names in rows.names.items():
            ranked = [
                (*rank, len(name_core(search_key(name))), search_key(name), name, reason)
                for name in names
                if (match := _match(search_key(name), key, forgiving=forgiving)) is not None
                for rank, reason in [match]
            ]
            if ranked:
                *rank, size, sort_key, name, reason = min(ranked)
                hit = self._hit(rows.artists[artist_id], names, name, reason, listener)
                order = (*rank, -self._blocks(artist_id), size, sort_key, artist_id)
                found.append((order, hit))
        return [hit for _, hit in sorted(found, key=lambda pair: pair[0])]

    def _hit(
        self, artist: Artist, names: list[str], name: str, reason: MatchReason, listener: UserId
    ) -> ArtistHit:
        entry = self._database.rows.entries.get((listener, artist.id))
        others = sorted(other for other in names if other != artist.canonical_name)
        return ArtistHit(
            artist=artist,
            reason=reason,
            matched_name=name,
            aliases=others[:ALIASES_SHOWN],
            disambiguation=None,
            on_own_list=entry is not None and not entry.is_over(self._clock()),
        )

    def _blocks(self, artist_id: ArtistId) -> int:
        return self._database.rows.block_counts.get(artist_id, 0)


class FakeBlockCounts:
    """``BlockCounts`` by counting."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def refresh(self) -> int:
        """Count everything."""
        rows = self._database.rows
        counts: dict[ArtistId, int] = {}
        for _, artist_id in rows.entries:
            counts[artist_id] = counts.get(artist_id, 0) + 1
        changed = {
            artist_id
            for artist_id in counts.keys() | rows.block_counts.keys()
            if counts.get(artist_id) != rows.block_counts.get(artist_id)
        }
        rows.block_counts.clear()
        rows.block_counts.update(counts)
        return sum(len(rows.names[artist_id]) for artist_id in changed)


def name_core(key: str) -> str:
    """``key`` without a leading or moved "the", without "and" and without spaces."""
    core = re.sub(r"^the (?=.)|(?<=.) the$", "", key, count=1)
    return re.sub(r"(?<=.) and (?=.)", " ", core).replace(" ", "")


def slips(one: str, other: str) -> int:
    """Letters more, less or otherwise between two texts; two that are swapped are one slip."""
    swapped = {
        one[:place] + one[place + 1] + one[place] + one[place + 2 :]
        for place in range(len(one) - 1)
    }
    return 1 if one != other and other in swapped else _distance(one, other)


def _distance(one: str, other: str) -> int:
    before = list(range(len(other) + 1))
    for index, char in enumerate(one, 1):
        row = [index]
        for place, (left, above) in enumerate(pairwise(before)):
            row.append(min(left + (other[place] != char), above + 1, row[-1] + 1))
        before = row
    return before[-1]


def _match(name: str, key: str, *, forgiving: bool) -> tuple[_Rank, MatchReason] | None:
    core, typed = name_core(name), name_core(key)
    if name == key or core == typed:
        tier = 0 if name == key else 1
    elif name.startswith(key) or core.startswith(typed):
        tier = 2
    else:
        return _near(name, key, forgiving=forgiving)
    return (tier, min(len(core) - len(typed), 2), 0), _REASONS[tier]


def _near(name: str, key: str, *, forgiving: bool) -> tuple[_Rank, MatchReason] | None:
    core, typed = name_core(name), name_core(key)
    together = key.replace(" ", "")
    others = {together[n:] for n in (2, 3, 4) if slips(together[:n], "the") <= 1} | {
        name_core(key.replace(f" {word} ", " "))
        for word in key.split()
        if 2 <= len(word) <= 4 and slips(word, "and") == 1
    }
    if (len(typed) > 2 and slips(core, typed) == 1) or core in others - {"", typed}:
        return (3, 1, min(slips(name, key), 3)), MatchReason.TYPO
    parts = set(key.split()) - {"the", "and"} or set(key.split())
    if all(_has(name, part, forgiving=forgiving) for part in parts):
        same = len(core) == len(typed)
        reason = MatchReason.TYPO if forgiving else MatchReason.WORDS
        return (3, 0 if same and not forgiving else 2, min(abs(len(name) - len(key)), 3)), reason
    return None


def _has(name: str, part: str, *, forgiving: bool) -> bool:
    if _UNSPACED.search(part):
        return part in name
    words = name.split()
    if len(part) < 3:
        return part in words
    return any(
        word.startswith(part) or (forgiving and slips(word, part) == 1) for word in words
    ) or (
        forgiving
        and any(
            _has(name, part[:cut], forgiving=False) and _has(name, part[cut:], forgiving=False)
            for cut in range(2, len(part) - 1)
        )
    )
