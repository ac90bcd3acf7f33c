"""Say who is meant by the rows of somebody's file."""

import asyncio
from dataclasses import dataclass
from typing import final

import msgspec

from application.catalog.directory import ArtistDirectory
from application.catalog.ports import Artist
from domain.catalog.resolution import Question, ResolutionOutcome, Way, judge
from domain.shared.external_id import ExternalId

MAX_ROWS = 1_000


class RowToResolve(msgspec.Struct, frozen=True, kw_only=True):
    """What a row says: a name, ids on services, words that tell homonyms apart; any may lack."""

    name: str | None
    ids: tuple[ExternalId, ...]
    disambiguation: str | None


class ArtistCandidate(msgspec.Struct, frozen=True, kw_only=True):
    """An artist who may be meant, how likely, and why."""

    artist: Artist
    confidence: float
    matched_on: Way
    matched: str | None
    disambiguation: str | None


class ResolvedRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a row; ``artist`` only where an id says who it is."""

    outcome: ResolutionOutcome
    artist: Artist | None
    candidates: list[ArtistCandidate]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveArtists:
    """Find the artists of many rows at once: by ids; by name for a person to choose."""

    directory: ArtistDirectory

    async def __call__(self, rows: list[RowToResolve], /) -> list[ResolvedRow]:
        """What became of each row, in their order."""
        # Folding a thousand hostile names takes most of a second: not on the event loop.
        questions = await asyncio.to_thread(_questions, rows)
        findings = await self.directory.look_up(questions)
        resolved = []
        for question, matches in zip(questions, findings.matches, strict=True):
            verdict = judge(question, matches)
            resolved.append(
                ResolvedRow(
                    outcome=verdict.outcome,
                    artist=findings.artists[verdict.artist_id] if verdict.artist_id else None,
                    candidates=[
                        ArtistCandidate(
                            artist=findings.artists[candidate.artist_id],
                            confidence=candidate.confidence,
                            matched_on=candidate.matches[0].way,
                            matched=_matched(candidate.matches[0].id, candidate.matches[0].name),
                            disambiguation=findings.disambiguations.get(candidate.artist_id),
                        )
                        for candidate in verdict.candidates
                    ],
                )
            )
        return resolved


def _questions(rows: list[RowToResolve]) -> list[Question]:
    return [Question.of(row.name, row.ids, row.disambiguation) for row in rows]


def _matched(known: ExternalId | None, name: str | None) -> str | None:
    return name if known is None else f"{known.service}:{known.value}"
