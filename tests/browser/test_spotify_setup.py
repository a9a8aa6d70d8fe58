"""The tab Setup: linking an account, step by step, and everything about a linked one."""

import pytest
from playwright.sync_api import expect

from moodbox.music.spotify.values import Feature
from tests.browser import flows
from tests.browser.conftest import until
from tests.fakes.spotify_desk import BEDROOM, KITCHEN, FakeSpotifyDesk, uri

CLIENT_ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def spotify(desk):
    desk.spotify = FakeSpotifyDesk()
    return desk.spotify


@pytest.fixture(params=flows.SCREENS.values(), ids=flows.SCREENS)
def page(request, spotify, address, open_page):
    return open_page(f"{address}/setup", **request.param)


@pytest.fixture
def wide(spotify, address, open_page):
    return open_page(f"{address}/setup", **flows.DESKTOP)


def test_whole_linking_by_pasting_the_address(page, address, spotify):
    flows.link(page, address, CLIENT_ID, lambda _page, url: spotify.agree(url))
    flows.take_speaker(page, "Bedroom")
    assert spotify.preferences.speaker == BEDROOM
    expect(page.locator("#account-title + .big-words")).to_have_text("Ana")
    assert spotify.asked.count(("speakers",)) == 1  # looked for by itself, once


def test_linking_that_finishes_by_itself_is_noticed(page, address, spotify):
    flows.begin(page, address, CLIENT_ID)
    spotify.land(page.get_attribute("#sign-in", "href"))
    expect(page.locator("#part-title")).to_have_text("Choose the speaker")
    expect(page.locator("#part-title")).to_be_focused()


def test_step_survives_loading_again_and_going_back(page, address):
    flows.begin(page, address, CLIENT_ID)
    url = page.get_attribute("#sign-in", "href")
    page.reload()
    assert page.get_attribute("#sign-in", "href") == url
    page.get_by_role("button", name="Back").click()
    flows.at_step(page, 3)
    assert page.input_value("#client-id") == CLIENT_ID
    page.get_by_role("button", name="Back").click()
    flows.at_step(page, 2)
    page.reload()
    expect(page.locator(".count")).to_have_text("Step 2 of 5")


def test_wrong_client_id_is_said_beside_the_field(page, address, open_page):
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_role("button", name="Done, go on").click()
    page.fill("#client-id", "my client id")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#client-id-error")).to_contain_text("32 characters")
    expect(page.locator("#client-id")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#client-id")).to_be_focused()
    page.fill("#client-id", CLIENT_ID)
    page.get_by_role("button", name="Go on").click()
    flows.at_step(page, 4)
    open_page.expected.clear()  # Chromium writes every refused request to its console


def test_wrong_paste_is_said_and_mended(page, address, spotify, open_page):
    flows.begin(page, address, CLIENT_ID)
    url = page.get_attribute("#sign-in", "href")
    page.fill("#pasted", "http://127.0.0.1:8888/callback?error=x")
    page.click("#paste button")
    expect(page.locator("#pasted-error")).to_contain_text("not the address you landed on")
    page.fill("#pasted", spotify.agree(url))
    page.click("#paste button")
    expect(page.locator("#part-title")).to_have_text("Choose the speaker")
    open_page.expected.clear()


def test_sign_in_opens_a_new_tab_that_knows_nothing_of_this_one(page, address):
    flows.begin(page, address, CLIENT_ID)
    page.context.route("https://accounts.spotify.com/**", lambda route: route.fulfill(body="<title>Spotify</title>"))
    with page.expect_popup() as popup:
        page.click("#sign-in")
    popup.value.wait_for_load_state()
    assert popup.value.evaluate("[opener, document.referrer]") == [None, ""]
    flows.at_step(page, 4) if page.evaluate("document.activeElement.id") == "part-title" else None
    popup.value.close()


def test_what_was_typed_survives_a_drawing_and_so_does_an_open_fold(wide, address, spotify):
    flows.begin(wide, address, CLIENT_ID)
    wide.click("#other-ways summary")
    wide.fill("#pasted", "half an addr")
    wide.locator("#pasted").press("ArrowLeft")
    before = wide.evaluate("document.querySelector('#pasted').selectionStart")
    wide.evaluate("document.querySelector('#pasted').dataset.old = 'yes'")
    wide.click("text=Open the door")
    wide.wait_for_selector(".qr img")
    assert wide.get_attribute("#pasted", "data-old") is None  # it was drawn anew
    assert wide.input_value("#pasted") == "half an addr"
    assert wide.evaluate("document.querySelector('#other-ways').open")
    assert before == len("half an add")


def test_refusal_beside_a_field_survives_a_drawing(wide, address, open_page):
    flows.begin(wide, address, CLIENT_ID)
    wide.fill("#pasted", "half an addr")
    wide.get_by_role("button", name="Finish").click()
    expect(wide.locator("#pasted")).to_have_attribute("aria-invalid", "true")
    words = wide.inner_text("#pasted-error")
    wide.evaluate("document.querySelector('#pasted').dataset.old = 'yes'")
    wide.click("#other-ways summary")
    wide.click("text=Open the door")
    wide.wait_for_selector(".qr img")
    assert wide.get_attribute("#pasted", "data-old") is None  # it was drawn anew
    assert wide.get_attribute("#pasted", "aria-invalid") == "true"
    assert wide.inner_text("#pasted-error") == words != ""
    open_page.expected.clear()  # Chromium writes every refused request to its console


def test_phone_door_shows_a_code_counts_down_and_closes(page, address, spotify):
    flows.begin(page, address, CLIENT_ID)
    page.click("#other-ways summary")
    page.get_by_role("button", name="Open the door").click()
    page.wait_for_selector(".qr img")
    until(page, "document.querySelector('.qr img').naturalWidth > 0")
    assert page.inner_text("#lan-redirect") == spotify.door.redirect
    assert page.inner_text("#fingerprint").replace("\n", "") == spotify.door.fingerprint
    until(page, "/^4:5/.test(document.querySelector('[data-left]').textContent)")
    page.get_by_role("button", name="Close the door now").click()
    page.wait_for_selector(".qr", state="detached")
    assert spotify.door is None


def test_redirect_is_copied(wide, spotify):
    wide.context.grant_permissions(["clipboard-read", "clipboard-write"])
    wide.get_by_role("button", name="Begin", exact=True).click()
    wide.get_by_role("button", name="Copy").click()
    expect(wide.get_by_role("button", name="Copied")).to_be_visible()
    assert wide.evaluate("navigator.clipboard.readText()") == spotify.redirect()


def test_lapsed_sign_in_keeps_everything(page, spotify):
    spotify.sign_in(Feature.LIKE)
    spotify.use_speaker(KITCHEN)
    spotify.choose("happy", [uri(1)])
    spotify.lapse()
    page.reload()
    page.get_by_role("button", name="Sign in again").click()
    expect(page.locator("#part-title")).to_have_text("Sign in again")
    spotify.land(page.get_attribute("#sign-in", "href"))
    expect(page.locator("[data-place=linked]")).to_be_visible()
    assert spotify.login.may(Feature.LIKE)
    assert spotify.chosen["happy"]


@pytest.fixture
def linked(page, spotify):
    spotify.sign_in(Feature.LIKE)
    spotify.use_speaker(KITCHEN)
    page.reload()
    return page


def test_speaker_is_looked_for_only_when_asked(linked, spotify):
    expect(linked.get_by_role("button", name="Look for speakers")).to_be_visible()
    assert ("speakers",) not in spotify.asked
    linked.get_by_role("button", name="Look for speakers").click()
    linked.locator(".speaker-list button", has_text="Bedroom").click()
    expect(linked.locator("#speaker-title + .big-words")).to_have_text("Bedroom")
    expect(linked.locator(".speaker-list [aria-pressed=true]")).to_contain_text("Bedroom")
    assert spotify.preferences.speaker == BEDROOM


def test_ceiling_language_and_country_are_kept(linked, spotify):
    linked.focus("#ceiling")
    for _ in range(4):
        linked.keyboard.press("ArrowLeft")
    until(linked, lambda: spotify.preferences.ceiling == 0.8)
    linked.select_option("#language", "de")
    until(linked, lambda: spotify.preferences.language == "de")
    linked.fill("#market", "at")
    linked.get_by_role("button", name="Keep").click()
    until(linked, lambda: spotify.preferences.market == "AT")
    expect(linked.locator("#market")).to_have_value("AT")


def test_refresh_tells_how_it_goes(linked, spotify):
    linked.click("#refresh")
    expect(linked.locator(".job")).to_have_text("Reading your playlists…")
    expect(linked.locator("#refresh")).to_be_disabled()


def test_feature_is_allowed_by_one_more_sign_in(linked, spotify):
    linked.locator(".features li", has_text="Make playlists").get_by_role("button").click()
    spotify.land(linked.wait_for_selector("#sign-in").get_attribute("href"))
    expect(linked.locator(".features .good")).to_have_count(3)


def test_disconnect_asks_first_and_can_forget_the_client_id(linked, spotify):
    linked.get_by_role("button", name="Disconnect", exact=True).click()
    linked.get_by_role("button", name="Keep it").click()
    assert spotify.login.linked
    linked.get_by_role("button", name="Disconnect", exact=True).click()
    linked.check("#forget-client-id")
    linked.get_by_role("button", name="Disconnect and delete").click()
    expect(linked.locator(".count")).to_have_text("Step 1 of 5")
    assert not linked.locator("#disconnect").is_visible()
    assert spotify.preferences.client_id == ""
