"""A desk without a house: a real board, and rooms that do what they are told and remember it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from moodbox.board import Board
from moodbox.errors import CameraError
from moodbox.events import (
    CameraState,
    Certainty,
    Event,
    Expression,
    Face,
    Gesture,
    HandSet,
    Light,
    Mood,
    Motion,
    PauseChosen,
    Piece,
    PieceChosen,
    Playback,
    Press,
    Reading,
    Rect,
    Snapshot,
    Sounding,
    State,
    StrategyChosen,
    VolumeChosen,
    WatchingChosen,
    WatchState,
)
from moodbox.page.desk import Growing
from moodbox.settings import Settings
from tests.fakes.pieces_desk import FakePiecesDesk
from tests.fakes.spotify_desk import SONG, FakeSpotifyDesk

LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
HAPPY = (0.02, 0.01, 0.03, 0.81, 0.02, 0.04, 0.07)
PIECE = Piece("piece-1", "Morning in D major", "happy", 75.0, "rules")


@dataclass(frozen=True)
class FakePreview:
    number: int
    time: float
    jpeg: bytes


class FakeWatcher:
    """Remember leases, frames and the camera; refuse what the real one refuses."""

    def __init__(self) -> None:
        self.leases: list[float] = []
        self.frames: list[bytes] = []
        self.camera = "demo"
        self.wanted = False
        self.picture: FakePreview | None = None

    def preview(self, seconds: float) -> None:
        self.leases.append(seconds)

    def latest_preview(self) -> FakePreview | None:
        return self.picture

    def show(self, jpeg: bytes) -> None:
        if not jpeg.startswith(b"\xff\xd8"):
            raise CameraError("That frame is not a JPEG picture: load the page again")
        self.frames.append(jpeg)

    def wants_browser_frames(self) -> bool:
        return self.wanted

    def use_camera(self, name: str) -> None:
        self.camera = name


class FakePanel:
    """White while it is held, else the colour it was given; a release counts as a short press."""

    def __init__(self, desk: FakeDesk) -> None:
        self.desk = desk
        self.touches: list[bool] = []
        self.held = False
        self.lit = (0.0, 0.0, 0.0)

    def color(self) -> tuple[float, float, float]:
        return (1.0, 1.0, 1.0) if self.held else self.lit

    def touch(self, down: bool) -> None:  # noqa: FBT001 - as the real panel
        self.touches.append(down)
        if self.held and not down:
            self.desk.put(Press(Gesture.SHORT, "button", time.monotonic()))
        self.held = down


class FakeSound:
    """A WAV in memory, handed out in parts as a real one is."""

    def __init__(self, data: bytes, part: int = 65_536) -> None:
        self._data, self._part = data, part
        self.size = len(data)

    def between(self, start: int, stop: int) -> Iterator[bytes]:
        for at in range(start, stop, self._part):
            yield self._data[at : min(stop, at + self._part)]


class FakeDesk:
    """Answer the events that the page puts, the way a box would, at once."""

    def __init__(
        self, *, simulated: bool = True, settings: Settings | None = None, spotify: FakeSpotifyDesk | None = None
    ) -> None:
        self.spotify = spotify
        self.pieces: FakePiecesDesk | None = None
        self.board = Board()
        self.settings = settings or Settings()
        self.simulated = simulated
        self.events: list[Event] = []
        self.watcher = FakeWatcher()
        self.panel: FakePanel | None = FakePanel(self)
        self.sounds: dict[str, Growing] = {}
        self.show(state=State.IDLE, words="Look at me and press the button.")

    def show(self, **changes: object) -> Snapshot:
        """Publish the next snapshot."""
        now = self.board.latest()
        self.board.publish(replace(now, number=now.number + 1, **changes))
        return self.board.latest()

    def put(self, event: Event) -> None:
        self.events.append(event)
        now = self.board.latest()
        match event:
            case Press(Gesture.SHORT):
                self.play()
            case Press(Gesture.HOLD):
                self.show(state=State.IDLE, words="Quiet again.", playback=Playback(player="composer"))
            case PieceChosen(key) if self.pieces and (piece := self.pieces.find(key)):
                self.play(Piece(key, piece.title, piece.label, piece.seconds, piece.composer))
            case HandSet(label):
                self.show(hand=label)
            case StrategyChosen(strategy):
                self.show(strategy=strategy)
            case WatchingChosen(watching):
                self.show(watching=watching)
            case VolumeChosen(volume):
                self.show(playback=replace(now.playback, volume=volume))
            case PauseChosen(paused):
                sounding = Sounding.PAUSED if paused else Sounding.PLAYING
                self.show(playback=replace(now.playback, sounding=sounding, time=time.monotonic()))

    def sound(self, key: str) -> Growing | None:
        return self.sounds.get(key)

    def play(self, piece: Piece = PIECE) -> None:
        """Play a piece from its start."""
        why = "You look happy, so this is bright and quick."
        before = self.board.latest().playback
        playback = Playback(
            Sounding.PLAYING, "composer", piece, 0.0, time.monotonic(), 0, before.volume, why, output="this page only"
        )
        light = Light(Motion.STEADY, (0.94, 0.89, 0.26))
        if self.panel:
            self.panel.lit = (0.75, 0.7, 0.2)
        self.show(state=State.PLAYING, words="You look happy.", light=light, playback=playback)

    def play_song(self, piece: Piece = SONG, source: str = "Sunshine on the balcony", output: str = "Kitchen") -> None:
        """Play a song of Spotify's from its start."""
        self.play(piece)
        now = self.board.latest().playback
        self.show(playback=replace(now, player="spotify", source=source, output=output, audible=True))

    def look(self, number: int = 1) -> None:
        """See one happy face."""
        mood = Mood(dict(zip(LABELS, HAPPY, strict=True)), 0.58, 0.42, 0.74, 1, Certainty.SURE, time.monotonic())
        watch = WatchState(CameraState.SEEING, self.watcher.camera, "yunet", "moodnet 2026.11.1", 14.8, 0, ready=True)
        self.show(mood=mood, watch=watch, reading=reading(number))


def reading(number: int = 1) -> Reading:
    """Make a reading of one happy face in the middle."""
    return Reading(
        number, time.monotonic(), 640, 480, LABELS, (Expression(Face(Rect(220, 100, 190, 220), 0.97), HAPPY),)
    )
