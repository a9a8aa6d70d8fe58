"""The box's loop: events in, actions out, the board always true."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from moodbox.board import Board
from moodbox.box import Box
from moodbox.events import (
    Expression,
    Face,
    Gesture,
    Light,
    PieceChosen,
    Press,
    Problem,
    Reading,
    ReadingTaken,
    Rect,
    Snapshot,
    Sounding,
    State,
    Step,
    Stop,
    Strategy,
    VolumeChosen,
    WatchChanged,
    Watching,
    WatchState,
)
from moodbox.machine import Memory
from tests.fakes.rooms import FakePlayer, FakeWatcher

LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
DEADLINE = 10.0


class Setting:
    """A running box with its fake rooms, and a way to wait for what the board should say."""

    def __init__(self) -> None:
        self.kept: dict[str, Step] = {}
        self.board, self.watcher, self.player = Board(), FakeWatcher(), FakePlayer()
        self.lights: list[Light] = []
        memory = Memory(strategy=Strategy.MATCH, watching=Watching.ON_PRESS, look_seconds=4.0)
        rooms: Any = (self.watcher, self.player)
        self.now = 100.0
        self.box = Box(
            self.board, *rooms, self.lights.append, memory=memory, find=self.kept.get, clock=lambda: self.now
        )
        self.player.on_change = self.box.put
        self.thread = threading.Thread(target=self.box.run)
        self.thread.start()
        self.box.put(WatchChanged(WatchState(ready=True)))
        self.until(lambda shown: shown.state is State.IDLE)

    def press(self, gesture: Gesture = Gesture.SHORT) -> None:
        self.box.put(Press(gesture, "button", self.now))

    def face(self, *probabilities: float) -> None:
        face = Face(Rect(200, 100, 200, 200), 0.9)
        faces = (Expression(face, probabilities),)
        self.box.put(ReadingTaken(Reading(1, self.now, 640, 480, LABELS, faces)))

    def until(self, true: Callable[[Snapshot], bool]) -> Snapshot:
        snapshot = self.board.latest()
        while not true(snapshot):
            changed = self.board.wait(snapshot.number, DEADLINE)
            assert changed is not None, f"the board still says {snapshot.state}: {snapshot.words}"
            snapshot = changed
        return snapshot


@pytest.fixture
def setting() -> Iterator[Setting]:
    made = Setting()
    yield made
    made.box.put(Stop("end of test"))
    made.thread.join(timeout=DEADLINE)
    assert not made.thread.is_alive()


def test_press_and_a_happy_face_become_happy_music(setting: Setting):
    setting.press()
    setting.until(lambda shown: shown.state is State.WATCHING)
    assert setting.watcher.awake
    for _ in range(5):
        setting.now += 0.2
        setting.face(0.01, 0.01, 0.01, 0.93, 0.01, 0.01, 0.02)
    shown = setting.until(lambda shown: shown.state is State.PLAYING)
    assert shown.mood is not None
    assert shown.mood.label == "happy"
    assert setting.player.programmes[-1].steps[0].label == "happy"
    assert not setting.watcher.awake
    assert shown.reading is not None


def test_light_is_set_before_the_actions_that_may_take_long(setting: Setting):
    order: list[str] = []
    setting.watcher.wake = lambda: order.append(f"camera after {len(setting.lights)} lights")  # type: ignore[method-assign]
    known = len(setting.lights)
    setting.press()
    setting.until(lambda shown: shown.state is State.WATCHING)
    assert len(setting.lights) == known + 1
    setting.press(Gesture.HOLD)
    setting.until(lambda shown: shown.state is State.IDLE)
    assert order == [f"camera after {known + 1} lights"]


def test_volume_reaches_the_player_and_the_board(setting: Setting):
    setting.box.put(VolumeChosen(0.25))
    assert setting.until(lambda shown: shown.playback.volume == 0.25).playback.sounding is Sounding.SILENT


def test_room_that_fails_is_logged_shown_and_survived(setting: Setting, caplog: pytest.LogCaptureFixture):
    def broken(_level: float) -> None:
        raise RuntimeError("a loose wire")

    setting.player.set_volume = broken  # type: ignore[method-assign]
    setting.box.put(VolumeChosen(0.5))
    shown = setting.until(lambda shown: bool(shown.problems))
    assert [problem.key for problem in shown.problems] == ["box"]
    assert "a loose wire" in caplog.text
    setting.press()
    setting.until(lambda shown: shown.state is State.WATCHING)


def test_board_number_grows_only_with_changes(setting: Setting):
    before = setting.board.latest()
    setting.box.put(WatchChanged(before.watch))
    setting.box.put(WatchChanged(WatchState(ready=True, problems=(Problem("detector", "Old eyes", "Fetch"),))))
    after = setting.until(lambda shown: bool(shown.problems))
    assert after.number == before.number + 1


def test_shutdown_ends_the_loop(setting: Setting):
    setting.press(Gesture.LONG_HOLD)
    assert setting.box.ended.wait(DEADLINE)
    assert setting.board.latest().state is State.STOPPING


def test_kept_piece_plays_again_and_one_that_is_gone_is_said_and_changes_nothing(setting: Setting):
    setting.kept["0123456789abcdef"] = Step("sad", -0.6, -0.3)
    setting.box.put(PieceChosen("0123456789abcdef"))
    shown = setting.until(lambda shown: shown.state is State.PLAYING)
    assert setting.player.programmes[-1].piece == "0123456789abcdef"
    assert setting.player.programmes[-1].steps == (Step("sad", -0.6, -0.3),)
    assert (shown.words, shown.strategy) == ("You asked for this one again.", Strategy.MATCH)
    setting.box.put(PieceChosen("fedcba9876543210"))
    after = setting.until(lambda shown: bool(shown.problems))
    assert [problem.key for problem in after.problems] == ["piece"]
    assert (after.state, after.playback, after.light) == (shown.state, shown.playback, shown.light)
    assert len(setting.player.programmes) == 1
    setting.box.put(PieceChosen("0123456789abcdef"))
    setting.until(lambda shown: not shown.problems)
