"""Pressing: from the finger to the light and to the first sound, through the whole house on gpiozero's mock pins."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench.figures import Goal, Report, row
from bench.portrait import detector
from moodbox.events import Certainty, Gesture, HandSet, Press, Snapshot, Sounding, State, Watching
from moodbox.house import House
from moodbox.settings import PageSettings, Settings

_LIGHT = 0.05  # seconds
_SOUND = 1.5
_TAP = 0.08  # seconds that a finger stays on the button
_DEADLINE = 20.0
_LOOK = 0.0005  # seconds between two looks at the pins


def measure(presses: int, camera: str) -> Report:
    """Press a box that rests, with a mood it already knows; stop it again; press the next time."""
    with tempfile.TemporaryDirectory(prefix="moodbox-bench-") as folder:
        told = Settings(page=PageSettings(port=0))
        told = replace(
            told,
            box=replace(told.box, state=Path(folder), watching=Watching.ALWAYS),
            watch=replace(told.watch, camera=camera, detector=detector()),
            music=replace(told.music, output="none"),
        )
        with House(told, simulated=True) as house:
            house.start()
            finger = _Finger(house)
            how = finger.know_the_mood()
            measured = [finger.press() for _ in range(presses + 1)][1:]  # the first one warms up
    names = ("press to light", "press to first sound", "press to the page's first second")
    columns = zip(*measured, strict=True)
    rows = tuple(row(name, (1000.0 * s for s in column), "ms") for name, column in zip(names, columns, strict=True))
    return Report(
        "Pressing: the whole house, mood known",
        rows,
        (
            Goal("press to light, p95", rows[0].p95, 1000.0 * _LIGHT, "ms"),
            Goal("press to first sound, p95", rows[1].p95, 1000.0 * _SOUND, "ms"),
            Goal("press to the page's first second, p95", rows[2].p95, 1000.0 * _SOUND, "ms"),
        ),
        (
            f"{presses} presses, camera {camera} awake, mood from {how}",
            f"their times have in them a tap of {1000 * _TAP:.0f} ms and the 400 ms in which it may become a double",
        ),
    )


class _Finger:
    """Press the button of a house and look at what the box does."""

    def __init__(self, house: House) -> None:
        if house.panel is None:
            raise SystemExit("the simulated box has no panel")
        self._house, self._panel = house, house.panel
        self._key = ""  # of the last piece

    def know_the_mood(self) -> str:
        """Wait until the box knows how the face looks, or say it by hand; return which."""
        self._until(lambda shown: shown.state is State.IDLE)
        try:
            self._until(lambda shown: bool(shown.mood and shown.mood.certainty is Certainty.SURE), seconds=10.0)
        except TimeoutError:
            self._house.put(HandSet("happy"))
            self._until(lambda shown: shown.hand == "happy")
            return "the owner's choice"
        return "the camera"

    def press(self) -> tuple[float, float, float]:
        """Return seconds to the light, to the first sound and to a second of it for the page; then stop again."""
        before = self._settled()
        pressed = time.monotonic()
        self._panel.touch(True)
        self._wait(lambda: self._panel.color() != before)
        lit = time.monotonic() - pressed
        time.sleep(max(0.0, _TAP - lit))
        self._panel.touch(False)
        playing = self._until(self._another_plays)
        sounded = time.monotonic() - pressed
        piece = playing.playback.piece
        self._key = piece.key if piece else ""
        if not any(self._first_second()):
            raise SystemExit("the box says that it plays, but there is no sound")
        heard = time.monotonic() - pressed
        self._house.put(Press(Gesture.HOLD, "page", time.monotonic()))
        self._until(lambda shown: shown.state is State.IDLE)
        return lit, sounded, heard

    def _first_second(self) -> bytes:
        """Read what the page would hear first, from the piece as it grows or from its file."""
        stop = 44 + 44100 * 4  # bytes: a WAV header and a second of 16-bit stereo
        sound = self._house.sound(self._key)
        return b"".join(sound.between(44, stop)) if sound is not None else b""

    def _another_plays(self, shown: Snapshot) -> bool:
        playback = shown.playback
        new = playback.piece is not None and playback.piece.key != self._key
        return shown.state is State.PLAYING and playback.sounding is Sounding.PLAYING and new

    def _settled(self) -> tuple[float, float, float]:
        """Wait until the light has stood still for half a second."""
        still, since, end = self._panel.color(), time.monotonic(), time.monotonic() + _DEADLINE
        while time.monotonic() - since < 0.5:
            time.sleep(0.02)
            if self._panel.color() != still:
                still, since = self._panel.color(), time.monotonic()
            if time.monotonic() > end:
                raise SystemExit("the light does not come to rest")
        return still

    def _wait(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + _DEADLINE
        while not true():
            if time.monotonic() > end:
                raise SystemExit("the light did not answer the press")
            time.sleep(_LOOK)

    def _until(self, true: Callable[[Snapshot], bool], seconds: float = _DEADLINE) -> Snapshot:
        end = time.monotonic() + seconds
        shown = self._house.board.latest()
        while not true(shown):
            changed = self._house.board.wait(shown.number, max(0.0, end - time.monotonic()))
            if changed is None:
                raise TimeoutError(f"the box is still {shown.state}: {shown.words}")
            shown = changed
            if time.monotonic() > end:
                raise TimeoutError(f"the box is still {shown.state}: {shown.words}")
        return shown


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.pressing", description=__doc__)
    parser.add_argument("--presses", type=int, default=30)
    parser.add_argument("--camera", default="demo")
    given = parser.parse_args()
    print(json.dumps(measure(given.presses, given.camera).to_json()))


if __name__ == "__main__":
    main()
