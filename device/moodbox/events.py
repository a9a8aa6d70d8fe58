"""The small values that rooms hand to each other.

Everything is frozen. Times are seconds of `time.monotonic()` (one clock for all processes of a machine) unless a
name says otherwise; pixels are those of the full frame; probabilities, levels and colours are 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """Where the box is; every one has its light and its words."""

    STARTING = "starting"
    SETUP = "setup"
    IDLE = "idle"
    WATCHING = "watching"
    THINKING = "thinking"
    PLAYING = "playing"
    TROUBLE = "trouble"
    STOPPING = "stopping"


class Gesture(StrEnum):
    """What a finger did to the button."""

    DOWN = "down"  # the moment of touching: light answers it, nothing else does
    SHORT = "short"  # play for this mood, or the next piece
    DOUBLE = "double"  # switch between match and lift
    HOLD = "hold"  # 1.5 s: stop
    LONG_HOLD = "long_hold"  # 8 s: safe shutdown


class Motion(StrEnum):
    """How the light moves; motion tells the state, colour supports it."""

    OFF = "off"
    STEADY = "steady"
    BREATHE = "breathe"
    CHASE = "chase"
    BLINK = "blink"
    PULSE = "pulse"


class Certainty(StrEnum):
    """How far a mood may be trusted."""

    SURE = "sure"
    NOT_SURE = "not_sure"  # faces, but no clear expression
    MIXED = "mixed"  # faces that disagree
    NOBODY = "nobody"  # no face for some seconds


class Strategy(StrEnum):
    """What music should do with a mood."""

    MATCH = "match"
    LIFT = "lift"


class Watching(StrEnum):
    """When the camera is awake."""

    ON_PRESS = "on_press"
    ALWAYS = "always"


class CameraState(StrEnum):
    """What the camera is doing; shown as it is, never better than it is."""

    ASLEEP = "asleep"
    OPENING = "opening"
    SEEING = "seeing"
    TROUBLE = "trouble"


class Sounding(StrEnum):
    """What the player is doing."""

    SILENT = "silent"
    PREPARING = "preparing"
    PLAYING = "playing"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Problem:
    """A trouble the owner can solve: a stable key, its cause, and one thing to do. Stays until it is gone."""

    key: str
    cause: str
    action: str


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in pixels of the full frame; may reach over its edge."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Face:
    """One detected face. `landmarks` are (x, y) of right eye, left eye, nose, right and left mouth corner, or empty."""

    rect: Rect
    score: float
    landmarks: tuple[tuple[float, float], ...] = ()
    sharpness: float = 1.0  # 0 (blurred) .. 1 (sharp enough)


@dataclass(frozen=True, slots=True)
class Expression:
    """A face with its class probabilities, in the order of `Reading.labels`."""

    face: Face
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one frame showed. `time` is when the frame was taken, `seconds` the cost of each stage."""

    number: int
    time: float
    width: int
    height: int
    labels: tuple[str, ...]
    faces: tuple[Expression, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WatchState:
    """How seeing is: the camera, the detector, the model, and what went wrong."""

    camera: CameraState = CameraState.ASLEEP
    camera_name: str = ""
    detector: str = ""  # "yunet", "haar" or "" while the child starts
    model: str = ""  # name and version of the expression model
    rate: float = 0.0  # frames read per second
    restarts: int = 0  # of the child process since the program started
    ready: bool = False  # the child has loaded its models and answers
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Mood:
    """How somebody looks. `probabilities` is a distribution over labels; valence and arousal are -1..1."""

    probabilities: dict[str, float]
    valence: float
    arousal: float
    confidence: float
    faces: int
    certainty: Certainty
    time: float
    by_hand: bool = False

    @property
    def label(self) -> str:
        """Name the most probable class, or "" when nobody is there."""
        return max(self.probabilities, key=self.probabilities.__getitem__) if self.probabilities else ""


@dataclass(frozen=True, slots=True)
class Light:
    """How the light should look: motion, colour (r, g, b) and the seconds of one round of its motion."""

    motion: Motion
    color: tuple[float, float, float] = (1.0, 1.0, 1.0)
    period: float = 2.0


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch of a programme: the mood its music should carry."""

    label: str
    valence: float
    arousal: float


@dataclass(frozen=True, slots=True)
class Programme:
    """What to play and why, in words for the owner. A player walks the steps and stays on the last one."""

    steps: tuple[Step, ...]
    strategy: Strategy
    why: str
    piece: str = ""  # key of a kept piece of the composer's that is to be heard first; "" for new music


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of music as the page shows it; `key` names its files, `seconds` is its length."""

    key: str
    title: str
    label: str
    seconds: float
    composer: str  # who wrote it: "rules", later "lstm", or "spotify" for a track of theirs
    artists: tuple[str, ...] = ()
    cover: str = ""  # URL of its picture at Spotify
    uri: str = ""  # Spotify's name for it
    link: str = ""  # where it can be opened at Spotify
    artist_uris: tuple[str, ...] = ()  # in the order of `artists`


@dataclass(frozen=True, slots=True)
class Playback:
    """What a player is doing now. `position` is seconds into the piece at `time`."""

    sounding: Sounding = Sounding.SILENT
    player: str = ""
    piece: Piece | None = None
    position: float = 0.0
    time: float = 0.0
    step: int = 0  # index into the programme's steps
    volume: float = 0.6  # what the owner set, 0..1; the ceiling is applied below it
    why: str = ""
    source: str = ""  # name of the playlist it comes from
    output: str = ""  # where it sounds, in words: "Built-in Audio", "this page only", or the name of a speaker
    audible: bool = False  # a device plays it, so that the page need not
    problems: tuple[Problem, ...] = ()
    about: bool = False  # nobody could look what the speaker plays since this should have ended


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the page shows, as of one moment. `number` grows with every change."""

    number: int = 0
    state: State = State.STARTING
    words: str = ""  # the state in a sentence
    light: Light = field(default_factory=lambda: Light(Motion.OFF))
    mood: Mood | None = None
    reading: Reading | None = None
    watch: WatchState = field(default_factory=WatchState)
    playback: Playback = field(default_factory=Playback)
    strategy: Strategy = Strategy.MATCH
    watching: Watching = Watching.ON_PRESS
    hand: str | None = None  # mood label set by hand
    problems: tuple[Problem, ...] = ()


# --- what may be put into the box's queue -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Press:
    """A gesture, from the button ("button") or the page ("page")."""

    gesture: Gesture
    source: str
    time: float


@dataclass(frozen=True, slots=True)
class ReadingTaken:
    """A frame was read; the box's loop turns it into a mood."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class MoodChanged:
    """The mood as of now; comes with every reading."""

    mood: Mood


@dataclass(frozen=True, slots=True)
class WatchChanged:
    """Seeing changed its state."""

    watch: WatchState


@dataclass(frozen=True, slots=True)
class PlaybackChanged:
    """The player changed what it does. `run` is the number given to `play`, so that late news can be told apart."""

    playback: Playback
    run: int


@dataclass(frozen=True, slots=True)
class HandSet:
    """The owner chose a mood label on the page; None takes the choice back."""

    label: str | None


@dataclass(frozen=True, slots=True)
class StrategyChosen:
    """The owner chose match or lift."""

    strategy: Strategy


@dataclass(frozen=True, slots=True)
class WatchingChosen:
    """The owner chose when the camera is awake."""

    watching: Watching


@dataclass(frozen=True, slots=True)
class VolumeChosen:
    """The owner moved the volume, 0..1."""

    volume: float


@dataclass(frozen=True, slots=True)
class PauseChosen:
    """The owner paused (True) or resumed (False)."""

    paused: bool


@dataclass(frozen=True, slots=True)
class PieceChosen:
    """The owner wants to hear a kept piece of the composer's again."""

    key: str


@dataclass(frozen=True, slots=True)
class PieceFound:
    """The box found that piece; `step` is the mood it was written for."""

    key: str
    step: Step


@dataclass(frozen=True, slots=True)
class ProblemRaised:
    """Something outside seeing and playing is wrong (panel, page, disk)."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class ProblemSolved:
    """It is gone."""

    key: str


@dataclass(frozen=True, slots=True)
class Tick:
    """The clock moved; deadlines of the state machine hang on it."""

    time: float


@dataclass(frozen=True, slots=True)
class Stop:
    """The program is asked to end (signal, service manager)."""

    why: str


Event = (
    Press
    | ReadingTaken
    | MoodChanged
    | WatchChanged
    | PlaybackChanged
    | HandSet
    | StrategyChosen
    | WatchingChosen
    | VolumeChosen
    | PauseChosen
    | PieceChosen
    | PieceFound
    | ProblemRaised
    | ProblemSolved
    | Tick
    | Stop
)
