"""The tab Moods: picking playlists, their order, what never plays, and playlists that the box makes."""

import pytest
from playwright.sync_api import expect

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.values import Feature
from tests.browser import flows
from tests.browser.conftest import until
from tests.fakes.spotify_desk import KITCHEN, SONG, FakeSpotifyDesk, uri


@pytest.fixture
def spotify(desk):
    desk.spotify = spotify = FakeSpotifyDesk()
    spotify.sign_in(*Feature)
    spotify.use_speaker(KITCHEN)
    return spotify


@pytest.fixture(params=flows.SCREENS.values(), ids=flows.SCREENS)
def page(request, spotify, address, open_page):
    return open_page(f"{address}/moods", **request.param)


@pytest.fixture
def three(page, spotify):
    """Show a mood with three playlists."""
    spotify.choose("happy", [uri(1), uri(4), uri(5)])
    page.reload()
    return page


def order(spotify):
    return [each.uri for each in spotify.chosen["happy"]]


def test_playlist_is_found_by_typing_and_added(page, spotify):
    flows.add_playlist(page, "happy", "Sunshine")
    flows.add_playlist(page, "happy", "disco")
    assert order(spotify) == [uri(1), uri(4)]
    expect(page.locator("#add-happy")).to_be_focused()
    page.reload()
    expect(flows.names(page, "happy")).to_have_text(["Sunshine on the balcony", "Kitchen disco"])


def test_typing_filters_and_asks_nobody(page, spotify):
    page.click("#add-sad")
    expect(page.locator("#own li")).to_have_count(5)
    page.locator("#picker-words").press_sequentially("rain")
    expect(page.locator("#own li")).to_have_count(1)
    assert [each for each in spotify.asked if each[0] == "search"] == []


def test_search_asks_spotify_once_when_enter_is_pressed(page, spotify):
    page.click("#add-sad")
    page.fill("#picker-words", "sunny")
    page.press("#picker-words", "Enter")
    expect(page.locator("#found li")).to_have_count(3)
    assert spotify.asked.count(("search", "sunny")) == 1
    page.locator("#found li").first.get_by_role("button").click()
    expect(page.locator("#picker-state")).to_have_text("Sunny 1 was added to sad.")
    page.keyboard.press("Escape")
    expect(flows.names(page, "sad")).to_have_text(["Sunny 1"])
    expect(page.locator(".card[data-mood=sad] .badge")).to_have_text("Plays whole, cannot be used for lift")


def test_pasted_link_is_looked_up(page, spotify, open_page):
    page.click("#add-sad")
    page.fill("#picker-words", "https://open.spotify.com/album/" + "9" * 22)
    page.get_by_role("button", name="Find this link").click()
    expect(page.locator("#picker-error")).to_contain_text("Spotify album")
    page.fill("#picker-words", "https://open.spotify.com/playlist/" + "9" * 22 + "?si=x")
    page.get_by_role("button", name="Find this link").click()
    page.locator("#found li").get_by_role("button").click()
    page.keyboard.press("Escape")
    expect(flows.names(page, "sad")).to_have_text(["Pasted playlist"])
    open_page.expected.clear()


def test_failure_of_a_search_is_said_in_the_dialog(page, spotify, open_page):
    page.click("#add-sad")
    expect(page.locator("#own li")).to_have_count(5)
    spotify.failure = SpotifyError("Spotify does not answer", "Try again later", Verdict.LATER, key="spotify-down")
    page.fill("#picker-words", "sun")
    page.press("#picker-words", "Enter")
    expect(page.locator("#picker-error")).to_have_text("Spotify does not answer. Try again later.")
    open_page.expected.clear()


def test_account_without_playlists_says_what_can_be_done(page, spotify):
    spotify.albums = []
    page.click("#add-sad")
    expect(page.locator("#own-empty")).to_contain_text("no playlists yet")
    spotify.albums = [spotify.met[uri(2)]]
    page.get_by_role("button", name="Look again").click()
    expect(page.locator("#own li")).to_have_count(1)
    assert ("library", True) in spotify.asked


def test_order_by_keyboard_keeps_the_keyboard_where_it_was(three, spotify):
    down = f"#down-happy-{1:022d}"
    three.focus(down)
    three.keyboard.press("Enter")
    until(three, lambda: order(spotify) == [uri(4), uri(1), uri(5)])
    expect(three.locator(down)).to_be_focused()
    three.keyboard.press("Space")
    until(three, lambda: order(spotify) == [uri(4), uri(5), uri(1)])
    expect(three.locator(f"#up-happy-{1:022d}")).to_be_focused()  # it is last now: down has gone
    expect(three.locator("#announce")).to_have_text("Sunshine on the balcony is now number 3.")
    three.keyboard.press("Enter")
    until(three, lambda: order(spotify) == [uri(4), uri(1), uri(5)])


def test_order_by_dragging(three, spotify):
    flows.drag_first_to_end(three, "happy")
    until(three, lambda: order(spotify) == [uri(4), uri(5), uri(1)])
    expect(flows.names(three, "happy")).to_have_text(["Kitchen disco", "Friend's party", "Sunshine on the balcony"])


def test_order_that_is_refused_is_put_back(three, spotify, open_page):
    def refuse(_label, _uris):
        raise SpotifyError("The disk is full", "Make room", Verdict.TELL, key="spotify-disk")

    spotify.choose = refuse
    three.click(f"#down-happy-{1:022d}")
    expect(three.locator("#notice-words")).to_have_text("The disk is full. Make room.")
    expect(flows.names(three, "happy").first).to_have_text("Sunshine on the balcony")
    open_page.expected.clear()


def test_removed_playlist_is_gone_and_the_keyboard_stays_near(three, spotify):
    three.locator("[data-order] li", has_text="Kitchen disco").get_by_role("button", name="Remove").click()
    until(three, lambda: order(spotify) == [uri(1), uri(5)])
    expect(three.locator("#add-happy")).to_be_focused()


def test_never_list_takes_the_song_that_plays_and_a_playlist_and_gives_back(page, desk, spotify):
    desk.play_song()
    page.click("#never-happy summary")
    page.locator("#never-happy").get_by_role("button", name=f"This song: {SONG.title}").click()
    expect(page.locator("#never-happy .barred li")).to_have_count(1)
    page.locator("#never-happy").get_by_role("button", name="This artist: Marta Quill").click()
    page.click("#bar-happy")
    page.locator("#own li", has_text="Rainy day").get_by_role("button").click()
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#never-happy .barred li")).to_have_count(3)
    page.get_by_role("button", name="Let Rainy day play again").click()
    expect(page.locator("#never-happy .barred li")).to_have_count(2)
    assert list(spotify.barred["happy"]) == [SONG.uri, SONG.artist_uris[0]]


def test_making_a_playlist_is_followed_to_its_end(page, spotify):
    page.click("#make-happy")
    expect(page.locator(".card[data-mood=happy] .job")).to_have_text("Looking for happy songs…")
    spotify.finish_job("happy")
    expect(flows.names(page, "happy")).to_have_text(["Moodbox: happy"])
    expect(page.locator("#make-happy")).to_have_text("Refresh mine")


def test_suggestion_is_one_press(page, spotify):
    page.locator(".card[data-mood=sad]").get_by_role("button", name="Rainy day").click()
    expect(flows.names(page, "sad")).to_have_text(["Rainy day"])


def test_change_in_another_window_is_seen_here(page, address, spotify):
    other = page.context.new_page()
    other.goto(f"{address}/moods")
    flows.add_playlist(other, "neutral", "calm")
    expect(flows.names(page, "neutral")).to_have_text(["Sunday calm"])
