"""The tab Pieces: the kept pieces, liked, played again, saved and deleted, with and without scripts."""

import re
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from moodbox.errors import StorageError
from moodbox.events import Gesture, PieceChosen, Problem, Sounding
from tests.browser import flows
from tests.browser.conftest import tone, until
from tests.browser.test_spotify_now import RULES
from tests.fakes.pieces_desk import FakePiecesDesk, kept, key_of

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 2
# The strip of lists scrolls by itself.
OUTSIDE = """[...document.querySelectorAll('body *')].filter((each) => {
    const box = each.getBoundingClientRect();
    if (!box.width || each.closest('svg, .unseen, .filters, .aura')) return false;
    return box.right > innerWidth + 1 || box.left < -1;
}).map((each) => each.outerHTML.slice(0, 80))"""
SMALL = """[...document.querySelectorAll('button, a.button, .tabs a, summary')].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && (box.width < 44 || box.height < 44);
}).map((each) => each.id || each.textContent)"""
NO_SCRIPTS = {"java_script_enabled": False}


@pytest.fixture
def shelf(desk):
    desk.pieces = FakePiecesDesk(40)
    desk.sounds.update(dict.fromkeys(map(key_of, range(101)), tone(seconds=20)))
    return desk.pieces


@pytest.fixture(params=flows.SCREENS.values(), ids=flows.SCREENS)
def page(request, shelf, address, open_page):
    return open_page(f"{address}/pieces", reduced_motion="reduce", **request.param)  # a menu that rises is hard to hit


def row(page, number):
    return page.locator(f"#row-{key_of(number)}")


def open_menu(page, number):
    page.click(f"#more-{key_of(number)}")
    expect(page.locator(f"#menu-{key_of(number)}")).to_be_visible()


def save(page, number, name):
    open_menu(page, number)
    with page.expect_download() as download:
        page.locator(f"#menu-{key_of(number)}").get_by_role("link", name=name).click()
    return download.value


# --- the list -------------------------------------------------------------------------------------------------------


def test_lists_are_chosen_without_loading_the_page_and_back_goes_back(page, shelf):
    page.evaluate("window.same = true")
    page.get_by_role("link", name="Sad", exact=True).click()
    expect(page.locator("#part-title")).to_have_text("6 pieces for sad")
    expect(page.locator("#show-sad")).to_be_focused()
    assert page.url.endswith("/pieces?show=sad")
    page.get_by_role("link", name="Liked", exact=True).click()
    expect(page.locator("#part-title")).to_have_text("10 pieces liked")
    expect(page.locator("#announce")).to_have_text("10 pieces liked")
    page.go_back()
    expect(page.locator("#part-title")).to_have_text("6 pieces for sad")
    expect(page.locator("#show-sad")).to_have_attribute("aria-current", "true")
    assert page.evaluate("window.same")


def test_chosen_list_is_seen_in_the_strip(shelf, address, open_page):
    page = open_page(f"{address}/pieces?show=neutral", **flows.PHONE)
    expect(page.locator("#show-neutral")).to_be_in_viewport(ratio=0.9)


def test_more_are_shown_and_the_keyboard_goes_on_at_the_first_of_them(page, shelf):
    page.focus("#show-more")
    page.keyboard.press("Enter")
    expect(page.locator(".piece")).to_have_count(40)
    expect(page.locator(f"#play-{key_of(25)}")).to_be_focused()
    expect(page.locator("#show-more")).to_have_count(0)
    page.reload()
    expect(page.locator(".piece")).to_have_count(40)


def test_new_piece_appears_by_itself_and_the_keyboard_stays(page, shelf):
    page.focus(f"#like-{key_of(0)}")
    shelf.add(kept(100, title="Just Now"))
    expect(page.locator(".piece").first).to_contain_text("Just Now")
    expect(page.locator(f"#like-{key_of(0)}")).to_be_focused()


def test_open_menu_stays_open_when_the_list_is_drawn_again(page, shelf):
    open_menu(page, 1)
    shelf.add(kept(100, title="Just Now"))
    expect(page.locator(".piece").first).to_contain_text("Just Now")
    expect(page.locator(f"#menu-{key_of(1)}")).to_be_visible()


def test_like_is_seen_here_and_in_every_other_window(page, address, shelf):
    other = page.context.new_page()
    other.goto(f"{address}/pieces?show=liked")
    expect(other.locator(".piece")).to_have_count(10)
    page.click(f"#like-{key_of(0)}")
    expect(page.locator(f"#like-{key_of(0)}")).to_have_attribute("aria-pressed", "true")
    expect(other.locator(".piece")).to_have_count(11)
    page.click(f"#like-{key_of(0)}")
    expect(page.locator(f"#like-{key_of(0)}")).to_have_attribute("aria-pressed", "false")
    expect(other.locator(".piece")).to_have_count(10)


def test_refused_like_is_said(page, shelf, open_page):
    def refuse(_key, *, liked):
        raise StorageError("The disk is full: delete some pieces")

    shelf.like = refuse
    page.click(f"#like-{key_of(0)}")
    expect(page.locator("#notice-words")).to_have_text("The disk is full: delete some pieces.")
    expect(page.locator(f"#like-{key_of(0)}")).to_have_attribute("aria-pressed", "false")
    open_page.expected.clear()


# --- playing --------------------------------------------------------------------------------------------------------


def test_piece_is_played_again_marked_heard_paused_and_stopped(page, desk, shelf):
    page.click(f"#play-{key_of(3)}")
    expect(row(page, 3)).to_contain_text("Plays now")
    expect(page.locator("[data-live]")).to_have_count(1)
    expect(page.locator("#bar-title")).to_have_text(shelf.find(key_of(3)).title)
    until(page, "document.getElementById('sound').currentTime > 0.1")
    assert desk.events == [PieceChosen(key_of(3))]
    page.click("#bar-pause")
    expect(row(page, 3)).to_contain_text("Paused")
    until(page, "document.getElementById('sound').paused")
    page.click("#bar-pause")
    expect(row(page, 3)).to_contain_text("Plays now")
    page.click("#bar-stop")
    expect(page.locator("[data-live]")).to_have_count(0)
    expect(page.locator("#bar")).to_be_hidden()
    assert desk.events[-1].gesture is Gesture.HOLD


def test_mark_moves_to_the_next_piece(page, desk, shelf):
    desk.play(shelf.piece(1))
    expect(row(page, 1)).to_have_attribute("aria-current", "true")
    desk.play(shelf.piece(2))
    expect(row(page, 2)).to_have_attribute("aria-current", "true")
    expect(page.locator("[data-live]")).to_have_count(1)


def test_heart_on_now_is_that_of_the_piece_that_plays(desk, shelf, address, open_page):
    desk.play(shelf.piece(2))
    page = open_page(address, **flows.PHONE)
    heart = page.get_by_role("button", name="Like", exact=True)
    heart.click()
    expect(page.locator("#like")).to_have_text("Liked")
    assert shelf.find(key_of(2)).liked
    desk.play(shelf.piece(3))
    expect(page.locator("#like")).to_have_text("Like")
    expect(page.locator("#origin")).to_contain_text("Written by the box's composer")
    desk.show(playback=replace(desk.board.latest().playback, piece=None, sounding=Sounding.SILENT))
    expect(page.locator("#like")).to_be_hidden()


# --- saving and deleting --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "ending"), [("MIDI", "mid"), ("WAV", "wav"), ("FLAC", "flac"), ("OGG", "ogg")])
def test_file_is_saved_under_its_name(page, shelf, name, ending):
    download = save(page, 3, name)
    assert download.suggested_filename == f"Iron Gate, in F major.{ending}"
    assert download.path().stat().st_size == (20 if ending == "mid" else 200_000)
    expect(page.locator("#announce")).to_have_text("The file is saved.")
    assert shelf.all_closed(10.0)


def test_file_that_cannot_be_made_is_a_sentence(page, shelf, open_page):
    shelf.silent = True
    open_menu(page, 3)
    page.locator(f"#menu-{key_of(3)}").get_by_role("link", name="FLAC").click()
    expect(page.locator("#notice-words")).to_have_text("The disk is full: delete some pieces.")
    expect(page.locator("[data-save][aria-busy]")).to_have_count(0)
    open_page.expected.clear()


def test_deleting_asks_first_and_the_keyboard_goes_on_beside(page, shelf):
    open_menu(page, 3)
    page.click(f"#delete-{key_of(3)}")
    expect(page.locator("#deleting-title")).to_have_text("Delete “Iron Gate, in F major”?")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(f"#more-{key_of(3)}")).to_be_focused()
    assert shelf.find(key_of(3))
    open_menu(page, 3)
    page.click(f"#delete-{key_of(3)}")
    page.get_by_role("button", name="Delete it").click()
    expect(row(page, 3)).to_have_count(0)
    expect(page.locator("#deleting")).to_be_hidden()
    expect(page.locator(f"#more-{key_of(4)}")).to_be_focused()
    assert shelf.find(key_of(3)) is None


def test_deleting_that_fails_is_said_in_the_dialog(page, shelf, open_page):
    open_menu(page, 3)
    page.click(f"#delete-{key_of(3)}")
    shelf.kept = [piece for piece in shelf.kept if piece.key != key_of(3)]  # by another window
    page.get_by_role("button", name="Delete it").click()
    expect(page.locator("#deleting-error")).to_have_text("This piece is not kept any more.")
    expect(row(page, 3)).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(f"#more-{key_of(4)}")).to_be_focused()
    open_page.expected.clear()


def test_last_piece_deleted_leaves_the_words_for_nothing(desk, address, open_page):
    desk.pieces = FakePiecesDesk(1)
    page = open_page(f"{address}/pieces", **flows.PHONE)
    open_menu(page, 0)
    page.click(f"#delete-{key_of(0)}")
    page.get_by_role("button", name="Delete it").click()
    expect(page.locator("#part-title")).to_have_text("Nothing is kept yet")
    expect(page.locator("#part-title")).to_be_focused()


def test_everything_by_keyboard_alone(shelf, address, open_page):
    page = open_page(f"{address}/pieces", **flows.DESKTOP)

    def tab_to(target):
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == target:
                return
        pytest.fail(f"the keyboard does not reach {target}")

    tab_to(f"play-{key_of(0)}")
    page.keyboard.press("Enter")
    expect(row(page, 0)).to_contain_text("Plays now")
    tab_to(f"like-{key_of(0)}")
    page.keyboard.press("Space")
    expect(page.locator(f"#like-{key_of(0)}")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"#like-{key_of(0)}")).to_be_focused()
    tab_to(f"more-{key_of(0)}")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".mid")
    page.keyboard.press("Escape")
    expect(page.locator(f"#menu-{key_of(0)}")).to_be_hidden()
    expect(page.locator(f"#more-{key_of(0)}")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(f"delete-{key_of(0)}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(row(page, 0)).to_have_count(0)
    expect(page.locator(f"#more-{key_of(1)}")).to_be_focused()


# --- without scripts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("screen", flows.SCREENS)
def test_list_like_play_save_and_delete_work_without_scripts(desk, shelf, address, open_page, screen):
    page = open_page(f"{address}/pieces", **flows.SCREENS[screen], **NO_SCRIPTS)
    page.click("#show-more")
    expect(page.locator(".piece")).to_have_count(40)
    page.click("#show-happy")
    expect(page.locator(".piece")).to_have_count(6)
    page.click(f"#like-{key_of(3)}")
    page.wait_for_url(re.compile(r"/pieces\?show=happy#row-"))
    expect(page.locator(f"#like-{key_of(3)}")).to_have_attribute("aria-pressed", "true")
    page.click(f"#play-{key_of(3)}")
    expect(row(page, 3)).to_contain_text("Plays now")
    assert desk.events == [PieceChosen(key_of(3))]
    assert save(page, 3, "OGG").suggested_filename == "Iron Gate, in F major.ogg"
    page.click(f"#delete-{key_of(3)}")
    expect(page.get_by_role("heading", name="Delete “Iron Gate, in F major”?")).to_be_visible()
    page.get_by_role("link", name="Keep it").click()
    expect(page.locator(".piece")).to_have_count(6)
    open_menu(page, 3)
    page.click(f"#delete-{key_of(3)}")
    page.get_by_role("button", name="Delete it").click()
    expect(page.locator(".piece")).to_have_count(5)
    assert page.url.endswith("/pieces?show=happy")


def test_failure_without_scripts_is_a_sentence_on_a_page(shelf, address, open_page):
    page = open_page(f"{address}/pieces", **flows.PHONE, **NO_SCRIPTS)
    shelf.silent = True
    open_menu(page, 3)
    page.locator(f"#menu-{key_of(3)}").get_by_role("link", name="WAV").click()
    expect(page.locator(".failure")).to_contain_text("The disk is full: delete some pieces.")
    open_page.expected.clear()


# --- how it looks ---------------------------------------------------------------------------------------------------


def empty(desk):
    desk.pieces.kept = []


def unliked(desk):
    desk.pieces.kept = [replace(piece, liked=False) for piece in desk.pieces.kept]


def no_happy(desk):
    desk.pieces.kept = [piece for piece in desk.pieces.kept if piece.label != "happy"]


def long_words(desk):
    desk.pieces.add(kept(100, title=LONG, composer=LONG))
    desk.pieces.problem = Problem("disk", LONG, LONG)
    desk.play(replace(desk.pieces.piece(100), title=LONG))


def playing(desk):
    desk.look()
    desk.play(desk.pieces.piece(2))


def broken(desk):
    desk.pieces.failure = StorageError("The list of the pieces cannot be read: restart the box")


def off(desk):
    desk.pieces = None


STATES = {
    "list": ("", lambda desk: None),
    "playing": ("", playing),
    "long": ("", long_words),
    "empty": ("", empty),
    "unliked": ("?show=liked", unliked),
    "no-happy": ("?show=happy", no_happy),
    "broken": ("", broken),
    "off": ("", off),
}


def check(page):
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("screen", flows.SCREENS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.usefixtures("shelf")
def test_axe_finds_nothing_and_nothing_sticks_out(desk, address, open_page, state, screen):
    query, prepare = STATES[state]
    prepare(desk)
    page = open_page(f"{address}/pieces{query}", reduced_motion="reduce", **flows.SCREENS[screen])
    page.wait_for_selector("#eye[data-camera]")
    check(page)


@pytest.mark.parametrize("screen", flows.SCREENS)
def test_axe_finds_nothing_in_the_menu_and_the_dialog(shelf, address, open_page, screen):
    page = open_page(f"{address}/pieces", reduced_motion="reduce", **flows.SCREENS[screen])
    open_menu(page, 3)
    check(page)
    page.click(f"#delete-{key_of(3)}")
    check(page)


def test_axe_finds_nothing_in_the_question_without_scripts(shelf, address, open_page):
    page = open_page(f"{address}/pieces", **flows.PHONE)
    token = page.get_attribute("meta[name=moodbox-token]", "content")
    page.evaluate(
        """([action, token]) => {
            const form = Object.assign(document.createElement('form'), { method: 'post', action });
            form.append(Object.assign(document.createElement('input'), { name: 'token', value: token }));
            document.body.append(form);
            form.submit();
        }""",
        [f"/pieces/{key_of(3)}/delete", token],
    )
    expect(page.get_by_role("heading", name="Delete “Iron Gate, in F major”?")).to_be_visible()
    check(page)


def test_narrow_screen_scrolls_no_way_but_down(desk, shelf, address, open_page):
    long_words(desk)
    page = open_page(f"{address}/pieces", viewport={"width": 320, "height": 640})
    expect(page.locator("#bar")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    labels = ".tabs a span"
    assert page.evaluate(f"[...document.querySelectorAll('{labels}')].every((each) => each.offsetHeight < 24)")


def test_reduced_motion_keeps_the_marks_still(desk, shelf, address, open_page):
    playing(desk)
    page = open_page(f"{address}/pieces", reduced_motion="reduce", **flows.DESKTOP)
    expect(page.locator("#bar")).to_be_visible()
    moving = "document.getAnimations().filter((each) => each.playState === 'running').length"
    assert page.evaluate(moving) == 0
