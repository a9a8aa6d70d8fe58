import re
from datetime import UTC

import pytest

from moodbox.errors import StorageError
from moodbox.events import PieceChosen, Problem, Sounding
from moodbox.mood import COORDINATES
from moodbox.page.app import create_app
from tests.device.page.conftest import BASE, Visitor
from tests.fakes.pieces_desk import HOUR, NOON, FakePiecesDesk, kept, key_of

ROW = re.compile(r'<li class="piece glass" id="row-([0-9a-f]{16})"')


@pytest.fixture
def shelf(desk):
    desk.pieces = FakePiecesDesk(60)
    return desk.pieces


@pytest.fixture
def form(visitor):
    """Return a function that sends what a plain form sends: no header of ours, the token in a field."""

    def send(path, **fields):
        data = {"token": visitor.headers["X-Moodbox-Token"], **fields}
        headers = {"Origin": BASE, "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        return visitor.client.post(path, data=data, headers=headers, base_url=BASE)

    return send


def keys(answer):
    return ROW.findall(answer.text)


# --- the list -------------------------------------------------------------------------------------------------------


def test_page_needs_no_session_and_the_part_of_it_does(stranger, desk, shelf):
    assert stranger.get("/pieces", base_url=BASE).status_code == 200
    assert create_app(desk).test_client().get("/pieces/list", base_url=BASE).status_code == 403


def test_rows_come_newest_first_and_in_portions(visitor, shelf):
    answer = visitor.get("/pieces")
    assert keys(answer) == [key_of(number) for number in range(25)]
    assert "25 of 60 pieces" in answer.text
    assert f'href="/pieces?count=50#row-{key_of(24)}"' in answer.text
    answer = visitor.get("/pieces?count=75")
    assert len(keys(answer)) == 60
    assert "show-more" not in answer.text
    assert "60 pieces" in answer.text


def test_row_tells_title_mood_moment_length_and_who_wrote_it(visitor, desk):
    desk.pieces = FakePiecesDesk()
    desk.pieces.add(kept(4, title="Élan <b>", made_at=0.0, seconds=92.0, liked=True, plays=2))
    text = visitor.get("/pieces").text
    for words in ("Élan &lt;b&gt;", "Sad", "1 January 1970", "1:32", "by the box&#39;s rules", 'data-mood="sad"'):
        assert words in text
    assert 'aria-pressed="true"' in text
    assert 'name="liked" value="false"' in text
    assert "Played twice." in text
    assert "<b>" not in text


def test_moment_follows_the_clock_and_the_zone(desk):
    from flask import Flask

    from moodbox.page.guard import guard
    from moodbox.page.pace import Pace
    from moodbox.page.pieces.routes import pieces
    from moodbox.page.spotify.memory import Memory

    desk.pieces = FakePiecesDesk(3)
    app = Flask("moodbox.page")
    guard(app)
    app.register_blueprint(pieces(desk, Memory(), Pace(20.0), clock=lambda: NOON + HOUR, zone=UTC))
    text = app.test_client().get("/pieces", base_url=BASE).text
    assert '<time datetime="2026-11-21T12:00:00+00:00">Today 12:00</time>' in text
    assert "Today 07:00" in text
    assert "Today 02:00" in text


@pytest.mark.parametrize("label", COORDINATES)
def test_list_of_a_mood_holds_that_mood_alone(visitor, shelf, label):
    found = keys(visitor.get(f"/pieces?show={label}"))
    assert found == [each.key for each in shelf.kept if each.label == label]
    assert found


def test_list_of_liked_pieces(visitor, shelf):
    answer = visitor.get("/pieces?show=liked")
    assert keys(answer) == [each.key for each in shelf.kept if each.liked]
    assert re.search(r'id="show-liked"[^>]*aria-current="true"', answer.text)


@pytest.mark.parametrize(
    "query", ["show=%3Cscript%3E", "count=-1", "count=x", "count=1e9", "show=happy&show=sad", "x=y"]
)
def test_question_that_makes_no_sense_is_answered_as_well_as_can_be(visitor, shelf, query):
    answer = visitor.get(f"/pieces?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    assert all(question[4] <= 1000 for question in shelf.asked if question[0] == "shelf")


def test_piece_that_plays_is_marked(visitor, desk, shelf):
    desk.play(shelf.piece(2))
    text = visitor.get("/pieces").text
    assert re.findall(r'id="row-([0-9a-f]{16})"[^>]*data-live aria-current="true"', text) == [key_of(2)]
    assert "Plays now" in text
    playback = desk.board.latest().playback
    desk.show(playback=type(playback)(**{**_fields(playback), "sounding": Sounding.PAUSED}))
    assert "Paused" in visitor.get("/pieces/list").text
    desk.show(playback=type(playback)())
    assert "data-live" not in visitor.get("/pieces/list").text


def _fields(playback):
    return {name: getattr(playback, name) for name in playback.__dataclass_fields__}


def test_empty_shelf_says_what_to_do(visitor, desk):
    desk.pieces = FakePiecesDesk()
    text = visitor.get("/pieces").text
    assert "Nothing is kept yet" in text
    assert 'class="filters"' not in text


def test_empty_list_of_a_full_shelf_says_why(visitor, desk):
    desk.pieces = FakePiecesDesk()
    desk.pieces.add(kept(3))
    assert "None is liked yet" in visitor.get("/pieces?show=liked").text
    assert "Nothing for calm yet" in visitor.get("/pieces?show=neutral").text


def test_box_without_a_shelf_says_so(visitor, desk):
    assert "This box keeps no pieces" in visitor.get("/pieces").text
    assert visitor.post(f"/pieces/{key_of(1)}/like", json={"liked": True}).status_code == 409


def test_space_and_problem_are_shown(visitor, desk, shelf):
    shelf.problem = Problem("disk", "The disk is <full>", "Make room with `df -h`")
    text = visitor.get("/pieces").text
    assert re.search(r"60 pieces and their sound take [0-9.]+\s(MB|GB) of the 2\sGB they may take\.", text)
    assert "The disk is &lt;full&gt;" in text
    assert "<code>df -h</code>" in text


def test_shelf_that_cannot_be_read_is_a_sentence_on_the_page(visitor, shelf):
    shelf.failure = StorageError("The list of the pieces cannot be read: restart the box")
    answer = visitor.get("/pieces")
    assert answer.status_code == 200
    assert "The list of the pieces cannot be read: restart the box." in answer.text


def test_every_id_is_there_once_and_every_label_points_to_something(visitor, shelf):
    text = visitor.get("/pieces").text
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'(?:aria-labelledby|aria-describedby|popovertarget)="([^"]+)"', text):
        assert target in ids


# --- changes --------------------------------------------------------------------------------------------------------


def test_script_likes_and_takes_it_back(visitor, shelf):
    for liked in (True, False):
        assert visitor.post(f"/pieces/{key_of(3)}/like", json={"liked": liked}).status_code == 204
        assert shelf.find(key_of(3)).liked is liked


def test_form_likes_and_comes_back_to_its_list(form, shelf):
    answer = form(f"/pieces/{key_of(3)}/like", liked="true", show="happy", count="50")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/pieces?show=happy&count=50#row-{key_of(3)}"
    assert shelf.find(key_of(3)).liked


@pytest.mark.parametrize("fields", [{}, {"liked": "yes"}, {"liked": ""}])
def test_form_that_does_not_say_what_it_wants_is_refused(form, shelf, fields):
    assert form(f"/pieces/{key_of(3)}/like", **fields).status_code == 400


@pytest.mark.parametrize("body", [{}, {"liked": "true"}, {"liked": 1}, []])
def test_script_that_does_not_say_what_it_wants_is_refused(visitor, shelf, body):
    assert visitor.post(f"/pieces/{key_of(3)}/like", json=body).status_code == 400


def test_piece_is_played_again_by_an_event(visitor, form, desk, shelf):
    assert visitor.post(f"/pieces/{key_of(3)}/play", json={}).status_code == 204
    assert form(f"/pieces/{key_of(4)}/play").headers["Location"] == f"/pieces#row-{key_of(4)}"
    assert desk.events == [PieceChosen(key_of(3)), PieceChosen(key_of(4))]
    assert desk.board.latest().playback.piece.title == shelf.find(key_of(4)).title


def test_deleting_by_a_form_asks_first(form, shelf):
    asked = form(f"/pieces/{key_of(3)}/delete", show="happy")
    assert asked.status_code == 200
    assert 'Delete “<span dir="auto">Iron Gate, in F major</span>”?' in asked.text
    assert shelf.find(key_of(3))
    answer = form(f"/pieces/{key_of(3)}/delete", sure="true", show="happy")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/pieces?show=happy")
    assert shelf.find(key_of(3)) is None


def test_deleting_by_a_script_needs_to_be_sure(visitor, shelf):
    for body in ({}, {"sure": False}):
        assert visitor.post(f"/pieces/{key_of(3)}/delete", json=body).status_code == 400
    assert shelf.find(key_of(3))
    assert visitor.post(f"/pieces/{key_of(3)}/delete", json={"sure": True}).status_code == 204
    assert shelf.find(key_of(3)) is None


@pytest.mark.parametrize("change", ["like", "play", "delete"])
def test_change_of_a_piece_that_is_gone_says_so(visitor, form, desk, shelf, change):
    answer = visitor.post(f"/pieces/{'0' * 16}/{change}", json={"liked": True, "sure": True})
    assert (answer.status_code, answer.json["error"]) == (404, "This piece is not kept any more.")
    assert "This piece is not kept any more." in form(f"/pieces/{'0' * 16}/{change}").text
    assert desk.events == []


def test_failure_of_a_change_is_a_sentence(visitor, shelf):
    def refuse(_key, *, liked):
        raise StorageError("The disk is full: delete some pieces")

    shelf.like = refuse
    answer = visitor.post(f"/pieces/{key_of(3)}/like", json={"liked": True})
    assert (answer.status_code, answer.json["error"]) == (422, "The disk is full: delete some pieces.")


def test_too_many_changes_at_once_are_refused(visitor, shelf):
    codes = [visitor.post(f"/pieces/{key_of(3)}/like", json={"liked": True}).status_code for _ in range(40)]
    assert 429 in codes


# --- the guard of plain forms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "wrong", "ü"])
def test_form_without_the_token_is_refused(form, shelf, token):
    answer = form(f"/pieces/{key_of(3)}/delete", sure="true", token=token)
    assert answer.status_code == 403
    assert shelf.find(key_of(3))


def test_form_of_another_site_is_refused_even_with_a_token(visitor, shelf):
    data = {"token": visitor.headers["X-Moodbox-Token"], "sure": "true"}
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = visitor.client.post(f"/pieces/{key_of(3)}/delete", data=data, headers=headers, base_url=BASE)
        assert answer.status_code == 403
    assert shelf.find(key_of(3))


def test_token_in_the_address_or_in_another_kind_of_form_does_not_count(visitor, shelf):
    token = visitor.headers["X-Moodbox-Token"]
    path = f"/pieces/{key_of(3)}/delete"
    post = visitor.client.post
    assert post(f"{path}?token={token}", data={"sure": "true"}, base_url=BASE).status_code == 403
    fields = {"token": token, "sure": "true"}
    assert post(path, data=fields, content_type="multipart/form-data", base_url=BASE).status_code == 403
    assert shelf.find(key_of(3))


def test_form_that_is_too_large_is_refused(form, shelf):
    assert form(f"/pieces/{key_of(3)}/like", liked="true", more="x" * 2000).status_code == 413


def test_form_of_the_page_opens_no_other_door(form, desk):
    assert form("/press", gesture="short").status_code == 400
    assert desk.events == []


# --- what other windows and the tab Now see -------------------------------------------------------------------------


def test_stamp_changes_with_the_shelf_the_heart_and_what_plays(visitor, desk, shelf):
    from moodbox.page.pieces.glance import FRESH, Glance

    time = [0.0]
    glance = Glance(lambda: time[0])

    def stamp(changes=0):
        time[0] += FRESH
        return glance.look(shelf, desk.board.latest().playback, changes)["stamp"]

    seen = [stamp()]
    shelf.add(kept(100))
    seen.append(stamp())
    shelf.delete(shelf.kept[-1].key)
    seen.append(stamp())
    desk.play(shelf.piece(2))
    seen.append(stamp())
    shelf.like(key_of(2), liked=True)
    seen.append(stamp())
    shelf.problem = Problem("disk", "Full", "Make room")
    seen.append(stamp())
    seen.append(stamp(changes=1))
    shelf.failure = StorageError("Gone: come back")
    seen.append(stamp(changes=1))
    assert len(set(seen)) == len(seen)
    assert stamp(changes=1) == seen[-1]


def test_one_look_serves_all_windows_for_a_moment(desk, shelf):
    from moodbox.page.pieces.glance import Glance

    glance = Glance(lambda: 5.0)
    for _ in range(50):
        glance.look(shelf, desk.board.latest().playback, 0)
    assert len(shelf.asked) == 1


def test_like_on_the_page_is_seen_at_once(visitor, desk, shelf):
    desk.play(shelf.piece(2))
    before = visitor.get("/").text
    assert re.search(r'id="like" aria-pressed="false" *>', before)
    visitor.post(f"/pieces/{key_of(2)}/like", json={"liked": True})
    assert re.search(r'id="like" aria-pressed="true" *>', visitor.get("/").text)


def test_piece_that_is_not_kept_has_no_heart_on_now(visitor, desk, shelf):
    desk.play()  # its key is none of a kept piece
    assert re.search(r'id="like" aria-pressed="false" hidden', visitor.get("/").text)
    assert all(question[0] != "find" for question in shelf.asked)


def test_now_says_who_wrote_what_plays(visitor, desk, shelf):
    desk.play(shelf.piece(2))
    assert "Written by the box&#39;s composer" in visitor.get("/").text
    desk.play(shelf.piece(4))
    assert "Written by the box&#39;s rules" in visitor.get("/").text


def test_every_visitor_has_a_token_of_his_own_in_the_forms(app, shelf):
    one, other = Visitor(app.test_client()), Visitor(app.test_client())
    given = set(re.findall(r'name="token" value="([^"]+)"', one.get("/pieces").text))
    assert given == {one.headers["X-Moodbox-Token"]}
    assert one.headers["X-Moodbox-Token"] != other.headers["X-Moodbox-Token"]
