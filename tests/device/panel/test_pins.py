"""Real pins: the same panel on lgpio, and one clear sentence where it cannot be had."""

from __future__ import annotations

import queue
import sys
from pathlib import Path

import pytest
from gpiozero.pins.local import LocalPiFactory

from moodbox.errors import PanelError
from moodbox.events import Gesture, Light, Motion, Press
from moodbox.panel.panel import Panel
from moodbox.settings import PanelSettings
from tests.device.panel.fake_lgpio import FakeLgpio
from tests.device.panel.test_panel import until

SETTINGS = PanelSettings(brightness=1.0, night_brightness=1.0)


@pytest.fixture
def lgpio(monkeypatch):
    """Put a fake chip under gpiozero's real lgpio pins, on a machine that says it is a Pi 4."""

    def install(**how) -> FakeLgpio:
        chip = FakeLgpio(**how)
        monkeypatch.setitem(sys.modules, "lgpio", chip)
        monkeypatch.delitem(sys.modules, "gpiozero.pins.lgpio", raising=False)
        monkeypatch.setattr(LocalPiFactory, "_get_revision", lambda _: 0xC03111)
        return chip

    yield install
    sys.modules.pop("gpiozero.pins.lgpio", None)


def test_real_pins_tell_presses_and_show_the_light(lgpio):
    chip, told = lgpio(), queue.Queue()
    panel = Panel(SETTINGS, on_press=told.put, mock=False)
    try:
        chip.move(17, 0)
        press: Press = told.get(timeout=5)
        assert press.gesture is Gesture.DOWN
        chip.move(17, 1)
        assert told.get(timeout=5).gesture is Gesture.SHORT
        panel.show(Light(Motion.STEADY, (1.0, 0.0, 1.0)))
        assert until(lambda: (chip.duties[13], chip.duties[19], chip.duties[12]) == (100, 0, 100))
        assert panel.color() == (1.0, 0.0, 1.0)
        assert 0 < chip.debounce[17] <= 20_000
    finally:
        panel.close()
    assert not chip.open
    assert not any(chip.duties.values())


def test_the_on_screen_button_is_refused_on_a_real_box(lgpio):
    lgpio()
    panel = Panel(SETTINGS, on_press=lambda _: None, mock=False)
    try:
        with pytest.raises(PanelError, match="real button"):
            panel.touch(True)
    finally:
        panel.close()


def test_a_pin_somebody_else_uses_is_said_and_the_chip_is_given_back(lgpio):
    chip = lgpio(busy=(19,))
    with pytest.raises(PanelError, match=r"GPIO busy.*\[panel\].*no other program") as caught:
        Panel(SETTINGS, on_press=lambda _: None, mock=False)
    assert "\n" not in str(caught.value)
    assert not chip.open


def test_no_chip_is_said_with_what_to_do(lgpio):
    lgpio(fail="gpiochip_open")
    with pytest.raises(PanelError, match=r"can not open gpiochip.*group gpio.*moodbox simulate"):
        Panel(SETTINGS, on_press=lambda _: None, mock=False)


def test_no_lgpio_is_said_with_what_to_do(monkeypatch):
    here = Path.cwd()
    monkeypatch.setitem(sys.modules, "lgpio", None)  # as if not installed
    with pytest.raises(PanelError, match=r"missing: install it with `pip install lgpio`.*moodbox simulate"):
        Panel(SETTINGS, on_press=lambda _: None, mock=False)
    assert Path.cwd() == here
