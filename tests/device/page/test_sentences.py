from dataclasses import replace

import pytest

from moodbox.events import (
    CameraState,
    Certainty,
    Light,
    Mood,
    Motion,
    Piece,
    Playback,
    Sounding,
    Strategy,
    Watching,
    WatchState,
)
from moodbox.mood import COORDINATES, mood_by_hand
from moodbox.page import sentences


def mood(certainty=Certainty.SURE, faces=1, label="happy", confidence=0.6):
    rest = dict.fromkeys(COORDINATES, 0.05)
    return Mood({**rest, label: 0.7}, 0.5, 0.4, confidence, faces, certainty, 0.0)


@pytest.mark.parametrize("label", list(COORDINATES))
def test_mood_is_worded_as_a_look_and_never_as_a_fact(label):
    words = sentences.mood_words(mood(label=label), seen_now=True)
    assert words == f"You look {sentences.adjective(label)}."
    assert "you are" not in words.lower()


def test_look_of_some_time_ago_is_told_in_the_past():
    assert sentences.mood_words(mood(), seen_now=False) == "You looked happy."


@pytest.mark.parametrize(
    ("certainty", "now", "past"),
    [
        (Certainty.NOT_SURE, "I am not sure how you look.", "I was not sure how you looked."),
        (Certainty.MIXED, "You look mixed.", "You looked mixed."),
        (Certainty.NOBODY, "I see nobody.", "Nobody was there when the box last looked."),
    ],
)
def test_doubt_is_said_as_doubt(certainty, now, past):
    assert sentences.mood_words(mood(certainty), seen_now=True) == now
    assert sentences.mood_words(mood(certainty), seen_now=False) == past


def test_choice_by_hand_does_not_age():
    assert sentences.mood_words(mood_by_hand("sad", 0.0), seen_now=False) == "You chose sad."


def test_several_faces_are_worded_together():
    assert sentences.mood_words(mood(faces=3), seen_now=True) == "Together you look happy."
    assert sentences.mood_hint(mood(faces=3)) == "3 faces, a clear look."


def test_nobody_looked_at_yet_is_said():
    assert sentences.mood_words(None, seen_now=False) == "The box has not looked yet."


@pytest.mark.parametrize(("confidence", "words"), [(0.95, "a very clear"), (0.5, "a clear"), (0.25, "a fairly clear")])
def test_confidence_is_worded(confidence, words):
    assert sentences.sureness(confidence) == words


@pytest.mark.parametrize("state", list(CameraState))
@pytest.mark.parametrize("watching", list(Watching))
def test_every_state_of_the_camera_has_words(state, watching):
    assert sentences.camera_words(WatchState(camera=state), watching).startswith("The camera ")


@pytest.mark.parametrize("certainty", list(Certainty))
def test_every_certainty_has_a_hint(certainty):
    assert sentences.mood_hint(mood(certainty)).endswith(".")


@pytest.mark.parametrize("motion", list(Motion))
def test_every_motion_of_the_light_has_words(motion):
    assert sentences.light_words(Light(motion)).startswith("The light ")


@pytest.mark.parametrize("sounding", list(Sounding))
def test_every_sounding_has_words(sounding):
    assert sentences.sounding_words(Playback(sounding))


@pytest.mark.parametrize("strategy", list(Strategy))
def test_every_strategy_has_words(strategy):
    assert sentences.strategy_words(strategy).endswith(".")


def test_haar_is_named_as_the_stand_in_it_is():
    details = dict(sentences.seeing_details(WatchState(detector="haar")))
    assert "standing in for YuNet" in details["Finds faces with"]


@pytest.mark.parametrize(("restarts", "words"), [(0, "never"), (1, "once"), (7, "7 times")])
def test_restarts_are_counted_in_words(restarts, words):
    assert dict(sentences.seeing_details(WatchState(restarts=restarts)))["Had to start again"] == words


def test_rate_is_not_claimed_while_the_camera_sleeps():
    asleep = sentences.seeing_details(WatchState(camera=CameraState.ASLEEP, rate=14.0))
    awake = sentences.seeing_details(WatchState(camera=CameraState.SEEING, rate=14.4))
    assert dict(asleep)["Pictures a second"] == "none now"
    assert dict(awake)["Pictures a second"] == "14"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("browser", "the webcam of this browser"),
        ("webcam:0", "the webcam"),
        ("webcam:2", "webcam number 2"),
        ("clips/evening.mp4", "clips/evening.mp4"),
        ("", ""),
    ],
)
def test_camera_is_named_in_words(name, words):
    assert sentences.camera_place(name) == words


def test_origin_says_who_wrote_who_plays_and_where():
    playback = Playback(Sounding.PLAYING, "composer", Piece("k", "t", "happy", 60.0, "rules"), output="this page only")
    assert sentences.origin(playback) == "Written by the box's rules · sounds on this page only."
    learned = replace(playback, piece=Piece("k", "t", "happy", 60.0, "lstm 2026.11.1"))
    assert sentences.origin(learned) == "Written by the box's composer · sounds on this page only."
    assert sentences.origin(Playback()) == ""


def test_origin_of_a_song_names_spotify_its_playlist_and_the_speaker():
    song = Piece("k", "t", "happy", 60.0, "spotify", ("Somebody",))
    playback = Playback(Sounding.PLAYING, "spotify", song, source="Sunday", output="Kitchen")
    assert sentences.origin(playback) == "From Spotify · from the playlist Sunday · sounds on Kitchen."


def test_spotify_is_asked_and_not_said_to_write():
    assert sentences.sounding_words(Playback(Sounding.PREPARING, "spotify")) == "Asking Spotify"


def test_what_nobody_could_look_at_is_told_as_a_guess():
    assert sentences.sounding_words(Playback(Sounding.PLAYING, "spotify", about=True)) == "Playing, as far as is known"
    assert sentences.sounding_words(Playback(Sounding.PAUSED, "spotify", about=True)) == "Paused"
