"""Taking in a dump: batch by batch, again from where it stopped, and what is refused."""

from typing import Any

import pytest

from adapters.system.new_id import UuidV7
from application.catalog.import_catalog import (
    DumpToImport,
    ImportCatalog,
    ImportOutcome,
    ImportProgress,
)
from application.catalog.imports import Broken, DumpBatch, ImportStage
from application.catalog.report_catalog import ReportCatalog
from domain.catalog.dump_rows import Staging
from domain.catalog.errors import BrokenDumpError, ImportRunningError
from tests.fakes.catalog_imports import FakeCatalogImports, FakeDump
from tests.fakes.shared import FakeClock

pytestmark = pytest.mark.anyio


def batch(last: int, names: dict[int, str], *broken: int) -> DumpBatch:
    """A stretch that ends at line ``last``."""
    return DumpBatch(
        file="artist",
        lines=last,
        done=last / 100,
        rows={
            Staging.ARTISTS: [
                (number, f"r{number}", name, name, None, None, None)
                for number, name in names.items()
            ]
        },
        broken=tuple(Broken(file="artist", line=line, reason="no") for line in broken),
    )


class World:
    """A catalogue, and dumps by their names."""

    def __init__(self) -> None:
        self.imports = FakeCatalogImports()
        self.dumps: dict[str, list[DumpBatch]] = {}
        self.steps: list[ImportProgress] = []
        self.complaints: list[Broken] = []

    async def take(self, name: str, *batches: DumpBatch, **options: Any) -> ImportOutcome:
        """Import these batches under that name."""
        self.dumps[name] = list(batches)
        take = ImportCatalog(
            open_dump=lambda path: FakeDump(path, self.dumps[path]),
            imports=self.imports,
            clock=FakeClock(),
            new_id=UuidV7(),
        )
        wishes: dict[str, Any] = {"progress": self.steps.append, "batch": 2} | options
        return await take(DumpToImport(path=name, complain=self.complaints.append, **wishes))


@pytest.fixture
def world() -> World:
    """Empty."""
    return World()


FIRST, SECOND = batch(3, {1: "A", 2: "B", 3: "C"}), batch(5, {4: "D", 5: "E"})


async def test_everything_is_taken_in_and_told(world: World) -> None:
    outcome = await world.take("one", FIRST, SECOND)
    assert (outcome.result.added, outcome.result.stage) == (5, ImportStage.DONE)
    assert outcome.kept == 0
    assert world.imports.names == {f"r{n}": name for n, name in enumerate("ABCDE", 1)}
    assert [(s.stage, s.artists) for s in world.steps] == [
        (ImportStage.READING, 3),
        (ImportStage.READING, 5),
        (ImportStage.MERGING, 2),
        (ImportStage.MERGING, 4),
        (ImportStage.MERGING, 5),
    ]
    assert world.steps[-1].done == 1
    assert world.imports.refreshed == 1


@pytest.mark.parametrize("after", [1, 2, 3, 4])
async def test_stopped_it_goes_on_from_there(world: World, after: int) -> None:
    def stop(step: ImportProgress) -> None:
        world.steps.append(step)
        if len(world.steps) == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await world.take("one", FIRST, SECOND, progress=stop)
    outcome = await world.take("one", FIRST, SECOND)
    assert (outcome.result.added, len(world.imports.ledger)) == (5, 1)
    assert len(world.steps) == 5  # nothing was done twice


async def test_a_second_run_applies_differences(world: World) -> None:
    await world.take("one", FIRST, SECOND)
    result = (await world.take("two", FIRST, batch(5, {4: "Dee", 5: "E", 6: "F"}))).result
    assert (result.added, result.changed, result.unchanged, result.gone) == (1, 1, 4, 0)


async def test_whom_a_newer_dump_lacks_is_gone_unless_it_is_an_excerpt(world: World) -> None:
    names = {n: f"N{n}" for n in range(1, 41)}
    await world.take("all", batch(40, names))
    few = dict(list(names.items())[:20])
    outcome = await world.take("half", batch(20, few))
    assert (outcome.result.gone, outcome.kept) == (0, 20)
    one_less = {n: name for n, name in names.items() if n != 7}
    outcome = await world.take("excerpt", batch(39, one_less), excerpt=True)
    assert (outcome.result.gone, outcome.kept) == (0, 1)
    outcome = await world.take("broken", batch(39, one_less, 40), leave_out=1)
    assert (outcome.result.gone, outcome.kept) == (0, 1)
    outcome = await world.take("whole", batch(39, one_less))
    assert (outcome.result.gone, outcome.kept) == (1, 0)
    assert world.imports.gone == {"r7"}


async def test_the_first_line_too_many_stops_it_before_it_is_kept(world: World) -> None:
    batches = (batch(3, {1: "A"}, 2, 3), batch(6, {4: "D"}, 5))
    with pytest.raises(BrokenDumpError, match="artist, line 2: no"):
        await world.take("one", *batches)
    assert world.imports.ledger[-1].lines_read == {}
    with pytest.raises(BrokenDumpError, match="artist, line 5: no"):
        await world.take("one", *batches, leave_out=2)
    assert world.imports.ledger[-1].lines_read == {"artist": 3}
    outcome = await world.take("one", *batches, leave_out=3)
    assert (outcome.result.added, outcome.result.left_out) == (2, 3)
    assert [broken.line for broken in world.complaints] == [2, 3, 2, 3, 5, 5]


async def test_only_one_at_a_time(world: World) -> None:
    async with world.imports.alone():
        with pytest.raises(ImportRunningError):
            await world.take("one", FIRST)


async def test_what_the_catalogue_is_made_of(world: World) -> None:
    await world.take("one", FIRST)
    await world.take("two", FIRST, SECOND)
    status = await ReportCatalog(report=world.imports)(1)
    assert [(s.source, s.licence, s.artists) for s in status.sources] == [
        ("musicbrainz", "CC0-1.0", 5)
    ]
    assert [done.dump for done in status.imports] == ["two"]
