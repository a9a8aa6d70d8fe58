"""Files that survive a pulled plug."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from moodbox import atomic
from moodbox.errors import StorageError


def test_written_file_holds_the_bytes_and_nothing_lies_beside(tmp_path: Path):
    atomic.write_bytes(tmp_path / "new" / "file", b"one")
    atomic.write_bytes(tmp_path / "new" / "file", b"two")
    assert (tmp_path / "new" / "file").read_bytes() == b"two"
    assert os.listdir(tmp_path / "new") == ["file"]


def test_private_file_is_for_its_owner_only(tmp_path: Path):
    atomic.write_bytes(tmp_path / "token", b"secret", private=True)
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600


def test_folder_in_the_way_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / "inside").touch()
    with pytest.raises(StorageError, match=r"file cannot be written \(Is a directory\): free some space"):
        atomic.write_bytes(tmp_path / "file", b"x")
    assert os.listdir(tmp_path) == ["file"]


def test_full_disk_keeps_the_old_file_whole(small_disk: Path):
    atomic.write_bytes(small_disk / "file", b"old")
    with pytest.raises(StorageError, match="No space left on device"):
        atomic.write_bytes(small_disk / "file", bytes(4 << 20))
    assert (small_disk / "file").read_bytes() == b"old"
    assert os.listdir(small_disk) == ["file"]


def test_killed_writer_leaves_the_old_or_the_new_file(tmp_path: Path):
    """A process killed at any moment of writing never leaves a half file under the name."""
    script = (
        "import sys; from pathlib import Path; from moodbox import atomic\n"
        "print('go', flush=True)\n"
        "while True:\n"
        "    for byte in (b'a', b'b'): atomic.write_bytes(Path(sys.argv[1]), byte * 200_000)\n"
    )
    target = tmp_path / "file"
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", script, str(target)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            while not target.exists():
                assert writer.poll() is None
            writer.kill()
        whole = target.read_bytes()
        assert whole in (b"a" * 200_000, b"b" * 200_000)
