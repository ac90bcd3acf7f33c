"""What a dump of MusicBrainz makes of the catalogue, in either layout."""

from pathlib import Path

import pytest

from tests.adapters.postgres.imported_catalogue import (
    BAND,
    ONE,
    OTHER,
    SPOTIFY,
    THIRD,
    TWO,
    Catalogue,
)
from tests.builders.musicbrainz import DumpArtist, write_json, write_tables

pytestmark = pytest.mark.anyio


async def test_all_that_is_read_is_there(catalogue: Catalogue) -> None:
    assert await catalogue.imported(BAND, OTHER, THIRD) == (3, 0, 0, 0, 0)
    assert catalogue.rows(
        "select canonical_name, sort_key, disambiguation, kind, source_record, gone_at "
        "from artists where source = 'musicbrainz' order by source_record"
    ) == [
        ("Señor Coconut", "senor coconut", "electrolatino", "person", BAND.record, None),
        ("久石譲", "久石譲", None, None, OTHER.record, None),
        ("!!!", "!!!", None, "choir", THIRD.record, None),
    ]
    assert set(
        catalogue.rows(
            "select a.canonical_name, n.name, n.search_key, n.source "
            "from artist_names n join artists a on a.id = n.artist_id"
        )
    ) == {
        ("Señor Coconut", "Señor Coconut", "senor coconut", "musicbrainz"),
        ("Señor Coconut", "Atom Heart", "atom heart", "musicbrainz"),
        ("Señor Coconut", "Tab\there", "tab here", "musicbrainz"),
        ("久石譲", "久石譲", "久石譲", "musicbrainz"),
        ("久石譲", "Hisaishi, Joe", "hisaishi joe", "musicbrainz"),
        ("!!!", "!!!", "!!!", "musicbrainz"),
        ("!!!", "Chk Chk Chk", "chk chk chk", "musicbrainz"),
    }
    assert catalogue.rows(
        "select external_ids from artists where source_record = %s", BAND.record
    ) == [
        {
            "musicbrainz": BAND.record,
            "spotify": ONE,
            "deezer": "77",
            "isni": "0000000121032683",
        }
    ]
    assert catalogue.rows("select distinct source from artist_external_ids") == ["musicbrainz"]
    # The page of the relation that has ended is nobody's.
    assert catalogue.rows("select count(*) from artist_external_ids") == [6]
    assert catalogue.rows(
        "select distinct s.licence from artists a join catalog_sources s on s.name = a.source"
    ) == ["CC0-1.0"]


async def test_nothing_is_left_of_the_staging(catalogue: Catalogue) -> None:
    await catalogue.imported(BAND, OTHER)
    for table in catalogue.rows("select relname from pg_class where relname like 'staged_%%_idx'"):
        assert table.endswith("place_idx")
    for table in catalogue.rows("select tablename from pg_tables where tablename like 'staged_%%'"):
        assert catalogue.rows(f"select count(*) from {table}") == [0]


async def test_a_second_run_applies_differences_only(catalogue: Catalogue) -> None:
    await catalogue.imported(BAND, OTHER, THIRD)
    before = dict(catalogue.rows("select source_record, xmin::text from artists"))
    assert await catalogue.imported(BAND, OTHER, THIRD) == (0, 0, 0, 3, 0)
    assert dict(catalogue.rows("select source_record, xmin::text from artists")) == before
    fourth = DumpArtist(number=9, name="Four Tet")
    renamed = DumpArtist(number=7, name="!!!", type="Group", aliases=("Chik Chik",))
    assert await catalogue.imported(BAND, OTHER, renamed, fourth) == (1, 0, 1, 2, 0)
    after = dict(catalogue.rows("select source_record, xmin::text from artists"))
    assert {record for record in before if before[record] != after[record]} == {THIRD.record}
    assert set(
        catalogue.rows(
            "select n.name from artist_names n join artists a on a.id = n.artist_id "
            "where a.source_record = %s",
            THIRD.record,
        )
    ) == {"!!!", "Chik Chik"}


async def test_either_layout_says_the_same(catalogue: Catalogue, tmp_path: Path) -> None:
    artists = [BAND, OTHER, THIRD]
    await catalogue.imported(*artists)
    for path in (write_json(tmp_path / "a", artists), write_tables(tmp_path / "b", artists)):
        result = (await catalogue.take(str(path))).result
        assert (result.added, result.changed, result.unchanged) == (0, 0, 3)


async def test_an_artist_from_a_list_stays_who_it_is(catalogue: Catalogue) -> None:
    by_service = catalogue.listed("Senor C.", "spotify", ONE)
    by_record = catalogue.listed("Joe H.", "musicbrainz", OTHER.record)
    stranger = catalogue.listed("Señor Coconut", "spotify", TWO)
    assert await catalogue.imported(BAND, OTHER, THIRD) == (1, 2, 0, 0, 0)
    assert set(
        catalogue.rows(
            "select a.id::text, a.canonical_name, a.source from artists a "
            "join user_artist_blocks b on b.artist_id = a.id"
        )
    ) == {
        (by_service, "Señor Coconut", "musicbrainz"),
        (by_record, "久石譲", "musicbrainz"),
        (stranger, "Señor Coconut", "import"),  # a name is no identity
    }
    assert set(
        catalogue.rows("select name, source from artist_names where artist_id = %s", by_service)
    ) >= {("Senor C.", "import"), ("Atom Heart", "musicbrainz")}
    assert await catalogue.imported(BAND, OTHER, THIRD) == (0, 0, 0, 3, 0)
    assert catalogue.rows("select count(*) from user_artist_blocks") == [3]


async def test_whom_a_list_knows_by_another_record_is_somebody_else(catalogue: Catalogue) -> None:
    listed = catalogue.listed("Listed", "musicbrainz", THIRD.record)
    catalogue.run(
        "insert into artist_external_ids (service, external_id, artist_id) "
        "values ('spotify', %s, %s)",
        ONE,
        listed,
    )
    outcome = await catalogue.take(catalogue.dump(BAND))
    assert (outcome.result.added, outcome.result.matched, outcome.result.contested) == (1, 0, 1)
    assert catalogue.rows(
        "select artist_id::text from artist_external_ids where service = 'spotify'"
    ) == [listed]


async def test_an_id_that_two_claim_stays_with_who_has_it(catalogue: Catalogue) -> None:
    one = DumpArtist(number=1, name="One", urls=(SPOTIFY + ONE,))
    two = DumpArtist(number=2, name="Two", urls=(SPOTIFY + ONE, SPOTIFY + TWO))
    outcome = await catalogue.take(catalogue.dump(one, two))
    assert outcome.result.contested == 1
    owner = (
        "select a.canonical_name from artists a "
        "join artist_external_ids e on e.artist_id = a.id where e.external_id = %s"
    )
    assert catalogue.rows(owner, ONE) == ["One"]
    assert catalogue.rows(owner, TWO) == ["Two"]
    # Once the first gives it up, the second has it, though its own line is as before.
    outcome = await catalogue.take(catalogue.dump(DumpArtist(number=1, name="One"), two))
    assert (outcome.result.changed, outcome.result.unchanged) == (1, 1)
    assert outcome.result.contested == 0
    assert catalogue.rows(owner, ONE) == ["Two"]
    assert catalogue.rows(
        "select external_ids->>'spotify' from artists order by source_record"
    ) == [
        None,
        ONE,
    ]


@pytest.mark.parametrize("batch", [1, 10])
async def test_an_id_moves_from_one_to_the_other(catalogue: Catalogue, batch: int) -> None:
    one, two = (DumpArtist(number=n, name=f"N{n}") for n in (1, 2))
    one_with, two_with = (DumpArtist(number=n, name=f"N{n}", urls=(SPOTIFY + ONE,)) for n in (1, 2))
    moved, back = ((one, two_with), "N2"), ((one_with, two), "N1")
    for artists, owner in (moved, back, moved):
        await catalogue.imported(*artists, batch=batch)
        assert catalogue.rows(
            "select canonical_name from artists where external_ids->>'spotify' = %s", ONE
        ) == [owner]
    assert catalogue.rows("select count(*) from contested_external_ids") == [0]


async def test_what_others_have_said_stays(catalogue: Catalogue) -> None:
    await catalogue.imported(BAND)
    (band,) = catalogue.rows("select id from artists")
    catalogue.run("insert into artist_names values (%s, 'Own', 'own', 'import')", band)
    catalogue.run(
        "insert into artist_external_ids (service, external_id, artist_id) "
        "values ('tidal', '9', %s)",
        band,
    )
    bare = DumpArtist(number=1, name="Señor Coconut")
    assert await catalogue.imported(bare) == (0, 0, 1, 0, 0)
    assert set(catalogue.rows("select name from artist_names")) == {"Señor Coconut", "Own"}
    assert catalogue.rows("select external_ids from artists") == [
        {"musicbrainz": BAND.record, "tidal": "9"}
    ]


async def test_who_is_dropped_is_marked_and_never_removed(catalogue: Catalogue) -> None:
    many = [DumpArtist(number=n, name=f"Artist {n}") for n in range(1, 41)]
    await catalogue.imported(*many, batch=100)
    assert await catalogue.imported(*many[1:], batch=100) == (0, 0, 0, 39, 1)
    assert catalogue.rows("select canonical_name from artists where gone_at is not null") == [
        "Artist 1"
    ]
    assert await catalogue.imported(*many, batch=100) == (0, 0, 1, 39, 0)
    assert catalogue.rows("select count(*) from artists where gone_at is not null") == [0]


async def test_an_excerpt_marks_nobody(catalogue: Catalogue) -> None:
    many = [DumpArtist(number=n, name=f"Artist {n}") for n in range(1, 41)]
    await catalogue.imported(*many, batch=100)
    outcome = await catalogue.take(catalogue.dump(*many[20:]), batch=100)
    assert (outcome.result.gone, outcome.kept) == (0, 20)
    outcome = await catalogue.take(catalogue.dump(*many[1:]), batch=100, excerpt=True)
    assert (outcome.result.gone, outcome.kept) == (0, 1)
    assert catalogue.rows("select count(*) from artists where gone_at is not null") == [0]


async def test_records_that_were_merged_here_only_add(catalogue: Catalogue) -> None:
    one = DumpArtist(number=1, name="One", aliases=("Uno",), urls=(SPOTIFY + ONE,))
    two = DumpArtist(number=2, name="Two", urls=(SPOTIFY + TWO,))
    await catalogue.imported(one, two)
    first, second = catalogue.rows("select id from artists order by source_record")
    move = "update artist_external_ids set artist_id = %s where artist_id = %s"
    catalogue.run(move, first, second)
    catalogue.run("delete from artists where id = %s", second)
    renamed = DumpArtist(number=1, name="Eins", urls=(SPOTIFY + ONE,))
    assert await catalogue.imported(renamed, two) == (0, 0, 1, 1, 0)
    assert await catalogue.imported(renamed, two) == (0, 0, 0, 2, 0)
    assert catalogue.rows("select canonical_name from artists") == ["Eins"]
    assert set(catalogue.rows("select external_id from artist_external_ids")) == {
        ONE, TWO, one.record, two.record,
    }  # fmt: skip
    assert "Two" in catalogue.rows("select name from artist_names")
