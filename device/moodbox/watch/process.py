"""The parent's hand on its child process: start it, measure it, end it."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from moodbox.settings import WatchSettings
from moodbox.watch.wire import Wire

_log = logging.getLogger(__name__)

_KILLING = 3.0  # seconds; a process that outlives SIGKILL is stuck in a driver
_ENVIRONMENT = {
    "OPENCV_LOG_LEVEL": "OFF",  # what fails comes as a result and is told in our words
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
    "OPENCV_IO_MAX_IMAGE_PIXELS": "200000000",  # a small file can declare a picture that fills the memory
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "2",  # seconds; 10 otherwise
    "LIBCAMERA_LOG_LEVELS": "*:ERROR",
    "OPENBLAS_NUM_THREADS": "1",  # each further thread holds some megabytes and has nothing to do
    "MALLOC_ARENA_MAX": "2",
}


class ChildProcess:
    """A running child and the line to it."""

    def __init__(self, settings: WatchSettings, state: Path) -> None:
        ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", "moodbox.watch", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=os.environ | _ENVIRONMENT,
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self.wire = Wire(ours)
        self._start = {"settings": asdict(settings), "state": str(state)}

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    def greet(self) -> None:
        """Send the settings, the child's first word. Raises WireError."""
        self.wire.send("start", self._start)

    def memory_mb(self) -> float:
        """Return its resident memory in megabytes, 0 where the system does not tell."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1]
        except (OSError, IndexError):
            return 0.0
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def end(self, seconds: float) -> int | None:
        """Hang up, wait so long, then kill; return the exit code, or None when even that did not end it."""
        self.wire.close()
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
        try:
            return self._process.wait(_KILLING)
        except subprocess.TimeoutExpired:
            _log.critical("process %d cannot be killed: it is stuck in a driver, restart the machine", self.pid)
            return None
