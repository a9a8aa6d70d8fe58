"""The watcher: owns the child process that sees, starts it again when it fails, and never blocks anybody."""

from __future__ import annotations

import logging
import select
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from moodbox.errors import MoodboxError
from moodbox.events import CameraState, Problem, Reading, WatchState
from moodbox.settings import WatchSettings
from moodbox.watch.camera.names import AUTO, BROWSER, STAND_INS
from moodbox.watch.jpeg import check_jpeg
from moodbox.watch.life import ChildEndedError, Life, Patience
from moodbox.watch.message import read_reading, read_state
from moodbox.watch.process import ChildProcess
from moodbox.watch.wanted import Wanted
from moodbox.watch.wire import Message

_log = logging.getLogger(__name__)

_FRAME_PERIOD = 0.095  # seconds between two frames of the browser: at most ten a second
_JOIN = 10.0  # seconds, on top of those given to the child


@dataclass(frozen=True, slots=True)
class Preview:
    """A JPEG of what the camera sees; `number` is that of the reading of the same frame."""

    number: int
    time: float
    jpeg: bytes


class Watcher:
    """See through a child process. News come through the two callbacks, in the watcher's own thread."""

    def __init__(
        self,
        settings: WatchSettings,
        *,
        state: Path,
        on_reading: Callable[[Reading], None],
        on_state: Callable[[WatchState], None],
        patience: Patience | None = None,
    ) -> None:
        self._settings, self._folder = settings, state
        self._on_reading, self._on_state = on_reading, on_state
        patience = patience or Patience()
        self._patience = replace(patience, silence=patience.silence + settings.capture_seconds)
        self._wanted = Wanted(settings.camera)
        self._lock = threading.Lock()
        self._state = WatchState()
        self._labels: tuple[str, ...] = ()
        self._preview: Preview | None = None
        self._last_frame = 0.0
        self._settled = ""  # which real camera "auto" turned out to be
        self._thread: threading.Thread | None = None

    # --- for every thread; none of these waits, but `close` ---------------------------------------------------------

    def start(self) -> None:
        """Start thread and child; returns at once."""
        with self._lock:
            if self._thread is None and not self._wanted.latest().closing:
                self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
                self._thread.start()

    def wake(self) -> None:
        """Open the camera and look."""
        self._wanted.change(awake=True)

    def sleep(self) -> None:
        """Close the camera; the child stays, with its models loaded."""
        self._wanted.change(awake=False, frame=None)

    def use_camera(self, name: str) -> None:
        """Look through another camera from now on, named as in the settings."""
        self._settled = ""
        self._wanted.change(camera=name, frame=None)

    def preview(self, seconds: float) -> None:
        """Ask for pictures, ten a second at most, for so long from now."""
        self._wanted.change(preview_until=time.monotonic() + seconds)

    def latest_preview(self) -> Preview | None:
        """Return the newest picture; None when nobody asked for one or the camera sleeps."""
        want = self._wanted.latest()
        return self._preview if want.awake and time.monotonic() < want.preview_until else None

    def show(self, jpeg: bytes) -> None:
        """Hand on a frame of the browser's camera; those above ten a second are dropped. Raises CameraError."""
        check_jpeg(jpeg)
        now = time.monotonic()
        with self._lock:
            if now - self._last_frame < _FRAME_PERIOD or not self.wants_browser_frames():
                return
            self._last_frame = now
        self._wanted.change(frame=jpeg)

    def wants_browser_frames(self) -> bool:
        """Say whether the camera is `browser` and awake."""
        want = self._wanted.latest()
        name = self._state.camera_name if want.camera == AUTO else want.camera
        return want.awake and name == BROWSER

    def labels(self) -> tuple[str, ...]:
        """Return the labels of the model, none until the child is ready."""
        return self._labels

    def close(self) -> None:
        """End child and thread, within seconds; may be called twice."""
        self._wanted.change(closing=True)
        with self._lock:
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(self._patience.closing + _JOIN)
            if thread.is_alive():
                _log.error("the watcher's thread did not end in time")
                return
        self._wanted.close()

    # --- the watcher's own thread -----------------------------------------------------------------------------------

    def _run(self) -> None:
        pause = self._patience.first_pause
        while not self._wanted.latest().closing:
            born = time.monotonic()
            why = self._live()
            if not why:
                break
            if time.monotonic() - born >= self._patience.healthy:
                pause = self._patience.first_pause
            _log.warning("the process that sees failed, %s; the next one starts in %.1f s", why, pause)
            self._tell_failure(why)
            self._rest(pause)
            pause = min(2 * pause, self._patience.last_pause)

    def _live(self) -> str:
        """Run one child; return why it failed, or "" when the watcher closes."""
        try:
            child = ChildProcess(self._settings, self._folder)
        except OSError as error:
            return f"it cannot be started ({error.strerror})"
        why, ended = "", False
        try:
            self._life(child).lead()
        except ChildEndedError as error:
            why, ended = str(error), True
        except MoodboxError as error:
            why = str(error)
        except Exception as error:  # noqa: BLE001 - the top of this thread: seeing must come back whatever happens
            _log.exception("the watcher failed")
            why = f"of a mistake of ours ({type(error).__name__})"
        # Only an open camera deserves time: a child that still loads, or that failed, has nothing to tidy.
        code = child.end(self._patience.closing if self._state.ready and not why else 0.0)
        return f"{why} ({_end(code)})" if ended else why

    def _life(self, child: ChildProcess) -> Life:
        return Life(
            child,
            self._wanted,
            self._patience,
            memory_mb=self._settings.memory_mb,
            settled=self._settled,
            on_message=self._take,
        )

    def _take(self, message: Message) -> bool:
        """Follow one message of the child; return whether it is awake."""
        if message.word == "reading":
            reading = read_reading(message.values)
            if message.jpeg:
                self._preview = Preview(reading.number, reading.time, message.jpeg)
            self._on_reading(reading)
        elif message.word == "ready":
            self._labels = tuple(map(str, message.values.get("labels", ())))
        elif message.word == "state":
            state = read_state(message.values)
            if self._wanted.latest().camera == AUTO and state.camera_name not in {AUTO, "", *STAND_INS}:
                self._settled = state.camera_name
            self._publish(replace(state, restarts=self._state.restarts))
        return self._state.camera is not CameraState.ASLEEP

    def _tell_failure(self, why: str) -> None:
        """Say that nothing is seen for the moment, and count the restart that follows."""
        want = self._wanted.latest()
        self._preview = None
        problem = Problem(
            "watch",
            f"The part that sees stopped: {why}",
            "It starts again by itself; when this keeps happening, restart the box",
        )
        camera = CameraState.TROUBLE if want.awake else CameraState.ASLEEP
        others = tuple(one for one in self._state.problems if one.key not in {"watch", "camera"})
        self._publish(
            replace(
                self._state,
                camera=camera,
                rate=0.0,
                ready=False,
                restarts=self._state.restarts + 1,
                problems=(*others, problem),
            )
        )

    def _publish(self, state: WatchState) -> None:
        if state != self._state:
            self._state = state
            self._on_state(state)

    def _rest(self, seconds: float) -> None:
        """Wait before the next child, unless the watcher closes."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self._wanted.latest().closing:
            if select.select([self._wanted], [], [], left)[0]:
                self._wanted.hear()


def _end(code: int | None) -> str:
    if code is None:
        return "and cannot be cleared away"
    return f"exit code {code}" if code >= 0 else f"signal {-code}"
