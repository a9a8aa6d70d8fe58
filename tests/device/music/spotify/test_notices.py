"""What the owner is told before it hurts."""

import pytest

from moodbox.music.spotify.failure import NeedsLogin
from moodbox.music.spotify.notices import notices
from moodbox.music.spotify.values import BudgetState, Hold, LoginState, Preferences, SpeakerChoice, SpeakerKind

SPEAKER = SpeakerChoice(SpeakerKind.CONNECT, "1", "Kitchen")
SET_UP = Preferences(client_id="x", speaker=SPEAKER)
QUIET = BudgetState(12, 300, 600)


def test_box_that_was_never_linked_says_nothing():
    assert notices(LoginState(), None, Preferences(), QUIET) == ()


def test_linked_box_with_a_speaker_says_nothing():
    assert notices(LoginState(linked=True, days_left=100), None, SET_UP, QUIET) == ()


@pytest.mark.parametrize(
    ("days", "words"), [(30, "in 30 days"), (7, "in 7 days"), (2, "in 2 days"), (1, "tomorrow"), (0, "today")]
)
def test_end_of_the_sign_in_is_told(days, words):
    warning = next(limit for limit in (0, 1, 7, 30) if days <= limit)
    (problem,) = notices(LoginState(linked=True, days_left=days, warning=warning), None, SET_UP, QUIET)
    assert problem.key == "spotify-expiry"
    assert problem.cause.startswith(f"The sign-in to Spotify ends {words}:")


def test_lapsed_sign_in_says_why_and_nothing_else():
    (problem,) = notices(LoginState(lapsed=True), NeedsLogin("It was withdrawn"), Preferences(), QUIET)
    assert (problem.key, problem.cause) == ("spotify-login", "It was withdrawn")
    assert "playlists and settings are kept" in problem.action


def test_missing_speaker_and_held_calls_are_told_together():
    held = BudgetState(500, 300, 600, hold=Hold(1_795_300_000.0, "quota"))
    problems = notices(LoginState(linked=True, days_left=90), None, Preferences(), held)
    assert [problem.key for problem in problems] == ["spotify-speaker", "spotify-quota"]
    assert "takes no more calls from this account for now, until" in problems[1].cause
