import time
from dataclasses import replace

import pytest

from moodbox.page.app import create_app
from moodbox.page.picture import LARGEST
from moodbox.settings import Settings
from tests.device.page.conftest import Visitor
from tests.fakes.desk import FakeDesk, FakePreview

JPEG = b"\xff\xd8\xff\xe0 not really a picture, but it starts like one"


def send(visitor, data=JPEG, kind="image/jpeg"):
    return visitor.post("/camera/frame", data=data, content_type=kind)


def test_look_at_the_live_picture_leases_it_for_two_seconds(visitor, desk):
    assert visitor.get("/live.jpg").status_code == 204
    assert desk.watcher.leases == [2.0]


def test_page_that_nobody_looks_at_leases_nothing(visitor, desk):
    visitor.get("/")
    assert desk.watcher.leases == []


def test_live_picture_comes_with_the_number_of_its_frame(visitor, desk):
    desk.watcher.picture = FakePreview(41, time.monotonic(), JPEG)
    answer = visitor.get("/live.jpg")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, JPEG, "image/jpeg")
    assert answer.headers["X-Moodbox-Frame"] == "41"
    assert answer.headers["Cache-Control"] == "no-store"


def test_picture_the_visitor_has_is_not_sent_again(visitor, desk):
    desk.watcher.picture = FakePreview(41, time.monotonic(), JPEG)
    assert visitor.get("/live.jpg?after=41").status_code == 204
    assert visitor.get("/live.jpg?after=40").status_code == 200


def test_old_picture_is_not_shown_as_live(visitor, desk):
    desk.watcher.picture = FakePreview(41, time.monotonic() - 5, JPEG)
    assert visitor.get("/live.jpg").status_code == 204


def test_frame_of_the_visitors_webcam_reaches_the_watcher(visitor, desk):
    desk.watcher.wanted = True
    assert send(visitor).status_code == 204
    assert desk.watcher.frames == [JPEG]


def test_frame_that_nobody_wants_is_refused(visitor, desk):
    answer = send(visitor)
    assert answer.status_code == 409
    assert desk.watcher.frames == []


def test_frame_of_the_largest_size_passes_and_a_larger_one_does_not(visitor, desk):
    desk.watcher.wanted = True
    assert send(visitor, JPEG.ljust(LARGEST)).status_code == 204
    answer = send(visitor, JPEG.ljust(LARGEST + 1))
    assert answer.status_code == 413
    assert answer.json["error"] == "That is larger than this box takes."
    assert len(desk.watcher.frames) == 1


@pytest.mark.parametrize("kind", ["image/png", "text/plain", "application/json", ""])
def test_frame_of_another_kind_is_refused(visitor, desk, kind):
    desk.watcher.wanted = True
    assert send(visitor, kind=kind).status_code == 415
    assert desk.watcher.frames == []


def test_frame_that_is_no_picture_gets_the_watchers_own_sentence(visitor, desk):
    desk.watcher.wanted = True
    answer = send(visitor, b"hello")
    assert answer.status_code == 422
    assert "not a JPEG" in answer.json["error"]


def test_flood_of_frames_is_slowed_down(visitor, desk):
    desk.watcher.wanted = True
    codes = [send(visitor).status_code for _ in range(40)]
    assert 429 in codes
    assert len(desk.watcher.frames) == codes.count(204) <= 20


def test_frame_without_token_is_refused(visitor, desk):
    desk.watcher.wanted = True
    answer = visitor.client.post(
        "/camera/frame", data=JPEG, content_type="image/jpeg", base_url="http://127.0.0.1:8080"
    )
    assert answer.status_code == 403
    assert desk.watcher.frames == []


@pytest.mark.parametrize("name", ["browser", "webcam", "demo"])
def test_visitor_chooses_the_camera(visitor, desk, name):
    assert visitor.post("/camera", json={"camera": name}).status_code == 204
    assert desk.watcher.camera == name


def test_camera_of_the_settings_is_offered_as_it_is():
    base = Settings()
    desk = FakeDesk(settings=replace(base, watch=replace(base.watch, camera="clips/evening.mp4")))
    visitor = Visitor(create_app(desk).test_client())
    assert "From the settings: clips/evening.mp4" in visitor.get("/").text
    assert visitor.post("/camera", json={"camera": "clips/evening.mp4"}).status_code == 204
    assert visitor.post("/camera", json={"camera": "clips/other.mp4"}).status_code == 400
    assert desk.watcher.camera == "clips/evening.mp4"


def test_real_box_keeps_its_own_camera():
    desk = FakeDesk(simulated=False)
    desk.watcher.wanted = True
    visitor = Visitor(create_app(desk).test_client())
    assert visitor.post("/camera", json={"camera": "browser"}).status_code == 400
    assert send(visitor).status_code == 409
    assert 'id="camera"' not in visitor.get("/").text
