"""Who is meant: ids decide, names are put before a person."""

from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalog.resolution import (
    MAX_CANDIDATES,
    Match,
    Question,
    ResolutionOutcome,
    Verdict,
    Way,
    judge,
)
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId

A, B, C = (ArtistId(UUID(int=number)) for number in (1, 2, 3))
SPOTIFY = ExternalId(service=MusicService.SPOTIFY, value="3TVXtAsR1Inumwj472S9r4")
DEEZER = ExternalId(service=MusicService.DEEZER, value="246791")
ISNI = ExternalId(service=MusicService.ISNI, value="0000000121032683")


def by_id(artist_id: ArtistId, known: ExternalId = SPOTIFY) -> Match:
    """An id of the artist's."""
    return Match(artist_id=artist_id, way=Way.ID, id=known)


def by_name(
    artist_id: ArtistId,
    way: Way = Way.NAME,
    distance: int = 0,
    services: frozenset[MusicService] = frozenset(),
    disambiguation: str = "",
) -> Match:
    """A name of the artist's."""
    return Match(
        artist_id=artist_id,
        way=way,
        name="Drake",
        distance=distance,
        services=services,
        disambiguation=frozenset(disambiguation.split()),
    )


def about(
    *matches: Match,
    name: str | None = "Drake",
    ids: tuple[ExternalId, ...] = (),
    disambiguation: str | None = None,
) -> Verdict:
    """The verdict on a row of that name."""
    return judge(Question.of(name, ids, disambiguation), matches)


def confidence(*matches: Match, ids: tuple[ExternalId, ...] = (), of: ArtistId = A) -> float:
    """How likely one artist is."""
    (found,) = [c for c in about(*matches, ids=ids).candidates if c.artist_id == of]
    return found.confidence


def test_an_id_decides() -> None:
    verdict = about(by_id(A), name=None)
    assert (verdict.outcome, verdict.artist_id) == (ResolutionOutcome.RESOLVED, A)
    agreed = about(by_id(A), by_name(A), by_name(B))
    assert (agreed.outcome, agreed.artist_id) == (ResolutionOutcome.RESOLVED, A)
    assert agreed.candidates[0].confidence == 1


def test_ids_of_two_artists_are_a_conflict_by_their_shares() -> None:
    verdict = about(by_id(A, SPOTIFY), by_id(A, ISNI), by_id(B, DEEZER), by_name(C))
    assert (verdict.outcome, verdict.artist_id) == (ResolutionOutcome.CONFLICT, None)
    assert [(c.artist_id, c.confidence) for c in verdict.candidates] == [(A, 0.67), (B, 0.33)]


def test_an_id_in_the_wrong_line_is_put_before_a_person() -> None:
    verdict = about(by_id(A), by_name(B))
    assert (verdict.outcome, verdict.artist_id) == (ResolutionOutcome.REVIEW, None)
    assert {c.artist_id for c in verdict.candidates} == {A, B}


def test_so_it_is_if_the_name_has_a_slip_but_not_if_it_is_too_short_or_too_far() -> None:
    near, far = by_name(B, Way.SIMILAR, 1), by_name(B, Way.SIMILAR, 2)
    assert about(by_id(A), near, name="Rihana").outcome is ResolutionOutcome.REVIEW
    assert about(by_id(A), near, name="Drak").outcome is ResolutionOutcome.RESOLVED
    assert about(by_id(A), far, name="Rihana").outcome is ResolutionOutcome.RESOLVED
    agreed = about(by_id(A), by_name(A, Way.SIMILAR, 1), near, name="Rihana")
    assert agreed.outcome is ResolutionOutcome.RESOLVED


def test_a_name_in_another_script_does_not_speak_against_an_id() -> None:
    verdict = about(by_id(A), name="宇多田ヒカル")
    assert (verdict.outcome, verdict.artist_id) == (ResolutionOutcome.RESOLVED, A)


def test_names_come_by_how_well_they_fit() -> None:
    verdict = about(
        by_name(C, Way.SIMILAR, 1), by_name(B, Way.ALIAS), by_name(A, Way.NAME), name="Drakes"
    )
    assert [c.artist_id for c in verdict.candidates] == [A, B, C]
    assert verdict.outcome is ResolutionOutcome.REVIEW


def test_homonyms_share_what_one_would_have() -> None:
    alone = confidence(by_name(A))
    assert confidence(by_name(A), by_name(B)) == pytest.approx(alone / 2)
    assert confidence(by_name(A), by_name(B), by_name(C)) == pytest.approx(alone / 3)


def test_another_id_on_the_same_service_speaks_against_a_name() -> None:
    elsewhere = frozenset({MusicService.SPOTIFY})
    assert confidence(by_name(A, services=elsewhere), ids=(SPOTIFY,)) < confidence(
        by_name(A, services=elsewhere), ids=(DEEZER,)
    )


def test_what_tells_homonyms_apart_is_heard() -> None:
    rapper, band = by_name(A, disambiguation="canadian rapper"), by_name(B, disambiguation="band")
    verdict = about(rapper, band, disambiguation="Rapper from Toronto")
    first, second = verdict.candidates
    assert (first.artist_id, second.artist_id) == (A, B)
    assert first.confidence > 2 * second.confidence


@pytest.mark.parametrize(
    ("name", "key", "lead"),
    [
        ("Drake", "drake", ""),
        ("Drake feat. Rihanna", "drake feat rihanna", "drake"),
        ("Drake (ft. Rihanna)", "drake ft rihanna", "drake"),
        ("DRAKE Featuring Rihanna", "drake featuring rihanna", "drake"),
        ("Feat. Nobody", "feat nobody", ""),
        ("Little Feat", "little feat", ""),
        ("Dra\0ke", "", ""),
        (None, "", ""),
    ],
)
def test_the_name_before_the_guests_is_asked_for_too(name: str | None, key: str, lead: str) -> None:
    question = Question.of(name, ())
    assert (question.key, question.lead) == (key, lead)


ARTISTS = st.sampled_from([A, B, C, *(ArtistId(UUID(int=n)) for n in range(4, 12))])
IDS = st.sampled_from([SPOTIFY, DEEZER, ISNI])
NAMED = st.builds(
    by_name,
    ARTISTS,
    st.sampled_from([way for way in Way if way is not Way.ID]),
    st.integers(0, 3),
    st.frozensets(st.sampled_from(MusicService)),
    st.sampled_from(["", "band", "canadian rapper"]),
)
MATCHES = st.lists(NAMED | st.builds(by_id, ARTISTS, IDS), max_size=12)
QUESTIONS = st.builds(
    Question.of,
    st.none() | st.sampled_from(["Drake", "U2", "Drake feat. Rihanna"]),
    st.lists(IDS),
    st.none() | st.just("rapper"),
)


@given(QUESTIONS, MATCHES)
def test_without_an_id_nobody_is_resolved(question: Question, matches: list[Match]) -> None:
    names = [match for match in matches if match.way is not Way.ID]
    verdict = judge(question, names)
    assert verdict.artist_id is None
    assert verdict.outcome is (ResolutionOutcome.REVIEW if names else ResolutionOutcome.UNKNOWN)
    assert all(candidate.confidence < 1 for candidate in verdict.candidates)


@given(QUESTIONS, MATCHES)
def test_only_an_artist_that_an_id_names_and_no_other_id_does_is_resolved(
    question: Question, matches: list[Match]
) -> None:
    verdict = judge(question, matches)
    identified = {match.artist_id for match in matches if match.way is Way.ID}
    assert (verdict.artist_id is not None) is (verdict.outcome is ResolutionOutcome.RESOLVED)
    if verdict.artist_id is not None:
        assert identified == {verdict.artist_id}
    assert (verdict.outcome is ResolutionOutcome.CONFLICT) is (len(identified) > 1)


@given(QUESTIONS, MATCHES, st.randoms())
def test_a_verdict_is_in_order_bounded_and_the_same_whatever_came_first(
    question: Question, matches: list[Match], random: Random
) -> None:
    verdict = judge(question, matches)
    confidences = [candidate.confidence for candidate in verdict.candidates]
    assert confidences == sorted(confidences, reverse=True)
    assert len(confidences) <= MAX_CANDIDATES
    assert all(0 <= each <= 1 for each in confidences)
    spoken_for = {match.artist_id for match in matches}
    assert {candidate.artist_id for candidate in verdict.candidates} <= spoken_for
    assert bool(verdict.candidates) is bool(matches)
    again = judge(question, random.sample(matches, len(matches)))
    assert [(c.artist_id, c.confidence) for c in again.candidates] == [
        (c.artist_id, c.confidence) for c in verdict.candidates
    ]
