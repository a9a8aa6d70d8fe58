"""The panel as a whole, on gpiozero's mock pins: a finger, a light, real threads, a clock that tests move."""

from __future__ import annotations

import logging
import queue
import threading
import time

import pytest
from gpiozero import Device

from moodbox.errors import PanelError
from moodbox.events import Gesture, Light, Motion, Press
from moodbox.panel.button import ButtonWatch
from moodbox.panel.panel import Panel
from moodbox.panel.pins import Pins
from moodbox.settings import PanelSettings

RED = Light(Motion.STEADY, (1.0, 0.0, 0.0))
FULL = PanelSettings(brightness=1.0, night_brightness=1.0)
DEADLINE = 5.0


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Heard:
    """The presses told so far."""

    def __init__(self) -> None:
        self.presses: queue.Queue[Press] = queue.Queue()

    def __call__(self, press: Press) -> None:
        self.presses.put(press)

    def next(self) -> Gesture:
        return self.presses.get(timeout=DEADLINE).gesture

    def nothing(self) -> bool:
        return self.presses.empty()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def panel(clock, heard):
    made = Panel(FULL, on_press=heard, mock=True, clock=clock, hour=lambda: 12)
    yield made
    made.close()


def until(condition) -> bool:
    """Wait for something that another thread does, with a deadline."""
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            return False
        threading.Event().wait(0.005)
    return True


def hold(panel: Panel, clock: Clock, seconds: float) -> None:
    """Keep the finger down as the page does: say so every half second."""
    for _ in range(int(seconds * 2)):
        clock.now += 0.5
        panel.touch(True)


# --- button -----------------------------------------------------------------------------------------------------


def test_touching_is_told_at_once_with_its_source_and_time(panel, clock, heard):
    panel.touch(True)
    press = heard.presses.get(timeout=DEADLINE)
    assert press == Press(Gesture.DOWN, "button", clock.now)


def test_a_click_is_down_and_then_short(panel, clock, heard):
    panel.touch(True)
    panel.touch(False)
    assert heard.next() is Gesture.DOWN
    clock.now += 0.4
    assert heard.next() is Gesture.SHORT


def test_two_clicks_are_double(panel, clock, heard):
    for _ in range(2):
        panel.touch(True)
        clock.now += 0.1
        panel.touch(False)
        clock.now += 0.1
    assert [heard.next() for _ in range(3)] == [Gesture.DOWN, Gesture.DOWN, Gesture.DOUBLE]


def test_a_renewed_touch_becomes_hold_and_then_long_hold(panel, clock, heard):
    panel.touch(True)
    hold(panel, clock, 1.5)
    assert [heard.next(), heard.next()] == [Gesture.DOWN, Gesture.HOLD]
    hold(panel, clock, 6.0)
    assert heard.nothing()
    hold(panel, clock, 0.5)
    assert heard.next() is Gesture.LONG_HOLD
    panel.touch(False)
    assert heard.nothing()


def test_releasing_after_a_hold_tells_the_hold_even_without_renewal(panel, clock, heard):
    panel.touch(True)
    clock.now += 0.9
    panel.touch(True)
    clock.now += 0.7
    panel.touch(False)
    assert [heard.next(), heard.next()] == [Gesture.DOWN, Gesture.HOLD]


def test_a_touch_that_nobody_renews_is_let_go_and_becomes_nothing(panel, clock, heard):
    panel.touch(True)
    assert heard.next() is Gesture.DOWN
    clock.now += 1.0  # the browser tab died
    assert until(lambda: not panel._pins._button.is_pressed)
    clock.now += 20.0
    panel.touch(True)  # a new page, a new touch
    assert heard.next() is Gesture.DOWN
    assert heard.nothing()


def test_a_tab_that_dies_just_before_eight_seconds_does_not_shut_the_box_down(panel, clock, heard):
    panel.touch(True)
    hold(panel, clock, 7.5)
    assert [heard.next(), heard.next()] == [Gesture.DOWN, Gesture.HOLD]
    clock.now += 0.9  # 8.4 s after the touch, but nobody knows whether the finger is still there
    threading.Event().wait(0.05)
    clock.now += 0.2
    assert until(lambda: not panel._pins._button.is_pressed)
    assert heard.nothing()


def test_a_late_release_after_silence_is_no_press(panel, clock, heard):
    panel.touch(True)
    assert heard.next() is Gesture.DOWN
    clock.now += 30.0
    panel.touch(False)
    panel.touch(True)
    assert heard.next() is Gesture.DOWN
    assert heard.nothing()


def test_a_finger_on_the_real_button_needs_no_renewal(heard):
    clock = Clock()
    pins = Pins(FULL, mock=True)
    watch = ButtonWatch(pins, heard, on_screen=False, clock=clock)
    try:
        pins.press(True)
        assert heard.next() is Gesture.DOWN
        clock.now += 1.5
        assert heard.next() is Gesture.HOLD
        clock.now += 6.5
        pins.press(False)
        assert heard.next() is Gesture.LONG_HOLD
    finally:
        watch.close()
        pins.close()


def test_a_press_that_fails_is_logged_and_the_next_one_is_told(clock, caplog):
    told: queue.Queue[Press] = queue.Queue()

    def fail_once(press: Press) -> None:
        told.put(press)
        if told.qsize() == 1:
            raise RuntimeError("the box stumbled")

    panel = Panel(FULL, on_press=fail_once, mock=True, clock=clock)
    try:
        with caplog.at_level(logging.ERROR):
            panel.touch(True)
            panel.touch(False)
            clock.now += 1.0
            assert until(lambda: told.qsize() == 2)
        assert "the box stumbled" in caplog.text
    finally:
        panel.close()


# --- light ------------------------------------------------------------------------------------------------------


def test_the_light_is_dark_until_told(panel):
    assert panel.color() == (0.0, 0.0, 0.0)


def test_a_light_is_on_the_pins_at_once(panel):
    panel.show(RED)
    assert until(lambda: panel.color() == (1.0, 0.0, 0.0))


def test_a_breathing_light_moves_with_the_clock(panel, clock):
    panel.show(Light(Motion.BREATHE, (0.0, 1.0, 0.0), period=2.0))
    assert until(lambda: panel.color()[1] > 0.99)
    clock.now += 1.0
    assert until(lambda: panel.color()[1] < 0.2)
    clock.now += 1.0
    assert until(lambda: panel.color()[1] > 0.99)


def test_switching_off_fades_and_ends_dark(panel, clock):
    panel.show(RED)
    assert until(lambda: panel.color()[0] == 1.0)
    panel.show(Light(Motion.OFF))
    clock.now += 0.2
    assert until(lambda: 0.0 < panel.color()[0] < 1.0)
    clock.now += 0.2
    assert until(lambda: panel.color() == (0.0, 0.0, 0.0))


def test_the_same_light_again_does_not_restart_its_motion(panel, clock):
    slow = Light(Motion.BREATHE, (1.0, 1.0, 1.0), period=4.0)
    panel.show(slow)
    clock.now += 2.0
    panel.show(slow)
    assert until(lambda: panel.color()[0] < 0.2)


def test_a_still_light_lets_its_thread_sleep(clock, heard):
    looks = []
    panel = Panel(FULL, on_press=heard, mock=True, clock=clock, hour=lambda: looks.append(1) or 12)
    try:
        panel.show(RED)
        assert until(lambda: panel.color()[0] == 1.0)
        before = len(looks)
        threading.Event().wait(0.3)  # nine frames of a moving light
        assert len(looks) - before <= 1
    finally:
        panel.close()


def test_brightness_and_night_dim_the_light_by_the_hour(clock, heard):
    settings = PanelSettings(brightness=0.5, night_brightness=0.1, night_from=22, night_to=7)
    for hour, share in ((12, 0.5), (23, 0.1), (3, 0.1), (7, 0.5)):
        panel = Panel(settings, on_press=heard, mock=True, clock=clock, hour=lambda hour=hour: hour)
        try:
            panel.show(RED)
            assert until(lambda panel=panel, share=share: panel._pins.shown()[0] == pytest.approx(share))
        finally:
            panel.close()


def test_a_single_led_shows_the_brightness_of_the_colour(clock, heard):
    panel = Panel(
        PanelSettings(brightness=1.0, night_brightness=1.0, single_led=True), on_press=heard, mock=True, clock=clock
    )
    try:
        panel.show(Light(Motion.STEADY, (0.0, 1.0, 0.0)))
        assert until(lambda: panel._pins.shown() == pytest.approx((0.7152,) * 3))
    finally:
        panel.close()


def test_a_common_anode_led_is_driven_upside_down(clock, heard):
    settings = PanelSettings(brightness=1.0, night_brightness=1.0, active_high=False)
    panel = Panel(settings, on_press=heard, mock=True, clock=clock)
    try:
        pin = panel._pins._led._leds[0].pin
        assert pin.state == 1.0
        panel.show(RED)
        assert until(lambda: pin.state == 0.0)
        assert panel.color() == (1.0, 0.0, 0.0)
    finally:
        panel.close()


def test_an_hour_of_breathing_leaves_no_history_in_the_mock_pins(panel):
    for step in range(1000):
        panel._pins.show((step / 1000, 0.0, 0.0))
    assert len(panel._pins._led._leds[0].pin.states) <= 32


# --- opening and closing ----------------------------------------------------------------------------------------


def test_closing_twice_is_fine_and_leaves_no_thread_and_no_light(clock, heard):
    before = set(threading.enumerate())
    panel = Panel(FULL, on_press=heard, mock=True, clock=clock)
    panel.show(RED)
    assert until(lambda: panel.color()[0] == 1.0)
    panel.close()
    panel.close()
    assert until(lambda: set(threading.enumerate()) <= before)
    assert panel.color() == (0.0, 0.0, 0.0)
    panel.touch(True)
    panel.show(RED)
    assert heard.nothing()


def test_a_panel_may_be_closed_by_a_press(clock):
    closed = threading.Event()

    def close_it(press: Press) -> None:
        panel.close()
        closed.set()

    panel = Panel(FULL, on_press=close_it, mock=True, clock=clock)
    panel.touch(True)
    assert closed.wait(DEADLINE)
    panel.close()


def test_two_panels_do_not_meet_and_the_global_pins_stay_untouched(clock, heard):
    one = Panel(FULL, on_press=heard, mock=True, clock=clock)
    two = Panel(FULL, on_press=heard, mock=True, clock=clock)
    try:
        one.show(RED)
        assert until(lambda: one.color()[0] == 1.0)
        assert two.color() == (0.0, 0.0, 0.0)
        assert Device.pin_factory is None
    finally:
        one.close()
        two.close()


def test_one_pin_for_two_things_is_named(heard):
    with pytest.raises(PanelError, match="button_pin and green_pin are both 17 under"):
        Panel(PanelSettings(green_pin=17), on_press=heard, mock=True)


def test_a_pin_that_does_not_exist_is_said_and_nothing_stays_open(heard):
    before = set(threading.enumerate())
    with pytest.raises(PanelError, match=r"cannot use its pin .*99"):
        Panel(PanelSettings(blue_pin=99), on_press=heard, mock=True)
    assert until(lambda: set(threading.enumerate()) <= before)
