"""The watcher with its real child process: it sees, sleeps, is killed, hangs, leaks, and always comes back."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.errors import CameraError
from moodbox.events import CameraState, WatchState
from moodbox.settings import WatchSettings
from moodbox.watch.life import Patience
from moodbox.watch.watcher import Watcher
from tests.device.watch.conftest import News

FAKES = Path(__file__).resolve().parents[2] / "fakes"
QUICK = Patience(silence=1.0, closing=2.0, first_pause=0.05, last_pause=0.4, memory=0.1)
PICTURE = cv2.imencode(".jpg", np.full((480, 640, 3), 90, np.uint8))[1].tobytes()


def _children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "moodbox.watch" in child.cmdline()]


def _child() -> psutil.Process:
    (child,) = _children()
    return child


@pytest.fixture
def photos(tmp_path: Path, portrait: np.ndarray) -> Path:
    """Return a folder with one portrait: a camera that needs nothing."""
    folder = tmp_path / "photos"
    folder.mkdir()
    cv2.imwrite(str(folder / "portrait.png"), portrait)
    return folder


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """Return a small empty picture: the cheapest camera there is."""
    path = tmp_path / "scene.png"
    cv2.imwrite(str(path), np.full((48, 64, 3), 90, np.uint8))
    return path


def test_woken_watcher_sees_and_sleeping_one_lets_the_camera_go(
    watch: Callable[..., Watcher], news: News, photos: Path
) -> None:
    watcher = watch(camera=str(photos))
    ready = news.state(lambda state: state.ready)
    assert (ready.camera, ready.restarts) == (CameraState.ASLEEP, 0)
    assert ready.detector == "haar"  # no YuNet in this state folder, and it says so
    assert [problem.key for problem in ready.problems] == ["detector"]
    assert not news.readings
    watcher.wake()
    reading = news.reading(lambda one: bool(one.faces))
    labels = watcher.labels()
    assert reading.labels == labels
    assert labels[int(np.argmax(reading.faces[0].probabilities))] == "happy"
    assert set(reading.seconds) == {"camera", "detect", "express"}
    assert abs(reading.time - time.monotonic()) < 20
    seeing = news.state(lambda state: state.camera is CameraState.SEEING and state.rate > 0)
    assert seeing.camera_name == str(photos)
    told = len(news.states)
    watcher.sleep()
    asleep = news.state(lambda state: state.camera is CameraState.ASLEEP, after=told)
    assert (asleep.ready, asleep.rate) == (True, 0.0)


def test_sleeping_child_uses_no_cpu(watch: Callable[..., Watcher], news: News) -> None:
    watch()
    news.state(lambda state: state.ready)
    child = _child()
    before = child.cpu_times()
    threading.Event().wait(1.0)  # idleness can only be seen by letting time pass
    after = child.cpu_times()
    assert (after.user + after.system) - (before.user + before.system) <= 0.03


def test_numbers_of_readings_grow_and_times_too(watch: Callable[..., Watcher], news: News, scene: Path) -> None:
    watch(camera=str(scene), fast=True).wake()
    news.reading(lambda one: one.number >= 5)
    numbers = [one.number for one in news.readings]
    times = [one.time for one in news.readings]
    assert numbers == list(range(1, len(numbers) + 1))
    assert times == sorted(times)


def test_preview_comes_only_while_asked_for(watch: Callable[..., Watcher], news: News, scene: Path) -> None:
    watcher = watch(camera=str(scene))
    watcher.wake()
    news.reading()
    assert watcher.latest_preview() is None
    watcher.preview(20)
    news.reading(lambda _: watcher.latest_preview() is not None)
    preview = watcher.latest_preview()
    assert preview is not None
    same = news.reading(lambda one: one.number == preview.number)
    assert same.time == preview.time
    picture = cv2.imdecode(np.frombuffer(preview.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (48, 64, 3)
    watcher.sleep()
    assert watcher.latest_preview() is None


def test_preview_ends_with_its_lease(watch: Callable[..., Watcher], news: News, scene: Path) -> None:
    watcher = watch(camera=str(scene), fast=True)
    watcher.wake()
    watcher.preview(0.3)
    begin = news.reading().time
    news.reading(lambda one: one.time > begin + 0.6)
    assert watcher.latest_preview() is None
    last = watcher._preview
    news.reading(lambda _: True, after=len(news.readings) + 5)
    assert watcher._preview is last  # the child sends no more pictures either


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is measured through /proc")
def test_leaking_child_is_replaced_and_said_so(watch: Callable[..., Watcher], news: News) -> None:
    watch(QUICK, memory_mb=20)
    state = news.state(lambda state: state.restarts >= 2)
    problem = state.problems[-1]
    assert problem.key == "watch"
    assert "MB of memory" in problem.cause


def test_killed_child_is_replaced_and_everything_is_as_before(
    watch: Callable[..., Watcher], news: News, scene: Path
) -> None:
    watcher = watch(QUICK, camera="browser")
    watcher.use_camera(str(scene))
    watcher.preview(60)
    watcher.wake()
    news.reading(lambda _: watcher.latest_preview() is not None)
    told = len(news.states)
    killed = _child()
    killed.send_signal(signal.SIGKILL)
    down = news.state(lambda state: state.restarts == 1)
    assert (down.camera, down.ready) == (CameraState.TROUBLE, False)
    assert down.problems[-1].key == "watch"
    assert "signal 9" in down.problems[-1].cause
    up = news.state(lambda state: state.restarts == 1 and state.camera is CameraState.SEEING, after=told)
    assert up.camera_name == str(scene)
    assert "watch" not in {problem.key for problem in up.problems}
    seen = len(news.readings)
    news.reading(lambda _: watcher.latest_preview() is not None, after=seen)
    assert _child().pid != killed.pid
    assert not psutil.pid_exists(killed.pid)  # and it is no zombie


def test_hung_child_is_noticed_and_replaced(watch: Callable[..., Watcher], news: News, scene: Path) -> None:
    watcher = watch(QUICK, camera=str(scene), capture_seconds=0.5)
    watcher.wake()
    news.reading()
    hung = _child()
    hung.send_signal(signal.SIGSTOP)
    down = news.state(lambda state: state.restarts == 1)
    assert "said nothing" in down.problems[-1].cause
    seen = len(news.readings)
    news.reading(after=seen)
    assert not psutil.pid_exists(hung.pid)


def test_child_that_hung_in_its_sleep_is_noticed_when_it_is_woken(
    watch: Callable[..., Watcher], news: News, scene: Path
) -> None:
    watcher = watch(QUICK, camera=str(scene), capture_seconds=0.5)
    news.state(lambda state: state.ready)
    _child().send_signal(signal.SIGSTOP)
    watcher.wake()
    news.reading()
    assert news.states[-1].restarts >= 1


def test_sleeping_child_is_left_alone_however_long_it_is_silent(watch: Callable[..., Watcher], news: News) -> None:
    watch(Patience(silence=0.1, memory=0.05), capture_seconds=0.1)
    news.state(lambda state: state.ready)
    pid = _child().pid
    threading.Event().wait(0.8)  # four deadlines; that nothing happens can only be seen by letting time pass
    assert _child().pid == pid
    assert news.states[-1].restarts == 0


def test_callers_never_wait_for_a_hung_child(watch: Callable[..., Watcher], news: News) -> None:
    watcher = watch(camera="browser")
    watcher.wake()
    news.state(lambda state: state.camera is not CameraState.ASLEEP)
    child = _child()
    child.send_signal(signal.SIGSTOP)
    begin = time.monotonic()
    for _ in range(200):
        watcher.wake()
        watcher.preview(1)
        watcher.show(PICTURE)
        watcher.use_camera("browser")
        watcher.sleep()
    assert time.monotonic() - begin < 2
    child.send_signal(signal.SIGCONT)


def test_browser_frames_are_seen_through_the_real_child(
    watch: Callable[..., Watcher], news: News, portrait: np.ndarray
) -> None:
    watcher = watch(camera="browser")
    jpeg = cv2.imencode(".jpg", portrait, (cv2.IMWRITE_JPEG_QUALITY, 85))[1].tobytes()
    assert not watcher.wants_browser_frames()
    watcher.show(jpeg)  # nobody looks: it is dropped
    watcher.wake()
    assert watcher.wants_browser_frames()
    news.state(lambda state: state.camera is CameraState.OPENING)
    watcher.show(jpeg)
    reading = news.reading(lambda one: bool(one.faces))
    assert (reading.width, reading.height) == (480, 480)
    watcher.sleep()
    assert not watcher.wants_browser_frames()


def test_browser_frames_above_ten_a_second_are_dropped_silently(watch: Callable[..., Watcher], news: News) -> None:
    watcher = watch(camera="browser", fast=True)
    watcher.wake()
    news.state(lambda state: state.camera is CameraState.OPENING)
    until = time.monotonic() + 0.5
    shown = 0
    while time.monotonic() < until:
        watcher.show(PICTURE)
        shown += 1
    news.reading()
    assert shown > 50
    assert len(news.readings) <= 7


@pytest.mark.parametrize("jpeg", [b"", b"hello", b"\xff\xd8\xff" + bytes(300_001)])
def test_frame_that_is_none_is_refused_at_once(tmp_path: Path, jpeg: bytes) -> None:
    watcher = Watcher(WatchSettings(), state=tmp_path, on_reading=lambda _: None, on_state=lambda _: None)
    with pytest.raises(CameraError):
        watcher.show(jpeg)
    watcher.close()


@given(st.binary(max_size=60))
def test_any_bytes_shown_are_taken_or_refused(data: bytes) -> None:
    watcher = Watcher(WatchSettings(), state=Path(), on_reading=lambda _: None, on_state=lambda _: None)
    try:
        watcher.show(data)
    except CameraError as error:
        assert str(error)  # noqa: PT017 - either outcome is fine, a third is not
    finally:
        watcher.close()


def test_broken_frames_are_trouble_and_the_child_lives_on(watch: Callable[..., Watcher], news: News) -> None:
    watcher = watch(camera="browser")
    watcher.wake()
    news.state(lambda state: state.camera is CameraState.OPENING)
    watcher.show(PICTURE[:300])  # its header is right, its picture is not there
    trouble = news.state(lambda state: state.camera is CameraState.TROUBLE)
    assert trouble.problems[-1].key == "camera"
    seen = len(news.readings)
    while len(news.readings) == seen and news.states[-1].restarts == 0:
        watcher.show(PICTURE)
        threading.Event().wait(0.02)
    assert news.states[-1].restarts == 0


def test_browser_that_sends_nothing_is_trouble_until_it_does(watch: Callable[..., Watcher], news: News) -> None:
    watcher = watch(camera="browser", capture_seconds=0.2)
    watcher.wake()
    trouble = news.state(lambda state: state.camera is CameraState.TROUBLE)
    assert "browser" in trouble.problems[-1].cause
    told = len(news.states)
    watcher.show(PICTURE)
    seeing = news.state(lambda state: state.camera is CameraState.SEEING, after=told)
    assert "camera" not in {problem.key for problem in seeing.problems}


def test_folder_that_appears_later_is_seen_by_itself(
    watch: Callable[..., Watcher], news: News, photos: Path, tmp_path: Path
) -> None:
    later = tmp_path / "later"
    watch(camera=str(later)).wake()
    trouble = news.state(lambda state: state.camera is CameraState.TROUBLE)
    assert str(later) in trouble.problems[-1].cause
    told = len(news.states)
    shutil.copytree(photos, later)
    seeing = news.state(lambda state: state.camera is CameraState.SEEING, after=told)
    assert "camera" not in {problem.key for problem in seeing.problems}
    assert seeing.restarts == 0


def test_camera_can_be_changed_while_looking(watch: Callable[..., Watcher], news: News, scene: Path) -> None:
    watcher = watch(camera="no-such-camera")
    watcher.wake()
    assert "no-such-camera" in news.state(lambda state: state.camera is CameraState.TROUBLE).problems[-1].cause
    watcher.use_camera(str(scene))
    news.state(lambda state: state.camera is CameraState.SEEING and state.camera_name == str(scene))
    watcher.use_camera("browser")
    news.state(lambda state: state.camera is CameraState.OPENING and state.camera_name == "browser")
    assert watcher.wants_browser_frames()


def test_pi_camera_is_seen_freezes_and_is_opened_again(
    watch: Callable[..., Watcher], news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(FAKES))
    monkeypatch.setenv("PICAMERA_FAKE", "freeze=3")
    watch(camera="picamera2", capture_seconds=0.1).wake()
    news.state(lambda state: state.camera is CameraState.SEEING)
    frozen = news.state(lambda state: state.camera is CameraState.TROUBLE)
    assert "frozen" in frozen.problems[-1].cause
    news.reading(lambda one: one.number >= 4)  # it was opened again and gave further frames
    assert news.states[-1].restarts == 0


def test_pi_camera_that_hangs_in_close_is_freed_by_ending_its_process(
    watch: Callable[..., Watcher], news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(FAKES))
    monkeypatch.setenv("PICAMERA_FAKE", "freeze=3,stuck")
    watch(QUICK, camera="picamera2", capture_seconds=0.1).wake()
    state = news.state(lambda state: state.restarts == 1)
    assert state.camera is CameraState.TROUBLE
    news.reading(after=len(news.readings))


def test_auto_keeps_its_real_camera_after_a_restart(
    watch: Callable[..., Watcher], news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(FAKES))
    watcher = watch(QUICK, camera="auto")
    watcher.wake()
    news.state(lambda state: state.camera is CameraState.SEEING and state.camera_name == "picamera2")
    monkeypatch.setenv("PICAMERA_FAKE", "none")  # the cable falls out, and the child dies of it
    _child().kill()
    trouble = news.state(lambda state: any(problem.key == "camera" for problem in state.problems))
    assert trouble.camera_name == "picamera2"
    assert "ribbon cable" in trouble.problems[-1].action


def test_broken_model_is_a_problem_and_no_crash_loop(
    watch: Callable[..., Watcher], news: News, scene: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "model.onnx"
    broken.write_bytes(b"")
    watcher = watch(camera=str(scene), model=str(broken))
    watcher.wake()
    reading = news.reading()
    assert reading.faces == ()
    assert watcher.labels() == ()
    assert "model" in {problem.key for problem in news.states[-1].problems}
    assert news.states[-1].restarts == 0


def test_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib, threading\n"
        "from moodbox.settings import WatchSettings\n"
        "from moodbox.watch.watcher import Watcher\n"
        "ready = threading.Event()\n"
        "w = Watcher(WatchSettings(camera='browser'), state=pathlib.Path(sys.argv[1]), on_reading=print,\n"
        "            on_state=lambda s: s.ready and ready.set())\n"
        "w.start(); ready.wait(60); print('ready', flush=True); threading.Event().wait(60)\n"
    )
    with psutil.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=-1) as parent:
        assert parent.stdout.readline() == b"ready\n"
        (child,) = parent.children()
        parent.kill()
    child.wait(10)
    assert not child.is_running()


def test_close_twice_before_start_and_after_is_fine(tmp_path: Path, news: News) -> None:
    watcher = Watcher(WatchSettings(), state=tmp_path, on_reading=news.hear_reading, on_state=news.hear_state)
    watcher.close()
    watcher.close()
    watcher.start()  # too late: nothing happens
    watcher.wake()
    assert not _children()


def test_twenty_rounds_leave_no_process_thread_or_descriptor(tmp_path: Path, news: News) -> None:
    def round_trip() -> None:
        watcher = Watcher(
            WatchSettings(camera="browser"), state=tmp_path, on_reading=news.hear_reading, on_state=news.hear_state
        )
        watcher.start()
        watcher.wake()
        watcher.close()

    round_trip()
    before = (_open_files(), threading.active_count())
    for _ in range(20):
        round_trip()
    assert (_open_files(), threading.active_count()) == before
    assert not _children()


def test_hung_child_is_killed_by_close(tmp_path: Path, news: News) -> None:
    watcher = Watcher(
        WatchSettings(camera="browser"),
        state=tmp_path,
        on_reading=news.hear_reading,
        on_state=news.hear_state,
        patience=Patience(closing=0.2),
    )
    watcher.start()
    news.state(lambda state: state.ready)
    pid = _child().pid
    os.kill(pid, signal.SIGSTOP)
    watcher.close()
    assert not psutil.pid_exists(pid)


def test_state_is_told_only_when_it_changed(watch: Callable[..., Watcher], news: News, scene: Path) -> None:
    watch(camera=str(scene), fast=True).wake()
    news.reading(lambda one: one.number >= 20)
    pairs: list[tuple[WatchState, WatchState]] = list(zip(news.states, news.states[1:], strict=False))
    assert all(before != after for before, after in pairs)


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
