"""Start the eyes: `python -m moodbox.watch DESCRIPTOR`, the parent's line being that descriptor."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import socket
import sys
import threading
from pathlib import Path

from moodbox.heap import give_back_large_blocks
from moodbox.settings import WatchSettings
from moodbox.watch.camera.browser import Doorstep
from moodbox.watch.camera.interface import CameraStuckError
from moodbox.watch.child import Child
from moodbox.watch.wire import Wire, WireError
from moodbox.watch.wishes import Wishes

_log = logging.getLogger("moodbox.watch")

_SET_PARENT_DEATH_SIGNAL = 1  # linux/prctl.h
_FIRST_WORD = 30.0  # seconds for the parent to say what the settings are
_GRACE = 1.5  # seconds for the camera to close after the parent is gone
_STUCK = 3  # exit code


def main(descriptor: int) -> int:
    """Run the child until its parent is gone and return the exit code."""
    # Ctrl+C and a service manager's SIGTERM reach the whole group; the parent ends us in its own order by hanging up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _die_with_parent()
    give_back_large_blocks()
    wire = Wire(socket.socket(fileno=descriptor))
    first = wire.receive(_FIRST_WORD)
    if first is None or first.word != "start":
        return 0
    doorstep = Doorstep()
    wishes = Wishes(doorstep)
    done = threading.Event()
    threading.Thread(target=_listen, args=(wire, wishes, done), name="listen", daemon=True).start()
    settings = WatchSettings(**first.values["settings"])
    try:
        Child(wire, wishes, doorstep, settings, Path(first.values["state"])).run()
    except CameraStuckError as error:
        _log.error("%s", error)
        return _STUCK
    except WireError as error:
        if not wishes.latest().ended:
            _log.warning("%s", error)
    finally:
        done.set()
    return 0


def _listen(wire: Wire, wishes: Wishes, done: threading.Event) -> None:
    """Take the parent's wishes; when it is gone, leave even if the camera hangs in its driver."""
    try:
        while (message := wire.receive()) is not None:
            wishes.take(message)
    except WireError as error:
        _log.warning("%s", error)
    finally:
        wishes.end()
        done.wait(_GRACE)
        os._exit(0)


def _die_with_parent() -> None:
    """Ask Linux to kill us with our parent, for when even the listening thread cannot run."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    code = main(int(sys.argv[1]))
    logging.shutdown()
    os._exit(code)  # the libraries' own good-byes can take seconds, and may hang with a camera
