"""Gaps in an archive of WAL (B-2)."""

from pathlib import Path

import pytest

from adapters.postgres.wal_archive import examine_archive
from domain.shared.backup import BackupError
from entrypoints.cli.main import main

MIB = 1024**2


def an_archive(folder: Path, *names: str) -> Path:
    """Segments of one mebibyte, of which a log has 4096."""
    for name in names:
        with (folder / name).open("wb") as file:
            file.truncate(MIB if len(name) == 24 else 10)
    return folder


def segments(first: int, last: int, timeline: int = 1, log: int = 0) -> list[str]:
    """Names from first to last."""
    return [f"{timeline:08X}{log:08X}{n:08X}" for n in range(first, last + 1)]


def test_a_whole_one_also_over_the_end_of_a_log(tmp_path: Path) -> None:
    an_archive(tmp_path, *segments(4090, 4095), *segments(0, 3, log=1))
    found = examine_archive(tmp_path, MIB)
    assert found.problems == ()
    assert found.segments == 10


@pytest.mark.parametrize("gone", [4, 7, 11])
def test_each_missing_or_cut_off_segment_is_named(tmp_path: Path, gone: int) -> None:
    an_archive(tmp_path, *segments(3, 12), "000000010000000000000003.00000028.backup")
    (name,) = segments(gone, gone)
    with (tmp_path / name).open("r+b") as file:
        file.truncate(MIB - 1)
    assert examine_archive(tmp_path, MIB).problems == (
        f"{name} has {MIB - 1} bytes, not {MIB}: it was cut off",
    )
    (tmp_path / name).unlink()
    (problem,) = examine_archive(tmp_path, MIB).problems
    assert problem.startswith(f"{name} is missing")


def test_the_first_segment_of_a_base_backup_is_needed_and_what_is_before_is_not(
    tmp_path: Path,
) -> None:
    an_archive(
        tmp_path, *segments(1, 2), *segments(6, 9), "000000010000000000000005.00000028.backup"
    )
    (problem,) = examine_archive(tmp_path, MIB).problems
    assert problem.startswith("000000010000000000000005 is missing")


def test_a_timeline_goes_on_where_it_has_left_the_one_before(tmp_path: Path) -> None:
    an_archive(tmp_path, *segments(3, 9), *segments(6, 8, timeline=2))
    history = tmp_path / "00000002.history"
    with pytest.raises(BackupError, match=r"00000002\.history is missing"):
        examine_archive(tmp_path, MIB)
    history.write_text("1\t0/00600148\tbefore 2046-03-14 12:00:00+00\n")
    assert examine_archive(tmp_path, MIB).problems == ()
    (tmp_path / segments(9, 9)[0]).unlink()  # it is not on the way
    assert examine_archive(tmp_path, MIB).problems == ()
    for name in (*segments(5, 5), *segments(6, 6, timeline=2)):
        (tmp_path / name).rename(tmp_path / "aside")
        (problem,) = examine_archive(tmp_path, MIB).problems
        assert problem.startswith(f"{name} is missing")
        (tmp_path / "aside").rename(tmp_path / name)


def test_where_the_newest_timeline_came_from_is_not_asked_for_without_need(tmp_path: Path) -> None:
    """As after a recovery whose server has an archive of its own since then."""
    an_archive(tmp_path, *segments(6, 8, timeline=2), "000000020000000000000006.00000028.backup")
    assert examine_archive(tmp_path, MIB).problems == ()
    (tmp_path / segments(7, 7, timeline=2)[0]).unlink()
    (problem,) = examine_archive(tmp_path, MIB).problems
    assert problem.startswith("000000020000000000000007 is missing")


def test_a_base_backup_that_nothing_leads_on_from_is_passed_over(tmp_path: Path) -> None:
    an_archive(tmp_path, *segments(3, 9), *segments(6, 8, timeline=2))
    (tmp_path / "00000002.history").write_text("1\t0/00600148\tbefore\n")
    an_archive(tmp_path, "000000010000000000000008.00000028.backup")
    found = examine_archive(tmp_path, MIB)
    assert (found.first, found.problems) == ("000000020000000000000008", ())
    an_archive(tmp_path, "000000010000000000000004.00000028.backup")
    assert examine_archive(tmp_path, MIB).first == "000000010000000000000004"


def test_a_base_backup_whose_own_segment_has_not_come_is_not_whole(tmp_path: Path) -> None:
    an_archive(tmp_path, *segments(3, 5), "000000010000000000000007.00000028.backup")
    (problem,) = examine_archive(tmp_path, MIB).problems
    assert problem.startswith("000000010000000000000007 is missing")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["backup", "wal", str(tmp_path), "--segment-mb", "1"]
    assert main(arguments) == 1
    assert "has no segment of WAL" in capsys.readouterr().err
    an_archive(tmp_path, *segments(3, 5))
    assert main(arguments) == 0
    assert capsys.readouterr().out.startswith("whole: 3 segments from 000000010000000000000003")
    assert main([*arguments, "--max-age-seconds", "-1"]) == 1
    assert "nothing has come for" in capsys.readouterr().out
    (tmp_path / segments(4, 4)[0]).unlink()
    assert main(arguments) == 1
    assert "000000010000000000000004 is missing" in capsys.readouterr().out
