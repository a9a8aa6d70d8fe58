from flask import Flask

from moodbox.events import Gesture, Press
from moodbox.page.app import create_app
from tests.device.page.conftest import Visitor
from tests.fakes.desk import FakeDesk


def test_finger_reaches_the_panel_and_not_the_box(visitor, desk):
    assert visitor.post("/touch", json={"down": True}).status_code == 204
    assert desk.panel.touches == [True]
    assert desk.events == []


def test_finger_that_lets_go_is_a_press_of_the_panel(visitor, desk):
    visitor.post("/touch", json={"down": True})
    visitor.post("/touch", json={"down": False})
    (press,) = desk.events
    assert isinstance(press, Press)
    assert (press.gesture, press.source) == (Gesture.SHORT, "button")


def test_letting_go_is_never_refused(visitor, desk):
    for _ in range(40):
        visitor.post("/touch", json={"down": True})
    assert visitor.post("/touch", json={"down": False}).status_code == 204
    assert desk.panel.touches[-1] is False


def test_real_button_is_not_pressed_from_afar():
    desk = FakeDesk(simulated=False)
    answer = Visitor(app_client(create_app(desk))).post("/touch", json={"down": True})
    assert answer.status_code == 409
    assert "real button" in answer.json["error"]
    assert desk.panel.touches == []


def test_box_without_a_panel_says_so():
    desk = FakeDesk()
    desk.panel = None
    assert Visitor(app_client(create_app(desk))).post("/touch", json={"down": True}).status_code == 409


def app_client(app: Flask):
    return app.test_client()
