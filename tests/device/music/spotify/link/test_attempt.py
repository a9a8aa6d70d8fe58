"""State and verifier: new each time, one use, ten minutes, one browser."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest

from moodbox.errors import LinkError
from moodbox.music.spotify.link.attempt import LIFE, Attempts

REDIRECT = "http://127.0.0.1:8888/callback"


@pytest.fixture
def attempts(clock):
    return Attempts("https://accounts.spotify.com", clock.ticks)


def begin(attempts, session="mine"):
    return attempts.begin(session, "demo", ("a", "b"), REDIRECT)


def query(attempt):
    return {name: value for name, (value,) in parse_qs(urlsplit(attempt.url).query).items()}


def test_address_asks_for_a_code_with_a_hashed_verifier(attempts):
    attempt = begin(attempts)
    assert attempt.url.startswith("https://accounts.spotify.com/authorize?")
    asked = query(attempt)
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == REDIRECT
    assert asked["scope"] == "a b"
    digest = hashlib.sha256(attempt.authorizer.code_verifier.encode()).digest()
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert attempt.authorizer.code_verifier not in attempt.url


def test_every_attempt_has_a_state_and_a_verifier_of_its_own(attempts):
    made = [begin(attempts) for _ in range(5)]
    assert len({attempt.state for attempt in made}) == 5
    assert len({query(attempt)["code_challenge"] for attempt in made}) == 5
    assert all(len(attempt.state) >= 43 for attempt in made)


def test_right_state_is_taken_once(attempts):
    attempt = begin(attempts)
    assert attempts.take(attempt.state, "mine") is attempt
    with pytest.raises(LinkError, match="used already"):
        attempts.take(attempt.state, "mine")


def test_door_needs_no_session(attempts):
    attempt = begin(attempts)
    assert attempts.take(attempt.state, None) is attempt


def test_other_browser_is_refused_and_uses_nothing_up(attempts):
    attempt = begin(attempts)
    with pytest.raises(LinkError, match="another browser"):
        attempts.take(attempt.state, "yours")
    assert attempts.take(attempt.state, "mine") is attempt


def test_wrong_state_and_no_attempt_have_their_sentences(attempts):
    with pytest.raises(LinkError, match="No sign-in waits"):
        attempts.take("x", "mine")
    begin(attempts)
    with pytest.raises(LinkError, match="another sign-in"):
        attempts.take("x", "mine")


def test_state_is_over_after_ten_minutes(attempts, clock):
    first, second = begin(attempts), begin(attempts)
    clock.advance(LIFE - 1)
    assert attempts.take(first.state, "mine") is first
    clock.advance(1)
    with pytest.raises(LinkError, match="ten minutes"):
        attempts.take(second.state, "mine")


def test_clock_that_jumps_ends_no_attempt(attempts, clock):
    attempt = begin(attempts)
    clock.wall += 40 * 365 * 86_400
    assert attempts.take(attempt.state, "mine") is attempt


def test_oldest_of_too_many_gives_way(attempts):
    made = [begin(attempts) for _ in range(9)]
    with pytest.raises(LinkError):
        attempts.take(made[0].state, "mine")
    assert attempts.take(made[1].state, "mine") is made[1]


def test_cleared_attempts_count_as_used(attempts):
    attempt = begin(attempts)
    attempts.clear()
    with pytest.raises(LinkError, match="used already"):
        attempts.take(attempt.state, "mine")


def test_attempt_hides_its_secrets(attempts):
    attempt = begin(attempts)
    for secret in (attempt.state, attempt.session, attempt.authorizer.code_verifier):
        assert secret not in repr(attempt)
