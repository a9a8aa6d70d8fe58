"""A whole box for the tests that break it: the real program, its child process, its page, on free ports."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from moodbox.events import Gesture, Press, Snapshot, State
from moodbox.house import House
from moodbox.settings import MusicSettings, PageSettings, Settings

DEADLINE = 30.0


class LiveHouse(House):
    """A house that a test can press and wait for."""

    def short_press(self) -> None:
        self.put(Press(Gesture.SHORT, "page", time.monotonic()))

    def until(self, true: Callable[[Snapshot], bool]) -> Snapshot:
        end = time.monotonic() + DEADLINE
        snapshot = self.board.latest()
        while not true(snapshot):
            changed = self.board.wait(snapshot.number, max(0.0, end - time.monotonic()))
            assert changed is not None, f"still {snapshot.state} ({snapshot.words}), problems {snapshot.problems}"
            snapshot = changed
        return snapshot

    def ready(self) -> Snapshot:
        return self.until(lambda shown: shown.state is not State.STARTING)


@pytest.fixture
def make_house(own_state: Path, shared_detector: str, faces: Path) -> Iterator[Callable[..., LiveHouse]]:
    """Return a maker of started houses that watch a folder of faces; every house is closed at the end."""
    houses: list[LiveHouse] = []

    def make(change: Callable[[Settings], Settings] = lambda settings: settings) -> LiveHouse:
        settings = Settings(page=PageSettings(port=0), music=MusicSettings(seconds=60.0, output="none"))
        watch = replace(settings.watch, camera=str(faces), detector=shared_detector, threads=1)
        house = LiveHouse(change(replace(settings, watch=watch)), simulated=True)
        houses.append(house)
        house.start()
        return house

    yield make
    for house in houses:
        house.close()
