import json

import pytest
from werkzeug.exceptions import ServiceUnavailable

from moodbox.events import State
from moodbox.page.spotify.memory import Memory
from moodbox.page.stream import CALM, HEARTBEAT, MOST, Feed, Streams
from tests.fakes.desk import FakeDesk
from tests.fakes.spotify_desk import SONG


class Clock:
    def __init__(self):
        self.time = 50.0

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def feed(desk, clock):
    return Feed(desk, Memory(), clock)


def read(messages):
    """Read messages into (event, value) pairs; comments count as heartbeats."""
    said = []
    for message in messages:
        assert message.endswith("\n\n")
        if message.startswith(":"):
            said.append(("heartbeat", None))
            continue
        event, data = message.strip().split("\n")
        said.append((event.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return said


def test_newcomer_gets_the_whole_view_first(desk, feed):
    desk.look()
    desk.play()
    (event, view), *_ = read(feed.due())
    assert event == "view"
    assert view["state"] == "playing"
    assert view["mood"]["words"] == "You look happy."
    assert view["playback"]["title"] == "Morning in D major"


def test_light_follows_the_view_and_only_when_it_changed(desk, feed, clock):
    list(feed.due())
    desk.panel.lit = (0.5, 0.25, 0.0)
    clock.time += 0.04
    assert read(feed.due()) == [("light", [0.5, 0.25, 0.0])]
    clock.time += 0.04
    assert read(feed.due()) == []


def test_first_color_is_sent_even_when_it_is_dark(desk, feed, clock):
    list(feed.due())
    clock.time += 0.04
    assert read(feed.due()) == [("light", [0.0, 0.0, 0.0])]


def test_fast_changes_come_as_ten_views_a_second_and_the_last_one_is_never_lost(desk, feed, clock):
    views = []
    for number in range(100):  # ten seconds of readings at a hundred a second, two seconds of clock
        desk.look(number)
        clock.time += 0.02
        views += [value for event, value in read(feed.due()) if event == "view"]
    assert len(views) <= 2.0 / CALM + 1
    clock.time += CALM
    views += [value for event, value in read(feed.due()) if event == "view"]
    assert views[-1]["reading"]["number"] == 99


def test_nothing_is_sent_while_nothing_changes_but_a_heartbeat(feed, clock):
    list(feed.due())
    clock.time += 0.04
    list(feed.due())  # the light
    clock.time += HEARTBEAT - 0.1
    assert read(feed.due()) == []
    clock.time += 0.2
    assert read(feed.due()) == [("heartbeat", None)]


def test_wish_for_frames_is_told_without_a_new_snapshot(desk, feed, clock):
    list(feed.due())
    desk.watcher.wanted = True
    clock.time += CALM
    views = [value for event, value in read(feed.due()) if event == "view"]
    assert [view["watch"]["wants_frames"] for view in views] == [True]


def test_real_box_sends_no_light(clock):
    feed = Feed(FakeDesk(simulated=False), Memory(), clock)
    list(feed.due())
    clock.time += 1.0
    assert read(feed.due()) == []


def test_stream_answers_with_the_view_at_once(visitor, desk):
    answer = visitor.get("/stream", buffered=False)
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    first = next(answer.iter_encoded()).decode()
    assert read([first])[0][1]["words"] == "Look at me and press the button."
    answer.close()


def test_stream_ends_when_the_board_closes(visitor, desk):
    answer = visitor.get("/stream", buffered=False)
    chunks = answer.iter_encoded()
    next(chunks)
    desk.board.close()
    assert len(list(chunks)) <= 2
    answer.close()


def test_places_are_given_back_when_a_stream_is_closed(visitor, app):
    for _ in range(MOST * 2):
        answer = visitor.get("/stream", buffered=False)
        assert answer.status_code == 200
        next(answer.iter_encoded())
        answer.close()


def test_place_of_a_stream_that_was_never_read_is_given_back(visitor):
    for _ in range(MOST * 2):
        answer = visitor.get("/stream", buffered=False)
        assert answer.status_code == 200
        answer.close()


def test_one_stream_too_many_is_told_why(visitor):
    answers = [visitor.get("/stream", buffered=False) for _ in range(MOST)]
    refused = visitor.get("/stream")
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "5"
    assert refused.json["error"] == f"{MOST} windows watch this box already: close one of them."
    for answer in answers:
        answer.close()


def test_closed_streams_take_nobody_and_may_be_closed_twice():
    places = Streams()
    places.close()
    places.close()
    assert places.pause(60.0) is False
    with pytest.raises(ServiceUnavailable):
        places.enter()


def test_state_changes_reach_the_stream_in_order(desk, feed, clock):
    list(feed.due())
    for state in (State.WATCHING, State.THINKING, State.PLAYING):
        desk.show(state=state)
        clock.time += CALM
        (view,) = [value for event, value in read(feed.due()) if event == "view"]
        assert view["state"] == state


def test_change_of_spotify_is_told_without_a_new_snapshot(desk, linked, feed, clock):
    list(feed.due())
    linked.make("happy")
    clock.time += 1.0
    (view,) = [value for event, value in read(feed.due()) if event == "view"]
    before = view["spotify"]
    linked.finish_job("happy")
    clock.time += 1.0
    (view,) = [value for event, value in read(feed.due()) if event == "view"]
    assert view["spotify"]["moods"] != before["moods"]
    assert view["spotify"]["setup"] != before["setup"]


def test_like_is_told_without_a_new_snapshot(desk, linked, feed, clock):
    desk.play_song()
    list(feed.due())
    linked.like(SONG.uri, liked=True)
    clock.time += 1.0
    (view,) = [value for event, value in read(feed.due()) if event == "view"]
    assert view["song"]["liked"] is True
