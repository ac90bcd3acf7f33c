"""squawk over the migrations: what would block or break a service that runs."""

import json
import subprocess
import tomllib
from collections import defaultdict
from pathlib import Path

from deploy.tools.places import HERE, ROOT, VENV

MAY = tomllib.loads((HERE / "migrations-may.toml").read_text("utf-8"))["file"]


def findings(*paths: Path) -> dict[str, set[str]]:
    """The rules that each file breaks."""
    done = subprocess.run(
        [VENV / "bin" / "squawk", "--reporter", "json", *paths],
        cwd=ROOT,  # .squawk.toml is there
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    found = defaultdict(set)
    for each in json.loads(done.stdout):
        found[Path(each["file"]).name].add(each["rule_name"])
    return dict(found)


def test_migrations_do_only_what_each_may() -> None:
    """Red for a new file that locks a table, and for an entry that nothing needs any more."""
    allowed = {each["name"]: set(each["rules"]) for each in MAY}
    paths = [path.relative_to(ROOT) for path in sorted((ROOT / "migrations").glob("[0-9]*.sql"))]
    assert findings(*paths) == allowed


def test_every_exception_has_a_reason() -> None:
    assert [each["name"] for each in MAY if len(each["reason"].split()) < 5] == []


def test_a_file_that_would_stop_a_service_is_found(tmp_path: Path) -> None:
    path = tmp_path / "0999_defects.sql"
    path.write_text(
        "alter table users add column plan text not null;\n"
        "alter table users rename column email to address;\n"
        "create index on user_artist_blocks (note);\n"
        "alter table users drop column language;\n"
    )
    assert findings(path)[path.name] >= {
        "adding-required-field",
        "renaming-column",
        "require-concurrent-index-creation",
        "ban-drop-column",
    }
