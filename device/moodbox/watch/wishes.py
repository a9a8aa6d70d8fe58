"""What the parent wants of its child right now: written by the thread that listens, read by the one that looks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from moodbox.watch.camera.browser import Doorstep
from moodbox.watch.wire import Message


@dataclass(frozen=True, slots=True)
class Wish:
    """The latest word of the parent."""

    awake: bool = False
    camera: str = ""
    settled: str = ""  # which real camera "auto" was before a restart
    preview_until: float = 0.0
    ended: bool = False


class Wishes:
    """Keep the latest wish, and let one thread wait for it to change."""

    def __init__(self, doorstep: Doorstep) -> None:
        self._doorstep = doorstep
        self._changed = threading.Condition()
        self._wish = Wish()

    def latest(self) -> Wish:
        """Return the wish as of now."""
        with self._changed:
            return self._wish

    def take(self, message: Message) -> None:
        """Follow one message of the parent; unknown words of a newer parent are passed over."""
        values = message.values
        if message.word == "look":
            self._change(
                awake=bool(values["awake"]), camera=str(values["camera"]), settled=str(values.get("settled", ""))
            )
        elif message.word == "preview":
            self._change(preview_until=time.monotonic() + float(values["seconds"]))
        elif message.word == "frame":
            self._doorstep.put(message.jpeg)

    def end(self) -> None:
        """Note that the parent is gone."""
        self._change(ended=True)

    def wait(self, until: Callable[[Wish], bool], seconds: float | None) -> Wish:
        """Return the latest wish once it is as told, or `seconds` have passed; None waits for ever (asleep)."""
        with self._changed:
            self._changed.wait_for(lambda: until(self._wish), timeout=seconds)
            return self._wish

    def _change(self, **values: bool | str | float) -> None:
        with self._changed:
            self._wish = replace(self._wish, **values)  # type: ignore[arg-type]  # each value has its field's type above
            self._changed.notify_all()
