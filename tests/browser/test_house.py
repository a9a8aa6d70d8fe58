"""From camera to music, end to end: the real house, real pictures, a real browser, sound that is listened to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import pytest
from playwright.sync_api import Page

from moodbox.events import CameraState, Sounding
from moodbox.house import House
from moodbox.settings import Settings
from tests.browser.conftest import until

LIGHT = "document.getElementById('box').style.getPropertyValue('--light')"
LEVEL = "Number(document.getElementById('box').style.getPropertyValue('--level'))"
HEARD = "document.getElementById('sound').currentTime"
LISTEN = """async () => {
    const answer = await fetch(document.getElementById('sound').src);
    const sound = await new OfflineAudioContext(2, 1, 44100).decodeAudioData(await answer.arrayBuffer());
    let peak = 0, sum = 0, full = 0, count = 0;
    for (let channel = 0; channel < sound.numberOfChannels; channel++) {
        for (const value of sound.getChannelData(channel)) {
            peak = Math.max(peak, Math.abs(value));
            sum += value * value;
            count++;
            if (Math.abs(value) > 0.999) full++;
        }
    }
    return {peak, rms: Math.sqrt(sum / count), full, seconds: sound.duration};
}"""


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Callable[..., tuple[House, str]]]:
    """Return a function that starts a simulated house in front of a camera and gives it with its address."""
    houses = []

    def start(camera: str, detector: Path | None = None) -> tuple[House, str]:
        base = Settings()
        settings = replace(
            base,
            box=replace(
                base.box, state=tmp_path / "state", look_seconds=20.0
            ),  # a busy machine opens its camera slowly
            watch=replace(base.watch, camera=camera, detector=str(detector or "")),
            music=replace(base.music, seconds=60.0),
            page=replace(base.page, port=0),
        )
        house = House(settings, simulated=True)
        houses.append(house)
        return house, house.start()

    yield start
    for house in houses:
        house.close()


def ready(page: Page, house: House) -> Page:
    page.wait_for_selector("#box[data-awake]")
    until(page, lambda: house.board.latest().watch.ready)
    until(page, lambda: house.board.latest().state == "idle")
    return page


def test_press_lights_the_box_and_sounds_music_that_can_be_heard(live, open_page):
    pytest.importorskip("skimage", reason="the demo camera needs the extra `demo`: pip install scikit-image")
    house, address = live("demo")
    page = ready(open_page(address), house)
    until(page, f"{LEVEL} < 0.02")  # an idle box is dark
    page.click("#button")
    until(page, f"{LEVEL} > 0.2")  # the touch is answered by light
    until(page, lambda: house.board.latest().playback.sounding is Sounding.PLAYING)
    until(page, f"{HEARD} > 0.3")
    before = page.evaluate(HEARD)
    until(page, f"{HEARD} > {before} + 0.5")  # time really goes on
    assert not page.evaluate("document.getElementById('sound').paused")
    heard = page.evaluate(LISTEN)
    assert heard["seconds"] > 50
    assert heard["rms"] > 0.02, "the piece is as good as silent"
    assert heard["peak"] < 1.0, "the piece is clipped"
    assert heard["full"] == 0
    playing = house.board.latest().playback
    assert page.inner_text("#music-title") == playing.piece.title
    assert page.inner_text("#why") == playing.why
    page.click("#stop")
    until(page, "document.getElementById('sound').paused")
    until(page, lambda: house.board.latest().playback.sounding is Sounding.SILENT)


def test_smiling_portrait_plays_something_happy_and_is_shown_with_its_face(live, open_page, shared_path):
    detector = shared_path("models", "face_detection_yunet_2023mar.onnx")
    house, address = live(str(shared_path("data", "photos", "obama.jpg")), detector)
    page = ready(open_page(address), house)
    page.check("input[value=always]", force=True)
    page.wait_for_selector("#eye[data-camera=seeing]")
    assert page.get_attribute("#box", "data-awake") == "true"
    page.wait_for_selector("#look:text-is('You look happy.')")
    page.click("#live-switch")
    page.wait_for_selector("#live[data-frame]")
    page.wait_for_selector("#live[aria-label='Live picture: a face that looks happy']")
    page.click("#button")
    until(page, lambda: house.board.latest().playback.sounding is Sounding.PLAYING)
    assert house.board.latest().playback.piece.label == "happy"
    until(page, f"{HEARD} > 0.3")
    until(page, f"{LIGHT} !== 'rgb(255 255 255)' && {LEVEL} > 0.2")  # the mood's colour
    page.check("input[value=on_press]", force=True)
    page.wait_for_selector("#eye[data-camera=asleep]")
    page.wait_for_selector("#live:not([data-frame])")


def test_mood_by_hand_plays_without_any_camera(live, open_page):
    house, address = live("browser")
    page = ready(open_page(address), house)
    page.click("[data-hand=sad]")
    page.wait_for_selector("[data-hand=sad][aria-pressed=true]")
    page.focus("#button")
    page.keyboard.press("Space")
    until(page, f"{HEARD} > 0.3")
    assert house.board.latest().playback.piece.label == "sad"
    assert house.board.latest().watch.camera is CameraState.ASLEEP


def test_webcam_of_the_browser_is_seen_after_it_was_allowed(live, launch, open_page, shared_path, tmp_path):
    detector = shared_path("models", "face_detection_yunet_2023mar.onnx")
    webcam = write_webcam(shared_path("data", "photos", "obama.jpg"), tmp_path / "webcam.mjpeg")
    browser = launch(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={webcam}",
    )
    house, address = live("browser", detector)
    page = ready(open_page(address, in_browser=browser), house)
    page.check("input[value=always]", force=True)
    assert house.board.latest().watch.camera is not CameraState.SEEING  # nothing was sent before the click
    page.click("#share-start")
    page.wait_for_selector("#share-state:text-is('Sending pictures to the box')")
    page.wait_for_selector("#eye[data-camera=seeing]")
    page.wait_for_selector("#look:text-is('You look happy.')")
    page.click("#share-stop")
    page.wait_for_selector("#share-start", state="visible")
    page.wait_for_selector("#eye:not([data-camera=seeing])")  # no picture comes any more, and the page says so
    page.context.close()
    browser.close()
    assert not list((tmp_path / "state").rglob("*.jp*g")), "a picture was stored"


def test_webcam_that_is_not_there_is_said_in_one_sentence(live, open_page):
    house, address = live("browser")
    page = ready(open_page(address), house)
    page.click("#share-start")
    page.wait_for_selector("#notice", state="visible")
    assert "webcam" in page.inner_text("#notice-words")
    assert page.is_visible("#share-start")


def write_webcam(photo: Path, path: Path) -> Path:
    """Write a motion-JPEG file of one photo, 640x480, for Chromium's fake webcam."""
    picture = cv2.imread(str(photo))
    height, width = picture.shape[:2]
    scale = min(640 / width, 480 / height)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    down, across = 480 - small.shape[0], 640 - small.shape[1]
    framed = cv2.copyMakeBorder(
        small, down // 2, down - down // 2, across // 2, across - across // 2, cv2.BORDER_CONSTANT, value=(60, 60, 60)
    )
    done, jpeg = cv2.imencode(".jpg", framed)
    assert done
    path.write_bytes(jpeg.tobytes() * 20)
    return path
