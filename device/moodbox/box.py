"""The box: one queue of events, one loop that runs the pure machine on them, and the actions that follow."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from moodbox import appearance
from moodbox.actions import (
    Action,
    ForgetMood,
    NextPiece,
    Pause,
    Play,
    SetVolume,
    Shutdown,
    SleepCamera,
    StopMusic,
    WakeCamera,
)
from moodbox.board import Board
from moodbox.events import (
    Event,
    Light,
    MoodChanged,
    PieceChosen,
    PieceFound,
    Problem,
    ProblemRaised,
    Reading,
    ReadingTaken,
    Snapshot,
    Step,
    Tick,
)
from moodbox.machine import NOT_KEPT, Memory, step
from moodbox.mood import MoodTracker
from moodbox.music.player import Player
from moodbox.watch.watcher import Watcher

log = logging.getLogger(__name__)

BEAT = 0.1  # seconds between ticks: fine enough for the deadlines of a press, 3 s


class Box:
    """Own the truth: take events from everywhere, act on them, and write what is so on the board."""

    def __init__(
        self,
        board: Board,
        watcher: Watcher,
        player: Player,
        show: Callable[[Light], None],
        *,
        memory: Memory | None = None,
        events: queue.SimpleQueue[Event] | None = None,
        find: Callable[[str], Step | None] = lambda _key: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Join the rooms; `events` is a queue into which they have been putting their news already.

        `find` returns the mood of a kept piece, or None; it must not wait.
        """
        self._find = find
        self._board, self._watcher, self._player, self._show, self._clock = board, watcher, player, show, clock
        self._memory = replace(memory or Memory(), started=clock(), now=clock(), playback=player.state())
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue() if events is None else events
        self._tracker = MoodTracker()
        self._reading: Reading | None = None
        self._light: Light | None = None
        self.ended = threading.Event()

    def put(self, event: Event) -> None:
        """Hand an event to the box; never blocks, from any thread."""
        self._events.put(event)

    def run(self) -> None:
        """Run until a shutdown; a failing event is logged and shown, and the loop goes on."""
        self._publish()
        while not self.ended.is_set():
            try:
                self._turn()
            except Exception:
                log.exception("the box could not answer an event")
                self.put(ProblemRaised(Problem("box", "The box stumbled over an event", "See the log; it goes on")))

    def _turn(self) -> None:
        """Answer the next event, or the clock when none comes."""
        try:
            event = self._events.get(timeout=BEAT)
        except queue.Empty:
            event = Tick(self._clock())
        if isinstance(event, ReadingTaken):
            self._reading = event.reading
            event = MoodChanged(self._tracker.add(event.reading))
        elif isinstance(event, PieceChosen):
            found = self._find(event.key)
            event = PieceFound(event.key, found) if found else ProblemRaised(NOT_KEPT)
        self._memory, actions = step(replace(self._memory, now=self._clock()), event)
        self._publish()  # light first: everything below may take a moment
        for action in actions:
            self._act(action)

    def _act(self, action: Action) -> None:
        match action:
            case WakeCamera():
                self._watcher.wake()
            case SleepCamera():
                self._watcher.sleep()
            case ForgetMood():
                self._tracker.reset()
            case Play(programme, run):
                self._player.play(programme, run)
            case NextPiece():
                self._player.next()
            case StopMusic():
                self._player.stop()
            case Pause(paused):
                self._player.pause() if paused else self._player.resume()
            case SetVolume(volume):
                self._player.set_volume(volume)
            case Shutdown():
                self.ended.set()

    def _publish(self) -> None:
        """Set the light and write the board, when anything changed."""
        memory = self._memory
        light = appearance.light(memory)
        if light != self._light:
            self._light = light
            self._show(light)
        before = self._board.latest()
        snapshot = Snapshot(
            number=before.number,
            state=memory.state,
            words=appearance.words(memory),
            light=light,
            mood=memory.mood,
            reading=self._reading,
            watch=memory.watch,
            playback=memory.playback,
            strategy=memory.strategy,
            watching=memory.watching,
            hand=memory.hand,
            problems=memory.problems,
        )
        if snapshot != before:
            self._board.publish(replace(snapshot, number=before.number + 1))
