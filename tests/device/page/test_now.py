from html.parser import HTMLParser

import pytest

from moodbox.events import Problem
from moodbox.page.app import create_app
from tests.device.page.conftest import Visitor
from tests.fakes.desk import FakeDesk


class Page(HTMLParser):
    """Collect what accessibility asks about."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if dict(attrs).get("id"):
            self.ids.append(dict(attrs)["id"])

    def all(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


@pytest.fixture
def page(visitor):
    return Page(visitor.get("/").text)


def test_page_shows_the_truth_before_any_script_runs(visitor, desk):
    desk.look()
    desk.play()
    text = visitor.get("/").text
    assert "You look happy." in text
    assert "Morning in D major" in text
    assert "You look happy, so this is bright and quick." in text
    assert "moodnet 2026.11.1" in text


def test_page_says_what_happens_to_the_picture(visitor):
    assert "Your picture never leaves this machine." in visitor.get("/").text


def test_page_is_in_english_and_has_one_heading_and_one_main(page):
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("h1")) == len(page.all("main")) == 1


def test_every_id_is_there_once(page):
    assert len(page.ids) == len(set(page.ids))


def test_every_label_and_description_points_to_something(page):
    for _tag, attrs in page.tags:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for target in (attrs.get(name) or "").split():
                assert target in page.ids, (name, target)


def test_every_input_has_a_label(page):
    labelled = {attrs.get("for") for attrs in page.all("label")}
    for attrs in page.all("input") + page.all("select"):
        assert attrs.get("type") == "radio" or attrs["id"] in labelled  # radios stand inside their labels


def test_skip_link_leads_to_the_main_part(page):
    assert page.all("a")[0]["href"] == "#main"


def test_problem_is_shown_and_is_never_markup(visitor, desk):
    desk.show(problems=(Problem("x", "<img src=x onerror=alert(1)>", "Do & this"),))
    text = visitor.get("/").text
    assert "<img src=x" not in text
    assert "&lt;img" in text
    assert "Do &amp; this" in text


def test_real_box_shows_a_plain_button_and_no_drawing():
    visitor = Visitor(create_app(FakeDesk(simulated=False)).test_client())
    page = Page(visitor.get("/").text)
    assert "press" in page.ids
    assert "box" not in page.ids
    assert "button" not in page.ids


def test_every_file_the_page_names_is_there(visitor, page):
    named = [attrs["href"] for attrs in page.all("link")] + [attrs["src"] for attrs in page.all("script")]
    assert len(named) > 5
    for path in named:
        with visitor.get(path) as answer:
            assert answer.status_code == 200, path
