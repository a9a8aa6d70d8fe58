"""What the box does next: a pure function `(memory, event) -> (memory, actions)`.

Nothing here waits, sounds or looks; `box.Box` runs the actions. All times are seconds of `time.monotonic()`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

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
from moodbox.events import (
    CameraState,
    Certainty,
    Event,
    Gesture,
    HandSet,
    Mood,
    MoodChanged,
    PauseChosen,
    PieceFound,
    Playback,
    PlaybackChanged,
    Press,
    Problem,
    ProblemRaised,
    ProblemSolved,
    Programme,
    Sounding,
    State,
    Stop,
    Strategy,
    StrategyChosen,
    Tick,
    VolumeChosen,
    WatchChanged,
    Watching,
    WatchingChosen,
    WatchState,
)
from moodbox.mood import mood_by_hand
from moodbox.music.planner import plan

EVIDENCE = 0.6  # seconds of faces before a mood is believed: a third of the mood's own memory of 1.5 s
HURRY = 2.0  # seconds after a press when any face will do, so that music comes within 3 s
STALE = 2.0  # seconds after which a mood no longer says how somebody looks
TOUCH = 0.5  # seconds of light that answer a touch
AMBER = 2.5  # seconds of amber that say "not sure"
PULSE = 3.0  # seconds of red that say "trouble", then back
NOTICE = 5.0  # seconds that a remark stays in the words
AGAIN = "You asked for this one again."
NOT_KEPT = Problem("piece", "The piece that was asked for is not kept any more", "Choose another piece")
COMPOSING = 20.0  # seconds after which a silent player counts as stuck
STARTING = 10.0  # seconds after which the box opens even without eyes

EYES = frozenset({"camera", "watch", "model"})  # keys of the problems that keep the box from seeing
# Troubles that leave the box working as the owner expects are shown as words, without the red light.
QUIET_PROBLEMS = frozenset({"detector", "sound", "synth", "disk", "piece", "pieces", "composer"})
QUIET_BEGINNING = "spotify-"  # whatever Spotify's trouble is, the composer plays


@dataclass(frozen=True, slots=True)
class Memory:
    """All the box knows. `*_until` and `*_since` are times; 0 means not now."""

    state: State = State.STARTING
    now: float = 0.0
    started: float = 0.0
    look_seconds: float = 4.0
    strategy: Strategy = Strategy.MATCH
    watching: Watching = Watching.ON_PRESS
    hand: str | None = None
    mood: Mood | None = None
    played: Mood | None = None  # the mood that the present programme answers
    watch: WatchState = field(default_factory=WatchState)
    playback: Playback = field(default_factory=Playback)
    outside: tuple[Problem, ...] = ()  # problems of panel, page and disk
    blind: Problem | None = None  # why the camera failed when it was last awake; sleep does not mend it
    again: bool = False  # the present programme begins with a kept piece
    run: int = 0
    looking_since: float = 0.0
    face_since: float = 0.0  # first face since the press
    thinking_since: float = 0.0
    touched_until: float = 0.0
    amber_until: float = 0.0
    trouble_until: float = 0.0
    notice: str = ""
    notice_until: float = 0.0

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Collect every present problem, each key once."""
        blind = (self.blind,) if self.blind else ()
        everywhere = (*self.outside, *blind, *self.watch.problems, *self.playback.problems)
        return tuple({problem.key: problem for problem in everywhere}.values())


def is_quiet(problem: Problem) -> bool:
    """Say whether a problem is shown without the red light."""
    return problem.key in QUIET_PROBLEMS or problem.key.startswith(QUIET_BEGINNING)


Step = tuple[Memory, tuple[Action, ...]]


def step(memory: Memory, event: Event) -> Step:
    """Answer one event. Pure: equal arguments give equal results."""
    if memory.state is State.STOPPING:
        return memory, ()
    match event:
        case Press():
            return _press(replace(memory, now=max(memory.now, event.time)), event.gesture)
        case MoodChanged(mood):
            return _mood(replace(memory, mood=mood))
        case WatchChanged(watch):
            return _watch(memory, watch)
        case PlaybackChanged(playback, run):
            return _playback(memory, playback, run)
        case Tick(time):
            return _tick(replace(memory, now=max(memory.now, time)))
        case Stop():
            return _stop(memory)
        case ProblemRaised(problem):
            kept = tuple(known for known in memory.outside if known.key != problem.key)
            return _trouble(memory, replace(memory, outside=(*kept, problem))), ()
        case ProblemSolved(key):
            return replace(memory, outside=tuple(p for p in memory.outside if p.key != key)), ()
        case _:
            return _choice(memory, event)


# --- the button -------------------------------------------------------------------------------------------------


def _press(memory: Memory, gesture: Gesture) -> Step:
    match gesture:
        case Gesture.DOWN:
            return replace(memory, touched_until=memory.now + TOUCH), ()
        case Gesture.SHORT:
            return _short(memory)
        case Gesture.DOUBLE:
            other = Strategy.LIFT if memory.strategy is Strategy.MATCH else Strategy.MATCH
            return _strategy(memory, other)
        case Gesture.HOLD:
            return _silence(memory)
        case Gesture.LONG_HOLD:
            return _stop(memory)


def _short(memory: Memory) -> Step:
    """Play for this mood; when something plays already, go on to the next piece."""
    if memory.state is State.PLAYING:
        return _say(memory, "The next piece."), (NextPiece(),)
    if memory.state in (State.WATCHING, State.THINKING):
        return memory, ()  # the press before this one is being answered
    if memory.hand:
        return _play(memory, mood_by_hand(memory.hand, memory.now))
    fresh = memory.mood is not None and memory.now - memory.mood.time < STALE
    if memory.watching is Watching.ALWAYS and memory.mood and fresh and _clear(memory.mood):
        return _play(memory, memory.mood)
    looking = replace(memory, state=State.WATCHING, looking_since=memory.now, face_since=0.0, mood=None, notice="")
    return looking, (ForgetMood(), WakeCamera())


def _clear(mood: Mood) -> bool:
    return mood.certainty in (Certainty.SURE, Certainty.MIXED)


def _silence(memory: Memory) -> Step:
    silent = replace(memory.playback, sounding=Sounding.SILENT, piece=None, position=0.0, why="")
    # A new run number, so that late news of what was stopped do not count.
    quiet = replace(memory, state=State.IDLE, played=None, run=memory.run + 1, playback=silent)
    return _say(quiet, "Stopped."), (StopMusic(), *_sleep(memory))


def _stop(memory: Memory) -> Step:
    return replace(memory, state=State.STOPPING), (StopMusic(), SleepCamera(), Shutdown())


# --- looking and playing ----------------------------------------------------------------------------------------


def _mood(memory: Memory) -> Step:
    mood = memory.mood
    if memory.state is not State.WATCHING or mood is None or mood.faces == 0 or mood.time < memory.looking_since:
        return memory, ()
    seen = replace(memory, face_since=memory.face_since or mood.time)
    if _clear(mood) and mood.time - seen.face_since >= EVIDENCE:
        return _play(seen, mood)
    return seen, ()


def _look(memory: Memory) -> Step:
    """Decide by the clock how long looking may go on."""
    looked = memory.now - memory.looking_since
    if EYES & {problem.key for problem in memory.watch.problems}:
        return _play(memory, _nobody(memory.now), why=_excuse(memory))
    if looked >= HURRY and memory.mood is not None and memory.mood.faces > 0:
        return _play(memory, memory.mood)
    if looked >= memory.look_seconds:
        return _play(memory, _nobody(memory.now))
    return memory, ()


def _nobody(now: float) -> Mood:
    return Mood({}, 0.0, 0.0, 0.0, 0, Certainty.NOBODY, now)


def _excuse(memory: Memory) -> str:
    """Say why nothing was seen; "nobody is there" would be a guess."""
    causes = [problem.cause.rstrip(".") for problem in memory.watch.problems if problem.key in EYES]
    return f"{causes[0]}. So something even."


def _play(memory: Memory, mood: Mood, why: str = "") -> Step:
    """Plan for a mood and hand it to the player; looking is over. `why` replaces the planner's words."""
    programme = plan(mood, memory.strategy)
    return _begin(memory, mood, replace(programme, why=why) if why else programme)


def _again(memory: Memory, found: PieceFound) -> Step:
    """Play a kept piece, and then new ones of its mood; match or lift stays as it is."""
    asked = found.step
    mood = Mood({asked.label: 1.0}, asked.valence, asked.arousal, 1.0, 0, Certainty.SURE, memory.now, by_hand=True)
    return _begin(memory, mood, Programme((asked,), memory.strategy, AGAIN, found.key))


def _begin(memory: Memory, mood: Mood, programme: Programme) -> Step:
    unsure = not mood.by_hand and mood.certainty is not Certainty.SURE
    thinking = replace(
        memory,
        state=State.THINKING,
        played=mood,
        again=bool(programme.piece),
        outside=tuple(problem for problem in memory.outside if problem.key != NOT_KEPT.key),
        run=memory.run + 1,
        thinking_since=memory.now,
        amber_until=memory.now + AMBER if unsure else 0.0,
        notice="",
    )
    return thinking, (*_sleep(memory), Play(programme, thinking.run))


def _sleep(memory: Memory) -> tuple[Action, ...]:
    return (SleepCamera(),) if memory.watching is Watching.ON_PRESS else ()


def _playback(memory: Memory, playback: Playback, run: int) -> Step:
    if run != memory.run:  # news of a programme that was given up: only volume, output and troubles still count
        late = replace(memory.playback, volume=playback.volume, problems=playback.problems, output=playback.output)
        return replace(memory, playback=late), ()
    known = replace(memory, playback=playback)
    match playback.sounding:
        case Sounding.PLAYING | Sounding.PAUSED:
            return replace(known, state=State.PLAYING, thinking_since=0.0), ()
        case Sounding.SILENT if memory.state in (State.PLAYING, State.THINKING):
            return _trouble(memory, replace(known, state=State.IDLE, thinking_since=0.0)), ()
        case _:
            return _trouble(memory, known), ()


# --- the clock, the camera, the page ----------------------------------------------------------------------------


def _tick(memory: Memory) -> Step:
    if memory.state is State.WATCHING:
        return _look(memory)
    if memory.state is State.THINKING and memory.now - memory.thinking_since >= COMPOSING:
        quiet, actions = _silence(memory)
        return _say(quiet, "No music came. Please press again."), actions
    if memory.state is State.STARTING and (memory.watch.ready or memory.now - memory.started >= STARTING):
        return _open(memory)
    if memory.state is State.TROUBLE and memory.now >= memory.trouble_until:
        return replace(memory, state=State.IDLE), ()
    return memory, ()


def _open(memory: Memory) -> Step:
    awake: tuple[Action, ...] = (WakeCamera(),) if memory.watching is Watching.ALWAYS else ()
    return _alarm(replace(memory, state=State.IDLE), known=frozenset()), awake


def _watch(memory: Memory, watch: WatchState) -> Step:
    failed = next((problem for problem in watch.problems if problem.key == "camera"), None)
    blind = None if watch.camera is CameraState.SEEING else failed or memory.blind
    changed = _trouble(memory, replace(memory, watch=watch, blind=blind))
    return _tick(changed) if changed.state in (State.STARTING, State.WATCHING) else (changed, ())


def _trouble(before: Memory, after: Memory) -> Memory:
    return _alarm(after, known=frozenset(problem.key for problem in before.problems))


def _alarm(memory: Memory, known: frozenset[str]) -> Memory:
    """Show red for a moment when a problem not known before comes up while the box rests."""
    fresh = {problem.key for problem in memory.problems if not is_quiet(problem)} - known
    if not fresh or memory.state is not State.IDLE:
        return memory
    return replace(memory, state=State.TROUBLE, trouble_until=memory.now + PULSE)


def _choice(memory: Memory, event: Event) -> Step:
    """Answer what the owner chose on the page."""
    match event:
        case HandSet(label):
            return _hand(replace(memory, hand=label), label)
        case StrategyChosen(strategy):
            return _strategy(memory, strategy)
        case WatchingChosen(watching):
            return _watching(memory, watching)
        case VolumeChosen(volume):
            return memory, (SetVolume(min(1.0, max(0.0, volume))),)
        case PauseChosen(paused) if memory.state is State.PLAYING:
            return memory, (Pause(paused),)
        case PieceFound():
            return _again(memory, event)
        case _:
            return memory, ()


def _hand(memory: Memory, label: str | None) -> Step:
    if label is None:
        return _say(memory, "The camera decides again."), ()
    if memory.state in (State.PLAYING, State.THINKING, State.WATCHING):
        return _play(memory, mood_by_hand(label, memory.now))
    return _say(memory, f"You chose {label}. Press the button to play."), ()


def _strategy(memory: Memory, strategy: Strategy) -> Step:
    words = "Match: music that fits." if strategy is Strategy.MATCH else "Lift: music that leads you up, step by step."
    changed = replace(memory, strategy=strategy)
    planned = memory.played if not memory.again else None  # a piece that was asked for goes on as it is
    if strategy is not memory.strategy and planned and memory.state in (State.PLAYING, State.THINKING):
        playing, actions = _play(changed, planned)
        return _say(playing, words), actions
    return _say(changed, words), ()


def _watching(memory: Memory, watching: Watching) -> Step:
    changed = replace(memory, watching=watching)
    if watching is Watching.ALWAYS:
        return changed, (WakeCamera(),)
    return changed, () if memory.state is State.WATCHING else (SleepCamera(),)


def _say(memory: Memory, words: str) -> Memory:
    return replace(memory, notice=words, notice_until=memory.now + NOTICE)
