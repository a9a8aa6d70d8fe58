"""The machine: every press answered, in time, and never claiming what is not true."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from moodbox.events import (
    CameraState,
    Certainty,
    Event,
    Gesture,
    HandSet,
    Mood,
    MoodChanged,
    Motion,
    PauseChosen,
    Piece,
    PieceFound,
    Playback,
    PlaybackChanged,
    Press,
    Problem,
    ProblemRaised,
    ProblemSolved,
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
from moodbox.events import Step as Asked
from moodbox.machine import NOT_KEPT, Memory, step

SEEING = WatchState(camera=CameraState.SEEING, ready=True, detector="yunet")
AGAIN = PieceFound("0123456789abcdef", Asked("sad", -0.5, -0.2))
BROKEN = Problem("camera", "The camera is unplugged", "Plug it in")


def mood(label: str, time: float, certainty: Certainty = Certainty.SURE, faces: int = 1) -> Mood:
    rest = dict.fromkeys(("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"), 0.02)
    return Mood({**rest, label: 0.88}, 0.6, 0.4, 0.9, faces, certainty, time)


class Story:
    """A box and what it was told; `actions` are those of the last event."""

    def __init__(self, **memory: object) -> None:
        self.memory = replace(Memory(state=State.IDLE, watch=WatchState(ready=True)), **memory)  # type: ignore[arg-type]
        self.actions: tuple[Action, ...] = ()

    def tell(self, *events: Event) -> "Story":
        for event in events:
            self.memory, self.actions = step(self.memory, event)
        return self

    def press(self, gesture: Gesture, time: float) -> "Story":
        return self.tell(Press(gesture, "button", time))

    def sounds(self, sounding: Sounding = Sounding.PLAYING) -> "Story":
        piece = Piece("a", "A piece", "happy", 60, "rules")
        return self.tell(PlaybackChanged(Playback(sounding, "composer", piece, why="because"), self.memory.run))

    @property
    def programme(self) -> Play:
        (play,) = [action for action in self.actions if isinstance(action, Play)]
        return play


def playing() -> Story:
    return Story(hand="sad").press(Gesture.SHORT, 1.0).sounds()


def test_touch_is_answered_by_light_alone():
    story = Story().press(Gesture.DOWN, 1.0)
    assert story.actions == ()
    assert appearance.light(story.memory) == appearance.TOUCHED


def test_short_press_wakes_the_camera_and_looks_afresh():
    story = Story(mood=mood("sad", 0.5)).press(Gesture.SHORT, 1.0)
    assert story.memory.state is State.WATCHING
    assert story.actions == (ForgetMood(), WakeCamera())
    assert story.memory.mood is None


def test_clear_face_is_played_and_the_camera_sleeps():
    story = Story().press(Gesture.SHORT, 1.0).tell(WatchChanged(SEEING))
    story.tell(MoodChanged(mood("happy", 1.5)), MoodChanged(mood("happy", 1.9)))
    assert story.memory.state is State.WATCHING, "half a second of evidence is not enough"
    story.tell(MoodChanged(mood("happy", 2.2)))
    assert story.memory.state is State.THINKING
    assert story.actions[0] == SleepCamera()
    assert story.programme.programme.steps[0].label == "happy"
    assert appearance.words(story.memory).startswith("You look happy.")


def test_mood_from_before_the_press_does_not_count():
    story = Story().press(Gesture.SHORT, 10.0)
    story.tell(MoodChanged(mood("happy", 8.0)), MoodChanged(mood("happy", 9.9)))
    assert story.memory.state is State.WATCHING


def test_unsure_face_gets_even_music_amber_and_honest_words_after_two_seconds():
    story = Story().press(Gesture.SHORT, 1.0).tell(WatchChanged(SEEING))
    story.tell(MoodChanged(mood("happy", 2.0, Certainty.NOT_SURE)), Tick(2.5))
    assert story.memory.state is State.WATCHING
    story.tell(Tick(3.0))
    assert story.programme.programme.steps[0].label == "neutral"
    assert appearance.light(story.memory).motion is Motion.BLINK
    assert "not sure" in appearance.words(story.memory).lower()


def test_nobody_is_said_within_three_seconds_and_music_comes_after_four():
    story = Story().press(Gesture.SHORT, 1.0).tell(WatchChanged(SEEING), Tick(3.5))
    assert story.memory.state is State.WATCHING
    assert appearance.words(story.memory).startswith("I see nobody yet")
    story.tell(Tick(5.0))
    assert story.memory.state is State.THINKING
    assert story.programme.programme.steps[0].label == "neutral"


def test_broken_camera_still_gets_music_at_once():
    story = Story().press(Gesture.SHORT, 1.0)
    story.tell(WatchChanged(WatchState(camera=CameraState.TROUBLE, ready=True, problems=(BROKEN,))))
    assert story.memory.state is State.THINKING
    assert story.programme.programme.steps[0].label == "neutral"


def test_broken_camera_is_the_stated_reason_and_stays_shown_while_it_sleeps():
    story = Story().press(Gesture.SHORT, 1.0)
    story.tell(WatchChanged(WatchState(camera=CameraState.TROUBLE, ready=True, problems=(BROKEN,))))
    assert story.programme.programme.why == "The camera is unplugged. So something even."
    story.tell(WatchChanged(WatchState(ready=True)))
    assert story.memory.problems == (BROKEN,)
    story.tell(WatchChanged(SEEING))
    assert story.memory.problems == ()


def test_dead_watch_process_still_gets_music_at_once():
    dead = WatchState(ready=False, problems=(Problem("watch", "Seeing stopped", "It restarts by itself"),))
    story = Story(watch=dead).press(Gesture.SHORT, 1.0).tell(Tick(1.1))
    assert story.memory.state is State.THINKING


def test_hand_set_mood_always_wins():
    story = Story(mood=mood("happy", 0.9), watching=Watching.ALWAYS).tell(HandSet("sad")).press(Gesture.SHORT, 1.0)
    assert story.programme.programme.steps[0].label == "sad"
    assert WakeCamera() not in story.actions


def test_always_watching_plays_a_fresh_mood_at_once():
    story = Story(watching=Watching.ALWAYS, mood=mood("happy", 9.5)).press(Gesture.SHORT, 10.0)
    assert story.programme.programme.steps[0].label == "happy"
    assert SleepCamera() not in story.actions


def test_always_watching_looks_again_when_the_mood_is_stale():
    story = Story(watching=Watching.ALWAYS, mood=mood("happy", 2.0)).press(Gesture.SHORT, 10.0)
    assert story.memory.state is State.WATCHING


def test_short_press_while_playing_goes_to_the_next_piece():
    assert playing().press(Gesture.SHORT, 9.0).actions == (NextPiece(),)


def test_second_press_while_looking_changes_nothing():
    story = Story().press(Gesture.SHORT, 1.0)
    before = story.memory
    assert story.press(Gesture.SHORT, 1.0).memory == before
    assert story.actions == ()


def test_double_press_switches_strategy_and_replans_what_plays():
    story = playing().press(Gesture.DOUBLE, 9.0)
    assert story.memory.strategy is Strategy.LIFT
    assert 3 <= len(story.programme.programme.steps) <= 5
    assert "Lift" in appearance.words(story.memory)


def test_double_press_at_rest_only_switches():
    story = Story().press(Gesture.DOUBLE, 1.0).press(Gesture.DOUBLE, 2.0)
    assert (story.memory.strategy, story.actions) == (Strategy.MATCH, ())


def test_hold_stops_and_late_news_of_the_old_programme_do_not_count():
    story = playing()
    old = story.memory.run
    story.press(Gesture.HOLD, 9.0)
    assert story.actions == (StopMusic(), SleepCamera())
    assert story.memory.playback.sounding is Sounding.SILENT
    story.tell(PlaybackChanged(Playback(Sounding.PLAYING, volume=0.3), old))
    assert story.memory.state is State.IDLE
    assert story.memory.playback.sounding is Sounding.SILENT
    assert story.memory.playback.volume == 0.3


def test_long_hold_shuts_down_and_nothing_wakes_the_box_again():
    story = playing().press(Gesture.LONG_HOLD, 20.0)
    assert story.actions == (StopMusic(), SleepCamera(), Shutdown())
    assert story.press(Gesture.SHORT, 21.0).memory.state is State.STOPPING
    assert story.actions == ()


def test_stop_from_outside_shuts_down():
    assert Shutdown() in Story().tell(Stop("SIGTERM")).actions


def test_stuck_composer_is_given_up_with_words():
    story = Story(hand="happy").press(Gesture.SHORT, 1.0).tell(Tick(21.5))
    assert story.memory.state is State.IDLE
    assert StopMusic() in story.actions
    assert appearance.words(story.memory) == "No music came. Please press again."


def test_player_that_falls_silent_ends_playing():
    assert playing().sounds(Sounding.SILENT).memory.state is State.IDLE


def test_paused_is_said_and_breathes():
    story = playing().tell(PauseChosen(True))
    assert story.actions == (Pause(True),)
    story.sounds(Sounding.PAUSED)
    assert appearance.words(replace(story.memory, notice_until=0)) == "Paused."
    assert appearance.light(replace(story.memory, touched_until=0, amber_until=0)).motion is Motion.BREATHE


def test_pause_at_rest_does_nothing():
    assert Story().tell(PauseChosen(True)).actions == ()


def test_new_problem_at_rest_pulses_red_and_then_rests():
    story = Story(now=5.0).tell(ProblemRaised(BROKEN))
    assert story.memory.state is State.TROUBLE
    assert appearance.words(story.memory) == "The camera is unplugged. Plug it in."
    assert appearance.light(story.memory).motion is Motion.PULSE
    story.tell(Tick(9.0))
    assert story.memory.state is State.IDLE
    assert story.memory.problems == (BROKEN,)
    assert story.tell(ProblemSolved("camera")).memory.problems == ()


def test_same_problem_again_does_not_pulse_again():
    story = Story(now=5.0).tell(ProblemRaised(BROKEN), Tick(9.0), ProblemRaised(BROKEN))
    assert story.memory.state is State.IDLE
    assert story.memory.problems == (BROKEN,)


def test_quiet_problem_is_shown_without_red():
    story = Story().tell(ProblemRaised(Problem("sound", "No sound device", "Sound comes from this page")))
    assert story.memory.state is State.IDLE
    assert len(story.memory.problems) == 1


def test_trouble_of_spotify_is_shown_without_red_for_the_composer_plays():
    story = Story().tell(ProblemRaised(Problem("spotify-login", "The sign-in is over", "Sign in again")))
    assert story.memory.state is State.IDLE
    assert [problem.key for problem in story.memory.problems] == ["spotify-login"]
    stands_in = Playback(Sounding.SILENT, "composer", problems=(Problem("spotify-down", "Down", "Wait"),))
    story.tell(PlaybackChanged(stands_in, story.memory.run))
    assert story.memory.state is State.IDLE


@pytest.mark.parametrize(
    ("player", "words"), [("composer", "Writing something for it."), ("spotify", "Asking Spotify.")]
)
def test_words_say_who_is_asked_for_music(player: str, words: str):
    story = Story(hand="happy").press(Gesture.SHORT, 1.0)
    assert appearance.words(story.memory) == "You chose happy.", "nobody has answered yet"
    story.tell(PlaybackChanged(Playback(Sounding.PREPARING, player), story.memory.run))
    assert story.memory.state is State.THINKING
    assert appearance.words(story.memory) == f"You chose happy. {words}"


def test_spotify_that_never_answers_is_given_up_like_a_stuck_composer():
    story = Story(hand="happy").press(Gesture.SHORT, 1.0)
    story.tell(PlaybackChanged(Playback(Sounding.PREPARING, "spotify"), story.memory.run), Tick(21.5))
    assert story.memory.state is State.IDLE
    assert appearance.words(story.memory) == "No music came. Please press again."


def test_second_asking_while_music_plays_keeps_playing():
    story = playing().tell(PlaybackChanged(Playback(Sounding.PREPARING, "spotify", why="Asking Spotify."), 1))
    assert story.memory.state is State.PLAYING
    assert appearance.words(replace(story.memory, notice_until=0)) == "Asking Spotify."


def test_problem_while_playing_does_not_stop_the_music():
    assert playing().tell(ProblemRaised(BROKEN)).memory.state is State.PLAYING


def test_trouble_state_still_answers_a_press():
    story = Story(now=5.0).tell(ProblemRaised(BROKEN)).press(Gesture.SHORT, 5.5)
    assert story.memory.state is State.WATCHING


def test_box_opens_when_the_eyes_are_ready():
    story = Story(state=State.STARTING, watch=WatchState()).tell(Tick(0.5))
    assert story.memory.state is State.STARTING
    assert story.tell(WatchChanged(WatchState(ready=True))).memory.state is State.IDLE


def test_box_opens_without_eyes_after_ten_seconds_and_shows_why():
    broken = WatchState(problems=(Problem("watch", "Seeing does not start", "It is tried again"),))
    story = Story(state=State.STARTING, watch=WatchState()).tell(WatchChanged(broken), Tick(10.0))
    assert story.memory.state is State.TROUBLE


def test_watching_always_wakes_the_camera_from_the_start():
    story = Story(state=State.STARTING, watch=WatchState(), watching=Watching.ALWAYS)
    assert story.tell(WatchChanged(WatchState(ready=True))).actions == (WakeCamera(),)


@pytest.mark.parametrize(("watching", "action"), [(Watching.ALWAYS, WakeCamera()), (Watching.ON_PRESS, SleepCamera())])
def test_choosing_when_to_watch_acts_at_once(watching: Watching, action: Action):
    assert Story().tell(WatchingChosen(watching)).actions == (action,)


def test_choosing_on_press_while_looking_lets_the_look_finish():
    story = Story(watching=Watching.ALWAYS).press(Gesture.SHORT, 1.0).tell(WatchingChosen(Watching.ON_PRESS))
    assert story.actions == ()


def test_awake_camera_is_never_dark():
    assert appearance.light(Memory(state=State.IDLE, watch=SEEING)).motion is Motion.STEADY
    assert appearance.light(Memory(state=State.IDLE)).motion is Motion.OFF


def test_volume_is_kept_in_bounds():
    assert Story().tell(VolumeChosen(7.0)).actions == (SetVolume(1.0),)


@pytest.mark.parametrize("state", [State.STARTING, State.IDLE, State.WATCHING, State.THINKING, State.PLAYING])
def test_kept_piece_plays_again_whatever_the_box_does(state: State):
    story = Story(state=state, strategy=Strategy.LIFT, run=4, now=50.0).tell(AGAIN)
    assert story.memory.state is State.THINKING
    assert story.memory.strategy is Strategy.LIFT
    play = next(action for action in story.actions if isinstance(action, Play))
    assert (play.programme.piece, play.programme.steps, play.run) == (AGAIN.key, (AGAIN.step,), 5)
    assert appearance.words(story.memory) == play.programme.why == "You asked for this one again."
    story.sounds()
    assert story.memory.state is State.PLAYING
    assert appearance.light(story.memory).color == appearance.color_of(mood("sad", 0.0))


def test_late_news_of_what_played_before_do_not_count_for_a_kept_piece():
    story = Story().tell(HandSet("happy")).press(Gesture.SHORT, 1).sounds()
    late = PlaybackChanged(Playback(Sounding.SILENT, "composer"), story.memory.run)
    story.tell(AGAIN, late)
    assert story.memory.state is State.THINKING


def test_match_or_lift_chosen_meanwhile_counts_from_the_next_press_on():
    story = Story().tell(AGAIN).sounds().tell(StrategyChosen(Strategy.LIFT))
    assert story.actions == ()
    assert story.memory.strategy is Strategy.LIFT
    story.tell(HandSet("sad"))
    assert isinstance(story.actions[-1], Play)
    story.tell(StrategyChosen(Strategy.MATCH))
    assert isinstance(story.actions[-1], Play), "what was planned is planned anew"


def test_piece_that_is_not_kept_is_a_quiet_problem_until_something_else_plays():
    story = Story().tell(ProblemRaised(NOT_KEPT))
    assert story.memory.state is State.IDLE
    assert story.memory.problems == (NOT_KEPT,)
    story.tell(AGAIN)
    assert story.memory.problems == ()


MOODS = st.builds(
    mood,
    st.sampled_from(["happy", "sad", "neutral"]),
    st.floats(0, 100),
    st.sampled_from(list(Certainty)),
    st.integers(0, 3),
)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        Press, st.sampled_from([g for g in Gesture if g is not Gesture.LONG_HOLD]), st.just("page"), st.just(0.0)
    ),
    st.builds(MoodChanged, MOODS),
    st.builds(Tick, st.floats(0, 100)),
    st.builds(HandSet, st.sampled_from([None, "sad", "happy"])),
    st.builds(StrategyChosen, st.sampled_from(list(Strategy))),
    st.builds(WatchingChosen, st.sampled_from(list(Watching))),
    st.builds(PauseChosen, st.booleans()),
    st.just(AGAIN),
    st.builds(WatchChanged, st.sampled_from([SEEING, WatchState(camera=CameraState.TROUBLE, problems=(BROKEN,))])),
    st.builds(
        PlaybackChanged, st.builds(Playback, st.sampled_from(list(Sounding))), st.integers(min_value=0, max_value=5)
    ),
)


@given(st.lists(EVENTS, max_size=40))
def test_any_story_keeps_the_clock_words_light_and_one_answer_per_press(events: list[Event]):
    story = Story()
    for event in events:
        before = story.memory
        story.tell(event)
        assert story.memory.now >= before.now
        assert story.memory.run >= before.run
        assert appearance.words(story.memory)
        assert appearance.light(story.memory)
        if isinstance(event, Press) and event.gesture is Gesture.SHORT:
            busy = before.state in (State.WATCHING, State.THINKING)
            assert busy or story.actions, "a short press asks for a look, a piece or the next one"
    story.tell(Tick(story.memory.now + 5), Tick(story.memory.now + 60))
    assert story.memory.state is not State.WATCHING, "no look lasts for ever"
    story.tell(Tick(story.memory.now + 60))
    assert story.memory.state is not State.THINKING, "no thought lasts for ever"
