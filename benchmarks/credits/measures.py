"""Precision and recall of the credits that are parsed, on labelled cases."""

from collections.abc import Iterable, Set

import msgspec

from benchmarks.credits.cases import Case
from domain.enforcement.credits import parse_credits
from domain.enforcement.listed_artist import DoNotPlayList, ListedArtist
from domain.enforcement.name_list import name_key


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, of what was to be found."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        """How much of what was found is right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """How much of what was to be found was."""
        return self.right / self.wanted if self.wanted else 1.0


class CreditMeasures(msgspec.Struct, frozen=True, kw_only=True):
    """Of names, of names with their roles, and of those that are on the list; and the misses."""

    cases: int
    names: Measure
    roles: Measure
    listed: Measure
    misses: list[str]


def measure(cases: Iterable[Case]) -> CreditMeasures:
    """Parse every case and compare."""
    pairs = []
    listed = []
    misses = []
    for case in cases:
        names = [*case.listed]
        known = DoNotPlayList.of(
            ListedArtist(id=name, names=(name,), external_ids=()) for name in names
        ).known
        parsed = parse_credits([case.artist], case.title, known)
        found = {(credit.key, credit.role) for credit in parsed}
        wanted = {(name_key(name), role) for name, role in case.credits}
        pairs.append((found, wanted))
        keys = {name_key(name) for name in names}
        listed.append((keys & {k for k, _ in found}, keys & {k for k, _ in wanted}))
        if found != wanted:
            misses.append(f"{case.artist} | {case.title}: {sorted(found ^ wanted)}")
    by_name = [({k for k, _ in found}, {k for k, _ in wanted}) for found, wanted in pairs]
    return CreditMeasures(
        cases=len(pairs),
        names=_measure(by_name),
        roles=_measure(pairs),
        listed=_measure(listed),
        misses=misses,
    )


def _measure(pairs: Iterable[tuple[Set[object], Set[object]]]) -> Measure:
    every = [*pairs]
    return Measure(
        right=sum(len(found & wanted) for found, wanted in every),
        found=sum(len(found) for found, _ in every),
        wanted=sum(len(wanted) for _, wanted in every),
    )
