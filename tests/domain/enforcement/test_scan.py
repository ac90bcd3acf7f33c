"""Which items a list concerns, and how sure that is."""

import msgspec
import pytest

from domain.enforcement.listed_artist import DoNotPlayList, ListedArtist, ListedTrack
from domain.enforcement.report import ScanAbandonedError, scan_export
from domain.enforcement.role import Role
from domain.enforcement.scan import Hit, MatchedBy, Scanner
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.library_export.item import ItemKind, LibraryItem, Mark
from tests.builders import exports


def an_id(number: int, service: MusicService = MusicService.SPOTIFY) -> ExternalId:
    """An id on a service."""
    return ExternalId(service=service, value=exports.spotify_id(number))


def listed(id: str, *names: str, ids: tuple[ExternalId, ...] = ()) -> ListedArtist:
    """Somebody on the list."""
    return ListedArtist(id=id, names=names, external_ids=ids)


def an_item(
    *artists: str,
    title: str = "A",
    ids: tuple[ExternalId | None, ...] = (),
    separate: bool = True,
    kind: ItemKind = ItemKind.TRACK,
    marks: frozenset[Mark] = frozenset(),
) -> LibraryItem:
    """Something in a library."""
    return LibraryItem(
        kind=kind,
        title=title,
        artists=artists,
        artist_ids=ids,
        separate=separate,
        marks=marks,
        section="line",
        position=1,
    )


def hit(item: LibraryItem, *artists: ListedArtist, features: bool = True) -> Hit | None:
    """What a list of these has against it."""
    return Scanner(DoNotPlayList.of(artists), features=features).hit(item)


def why(found: Hit | None) -> list[tuple[str, MatchedBy, float]]:
    """Whom, and how sure."""
    reasons = found.reasons if found else ()
    return [(reason.artist.id, reason.matched_by, reason.confidence) for reason in reasons]


def test_an_id_says_who_it_is_whatever_the_name() -> None:
    drake = listed("1", "Drake", ids=(an_id(1),))
    assert why(hit(an_item("Aubrey", ids=(an_id(1),)), drake)) == [("1", MatchedBy.ID, 1.0)]


def test_another_id_of_the_same_service_is_somebody_else_of_that_name() -> None:
    drake = listed("1", "Drake", ids=(an_id(1),))
    assert hit(an_item("Drake", ids=(an_id(2),)), drake) is None
    elsewhere = listed("1", "Drake", ids=(an_id(1, MusicService.DEEZER),))
    found = hit(an_item("Drake", ids=(an_id(2),)), elsewhere)
    assert why(found) == [("1", MatchedBy.NAME, 0.8)]


def test_a_name_is_less_sure_in_a_longer_text_and_least_when_shared() -> None:
    drake = listed("1", "Drake")
    assert why(hit(an_item("Drake & Zaz", separate=False), drake)) == [("1", MatchedBy.NAME, 0.6)]
    assert why(hit(an_item("Zaz", title="A (feat. Drake)"), drake)) == [("1", MatchedBy.NAME, 0.6)]
    both = why(hit(an_item("Drake"), drake, listed("2", "DRAKE")))
    assert both == [("1", MatchedBy.NAME, 0.4), ("2", MatchedBy.NAME, 0.4)]


def test_guests_count_only_where_they_are_to() -> None:
    drake = listed("1", "Drake")
    for title in ("A (feat. Drake)", "A (with Drake)", "A (Drake Remix)", "A (prod. Drake)"):
        assert hit(an_item("Zaz", title=title), drake) is not None
        assert hit(an_item("Zaz", title=title), drake, features=False) is None
    for artist in ("Drake", "Zaz & Drake", "Zaz pres. Drake"):
        assert hit(an_item(artist, separate=False), drake, features=False) is not None


def test_every_reason_is_told_once() -> None:
    drake, zaz = listed("1", "Drake", "Drizzy"), listed("2", "Zaz")
    found = hit(an_item("Zaz", title="A (feat. Drizzy) [Drake Remix]"), drake, zaz)
    assert found is not None
    assert [(reason.artist.id, reason.role) for reason in found.reasons] == [
        ("2", Role.MAIN),
        ("1", Role.FEATURED),
    ]


def test_what_is_banned_already_is_no_hit_and_a_followed_name_is_no_title() -> None:
    drake = listed("1", "Drake")
    assert hit(an_item("Drake", marks=frozenset({Mark.BANNED})), drake) is None
    follow = an_item("Zaz (feat. Drake)", title="Zaz (feat. Drake)", kind=ItemKind.ARTIST)
    assert hit(follow, drake) is None


def test_plays_of_one_track_are_one_hit() -> None:
    body = exports.streaming_history([("Drake", "A"), ("Zaz", "B"), ("Drake", "A"), ("Drake", "C")])
    report = scan_export(
        body, DoNotPlayList.of([listed("1", "Drake")]), features=True, max_items=10
    )
    assert [(found.item.title, found.times) for found in report.hits] == [("A", 2), ("C", 1)]
    assert report.read == {ItemKind.TRACK: 4}


def test_exceptions_win() -> None:
    mine, loved = an_id(1), an_id(2)
    excepted = ListedArtist(id="b", names=("Same",), external_ids=(loved,), is_excepted=True)
    scanner = Scanner(DoNotPlayList.of([listed("a", "Same", ids=(mine,)), excepted]), features=True)
    (reason,) = hit_of(scanner, an_item("Same", ids=(mine,))).reasons
    assert (reason.artist.id, reason.matched_by) == ("a", MatchedBy.ID)
    assert scanner.hit(an_item("Same", ids=(loved,))) is None
    (reason,) = hit_of(scanner, an_item("Same")).reasons
    assert (reason.artist.id, reason.confidence) == ("a", 0.4)
    alone = Scanner(DoNotPlayList.of([excepted]), features=True)
    assert alone.hit(an_item("Same")) is None


def test_a_single_track_is_found_by_its_address_and_spared_by_it() -> None:
    tracks = [
        ListedTrack(uri="spotify:track:blocked", title="One", artist_credit="Zaz"),
        ListedTrack(uri="spotify:track:spared", title="Two", artist_credit="X", is_excepted=True),
    ]
    scanner = Scanner(DoNotPlayList.of([listed("a", "Drake")], tracks), features=True)

    def at(uri: str, by: str) -> Hit | None:
        return scanner.hit(msgspec.structs.replace(an_item(by), uri=uri))

    found = at("spotify:track:blocked", "Zaz")
    assert found is not None
    (reason,) = found.reasons
    assert (reason.matched_by, reason.artist.name) == (MatchedBy.TRACK, "Zaz")
    assert at("spotify:track:spared", "Drake") is None
    assert at("spotify:track:other", "Zaz") is None


def hit_of(scanner: Scanner, item: LibraryItem) -> Hit:
    """The hit that there has to be."""
    hit = scanner.hit(item)
    assert hit is not None
    return hit


def test_a_scan_that_nobody_waits_for_ends() -> None:
    body = exports.m3u([("Drake", "A")] * 1000)
    looks = iter([True, True, False])
    with pytest.raises(ScanAbandonedError):
        scan_export(
            body,
            DoNotPlayList.of([]),
            features=True,
            max_items=1000,
            is_wanted=lambda: next(looks),
        )
