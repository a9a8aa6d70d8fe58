"""The thread of a local speaker's server: time goes on in its world, and its clients hear of it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from moodbox.standin.things import Device
from moodbox.standin.world import Happening, World

_TURN = 0.25  # seconds between two looks at the clock; a command's own news are told at once


class Pump:
    """Move the world on and pass on what happens on one device, in order and from one thread at a time."""

    def __init__(
        self,
        world: World,
        device: Callable[[], Device],
        tell: Callable[[str], None],
        name: str,
        *,
        tick: Callable[[], None] | None = None,
    ) -> None:
        self._world = world
        self._device = device
        self._tell = tell
        self._tick = tick
        self._news: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._awake = threading.Event()
        self._turning = threading.Lock()
        self._ending = False
        self._unlisten = world.listen(self._note)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def turn(self, *, timed: bool = True) -> None:
        """Move on to now and tell everything that happened since; `timed`: it was the clock that asked for it."""
        with self._turning:
            self._world.advance()
            if timed and self._tick is not None:
                self._tick()
            for _ in range(self._news.qsize()):  # what follows from telling is for the next turn
                self._tell(self._news.get_nowait())

    def close(self) -> None:
        """End; may be called twice."""
        self._ending = True
        self._awake.set()
        self._unlisten()
        if threading.current_thread() is not self._thread:
            self._thread.join(5.0)

    def _note(self, happening: Happening) -> None:
        """Take a note; the world's lock is held."""
        if happening.device_id == self._device().id:
            self._news.put(happening.kind)
            self._awake.set()

    def _run(self) -> None:
        woken = False
        while not self._ending:
            self.turn(timed=not woken)
            woken = self._awake.wait(_TURN)
            self._awake.clear()
