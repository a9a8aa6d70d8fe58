"""How the page looks and reads on a phone and on a desktop."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from moodbox.events import Certainty, Mood, Problem
from tests.browser.conftest import until

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NARROW = {"viewport": {"width": 320, "height": 640}}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

CONTROLS = """[...document.querySelectorAll('button, select, input')]
    .filter((each) => each.offsetParent && !each.disabled && each.type !== 'radio')
    .map((each) => each.id || each.dataset.hand)"""
FOCUS = """(() => {
    const each = document.activeElement;
    const shown = each.type === 'radio' ? each.nextElementSibling : each;
    return [each.id || each.dataset.hand || '', getComputedStyle(shown).outlineStyle, each.tagName];
})()"""
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 2


def settled(page):
    """Wait until the first view was shown."""
    until(page, "document.getElementById('seeing').textContent.includes('moodnet')")
    return page


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(request, desk, address, open_page):
    desk.look()
    desk.play()
    return settled(open_page(address, **request.param))


@pytest.mark.parametrize("screen", [PHONE, DESKTOP, NARROW], ids=["phone", "desktop", "narrow"])
def test_page_never_scrolls_sideways(desk, address, open_page, screen):
    desk.look()
    desk.play()
    page = settled(open_page(address, **screen))
    desk.show(words=LONG, problems=(Problem("x", LONG, LONG),))
    page.wait_for_selector("[data-key=x]")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    outside = """[...document.querySelectorAll('main *, header *, footer *')].filter((each) => {
        const box = each.getBoundingClientRect();
        return box.width && !each.closest('svg, .unseen') && (box.right > innerWidth + 1 || box.left < -1);
    }).map((each) => each.outerHTML.slice(0, 80))"""
    assert page.evaluate(outside) == []


def test_everything_to_tap_is_large_enough(page):
    small = """[...document.querySelectorAll('button, select, input[type=range], .segments label')].filter((each) => {
        const box = each.getBoundingClientRect();
        return box.width && (box.width < 44 || box.height < 44);
    }).map((each) => each.id || each.textContent)"""
    assert page.evaluate(small) == []


@pytest.mark.parametrize(
    ("screen", "moment"), [(PHONE, "playing"), (PHONE, "trouble"), (DESKTOP, "idle"), (DESKTOP, "unsure")]
)
def test_axe_finds_nothing_to_complain_about(desk, address, open_page, screen, moment):
    if moment != "idle":
        desk.look()
        desk.play()
    if moment == "trouble":
        desk.show(problems=(Problem("camera", "The camera is gone", "Plug it in again"),))
    if moment == "unsure":
        desk.show(mood=Mood({"happy": 0.5, "sad": 0.5}, 0.0, 0.0, 0.0, 1, Certainty.NOT_SURE, 0.0))
    page = open_page(address, reduced_motion="reduce", **screen)  # so that no colour is measured on its way
    page.wait_for_selector("#box[data-awake]")
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def test_keyboard_reaches_every_control_and_shows_where_it_is(page):
    page.evaluate("document.activeElement.blur()")
    wanted = set(page.evaluate(CONTROLS))
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus[2] != "BODY":
            assert focus[1] != "none", focus
        seen.add(focus[0])
        if wanted <= seen:
            return
    assert wanted <= seen


def test_skip_link_appears_when_it_has_the_focus(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_page_asks_nothing_of_other_hosts(desk, address, open_page, browser):
    asked = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    desk.look()
    page.goto(address)
    settled(page)
    context.close()
    assert len(asked) > 10
    assert [url for url in asked if not url.startswith(address)] == []


def test_reduced_motion_keeps_the_light_and_the_bars_still(desk, address, open_page):
    desk.look()
    desk.play()
    page = settled(open_page(address, reduced_motion="reduce", **DESKTOP))
    until(page, "getComputedStyle(document.getElementById('box')).getPropertyValue('--level') > 0")
    shown = page.evaluate("document.getElementById('box').style.getPropertyValue('--level')")
    desk.panel.lit = (0.01, 0.01, 0.0)  # where a breathing light would be at its lowest
    desk.look(2)
    page.wait_for_timeout(300)
    assert page.evaluate("document.getElementById('box').style.getPropertyValue('--level')") == shown
    moving = "document.getAnimations().filter((each) => each.playState === 'running').length"
    assert page.evaluate(moving) == 0
