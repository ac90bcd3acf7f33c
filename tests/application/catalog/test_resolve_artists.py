"""Who is meant by many rows."""

import pytest

from application.catalog.merge_artists import ArtistsToMerge
from application.catalog.resolve_artists import ResolvedRow, RowToResolve
from domain.catalog.resolution import ResolutionOutcome, Way
from domain.shared.external_id import ExternalId
from tests.application.world import ORIGIN, World
from tests.builders.blocklists import a_spotify_id

pytestmark = pytest.mark.anyio


async def resolve(world: World, name: str | None, *ids: ExternalId) -> ResolvedRow:
    """One row."""
    row = RowToResolve(name=name, ids=ids, disambiguation=None)
    (resolved,) = await world.resolve_artists([row])
    return resolved


async def test_an_id_says_who_it_is_and_a_name_never_does(world: World) -> None:
    known = a_spotify_id()
    artist_id = world.artist("Static Bloom")
    world.database.rows.external_ids[known] = artist_id
    by_id = await resolve(world, None, known)
    assert by_id.outcome is ResolutionOutcome.RESOLVED
    assert by_id.artist is not None
    assert by_id.artist.id == artist_id
    assert by_id.candidates[0].matched == f"spotify:{known.value}"
    by_name = await resolve(world, "static bloom")
    assert (by_name.outcome, by_name.artist) == (ResolutionOutcome.REVIEW, None)
    (candidate,) = by_name.candidates
    assert (candidate.artist.id, candidate.matched_on) == (artist_id, Way.NAME)
    assert candidate.matched == "Static Bloom"
    assert 0.5 < candidate.confidence < 1


async def test_rows_are_answered_in_their_order(world: World) -> None:
    world.artist("One")
    world.artist("Two")
    names = ["Two", "Nobody", "One", None]
    rows = [RowToResolve(name=name, ids=(), disambiguation=None) for name in names]
    resolved = await world.resolve_artists(rows)
    assert [[c.artist.canonical_name for c in row.candidates] for row in resolved] == [
        ["Two"],
        [],
        ["One"],
        [],
    ]
    assert [row.outcome for row in resolved] == ["review", "unknown", "review", "unknown"]


async def test_a_merged_artist_is_never_the_answer(world: World) -> None:
    root, known = (await world.an_admin()).profile.id, a_spotify_id()
    part, whole = world.artist("Part"), world.artist("Whole")
    world.database.rows.external_ids[known] = part
    await world.merge_artists(
        ArtistsToMerge(actor=root, artist_id=part, survivor_id=whole, origin=ORIGIN)
    )
    for row in (await resolve(world, "Part"), await resolve(world, None, known)):
        assert [candidate.artist.id for candidate in row.candidates] == [whole]
