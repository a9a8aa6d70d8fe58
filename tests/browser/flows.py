"""What a person does with Spotify on the page: against any address, the fake desk's as well as a real house's."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin

from playwright.sync_api import Locator, Page, expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
SCREENS = {"phone": PHONE, "desktop": DESKTOP}
Agree = Callable[[Page, str], str]  # signs in at the address and returns the one that the browser landed on
Shoot = Callable[[Page, str], None]  # takes a picture of a step, or does nothing


def no_picture(_page: Page, _name: str) -> None:
    """Take no picture."""


def link(page: Page, address: str, client_id: str, agree: Agree, shoot: Shoot = no_picture) -> None:
    """Link an account by pasting the address, from the first step to the choice of the speaker."""
    begin(page, address, client_id, shoot)
    url = page.get_attribute("#sign-in", "href") or ""
    page.fill("#pasted", agree(page, url))
    page.click("#paste button[type=submit]")
    expect(page.locator("#part-title")).to_have_text("Choose the speaker")
    expect(page.locator(".speaker-list li").first).to_be_visible()
    shoot(page, "step-5")


def begin(page: Page, address: str, client_id: str, shoot: Shoot = no_picture) -> None:
    """Walk to the fourth step, where the sign-in at Spotify waits."""
    page.goto(f"{address}/setup")
    at_step(page, 1)
    shoot(page, "step-1")
    page.get_by_role("button", name="Begin", exact=True).click()
    at_step(page, 2)
    shoot(page, "step-2")
    page.get_by_role("button", name="Done, go on").click()
    at_step(page, 3)
    page.fill("#client-id", client_id)
    shoot(page, "step-3")
    page.get_by_role("button", name="Go on").click()
    at_step(page, 4)
    shoot(page, "step-4")


def at_step(page: Page, number: int) -> None:
    """Expect a step, told in words and by the keyboard standing on its heading."""
    expect(page.locator(".count")).to_have_text(f"Step {number} of 5")
    expect(page.locator("[aria-current=step] .dot")).to_have_text(str(number))
    if number > 1:
        expect(page.locator("#part-title")).to_be_focused()


def take_speaker(page: Page, name: str) -> None:
    """Choose a speaker from the list that is shown."""
    page.locator(".speaker-list button", has_text=name).click()
    expect(page.locator("[data-place=linked]")).to_be_visible()


def agree_at_spotify(page: Page, url: str) -> str:
    """Agree at the accounts service (the stand-in's page) and return where the browser would land.

    It does not go there: like a browser that does not run on the box, which could not open that page.
    """
    tab = page.context.new_page()
    tab.goto(url)
    form = {"ticket": tab.input_value("input[name=ticket]"), "answer": "agree"}
    action = urljoin(tab.url, tab.get_attribute("form", "action") or "")
    answer = page.context.request.post(action, form=form, max_redirects=0)
    tab.close()
    return answer.headers["location"]


def agree_and_come_back(page: Page) -> None:
    """Follow the page's own link, agree, and let the browser land on the box, which then finishes by itself."""
    with page.expect_popup() as popup:
        page.click("#sign-in")
    popup.value.locator("button.agree").click()
    expect(page.locator("#part-title")).to_have_text("Choose the speaker")
    popup.value.close()


def add_playlist(page: Page, mood: str, name: str, shoot: Shoot = no_picture) -> None:
    """Add one of the account's playlists to a mood, found by typing a part of its name."""
    page.click(f"#add-{mood}")
    expect(page.locator("#own li").first).to_be_visible()
    page.fill("#picker-words", name)
    shoot(page, "picker")
    row = page.locator("#own li", has_text=name).first
    row.get_by_role("button").click()
    expect(row.get_by_role("button")).to_be_disabled()
    page.get_by_role("button", name="Done").click()
    expect(names(page, mood).filter(has_text=name)).to_have_count(1)


def names(page: Page, mood: str) -> Locator:
    """Find the names of a mood's playlists, in order."""
    return page.locator(f".card[data-mood={mood}] [data-order] .name")


def drag_first_to_end(page: Page, mood: str) -> None:
    """Drag the first playlist of a mood below the last one."""
    grips = page.locator(f".card[data-mood={mood}] .grip")
    grips.first.scroll_into_view_if_needed()
    start, end = grips.first.bounding_box(), grips.last.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    for part in range(1, 11):
        down = (end["y"] + end["height"] + 30 - start["y"]) * part / 10
        page.mouse.move(start["x"] + start["width"] / 2, start["y"] + down)
    page.mouse.up()
