"""Wire shapes of the catalogue."""

from typing import Annotated

import msgspec
from msgspec import Meta

from application.catalog import ports
from application.catalog.ports import ALIASES_SHOWN
from domain.catalog.match import MatchReason
from entrypoints.http.wire import Artist, shown_of


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """Why an artist was found, and by which name."""

    reason: Annotated[
        MatchReason,
        Meta(
            description=(
                "`exact`: the name, but for case, accents, signs, spaces, “and” and a leading "
                "“The”. `prefix`: it begins so. `words`: it has these words, or words that begin "
                "so, in any order. `typo`: a slip of the finger or two away."
            )
        ),
    ]
    name: Annotated[str, Meta(examples=["Neural Groove Machine"])]
    is_alias: Annotated[bool, Meta(description="Whether that is another name than the artist's.")]


class ArtistHit(Artist, frozen=True, kw_only=True):
    """An artist that somebody may mean, and why."""

    match: Match
    aliases: Annotated[
        list[str],
        Meta(
            description=f"Other names of the artist, at most {ALIASES_SHOWN}.",
            examples=[["NGM"]],
        ),
    ]
    disambiguation: Annotated[
        str | None,
        Meta(
            description="A few words that tell artists of the same name apart.",
            examples=["trio from Ghent"],
        ),
    ]
    on_own_list: Annotated[
        bool, Meta(description="Whether the artist is on the do-not-play list of who asks.")
    ]

    @classmethod
    def found(cls, hit: ports.ArtistHit) -> "ArtistHit":
        """The wire shape of a hit."""
        artist = hit.artist
        return cls(
            **shown_of(artist),
            match=Match(
                reason=hit.reason,
                name=hit.matched_name,
                is_alias=hit.matched_name != artist.canonical_name,
            ),
            aliases=hit.aliases,
            disambiguation=hit.disambiguation,
            on_own_list=hit.on_own_list,
        )


class ArtistHits(msgspec.Struct, frozen=True, kw_only=True):
    """Artists that somebody may mean, best first."""

    items: list[ArtistHit]

    @classmethod
    def of(cls, hits: list[ports.ArtistHit]) -> "ArtistHits":
        """The wire shape of hits."""
        return cls(items=[ArtistHit.found(hit) for hit in hits])
