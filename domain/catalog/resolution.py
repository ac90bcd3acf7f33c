"""Who is meant by a row of somebody's file: decided by ids; a name alone decides nothing.

A name is no identity: homonyms are common, and to block the wrong artist does harm to somebody.
So names, however well they fit, only put candidates before a person, with a confidence that says
how often such a candidate is the right one, roughly: it orders and explains, nothing acts on it.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from domain.catalog.artist_name import search_key
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId
from domain.shared.text import has_forbidden_characters

MAX_CANDIDATES = 10
# A name alone is never certain.
_MOST_BY_NAME = 0.95


class ResolutionOutcome(StrEnum):
    """What became of a row; there will never be another value."""

    RESOLVED = "resolved"  # an id on a service says who it is
    REVIEW = "review"  # a person has to choose
    CONFLICT = "conflict"  # its ids name different artists
    UNKNOWN = "unknown"  # nothing speaks for anybody


class Way(StrEnum):
    """How an artist came to be a candidate."""

    ID = "id"
    NAME = "name"
    ALIAS = "alias"
    CREDIT = "credit"  # the name before the guests of a credit
    SIMILAR = "similar"


_CONFIDENCE = {Way.NAME: 0.9, Way.ALIAS: 0.85, Way.CREDIT: 0.75, Way.SIMILAR: 0.75}


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One row: the keys of its name, and the ids that it carries.

    ``lead`` is the key of the name without the guests that it is credited with, where it has
    some: "Ada feat. Bob" may be a name, and is more likely Ada.
    """

    key: str
    lead: str
    ids: tuple[ExternalId, ...]
    disambiguation: frozenset[str]

    @classmethod
    def of(
        cls, name: str | None, ids: Iterable[ExternalId], disambiguation: str | None = None
    ) -> "Question":
        """The question that a row puts."""
        name = "" if name is None or has_forbidden_characters(name) else name
        lead = search_key(_GUESTS.split(name, maxsplit=1)[0])
        key = search_key(name)
        return cls(
            key=key,
            lead="" if lead == key else lead,
            ids=tuple(dict.fromkeys(ids)),
            disambiguation=frozenset(search_key(disambiguation or "").split()),
        )


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that speaks for one artist.

    ``id`` where that is an id; else ``name`` is the artist's name that fits, ``distance`` how many
    letters it is away. ``services`` are those on which the artist has ids.
    """

    artist_id: ArtistId
    way: Way
    id: ExternalId | None = None
    name: str | None = None
    distance: int = 0
    services: frozenset[MusicService] = frozenset()
    disambiguation: frozenset[str] = frozenset()


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An artist who may be meant: how likely, and what speaks for it, strongest first."""

    artist_id: ArtistId
    confidence: float
    matches: tuple[Match, ...]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Who is meant: ``artist_id`` only where the outcome is *resolved*."""

    outcome: ResolutionOutcome
    artist_id: ArtistId | None
    candidates: tuple[Candidate, ...]


_GUESTS = re.compile(r"\s+[(\[]?\s*(?:feat\.?|ft\.?|featuring)\s", re.IGNORECASE)
_STRENGTH = list(Way)


def judge(question: Question, matches: Sequence[Match]) -> Verdict:
    """Who is meant by the row that ``matches`` were found for."""
    by_artist: dict[ArtistId, list[Match]] = {}
    for match in sorted(matches, key=lambda m: (_STRENGTH.index(m.way), m.distance, m.name or "")):
        by_artist.setdefault(match.artist_id, []).append(match)
    identified = {
        artist_id: found for artist_id, found in by_artist.items() if found[0].way is Way.ID
    }
    if len(identified) > 1:
        return _verdict(ResolutionOutcome.CONFLICT, _shared(question, identified))
    named = {
        artist_id: found
        for artist_id, found in by_artist.items()
        if any(_names(question, match) for match in found)
    }
    if not identified:
        candidates = [_by_name(question, by_artist, artist_id) for artist_id in by_artist]
        return _verdict(
            ResolutionOutcome.REVIEW if candidates else ResolutionOutcome.UNKNOWN, candidates
        )
    ((artist_id, found),) = identified.items()
    if named and len(found) == len([match for match in found if match.way is Way.ID]):
        # The id says one thing and the name plainly another: an id in the wrong line.
        others = [_by_name(question, by_artist, other) for other in named]
        known = Candidate(artist_id=artist_id, confidence=0.5, matches=tuple(found))
        return _verdict(ResolutionOutcome.REVIEW, [known, *others])
    confidence = 1.0 if artist_id in named else 0.99 if len(found) > 1 or not question.key else 0.9
    known = Candidate(artist_id=artist_id, confidence=confidence, matches=tuple(found))
    return Verdict(outcome=ResolutionOutcome.RESOLVED, artist_id=artist_id, candidates=(known,))


def _names(question: Question, match: Match) -> bool:
    """Whether it is plainly the name, at most a slip of the finger away."""
    if match.way is Way.SIMILAR:
        return match.distance <= 1 and len(question.key) > 5
    return match.way in {Way.NAME, Way.ALIAS}


def _verdict(outcome: ResolutionOutcome, candidates: Iterable[Candidate]) -> Verdict:
    best = sorted(candidates, key=lambda c: (-c.confidence, c.artist_id))[:MAX_CANDIDATES]
    return Verdict(outcome=outcome, artist_id=None, candidates=tuple(best))


def _shared(question: Question, identified: dict[ArtistId, list[Match]]) -> Iterable[Candidate]:
    """Those whom ids name: as likely as the share of the ids that name them."""
    total = len({match.id for found in identified.values() for match in found if match.id})
    for artist_id, found in identified.items():
        votes = len({match.id for match in found if match.id})
        yield Candidate(
            artist_id=artist_id, confidence=round(votes / (total or 1), 2), matches=tuple(found)
        )


def _by_name(
    question: Question, by_artist: dict[ArtistId, list[Match]], artist_id: ArtistId
) -> Candidate:
    found = by_artist[artist_id]
    best = next(match for match in found if match.way is not Way.ID)
    confidence = _CONFIDENCE[best.way]
    if best.way is Way.SIMILAR:
        confidence *= max(0.1, 1 - 3 * best.distance / max(len(question.key), 1))
    if len(question.key) <= 3:
        confidence *= 0.8  # so many are called so
    services = {service for match in found for service in match.services}
    if any(known.service in services for known in question.ids):
        confidence *= 0.5  # on the same service it has another id
    rivals = sum(
        any(match.way is best.way and match.distance == best.distance for match in others)
        for others in by_artist.values()
    )
    described = frozenset(word for match in found for word in match.disambiguation)
    confidence /= max(rivals, 1)
    if question.disambiguation and described:
        told_apart = question.disambiguation & described
        confidence = 1 - (1 - confidence) / 2 if told_apart else confidence * 0.6
    return Candidate(
        artist_id=artist_id,
        confidence=round(min(confidence, _MOST_BY_NAME), 2),
        matches=tuple(found),
    )
