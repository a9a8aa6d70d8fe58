import json
import time
from dataclasses import replace

import pytest

from moodbox.events import (
    CameraState,
    Certainty,
    Mood,
    Piece,
    Playback,
    Problem,
    Sounding,
    Strategy,
    WatchState,
)
from moodbox.mood import color_of
from moodbox.page.spotify.memory import Memory
from moodbox.page.view import view
from tests.fakes.desk import LABELS, PIECE, reading


@pytest.fixture
def seen(desk):
    def look():
        return view(desk, desk.board.latest(), Memory())

    return look


def test_view_is_plain_json(desk, seen):
    desk.look()
    desk.play()
    assert json.loads(json.dumps(seen()))["number"] == desk.board.latest().number


def test_empty_board_has_a_view(seen):
    assert seen()["mood"]["words"] == "The box has not looked yet."
    assert seen()["reading"] is None
    assert seen()["playback"]["key"] is None


def test_mood_comes_with_point_bars_and_color(desk, seen):
    desk.look()
    mood = seen()["mood"]
    assert mood["point"] == {"valence": 0.58, "arousal": 0.42}
    assert [bar["label"] for bar in mood["probabilities"]] == list(LABELS)
    assert mood["probabilities"][3] == {"label": "happy", "word": "happy", "value": 0.81}
    assert mood["color"] == color_of(desk.board.latest().mood)


def test_mood_of_a_sleeping_camera_is_told_in_the_past_and_shows_no_faces(desk, seen):
    desk.look()
    desk.show(watch=replace(desk.board.latest().watch, camera=CameraState.ASLEEP))
    assert seen()["mood"]["words"] == "You looked happy."
    assert seen()["reading"] is None


def test_choice_by_hand_stands_above_what_the_camera_sees(desk, seen):
    desk.look()
    desk.show(hand="sad")
    mood = seen()["mood"]
    assert mood["words"] == "You chose sad."
    assert mood["label"] == "sad"
    assert "camera decide" in mood["hint"]


def test_nobody_has_no_point_on_the_circle(desk, seen):
    desk.show(mood=Mood({}, 0.0, 0.0, 0.0, 0, Certainty.NOBODY, 0.0), watch=WatchState(CameraState.SEEING))
    assert seen()["mood"]["point"] is None
    assert seen()["mood"]["words"] == "I see nobody."


def test_faces_carry_box_label_and_value(desk, seen):
    desk.look()
    (face,) = seen()["reading"]["faces"]
    assert face == {"box": [220, 100, 190, 220], "label": "happy", "word": "happy", "value": 0.81}


def test_face_without_probabilities_is_shown_without_a_label(desk, seen):
    desk.look()
    bare = reading(5)
    desk.show(reading=replace(bare, faces=(replace(bare.faces[0], probabilities=()),)))
    assert seen()["reading"]["faces"][0]["label"] == ""


def test_position_moves_while_it_plays_and_stops_at_the_end(desk, seen):
    desk.show(playback=Playback(Sounding.PLAYING, "composer", PIECE, 10.0, time.monotonic() - 5.0))
    assert 15.0 <= seen()["playback"]["position"] < 16.0
    desk.show(playback=Playback(Sounding.PLAYING, "composer", PIECE, 10.0, time.monotonic() - 500.0))
    assert seen()["playback"]["position"] == PIECE.seconds


def test_position_stands_while_it_is_paused(desk, seen):
    desk.show(playback=Playback(Sounding.PAUSED, "composer", PIECE, 10.0, time.monotonic() - 5.0))
    assert seen()["playback"]["position"] == 10.0


def test_level_of_the_sound_stays_below_the_ceiling(desk, seen):
    desk.show(playback=replace(Playback(), volume=1.0))
    assert seen()["playback"]["level"] == desk.settings.music.ceiling
    assert seen()["playback"]["volume"] == 1.0


def test_problems_and_strategy_are_shown_as_they_are(desk, seen):
    desk.show(problems=(Problem("camera", "No camera", "Plug one in"),), strategy=Strategy.LIFT)
    assert seen()["problems"] == [{"key": "camera", "cause": "No camera", "action": "Plug one in"}]
    assert seen()["strategy"]["value"] == "lift"


def test_song_of_spotify_comes_with_all_that_the_page_shows(desk, seen):
    song = Piece("u", "Song", "happy", 200.0, "spotify", ("Ada", "Bo"), "https://i.scdn.co/image/x", "u", "https://o/x")
    desk.show(playback=Playback(Sounding.PLAYING, "spotify", song, source="Sunday", output="Kitchen", about=True))
    playback = seen()["playback"]
    assert (playback["title"], playback["artists"], playback["cover"]) == ("Song", ["Ada", "Bo"], song.cover)
    assert (playback["link"], playback["uri"]) == (song.link, song.uri)
    assert (playback["source"], playback["output"], playback["player"]) == ("Sunday", "Kitchen", "spotify")
    assert playback["about"] is True
