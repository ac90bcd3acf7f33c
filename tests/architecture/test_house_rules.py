"""The rules of the house: the tree keeps each, and each sees what breaks it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import rules

Rule = Callable[[str], list[str]]

EVERYWHERE = [
    (rules.deferred_annotations, "from __future__ import annotations\n"),
    (rules.deferred_annotations, "from typing import TYPE_CHECKING\n"),
    (rules.deferred_annotations, "import typing\nif typing.TYPE_CHECKING: ...\n"),
    (rules.missing_docstrings, "x = 1\n"),
    (rules.missing_docstrings, '"""A module."""\nclass Artist:\n    pass\n'),
    (rules.empty_names, "class ArtistManager: ...\n"),
    (rules.empty_names, "class ArtistService: ...\n"),
    (rules.long_file, "x = 1\n" * (rules.LONGEST_FILE + 1)),
]
IN_PURE_PACKAGES = [
    (rules.foreign_imports, "import litestar\n"),
    (rules.foreign_imports, "from psycopg.rows import dict_row\n"),
    (rules.foreign_imports, "import adapters.postgres\n"),
    (rules.foreign_imports, "import importlib\nimportlib.import_module('psycopg')\n"),
    (rules.foreign_imports, "__import__('psycopg')\n"),
    (rules.impurities, "from datetime import datetime\nnow = datetime.now(UTC)\n"),
    (rules.impurities, "import datetime\nnow = datetime.datetime.now()\n"),
    (rules.impurities, "from datetime import datetime as dt\nclock = dt.now\n"),
    (rules.impurities, "from uuid import uuid4\nid = uuid4()\n"),
    (rules.impurities, "import uuid\nnew_id = uuid.uuid1\n"),
    (rules.impurities, "import random\n"),
    (rules.impurities, "text = open('x').read()\n"),
]
IN_APPLICATION = [
    (rules.whole_addresses, "subject = f'forgot:{command.origin.address}'\n"),
    (rules.whole_addresses, "address = origin.address\nsubject = network_of(address)\n"),
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


@pytest.mark.parametrize("rule", {rule for rule, _ in IN_APPLICATION}, ids=lambda r: r.__name__)
def test_the_application_keeps_the_rule(rule: Rule) -> None:
    broken = {
        str(path): found for path in rules.files("application") if (found := rule(path.read_text()))
    }
    assert broken == {}


@pytest.mark.parametrize(("rule", "text"), EVERYWHERE + IN_PURE_PACKAGES + IN_APPLICATION)
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


def test_every_struct_writes_both_options() -> None:
    assert rules.structs_without_options(*(path.read_text() for path in rules.files())) == []


@pytest.mark.parametrize(
    "text",
    [
        "import msgspec\nclass Artist(msgspec.Struct, frozen=True): ...\n",
        "from msgspec import Struct as S\nclass Artist(S, kw_only=True): ...\n",
        "class Renamed(Event): ...\n",
        "from domain import events\nclass Renamed(events.Event, frozen=True): ...\n",
    ],
)
def test_a_struct_without_both_options_is_seen(text: str) -> None:
    event = "import msgspec\nclass Event(msgspec.Struct, frozen=True, kw_only=True): ...\n"
    assert len(rules.structs_without_options(text, event)) == 1


def test_the_import_contracts_look_into_every_folder(tmp_path: Path) -> None:
    assert rules.unseen_folders(rules.ROOT) == []
    (tmp_path / "domain/community").mkdir(parents=True)
    (tmp_path / "domain/__init__.py").touch()
    (tmp_path / "domain/community/version.py").touch()
    assert rules.unseen_folders(tmp_path) == ["domain/community"]
