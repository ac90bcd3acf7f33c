"""Folders that are thrown away: by whoever made them, else by the next one."""

from pathlib import Path

from adapters.backups.throwaway import throwaway_folder


def test_what_a_killed_process_has_left_goes_and_what_is_in_use_stays(tmp_path: Path) -> None:
    left = tmp_path / "nodrake-verify-killed"
    (left / "data").mkdir(parents=True)
    (left / "data" / "rows").write_text("what people have written")
    link = tmp_path / "nodrake-verify-link"
    (tmp_path / "elsewhere").mkdir()
    link.symlink_to(tmp_path / "elsewhere")
    with throwaway_folder(tmp_path) as first, throwaway_folder(tmp_path) as second:
        assert {each.name for each in tmp_path.iterdir()} == {
            first.name, second.name, "elsewhere", link.name,
        }  # fmt: skip
    assert {each.name for each in tmp_path.iterdir()} == {"elsewhere", link.name}
