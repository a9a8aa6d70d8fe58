"""A real Chromium, and the page on a fake desk for all that needs no house."""

from __future__ import annotations

import io
import math
import os
import shutil
import struct
import wave
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from moodbox.page.app import create_app
from moodbox.page.server import PageServer
from moodbox.settings import PageSettings
from tests.fakes.desk import FakeDesk, FakeSound

FLAGS = (
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--mute-audio",
    "--no-first-run",
)
PATIENCE = 30_000  # milliseconds; a busy machine is slow, a broken page never gets there


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def launch(playwright: Playwright) -> Callable[..., Browser]:
    """Return a function that starts Chromium with more flags; skips where there is none, but never in CI."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None and os.environ.get("CI"):
        pytest.fail("Chromium is missing: install it with `apt-get install chromium`")

    def start(*flags: str) -> Browser:
        if program is None:
            pytest.skip("Chromium is missing: install it with `apt-get install chromium` to run the browser tests")
        return playwright.chromium.launch(
            executable_path=program,
            chromium_sandbox=False,  # root and containers have none
            args=[*FLAGS, *flags],
        )

    return start


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an address in a fresh browser context; errors of the page fail the test."""
    contexts = []
    wrong: list[str] = []

    def open_(address: str, *, in_browser: Browser = browser, **options: object) -> Page:
        context = in_browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
        page.goto(address)
        return page

    open_.expected = wrong  # a test that makes errors on purpose clears this list
    yield open_
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def desk() -> FakeDesk:
    desk = FakeDesk()
    desk.sounds["piece-1"] = tone(seconds=20)
    desk.sounds["piece-2"] = tone(seconds=20)
    return desk


@pytest.fixture
def address(desk: FakeDesk) -> Iterator[str]:
    server = PageServer(create_app(desk), PageSettings(port=0))
    yield server.start()
    server.close()


def until(page: Page, condition: str | Callable[[], Any]) -> None:
    """Let the browser work until a condition holds: JavaScript of the page, or a function of the test.

    Playwright's own `wait_for_function` needs eval, which the page's policy forbids.
    """
    for _ in range(PATIENCE // 25):
        if page.evaluate(condition) if isinstance(condition, str) else condition():
            return
        page.wait_for_timeout(25)
    said = {
        name: page.inner_text(f"#{name}")
        for name in ("words", "sounding", "notice-words", "lost", "eye-words")
        if page.query_selector(f"#{name}")
    }
    pytest.fail(f"it did not happen in time: {condition}; the page says {said}")


def tone(seconds: int, rate: int = 16_000) -> FakeSound:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        second = b"".join(struct.pack("<h", int(9000 * math.sin(math.tau * 440 * i / rate))) for i in range(rate))
        file.writeframes(second * seconds)
    return FakeSound(buffer.getvalue())
