"""The drawn box: button, light, state in words."""

import json

import pytest

from moodbox.events import CameraState, Gesture, Press, WatchState
from tests.browser.conftest import until


@pytest.fixture
def page(address, open_page):
    page = open_page(address, viewport={"width": 1280, "height": 900})
    page.wait_for_selector("#box[data-awake]")
    return page


def light(page):
    return page.evaluate(
        "[...['--light', '--level']].map((each) => document.getElementById('box').style.getPropertyValue(each))"
    )


def presses(desk):
    return [event.gesture for event in desk.events if isinstance(event, Press)]


def test_click_is_one_touch_down_and_up(page, desk):
    page.click("#button")
    until(page, lambda: desk.panel.touches[-1:] == [False])
    assert desk.panel.touches == [True, False]
    assert presses(desk) == [Gesture.SHORT]


@pytest.mark.parametrize("key", ["Space", "Enter"])
def test_key_is_one_touch_down_and_up(page, desk, key):
    page.focus("#button")
    page.keyboard.down(key)
    until(page, lambda: desk.panel.held)
    page.keyboard.up(key)
    until(page, lambda: not desk.panel.held)
    assert desk.panel.touches.count(False) == 1
    assert presses(desk) == [Gesture.SHORT]
    assert page.evaluate("scrollY") == 0


def test_held_button_is_renewed_until_it_is_let_go(page, desk):
    page.hover("#button")
    page.mouse.down()
    until(page, lambda: desk.panel.touches.count(True) >= 4)
    assert False not in desk.panel.touches
    page.mouse.up()
    until(page, lambda: desk.panel.touches[-1] is False)


def test_two_quick_clicks_arrive_as_two_presses_in_order(page, desk):
    page.dblclick("#button")
    until(page, lambda: desk.panel.touches.count(False) == 2)
    assert desk.panel.touches == [True, False, True, False]


def test_button_that_loses_the_focus_is_let_go(page, desk):
    page.focus("#button")
    page.keyboard.down("Space")
    until(page, lambda: desk.panel.held)
    page.focus("#volume")
    until(page, lambda: not desk.panel.held)


def test_finger_on_a_phone_is_one_press(address, open_page, desk):
    page = open_page(address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.wait_for_selector("#box[data-awake]")
    page.tap("#button")
    until(page, lambda: desk.panel.touches[-1:] == [False])
    assert presses(desk) == [Gesture.SHORT]


def test_click_of_assistive_technology_is_one_press(page, desk):
    page.evaluate("document.getElementById('button').click()")
    until(page, lambda: desk.panel.touches[-1:] == [False])
    assert presses(desk) == [Gesture.SHORT]


def test_light_shows_the_color_of_the_panel(page, desk):
    assert light(page)[1] in ("0.000", "")
    desk.panel.lit = (0.8, 0.2, 0.0)
    until(page, lambda: float(light(page)[1] or 0) > 0.5)
    color, level = light(page)
    red, green, blue = json.loads(color.replace("rgb(", "[").replace(")", "]").replace(" ", ","))
    assert (red, green, blue) == (255, 64, 0)
    assert float(level) == 0.8


def test_light_answers_the_finger(page, desk):
    page.hover("#button")
    page.mouse.down()
    until(page, lambda: light(page) == ["rgb(255 255 255)", "1.000"])
    page.mouse.up()


def test_camera_light_is_on_whenever_the_camera_is_awake(page, desk):
    for camera, awake in (
        (CameraState.OPENING, "true"),
        (CameraState.SEEING, "true"),
        (CameraState.ASLEEP, "false"),
        (CameraState.TROUBLE, "false"),
    ):
        desk.show(watch=WatchState(camera, "demo"))
        page.wait_for_selector(f"#eye[data-camera={camera}]")
        assert page.get_attribute("#box", "data-awake") == awake


def test_words_of_the_state_are_announced_and_only_when_they_change(page, desk):
    assert page.get_attribute("#words", "aria-live") == "polite"
    page.evaluate("""() => { window.writes = 0; new MutationObserver((list) => { window.writes += list.length; })
        .observe(document.getElementById('words'), {childList: true, characterData: true, subtree: true}); }""")
    for number in range(5):
        desk.look(number)
        page.wait_for_timeout(120)
    assert page.evaluate("window.writes") == 0
    desk.show(words="Looking at you.")
    until(page, "document.getElementById('words').textContent === 'Looking at you.'")
    assert page.evaluate("window.writes") >= 1
