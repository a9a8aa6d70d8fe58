import logging

import pytest

BASE = "http://127.0.0.1:8080"


def test_browser_gets_a_friendly_page(stranger):
    answer = stranger.get("/nothing", base_url=BASE, headers={"Accept": "text/html,*/*"})
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "There is nothing at this address." in answer.text
    assert 'href="/"' in answer.text


def test_script_gets_the_sentence_as_json(stranger):
    answer = stranger.get("/nothing", base_url=BASE, headers={"Accept": "*/*"})
    assert answer.json == {"error": "There is nothing at this address."}


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_failure_inside_shows_no_traceback_and_is_logged(visitor, desk, caplog, accept):
    def explode():
        raise RuntimeError("secret inner words")

    desk.panel.color = desk.watcher.latest_preview = explode
    with caplog.at_level(logging.ERROR):
        answer = visitor.get("/live.jpg", headers={"Accept": accept})
    assert answer.status_code == 500
    assert "Something went wrong inside the box" in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "secret inner words" in caplog.text


def test_words_of_a_visitor_are_never_markup(stranger):
    answer = stranger.get("/<script>alert(1)</script>", base_url=BASE, headers={"Accept": "text/html"})
    assert "<script>alert" not in answer.text


def test_wrong_method_names_the_right_one(visitor):
    answer = visitor.get("/press")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
