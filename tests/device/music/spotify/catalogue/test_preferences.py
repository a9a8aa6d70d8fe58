"""What the owner chose survives; what cannot be understood falls back and is said once."""

from dataclasses import fields

import pytest
from sqlalchemy import text

from moodbox.music.spotify.catalogue import preferences
from moodbox.music.spotify.values import Preferences, SpeakerChoice, SpeakerKind

KITCHEN = SpeakerChoice(SpeakerKind.CONNECT, "id", "Kitchen")
CHANGED = Preferences("a" * 32, "DE", "de", 0.5, KITCHEN, "account", "user", "Ann", 1_795_000_000.5)


@pytest.fixture(autouse=True)
def unsaid():
    preferences._warn.cache_clear()


def put(database, name: str, value: str) -> None:
    with database.session() as session:
        session.execute(
            text("INSERT OR REPLACE INTO preference VALUES (:name, :value)"), {"name": name, "value": value}
        )


def test_nothing_chosen_gives_the_defaults(shelf):
    assert shelf.preferences() == Preferences()


def test_every_field_is_kept(shelf):
    assert None not in [getattr(CHANGED, field.name) for field in fields(CHANGED)]
    values = {field.name: getattr(CHANGED, field.name) for field in fields(CHANGED)}
    assert shelf.prefer(**values) == CHANGED
    assert shelf.preferences() == CHANGED


def test_one_field_changes_alone_and_can_be_cleared(shelf):
    shelf.prefer(market="DE", speaker=KITCHEN, refreshed_at=5.0)
    assert shelf.prefer(speaker=None, refreshed_at=None) == Preferences(market="DE")
    assert shelf.preferences() == Preferences(market="DE")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"volume": 1}, TypeError),
        ({"market": 5}, TypeError),
        ({"ceiling": "loud"}, TypeError),
        ({"ceiling": True}, TypeError),
        ({"ceiling": 1.5}, ValueError),
        ({"ceiling": float("nan")}, ValueError),
        ({"speaker": "kitchen"}, TypeError),
        ({"refreshed_at": "today"}, TypeError),
    ],
)
def test_what_is_no_field_or_value_is_refused_and_changes_nothing(shelf, change, error):
    with pytest.raises(error):
        shelf.prefer(client_id="b" * 32, **change)
    assert shelf.preferences() == Preferences()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("market", "{broken"),
        ("market", '"DE"'),
        ("market", "5"),
        ("market", '{"value": 5}'),
        ("market", "{}"),
        ("ceiling", '{"value": 7}'),
        ("ceiling", '{"value": "1"}'),
        ("speaker", '{"value": {"kind": "gramophone", "id": "", "name": ""}}'),
        ("speaker", '{"value": {"kind": "connect"}}'),
        ("refreshed_at", '{"value": []}'),
        ("of_a_newer_program", '{"value": 1}'),
    ],
)
def test_broken_row_falls_back_alone_and_is_logged_once(shelf, database, caplog, name, value):
    shelf.prefer(client_id="c" * 32)
    put(database, name, value)
    assert shelf.preferences() == Preferences(client_id="c" * 32)
    assert shelf.preferences() == Preferences(client_id="c" * 32)
    assert [name in message for message in caplog.messages] == [True]


def test_broken_row_is_mended_by_choosing_again(shelf, database):
    put(database, "market", "{broken")
    assert shelf.prefer(market="FR").market == "FR"
    assert shelf.preferences().market == "FR"
