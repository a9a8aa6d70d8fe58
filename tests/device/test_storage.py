"""Where the box may write: the wanted folder, or a temporary one with the reason."""

from pathlib import Path

from moodbox.storage import writable


def test_wanted_folder_is_made_and_taken(tmp_path: Path):
    assert writable(tmp_path / "new") == (tmp_path / "new", None)
    assert list((tmp_path / "new").iterdir()) == []


def test_folder_that_cannot_be_written_is_replaced_and_said(tmp_path: Path):
    (tmp_path / "file").touch()
    folder, problem = writable(tmp_path / "file" / "state")
    assert problem is not None
    assert (problem.key, "cannot be written (Not a directory)" in problem.cause) == ("disk", True)
    (folder / "piece").write_bytes(b"x")
    (folder / "piece").unlink()
    folder.rmdir()
