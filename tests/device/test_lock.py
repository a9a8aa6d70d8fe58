"""One holder at a time, between threads and between processes, and never for ever."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from moodbox.errors import MoodboxError, StorageError
from moodbox.lock import FileLock

HOLDER = (
    "import sys; from pathlib import Path; from moodbox.lock import FileLock\n"
    "with FileLock(Path(sys.argv[1])):\n"
    "    print('held', flush=True)\n"
    "    sys.stdin.read()\n"
)


def is_free(path: Path) -> bool:
    try:
        with FileLock(path, patience=0.0):
            return True
    except MoodboxError:
        return False


def hold(path: Path) -> subprocess.Popen[str]:
    """Start a process that holds the lock until its input ends."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_second_holder_is_refused_until_the_first_lets_go(tmp_path: Path):
    lock = FileLock(tmp_path / "new" / "lock")
    with lock:
        assert not is_free(tmp_path / "new" / "lock")
        with pytest.raises(StorageError, match="lock has been held for 0 s by other work of the box: try again"):
            FileLock(tmp_path / "new" / "lock", patience=0.0).__enter__()
    assert is_free(tmp_path / "new" / "lock")
    with lock:  # the same object works again
        assert not is_free(tmp_path / "new" / "lock")


def test_lock_file_is_for_its_owner_only(tmp_path: Path):
    with FileLock(tmp_path / "new" / "lock"):
        assert (tmp_path / "new" / "lock").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_waiting_thread_goes_on_when_the_holder_lets_go(tmp_path: Path):
    lock, waiting, inside = FileLock(tmp_path / "lock"), threading.Event(), []

    def wait() -> None:
        waiting.set()
        with lock:  # one object, shared by threads
            inside.append("second")

    with lock:
        thread = threading.Thread(target=wait)
        thread.start()
        assert waiting.wait(10)
        inside.append("first")
    thread.join(10)
    assert inside == ["first", "second"]
    assert is_free(tmp_path / "lock")


def test_many_threads_never_hold_it_together(tmp_path: Path):
    lock, together, most = FileLock(tmp_path / "lock"), 0, 0

    def work() -> None:
        nonlocal together, most
        for _ in range(5):
            with lock:
                together += 1
                most = max(most, together)
                together -= 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == 1


def test_deadline_is_kept_by_the_clock_that_was_given(tmp_path: Path):
    times = iter([100.0, 101.0, 103.0])
    with FileLock(tmp_path / "lock"), pytest.raises(StorageError, match="held for 3 s"):
        FileLock(tmp_path / "lock", patience=3.0, monotonic=lambda: next(times)).__enter__()
    assert list(times) == []


def test_refused_and_failed_work_let_go(tmp_path: Path):
    with pytest.raises(ValueError, match="work"), FileLock(tmp_path / "lock"):
        raise ValueError("work")
    assert is_free(tmp_path / "lock")


def test_other_process_is_kept_out_and_kill_lets_go(tmp_path: Path):
    with hold(tmp_path / "lock") as holder:
        assert not is_free(tmp_path / "lock")
        holder.kill()
    assert is_free(tmp_path / "lock")


def test_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"cannot be opened \((Not a directory|File exists)\)"):
        FileLock(tmp_path / "file" / "lock").__enter__()
