"""The rules of the house: the tree keeps each, and each sees what breaks it."""

from collections.abc import Callable

import pytest

from tests.architecture import rules

Rule = Callable[[str], list[str]]

EVERYWHERE = [
    (rules.deferred_annotations, "from __future__ import annotations\n"),
    (rules.deferred_annotations, "from typing import TYPE_CHECKING\n"),
    (rules.missing_docstrings, "x = 1\n"),
    (rules.missing_docstrings, '"""A module."""\nclass Artist:\n    pass\n'),
    (rules.empty_names, "class ArtistManager: ...\n"),
    (rules.empty_names, "class ArtistService: ...\n"),
    (rules.structs_without_options, "class Artist(msgspec.Struct, frozen=True): ...\n"),
    (rules.structs_without_options, "class ArtistBlocked(Event): ...\n"),
]
IN_PURE_PACKAGES = [
    (rules.foreign_imports, "import litestar\n"),
    (rules.foreign_imports, "from psycopg.rows import dict_row\n"),
    (rules.foreign_imports, "import adapters.postgres\n"),
    (rules.impurities, "now = datetime.now(UTC)\n"),
    (rules.impurities, "id = uuid4()\n"),
    (rules.impurities, "import random\n"),
    (rules.impurities, "text = open('x').read()\n"),
]


@pytest.mark.parametrize("rule", {rule for rule, _ in EVERYWHERE}, ids=lambda r: r.__name__)
def test_every_package_keeps_the_rule(rule: Rule) -> None:
    broken = {str(path): found for path in rules.files() if (found := rule(path.read_text()))}
    assert broken == {}


@pytest.mark.parametrize("rule", {rule for rule, _ in IN_PURE_PACKAGES}, ids=lambda r: r.__name__)
def test_domain_and_application_keep_the_rule(rule: Rule) -> None:
    broken = {
        str(path): found for path in rules.files(*rules.PURE) if (found := rule(path.read_text()))
    }
    assert broken == {}


@pytest.mark.parametrize(("rule", "text"), EVERYWHERE + IN_PURE_PACKAGES)
def test_a_rule_sees_what_breaks_it(rule: Rule, text: str) -> None:
    assert rule(text) != []


def test_no_test_patches_what_it_tests() -> None:
    broken = {
        str(path): found
        for path in sorted((rules.ROOT / "tests").rglob("*.py"))
        if (found := rules.patches(path.read_text()))
    }
    assert broken == {}
    for text in ("monkeypatch.setattr(pool, 'x', 1)", "mock.patch('x')", "import unittest.mock"):
        assert rules.patches(text) != []


def test_no_file_holds_more_than_one_thing() -> None:
    long = {
        str(path): lines
        for path in rules.files()
        if (lines := len(path.read_text().splitlines())) > rules.LONGEST_FILE
    }
    assert long == {}
