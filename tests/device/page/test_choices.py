import pytest

from moodbox.events import (
    Gesture,
    HandSet,
    PauseChosen,
    Press,
    Strategy,
    StrategyChosen,
    VolumeChosen,
    Watching,
    WatchingChosen,
)
from moodbox.mood import COORDINATES


@pytest.mark.parametrize(
    ("path", "choice", "event"),
    [
        ("/choose/strategy", {"strategy": "lift"}, StrategyChosen(Strategy.LIFT)),
        ("/choose/strategy", {"strategy": "match"}, StrategyChosen(Strategy.MATCH)),
        ("/choose/watching", {"watching": "always"}, WatchingChosen(Watching.ALWAYS)),
        ("/choose/watching", {"watching": "on_press"}, WatchingChosen(Watching.ON_PRESS)),
        ("/choose/mood", {"label": None}, HandSet(None)),
        ("/choose/volume", {"volume": 0}, VolumeChosen(0.0)),
        ("/choose/volume", {"volume": 0.35}, VolumeChosen(0.35)),
        ("/choose/volume", {"volume": 1.0}, VolumeChosen(1.0)),
        ("/choose/pause", {"paused": True}, PauseChosen(paused=True)),
        ("/choose/pause", {"paused": False}, PauseChosen(paused=False)),
        *[("/choose/mood", {"label": label}, HandSet(label)) for label in COORDINATES],
    ],
)
def test_choice_becomes_its_event(visitor, desk, path, choice, event):
    answer = visitor.post(path, json=choice)
    assert (answer.status_code, answer.data) == (204, b"")
    assert desk.events == [event]


@pytest.mark.parametrize("gesture", ["short", "double", "hold"])
def test_press_on_the_page_becomes_a_press(visitor, desk, gesture):
    assert visitor.post("/press", json={"gesture": gesture}).status_code == 204
    (press,) = desk.events
    assert isinstance(press, Press)
    assert (press.gesture, press.source) == (Gesture(gesture), "page")
    assert press.time > 0


@pytest.mark.parametrize(
    ("path", "choice"),
    [
        ("/press", {"gesture": "long_hold"}),  # a click must not shut the box down
        ("/press", {"gesture": "down"}),
        ("/press", {"gesture": ["short"]}),
        ("/press", {}),
        ("/press", []),
        ("/press", "short"),
        ("/choose/strategy", {"strategy": "shout"}),
        ("/choose/strategy", {"strategy": None}),
        ("/choose/watching", {"watching": True}),
        ("/choose/mood", {"label": "furious"}),
        ("/choose/mood", {"label": {"$ne": 1}}),
        ("/choose/mood", {}),
        ("/choose/volume", {"volume": 1.01}),
        ("/choose/volume", {"volume": -0.01}),
        ("/choose/volume", {"volume": True}),
        ("/choose/volume", {"volume": "0.5"}),
        ("/choose/volume", {"volume": None}),
        ("/choose/pause", {"paused": 1}),
        ("/touch", {"down": "yes"}),
        ("/camera", {"camera": "/etc/passwd"}),
        ("/camera", {}),
    ],
)
def test_choice_that_is_none_is_refused_in_one_sentence(visitor, desk, path, choice):
    answer = visitor.post(path, json=choice)
    assert answer.status_code == 400
    assert answer.json["error"].endswith(".")
    assert desk.events == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_volume_that_is_no_number_is_refused(visitor, desk, number):
    body = f'{{"volume": {number}}}'
    assert visitor.post("/choose/volume", data=body, content_type="application/json").status_code == 400
    assert desk.events == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"null"])
def test_body_that_is_no_json_is_refused(visitor, desk, body):
    assert visitor.post("/press", data=body, content_type="application/json").status_code == 400
    assert desk.events == []


def test_choice_sent_as_a_form_is_refused(visitor, desk):
    assert visitor.post("/press", data={"gesture": "short"}).status_code == 400
    assert desk.events == []


def test_choice_of_unlikely_size_is_refused(visitor, desk):
    answer = visitor.post("/press", json={"gesture": "short", "more": "x" * 2000})
    assert answer.status_code == 413
    assert desk.events == []


def test_flood_of_choices_is_slowed_down(visitor, desk):
    codes = [visitor.post("/choose/volume", json={"volume": 0.5}).status_code for _ in range(60)]
    assert codes[:20] == [204] * 20
    assert 429 in codes
    assert len(desk.events) == codes.count(204)
