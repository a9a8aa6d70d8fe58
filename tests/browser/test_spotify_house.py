"""The whole way of a newcomer without an account: link the demo's Spotify, pick playlists, press, and hear of it."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from bench.household import free_port
from moodbox.house import House
from moodbox.settings import BoxSettings, MusicSettings, PageSettings, Settings, SpotifySettings, WatchSettings
from moodbox.standin.grants import DEMO_CLIENT_ID
from tests.browser import flows


@pytest.fixture
def house(tmp_path):
    settings = Settings(
        box=BoxSettings(state=tmp_path),
        watch=WatchSettings(camera="demo"),
        music=MusicSettings(output="none"),
        page=PageSettings(port=0),
        spotify=SpotifySettings(loopback_port=free_port()),
    )
    with House(settings, simulated=True, demo=True) as house:
        yield house


@pytest.fixture
def address(house):
    return house.start()


@pytest.mark.parametrize("screen", flows.SCREENS.values(), ids=flows.SCREENS)
def test_newcomer_links_picks_presses_and_moves_the_music(house, address, open_page, screen):
    page = open_page(f"{address}/setup", **screen)
    flows.link(page, address, DEMO_CLIENT_ID, flows.agree_at_spotify)
    flows.take_speaker(page, "Kitchen")
    page.goto(f"{address}/moods")
    flows.add_playlist(page, "happy", "Sunday sunshine")
    page.goto(address)
    page.click('[data-hand="happy"]')
    page.get_by_role("button", name="Play for me").click()
    expect(page.locator("#sleeve")).to_be_visible()
    expect(page.locator("#playlist")).to_have_text("Sunday sunshine")
    expect(page.locator("#speaker")).to_have_text("Kitchen")
    expect(page.locator("#cover")).to_be_visible()
    first = page.inner_text("#music-title")
    page.click("#next")
    expect(page.locator("#music-title")).not_to_have_text(first)
    page.click("#play-on")
    page.locator("#speakers button", has_text="Living room").click()
    expect(page.locator("#speaker")).to_have_text("Living room")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#music")).to_have_attribute("data-sounding", "paused")


def test_browser_on_the_box_finishes_by_itself(house, address, open_page):
    page = open_page(f"{address}/setup", **flows.DESKTOP)
    flows.begin(page, address, DEMO_CLIENT_ID)
    with page.context.expect_page() as opened:
        page.click("#sign-in")
    tab = opened.value
    tab.locator("button.agree").click()
    expect(tab.locator("h1")).to_have_text("Done: go back to the Moodbox page")
    expect(page.locator("#part-title")).to_have_text("Choose the speaker")


def test_spotify_that_is_gone_leaves_the_music_and_a_reason(house, address, open_page):
    page = open_page(f"{address}/setup", **flows.DESKTOP)
    flows.link(page, address, DEMO_CLIENT_ID, flows.agree_at_spotify)
    flows.take_speaker(page, "Kitchen")
    page.goto(f"{address}/moods")
    flows.add_playlist(page, "happy", "Sunday sunshine")
    house._office._standin.close()
    page.goto(address)
    page.click('[data-hand="happy"]')
    page.get_by_role("button", name="Play for me").click()
    expect(page.locator("#music")).to_have_attribute("data-sounding", "playing")
    expect(page.locator("#why")).to_contain_text("so here is music of the box's own")
    expect(page.locator("#problems")).to_contain_text("Spotify")
    house._office._standin.start()


def test_house_without_spotify_says_so_and_plays(tmp_path, open_page):
    settings = Settings(box=BoxSettings(state=tmp_path), music=MusicSettings(output="none"), page=PageSettings(port=0))
    settings = replace(settings, watch=WatchSettings(camera="demo"), spotify=SpotifySettings(enabled=False))
    with House(settings, simulated=True) as house:
        page = open_page(f"{house.start()}/setup", **flows.PHONE)
        expect(page.locator("main")).to_contain_text("switch")
        assert house.spotify is None
