"""The child by itself, on a line whose other end the test holds."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from moodbox.settings import WatchSettings
from moodbox.watch.camera.browser import Doorstep
from moodbox.watch.child import Child, _jpeg
from moodbox.watch.wire import Message, Wire, WireError
from moodbox.watch.wishes import Wishes


def test_preview_is_at_most_640_pixels_wide_and_a_real_jpeg() -> None:
    jpeg = _jpeg(np.full((960, 1280, 3), 120, np.uint8))
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (480, 640, 3)


def test_messages_of_a_newer_parent_are_passed_over() -> None:
    wishes = Wishes(Doorstep())
    before = wishes.latest()
    wishes.take(Message("dance", {"awake": True}))
    assert wishes.latest() == before


def test_newest_wish_wins() -> None:
    wishes = Wishes(Doorstep())
    for awake in (True, False, True):
        wishes.take(Message("look", {"awake": awake, "camera": "demo"}))
    assert wishes.latest().awake
    wishes.end()
    assert wishes.wait(lambda wish: wish.ended, 5).ended


def test_child_speaks_first_of_being_ready_then_asleep_and_ends_on_request(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        doorstep = Doorstep()
        wishes = Wishes(doorstep)
        child = Child(Wire(theirs), wishes, doorstep, WatchSettings(camera="browser", threads=1), tmp_path)
        thread = threading.Thread(target=child.run)
        thread.start()
        wire = Wire(ours)
        first, second = wire.receive(10), wire.receive(10)
        wishes.end()
        thread.join(10)
    assert first is not None
    assert second is not None
    assert (first.word, second.word, second.values["camera"]) == ("ready", "state", "asleep")
    assert len(first.values["labels"]) == 7
    assert not thread.is_alive()


def test_child_whose_parent_is_gone_ends_with_an_error_not_a_hang(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    ours.close()
    with theirs:
        doorstep = Doorstep()
        child = Child(Wire(theirs), Wishes(doorstep), doorstep, WatchSettings(threads=1), tmp_path)
        with pytest.raises(WireError, match="broke"):
            child.run()
