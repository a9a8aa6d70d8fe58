"""How long a sign-in lasts, by clocks right and wrong."""

from dataclasses import replace

import pytest

from moodbox.music.spotify.link.standing import DAY, login_state, why_lapsed
from moodbox.music.spotify.link.token_file import Lapsed, Token
from moodbox.music.spotify.values import LOGIN_LIFE, LoginState

AT = 1_795_000_000.0
TOKEN = Token("demo", "a", "r", AT, AT + 3600, AT, ("one", "two"))


def test_nobody_is_signed_in():
    assert login_state(None, AT) == LoginState()


@pytest.mark.parametrize(
    ("left", "days", "warning"),
    [
        (182 * DAY, 182, None),
        (31 * DAY, 31, None),
        (30 * DAY, 30, 30),
        (29.5 * DAY, 30, 30),
        (8 * DAY, 8, 30),
        (7 * DAY, 7, 7),
        (1.5 * DAY, 2, 7),
        (DAY, 1, 1),
        (1.0, 1, 1),
        (0.0, 0, 0),
        (-400 * DAY, 0, 0),
    ],
)
def test_days_left_and_warning(left, days, warning):
    state = login_state(TOKEN, AT + LOGIN_LIFE - left)
    assert (state.linked, state.days_left, state.warning) == (True, days, warning)
    assert state.expires_at == AT + LOGIN_LIFE


@pytest.mark.parametrize("now", [0.0, 1_700_000_000.0, AT - 2 * DAY])
def test_wrong_clock_makes_up_no_warning_and_loses_no_login(now):
    state = login_state(TOKEN, now)
    assert state.linked
    assert (state.days_left, state.warning) == (None, None)
    assert state.expires_at == AT + LOGIN_LIFE


def test_consent_written_down_under_a_wrong_clock_warns_of_nothing():
    state = login_state(replace(TOKEN, authorized_at=5.0), AT)
    assert (state.linked, state.days_left, state.warning, state.expires_at) == (True, None, None, None)


def test_clock_a_few_hours_behind_the_consent_is_right_enough():
    assert login_state(TOKEN, AT - DAY / 2).days_left == 183


def test_lapsed_sign_in_is_told_with_its_date():
    state = login_state(Lapsed(AT, ("one",), "over"), AT)
    assert (state.linked, state.lapsed, state.authorized_at, state.warning) == (False, True, AT, 0)
    assert state.scopes == ("one",)


def test_withdrawn_sign_in_is_not_told_as_one_that_ran_out():
    state = login_state(Lapsed(AT, ("one",), "refused"), AT)
    assert (state.lapsed, state.days_left, state.warning) == (True, None, None)


@pytest.mark.parametrize(
    ("token", "now", "expired", "why"),
    [
        (TOKEN, AT + LOGIN_LIFE, False, "over"),
        (TOKEN, AT + 5, True, "over"),
        (TOKEN, AT + 5, False, "refused"),
        (replace(TOKEN, renewing=True), AT + 5, False, "lost"),
        (replace(TOKEN, renewing=True), AT + LOGIN_LIFE, True, "over"),
    ],
)
def test_why_spotify_takes_it_no_more(token, now, expired, why):
    assert why_lapsed(token, now, expired=expired) == why
