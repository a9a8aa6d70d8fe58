"""The whole box with something broken: one clear sentence, nothing lost, and the rest goes on."""

import gc
import os
import shutil
import signal
import socket
import threading
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from moodbox.cli import main
from moodbox.errors import PageError
from moodbox.events import CameraState, Sounding, State, Watching, WatchingChosen


def problem(snapshot, key):
    found = {one.key: one for one in snapshot.problems}.get(key)
    return found.cause if found else ""


def playing(snapshot):
    return snapshot.state is State.PLAYING and snapshot.playback.sounding is Sounding.PLAYING


def test_face_and_press_become_music(make_house):
    house = make_house()
    assert house.ready().watch.ready
    house.short_press()
    shown = house.until(playing)
    assert shown.playback.piece is not None
    assert house.sound(shown.playback.piece.key)
    assert shown.playback.why


def test_killed_eyes_come_back_are_counted_and_the_press_is_answered(make_house):
    house = make_house()
    house.ready()
    (child,) = children()
    os.kill(child, signal.SIGKILL)
    house.short_press()
    house.until(playing)
    shown = house.until(lambda shown: shown.watch.ready and shown.watch.restarts == 1)
    assert not problem(shown, "watch")
    (again,) = children()
    assert again != child


@pytest.mark.parametrize("content", [b"", b"not a model"])
def test_broken_model_is_said_and_music_still_comes(make_house, tmp_path: Path, content):
    model = tmp_path / "model.onnx"
    model.write_bytes(content)
    house = make_house(lambda settings: replace(settings, watch=replace(settings.watch, model=str(model))))
    shown = house.until(lambda shown: bool(problem(shown, "model")))
    assert "model.onnx" in problem(shown, "model")
    house.short_press()
    shown = house.until(playing)
    assert shown.playback.piece is not None
    assert shown.playback.piece.label == "neutral"
    assert shown.watch.restarts == 0, "a broken model is no reason to restart for ever"


def test_missing_camera_is_said_and_comes_back(make_house, tmp_path: Path, faces: Path):
    later = tmp_path / "later"
    house = make_house(lambda settings: replace(settings, watch=replace(settings.watch, camera=str(later))))
    house.ready()
    house.short_press()
    shown = house.until(playing)
    assert str(later) in problem(shown, "camera")
    assert str(later) in shown.words, "the reason is the camera, not that nobody is there"
    shutil.copytree(faces, later)
    house.put(WatchingChosen(Watching.ALWAYS))
    house.until(lambda shown: shown.watch.camera is CameraState.SEEING and not problem(shown, "camera"))


def test_unwritable_state_folder_is_said_and_music_still_comes(make_house, tmp_path: Path):
    (tmp_path / "file").touch()
    bad = tmp_path / "file" / "state"
    house = make_house(lambda settings: replace(settings, box=replace(settings.box, state=bad)))
    shown = house.until(lambda shown: bool(problem(shown, "disk")))
    assert "cannot be written" in problem(shown, "disk")
    house.short_press()
    house.until(playing)


def test_full_disk_is_said_and_music_still_comes(small_disk: Path, make_house):
    house = make_house(lambda settings: replace(settings, box=replace(settings.box, state=small_disk)))
    house.ready()
    house.short_press()
    house.until(playing)
    shown = house.until(lambda shown: bool(problem(shown, "disk")))
    assert "No space left" in problem(shown, "disk") or "full" in problem(shown, "disk")


def test_port_in_use_is_one_sentence_and_everything_is_released(make_house):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PageError, match=f"{port} is already in use"):
            make_house(lambda settings: replace(settings, page=replace(settings.page, port=port)))


def test_port_in_use_on_the_command_line_is_one_sentence(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["simulate", "--camera", "demo", "--port", str(port)]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert f"{port} is already in use" in err


def test_foreign_address_is_refused_until_there_are_accounts(make_house):
    with pytest.raises(PageError, match=r"127\.0\.0\.1"):
        make_house(lambda settings: replace(settings, page=replace(settings.page, host="0.0.0.0")))  # noqa: S104 - that is the point


def test_closed_house_leaves_no_thread_child_or_file_behind(make_house):
    def count():
        gc.collect()  # what an earlier test of this process left to the collector must not be counted as ours
        return len(os.listdir("/proc/self/fd")), threading.active_count(), len(children())

    make_house().close()  # the first one also loads libraries that keep files of their own
    before = count()
    for _ in range(3):
        house = make_house()
        house.ready()
        house.short_press()
        house.until(playing)
        house.close()
        house.close()
    for now, then in zip(count(), before, strict=True):
        assert now <= then


def children() -> list[int]:
    """List the watching processes that this one started and that still live."""
    started = psutil.Process().children(recursive=True)
    return [child.pid for child in started if "moodbox.watch" in child.cmdline()]
