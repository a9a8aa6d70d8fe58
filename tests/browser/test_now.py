"""The rest of the tab Now: mood, music, choices, live picture, problems, and a box that does not answer."""

import time
from dataclasses import replace

import cv2
import numpy as np
import pytest

from moodbox.events import (
    Certainty,
    Gesture,
    HandSet,
    Mood,
    PauseChosen,
    Piece,
    Press,
    Problem,
    Strategy,
    StrategyChosen,
    VolumeChosen,
    Watching,
    WatchingChosen,
)
from moodbox.page.app import create_app
from moodbox.page.server import PageServer
from moodbox.settings import PageSettings
from tests.browser.conftest import until
from tests.fakes.desk import FakePreview

PLAYING = "!document.getElementById('sound').paused && document.getElementById('sound').currentTime > 0.1"


@pytest.fixture
def page(address, open_page):
    page = open_page(address, viewport={"width": 1280, "height": 900})
    page.wait_for_selector("#box[data-awake]")
    return page


def jpeg(color):
    done, data = cv2.imencode(".jpg", np.full((480, 640, 3), color, np.uint8))
    assert done
    return data.tobytes()


def test_mood_is_shown_in_words_on_the_circle_and_in_bars(page, desk):
    desk.look()
    page.wait_for_selector("#look:text-is('You look happy.')")
    assert page.inner_text("#bars [data-label=happy] .value") == "81 %"
    assert page.get_attribute("#bars [data-label=happy]", "data-first") == "true"
    assert page.get_attribute("#circle", "aria-label") == "Circle of moods: 58 % pleasant, 42 % lively"
    until(page, "document.getElementById('announce').textContent === 'You look happy.'")


def test_nobody_takes_the_point_off_the_circle(page, desk):
    desk.look()
    page.wait_for_selector("#dot:not([hidden])")
    desk.show(mood=Mood({}, 0.0, 0.0, 0.0, 0, Certainty.NOBODY, 0.0))
    page.wait_for_selector("#look:text-is('I see nobody.')")
    assert not page.is_visible("#dot")


def test_music_sounds_in_the_page_and_follows_the_box(page, desk):
    page.click("#main-action")
    until(page, PLAYING)
    assert isinstance(desk.events[0], Press)
    assert page.inner_text("#music-title") == "Morning in D major"
    until(page, "Math.abs(document.getElementById('sound').volume - 0.48) < 0.01")  # 0.6 below a ceiling of 0.8
    page.click("#main-action")
    until(page, "document.getElementById('sound').paused")
    assert desk.events[-1] == PauseChosen(paused=True)
    page.click("#main-action")
    until(page, PLAYING)
    page.click("#next")
    until(page, lambda: desk.events[-1] != PauseChosen(paused=False))
    assert desk.events[-1].gesture == Gesture.SHORT
    page.click("#stop")
    until(page, "document.getElementById('sound').paused")
    assert desk.events[-1].gesture == Gesture.HOLD


def test_next_piece_takes_the_place_of_the_one_before(page, desk):
    desk.play()
    until(page, PLAYING)
    desk.play(Piece("piece-2", "Evening in A minor", "sad", 20.0, "rules"))
    until(page, "document.getElementById('sound').src.endsWith('/music/piece-2.wav')")
    until(page, PLAYING)


def test_page_opened_in_the_middle_of_a_piece_joins_there(desk, address, open_page):
    desk.play()
    now = desk.board.latest().playback
    desk.show(playback=replace(now, position=9.0, time=time.monotonic()))
    page = open_page(address)
    until(page, "document.getElementById('sound').currentTime > 8.5")
    assert page.evaluate("document.getElementById('sound').currentTime") < 20


def test_refused_sound_offers_a_button_to_hear_it(desk, address, launch, open_page):
    strict = launch("--autoplay-policy=document-user-activation-required")
    desk.play()
    page = open_page(address, in_browser=strict)
    page.wait_for_selector("#hear", state="visible")
    assert page.evaluate("document.getElementById('sound').paused")
    page.click("#hear")
    until(page, PLAYING)
    page.wait_for_selector("#hear", state="hidden")
    page.context.close()
    strict.close()


def test_mute_silences_only_this_page(page, desk):
    desk.play()
    until(page, PLAYING)
    before = len(desk.events)
    page.click("#mute")
    assert page.evaluate("document.getElementById('sound').muted")
    assert page.get_attribute("#mute", "aria-pressed") == "true"
    assert len(desk.events) == before


def test_choices_become_events_and_are_shown_when_the_box_took_them(page, desk):
    page.check("input[value=lift]", force=True)
    page.check("input[value=always]", force=True)
    until(page, lambda: len(desk.events) == 2)
    assert desk.events == [StrategyChosen(Strategy.LIFT), WatchingChosen(Watching.ALWAYS)]
    page.wait_for_selector("#strategy-words:text-is('Starts where you are, leads you up.')")


def test_choice_made_elsewhere_moves_here_too(page, desk):
    desk.put(StrategyChosen(Strategy.LIFT))
    until(page, "document.querySelector('input[value=lift]').checked")


def test_mood_by_hand_wins_and_can_be_taken_back(page, desk):
    page.click("[data-hand=sad]")
    page.wait_for_selector("[data-hand=sad][aria-pressed=true]")
    assert page.inner_text("#look") == "You chose sad."
    page.click("[data-hand='']")
    page.wait_for_selector("[data-hand=''][aria-pressed=true]")
    assert desk.events == [HandSet("sad"), HandSet(None)]


def test_volume_moves_by_keyboard(page, desk):
    page.focus("#volume")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    until(page, lambda: desk.events[-1:] == [VolumeChosen(0.65)])
    assert page.inner_text("#volume-value") == "65 %"


def test_live_picture_is_asked_for_only_while_it_is_looked_at(page, desk):
    desk.look(3)
    page.wait_for_selector("#eye[data-camera=seeing]")
    page.wait_for_timeout(300)
    assert desk.watcher.leases == []
    desk.watcher.picture = FakePreview(3, time.monotonic() + 30, jpeg((40, 40, 200)))
    page.click("#live-switch")
    page.wait_for_selector("#live[data-frame='3']")
    assert page.get_attribute("#live", "aria-label") == "Live picture: a face that looks happy"
    pixel = "[...document.getElementById('live').getContext('2d').getImageData({}, {}, 1, 1).data]"
    red, edge = pixel.format(20, 400), pixel.format(300, 100)  # the picture, and the upper edge of the face's box
    assert page.evaluate(red)[0] > 150
    assert page.evaluate(edge)[1] > 150
    page.click("#live-switch")
    page.wait_for_timeout(200)
    asked = len(desk.watcher.leases)
    page.wait_for_timeout(400)
    assert len(desk.watcher.leases) == asked
    assert page.evaluate(red) == [0, 0, 0, 0]


def test_live_picture_goes_when_the_camera_falls_asleep(page, desk):
    desk.look(3)
    desk.watcher.picture = FakePreview(3, time.monotonic() + 30, jpeg((40, 40, 200)))
    page.click("#live-switch")
    page.wait_for_selector("#live[data-frame='3']")
    desk.show(watch=replace(desk.board.latest().watch, camera="asleep"))
    page.wait_for_selector("#live:not([data-frame])")
    assert page.inner_text("#live-words") == "The camera sleeps. It wakes when the button is pressed."


def test_problem_is_a_card_until_it_is_gone(page, desk):
    desk.show(problems=(Problem("sound", "There is <b>no</b> sound device", "Plug in a speaker"),))
    page.wait_for_selector("[data-key=sound]")
    assert "There is <b>no</b> sound device" in page.inner_text("#problems")
    desk.show(problems=())
    page.wait_for_selector("[data-key=sound]", state="detached")


def test_refused_choice_shows_its_sentence(page, desk, open_page):
    desk.panel = None
    page.click("#button")
    page.wait_for_selector("#notice", state="visible")
    assert "real button" in page.inner_text("#notice-words")
    page.click("#notice-close")
    assert page.is_hidden("#notice")
    open_page.expected.clear()  # Chromium writes every refused request to its console


def test_box_that_goes_away_is_missed_and_found_again(desk, open_page):
    app = create_app(desk)
    first = PageServer(app, PageSettings(port=0))
    address = first.start()
    page = open_page(address)
    page.wait_for_selector("#box[data-awake]")
    assert page.is_hidden("#lost")
    first.close()
    page.wait_for_selector("#lost", state="visible")
    assert page.inner_text("#lost") == "The box does not answer. Trying again…"
    page.click("#main-action")
    page.wait_for_selector("#notice", state="visible")
    assert "nothing was changed" in page.inner_text("#notice-words")
    # The box starts again on the same port: another program, another secret, so this page's session is over.
    desk.show(words="Here again.")
    second = PageServer(create_app(desk), PageSettings(port=int(address.rsplit(":", 1)[1])))
    second.start()
    try:
        page.wait_for_selector("#words:text-is('Here again.')")  # it has loaded itself again
        page.wait_for_selector("#lost", state="hidden")
        page.click("[data-hand=sad]")
        page.wait_for_selector("[data-hand=sad][aria-pressed=true]")
    finally:
        second.close()
    open_page.expected.clear()
