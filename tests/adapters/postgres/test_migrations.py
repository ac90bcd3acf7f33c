"""Migrations: forward only, once each, never against what was applied before."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from adapters.postgres import migrations
from adapters.postgres.migrations import (
    FOLDER,
    MigrationError,
    latest_version,
    migrate,
    read_migrations,
)
from tests.services import Services, new_database


@pytest.fixture
def url(services: Services) -> Iterator[str]:
    """An empty database."""
    with new_database(services.database_url) as url:
        yield url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two small migrations."""
    (tmp_path / "0001_first.sql").write_text("create table first (id int);")
    (tmp_path / "0002_second.sql").write_text(
        "alter table first add column note text;\ncreate table second (id int);"
    )
    return tmp_path


def tables(url: str) -> set[str]:
    """The names of the tables that are there."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "select tablename from pg_tables where schemaname = 'public'"
        ).fetchall()
    return {name for (name,) in rows}


def test_our_own_migrations_apply_to_an_empty_database_and_then_no_more(url: str) -> None:
    names = migrate(url)
    assert names == sorted(path.stem for path in FOLDER.glob("0*.sql"))
    assert len(names) == latest_version()
    assert migrate(url) == []


def test_a_new_file_is_applied_alone(url: str, folder: Path) -> None:
    migrate(url, folder)
    (folder / "0003_third.sql").write_text("create table third (id int);")
    assert migrate(url, folder) == ["0003_third"]
    assert tables(url) == {"first", "second", "third", "schema_migrations"}


def test_five_migrators_at_once_apply_each_file_once(url: str, folder: Path) -> None:
    with ThreadPoolExecutor(5) as threads:
        results = list(threads.map(lambda _: migrate(url, folder), range(5)))
    assert sorted(results) == [[], [], [], [], ["0001_first", "0002_second"]]


def test_a_file_that_was_edited_after_it_was_applied_is_refused(url: str, folder: Path) -> None:
    migrate(url, folder)
    (folder / "0001_first.sql").write_text("create table first (id bigint);")
    with pytest.raises(MigrationError, match=r"0001_first\.sql.*restore it.*next number"):
        migrate(url, folder)


def test_a_file_that_is_gone_after_it_was_applied_is_refused(url: str, folder: Path) -> None:
    migrate(url, folder)
    (folder / "0002_second.sql").unlink()
    with pytest.raises(MigrationError, match=r"0002_second.*run the release"):
        migrate(url, folder)


@pytest.mark.parametrize("name", ["0004_gap.sql", "0002_twin.sql", "3_short.sql", "0003-x.sql"])
def test_a_gap_a_twin_and_a_strange_name_are_refused_by_name(folder: Path, name: str) -> None:
    (folder / name).write_text("select 1;")
    with pytest.raises(MigrationError, match=r"expected"):
        read_migrations(folder)


def test_a_file_that_fails_leaves_nothing_and_those_before_it_stay(url: str, folder: Path) -> None:
    (folder / "0003_third.sql").write_text("create table third (id int); select 1/0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(url, folder)
    assert tables(url) == {"first", "second", "schema_migrations"}
    (folder / "0003_third.sql").write_text("create table third (id int);")
    assert migrate(url, folder) == ["0003_third"]


def test_a_file_and_the_record_of_it_are_kept_together_or_not_at_all(
    url: str, folder: Path
) -> None:
    migrate(url, folder)
    (folder / "0003_third.sql").write_text(
        "create table third (id int); drop table schema_migrations;"
    )
    with pytest.raises(psycopg.errors.UndefinedTable):
        migrate(url, folder)
    assert tables(url) == {"first", "second", "schema_migrations"}


def test_a_table_that_is_busy_for_a_while_is_waited_for(url: str, folder: Path) -> None:
    second = folder / "0002_second.sql"
    text = second.read_text()
    second.unlink()
    migrate(url, folder)
    second.write_text(text)
    with psycopg.connect(url) as busy, ThreadPoolExecutor(1) as threads:
        busy.execute("lock table first in access share mode")
        migrating = threads.submit(migrate, url, folder)
        wait_until_blocked(url)
        # The lock is given up in between, so whoever else wants the table is not stuck behind.
        wait_until_blocked(url, blocked=False)
        busy.rollback()
        assert migrating.result(timeout=30) == ["0002_second"]


def test_a_table_that_stays_busy_ends_in_an_error_that_says_so(url: str, folder: Path) -> None:
    second = folder / "0002_second.sql"
    text = second.read_text()
    second.unlink()
    migrate(url, folder)
    second.write_text(text)
    with psycopg.connect(url) as busy:
        busy.execute("lock table first in access share mode")
        with pytest.raises(MigrationError, match=r"0002_second.*nothing was changed"):
            migrate(url, folder, attempts=1)
    assert "second" not in tables(url)


def test_another_migrator_is_not_waited_for_without_end(url: str, folder: Path) -> None:
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s)", [migrations._LOCK])
        with pytest.raises(MigrationError, match="another migration"):
            migrate(url, folder, wait_seconds=1)
    assert migrate(url, folder) == ["0001_first", "0002_second"]


@pytest.fixture
def with_index(url: str, folder: Path) -> Path:
    """The same two, applied, and a third that builds an index while others write."""
    migrate(url, folder)
    (folder / "0003_third.sql").write_text(
        "-- Concurrently: second is large.\ncreate index concurrently second_id on second (id);\n"
    )
    return folder


def validity(url: str) -> list[tuple[object, ...]]:
    """Whether each index of the second table is valid."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "select indisvalid from pg_index where indrelid = 'second'::regclass"
        ).fetchall()


def test_an_index_is_built_while_a_transaction_writes(url: str, with_index: Path) -> None:
    with psycopg.connect(url) as busy, ThreadPoolExecutor(2) as threads:
        busy.execute("insert into second values (1)")
        both = [threads.submit(migrate, url, with_index) for _ in range(2)]
        while validity(url) != [(False,)]:
            assert not any(migrating.done() for migrating in both)
        with psycopg.connect(url) as other:
            other.execute("insert into second values (2)")
        busy.commit()
        assert sorted(migrating.result(timeout=30) for migrating in both) == [[], ["0003_third"]]
    assert validity(url) == [(True,)]


def test_what_a_killed_migrator_left_of_an_index_is_built_anew(url: str, with_index: Path) -> None:
    with psycopg.connect(url) as busy, ThreadPoolExecutor(1) as threads:
        busy.execute("insert into second values (1)")
        migrating = threads.submit(migrate, url, with_index)
        while validity(url) != [(False,)]:
            assert not migrating.done()
        with psycopg.connect(url, autocommit=True) as killer:
            killer.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and query like '%concurrently%' "
                "and pid <> pg_backend_pid()"
            )
        with pytest.raises(psycopg.OperationalError):
            migrating.result(timeout=30)
    assert validity(url) == [(False,)]
    assert migrate(url, with_index) == ["0003_third"]
    assert validity(url) == [(True,)]


def test_an_index_of_which_only_the_record_is_missing_is_kept(url: str, with_index: Path) -> None:
    migrate(url, with_index)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("delete from schema_migrations where version = 3")
    assert migrate(url, with_index) == ["0003_third"]
    assert validity(url) == [(True,)]


def test_an_index_is_not_built_concurrently_in_company(url: str, with_index: Path) -> None:
    third = with_index / "0003_third.sql"
    for company in ("create table x (id int);", "create index concurrently on second (id);"):
        third.write_text("create index concurrently second_id on second (id);\n" + company)
        with pytest.raises(MigrationError, match=r"0003_third.*stands alone"):
            migrate(url, with_index)
    assert validity(url) == []


def wait_until_blocked(url: str, *, blocked: bool = True) -> None:
    """Return once a backend of this database waits for a relation, or none does."""
    with psycopg.connect(url, autocommit=True) as watcher:
        while True:
            row = watcher.execute(
                """
                select exists (
                    select from pg_locks l join pg_database d on d.oid = l.database
                    where d.datname = current_database() and l.locktype = 'relation'
                      and not l.granted
                )
                """
            ).fetchone()
            if row == (blocked,):
                return


def test_the_copy_of_the_folder_that_is_shipped_reads_the_same(tmp_path: Path) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "migrations")
    assert read_migrations(copy) == read_migrations()
