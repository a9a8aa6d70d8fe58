"""The tab Now while a song of Spotify's plays, and how the tabs look and read."""

import re
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from moodbox.events import Problem
from moodbox.music.spotify.values import Feature
from moodbox.page.spotify.desk import Job
from tests.browser import flows
from tests.browser.conftest import until
from tests.fakes.spotify_desk import BEDROOM, COVER, KITCHEN, SONG, FakeSpotifyDesk, playlist, uri

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
OUTSIDE = """[...document.querySelectorAll('main *, header *, footer *, dialog[open] *')].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && !each.closest('svg, .unseen, .step-name') && (box.right > innerWidth + 1 || box.left < -1);
}).map((each) => each.outerHTML.slice(0, 80))"""
SMALL = """[...document.querySelectorAll('a.button, nav a, button, select, input')].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && !each.matches('[type=radio], [type=checkbox]') && (box.width < 44 || box.height < 44);
}).map((each) => each.id || each.textContent)"""


@pytest.fixture
def spotify(desk):
    desk.spotify = spotify = FakeSpotifyDesk()
    spotify.sign_in(*Feature)
    spotify.use_speaker(KITCHEN)
    return spotify


@pytest.fixture(params=flows.SCREENS.values(), ids=flows.SCREENS)
def page(request, desk, spotify, address, open_page):
    desk.look()
    desk.play_song()
    page = open_page(address, **request.param)
    page.wait_for_selector("#box[data-awake]")
    return page


def test_song_is_shown_whole_with_its_cover_and_where_it_is_from(page):
    until(page, "document.getElementById('cover').naturalWidth > 0")
    assert page.evaluate("getComputedStyle(document.getElementById('cover')).objectFit") == "contain"
    assert page.inner_text(".from") == "Music from Spotify"
    assert page.inner_text("#music-title") == SONG.title
    assert page.inner_text("#artists") == "Marta Quill, The Harbour"
    assert page.inner_text("#playlist") == "Sunshine on the balcony"
    assert page.inner_text("#speaker") == "Kitchen"
    assert page.get_attribute("#open-song", "href") == SONG.link
    assert page.is_hidden("#record")
    assert page.evaluate("document.getElementById('sound').getAttribute('src')") is None  # its speaker sounds it


def test_music_of_the_box_brings_its_own_picture_back(page, desk):
    desk.play()
    page.wait_for_selector("#record", state="visible")
    for name in ("sleeve", "like", "never", "open-song", "where"):
        assert page.is_hidden(f"#{name}"), name
    assert page.is_visible("#play-on")


def test_heart_is_a_switch_that_shows_what_is_so(page, spotify):
    page.click("#like")
    expect(page.locator("#like[aria-pressed=true]")).to_have_text("Liked")
    assert spotify.likes == {SONG.uri}
    page.click("#like")
    expect(page.locator("#like[aria-pressed=false]")).to_have_text("Like")
    assert spotify.likes == set()


def test_heart_that_is_not_allowed_says_where_to_allow_it(page, spotify):
    spotify.sign_in(Feature.MAKE)
    page.wait_for_selector("#like", state="hidden")
    assert "allow it in Setup" in page.inner_text("#like-help")
    page.click("#like-help a")
    expect(page.locator("#allow")).to_be_in_viewport()


def test_song_is_barred_for_its_mood(page, spotify):
    page.click("#never")
    expect(page.locator("#notice-words")).to_contain_text(f"“{SONG.title}” never plays again when you look happy")
    assert spotify.barred["happy"] == {SONG.uri: SONG.title}


def test_other_speaker_is_chosen_from_a_list_that_is_made_when_it_is_opened(page, spotify):
    assert ("speakers",) not in spotify.asked
    page.click("#play-on")
    expect(page.locator("#speakers li")).to_have_count(2)
    page.locator("#speakers button", has_text="Bedroom").click()
    page.wait_for_selector("#speakers", state="hidden")
    assert spotify.preferences.speaker == BEDROOM


def test_unlinked_box_offers_no_speaker(page, spotify):
    spotify.disconnect(forget_client_id=True)
    page.wait_for_selector("#play-on", state="hidden")


# --- every tab in every state -----------------------------------------------------------------------------------


def unlinked(spotify):
    spotify.disconnect(forget_client_id=True)


def nothing(_spotify):
    pass


def some(spotify):
    spotify.choose("happy", [uri(1), uri(4), uri(5)])
    spotify.forbid("happy", uri(2))


def busy(spotify):
    some(spotify)
    spotify.make("happy")
    spotify.refresh()
    spotify.jobs["sad"] = Job("sad", False, "Spotify does not answer", 1.0, Problem("x", "x", "Try again"))


def many(spotify):
    lots = [playlist(200 + n, LONG if n % 3 == 0 else f"List {n}", owner=LONG, cover=f"{COVER}{n}") for n in range(20)]
    spotify.met.update({each.uri: each for each in lots})
    spotify.choose("happy", [each.uri for each in lots])
    speaker = replace(BEDROOM, name=LONG)
    spotify.preferences = replace(spotify.preferences, account_name=LONG, speaker=speaker)


def lapsed(spotify):
    some(spotify)
    spotify.lapse()


def held(spotify):
    some(spotify)
    spotify.hold()


def ending(spotify):
    spotify.sign_in(days=176)


STATES = {each.__name__: each for each in (unlinked, nothing, some, busy, many, lapsed, held, ending)}


@pytest.mark.parametrize("screen", flows.SCREENS)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_sticks_out(spotify, address, open_page, state, screen):
    STATES[state](spotify)
    page = open_page(f"{address}/moods", reduced_motion="reduce", **flows.SCREENS[screen])
    check(page)
    page.goto(f"{address}/setup")
    check(page)


@pytest.mark.parametrize("screen", flows.SCREENS)
def test_axe_finds_nothing_in_a_song_and_in_the_dialogs(desk, spotify, address, open_page, screen):
    desk.look()
    desk.play_song(replace(SONG, title=LONG, artists=(LONG,)), LONG, LONG)
    page = open_page(address, reduced_motion="reduce", **flows.SCREENS[screen])
    page.wait_for_selector("#box[data-awake]")
    check(page)
    page.click("#play-on")
    page.wait_for_selector("#speakers li")
    check(page)
    page.goto(f"{address}/moods")
    page.click("#add-happy")
    page.fill("#picker-words", "sunny")
    page.press("#picker-words", "Enter")
    page.wait_for_selector("#found li")
    check(page)
    page.goto(f"{address}/setup")
    page.click("[data-open=disconnect]")
    check(page)


@pytest.mark.parametrize("screen", flows.SCREENS)
def test_axe_finds_nothing_in_any_step(spotify, address, open_page, screen):
    spotify.disconnect(forget_client_id=True)
    page = open_page(f"{address}/setup", reduced_motion="reduce", **flows.SCREENS[screen])

    def look(page, _name):
        check(page)

    flows.begin(page, address, "0" * 32, look)
    page.click("#other-ways summary")
    page.get_by_role("button", name="Open the door").click()
    page.wait_for_selector(".qr img")
    check(page)
    spotify.land(page.get_attribute("#sign-in", "href"))
    page.wait_for_selector(".speaker-list li")
    check(page)


def check(page):
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("path", ["/moods", "/setup"])
def test_keyboard_reaches_every_control(spotify, address, open_page, path):
    some(spotify)
    page = open_page(f"{address}{path}", **flows.DESKTOP)
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, select, input, summary')]"
        ".filter((each) => each.checkVisibility() && !each.disabled).map((each, at) => each.dataset.at = String(at))"
    )
    seen = set()
    for _ in range(len(wanted) + 5):
        page.keyboard.press("Tab")
        at, outline = page.evaluate(
            "[document.activeElement.dataset.at ?? '', getComputedStyle(document.activeElement).outlineStyle]"
        )
        assert outline != "none" or not at
        seen.add(at)
    assert set(wanted) <= seen


def test_tabs_lead_to_each_other_and_say_where_one_is(spotify, address, open_page):
    page = open_page(address, **flows.PHONE)
    for name, title in (("Moods", "Moods"), ("Pieces", "Pieces"), ("Setup", "Setup"), ("Now", "Now")):
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(page).to_have_title(f"{title} · Moodbox")
        expect(page.locator("nav [aria-current=page]")).to_have_text(name)


@pytest.mark.parametrize("path", ["/", "/moods", "/pieces", "/setup"])
def test_pages_ask_nothing_of_other_hosts(desk, spotify, address, browser, path):
    asked = []
    some(spotify)
    desk.play_song()
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}{path}")
    page.wait_for_timeout(700)
    context.close()
    assert len(asked) > 5
    assert [url for url in asked if not re.match(re.escape(address), url)] == []
