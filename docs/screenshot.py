"""Take the README's picture again: the real simulator before the demo camera, pressed, without the live picture.

python docs/screenshot.py [docs/now.png]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import sync_playwright

from moodbox.events import Sounding
from moodbox.house import House
from moodbox.settings import BoxSettings, PageSettings, Settings

SECONDS_OF_MUSIC = 6000  # milliseconds: the progress bar should show something


def main(target: Path) -> None:
    """Press the on-screen button in a real browser and save what the page shows."""
    with tempfile.TemporaryDirectory() as state, sync_playwright() as playwright:
        settings = Settings(box=BoxSettings(state=Path(state)), page=PageSettings(port=0))
        quiet = replace(settings.music, output="none")  # a machine without a sound card would say so on the picture
        settings = replace(settings, watch=replace(settings.watch, camera="demo"), music=quiet)
        with House(settings, simulated=True) as house:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), chromium_sandbox=False)
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(house.start())
            page.wait_for_selector("#box[data-awake]")
            page.click("#button")
            while house.board.latest().playback.sounding is not Sounding.PLAYING:
                page.wait_for_timeout(100)
            page.wait_for_timeout(SECONDS_OF_MUSIC)
            page.screenshot(path=target)
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/now.png"))
