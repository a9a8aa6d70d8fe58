"""The call budget: counted before each request, over processes and restarts, with clocks that go wrong."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor

import pytest

from moodbox.music.spotify.client.budget import LIMITS, LONGEST, STOP, Budget
from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.values import Purpose
from moodbox.store.database import Database

HOUR = 3600.0
DAY = 24 * HOUR
YEAR = 365 * DAY
START = 500_000 * HOUR  # a full hour


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "moodbox.db"


@pytest.fixture
def database(path):
    database = Database(path)
    yield database
    database.close()


@pytest.fixture
def budget(database, clock):
    return Budget(database, clock=clock)


def spend(budget, purpose, times):
    for _ in range(times):
        budget.spend(purpose)


def refusal(budget, purpose):
    with pytest.raises(SpotifyError) as raised:
        budget.spend(purpose)
    return raised.value


def test_fresh_budget_has_nothing_used(budget):
    state = budget.state()
    assert (state.used, state.target, state.stop, state.hold, state.by_purpose) == (0, 300, 600, None, {})


def test_calls_are_counted_by_purpose_and_survive_a_restart(budget, path, clock):
    spend(budget, Purpose.PRESS, 3)
    spend(budget, Purpose.POLL, 2)
    again = Database(path)
    state = Budget(again, clock=clock).state()
    again.close()
    assert state.used == 5
    assert state.by_purpose == {"press": 3, "poll": 2}


def test_purposes_give_way_in_order_and_the_button_comes_last(budget):
    used = 0
    for purpose in (Purpose.POLL, Purpose.WEEKLY, Purpose.PAGE, Purpose.PRESS):
        spend(budget, purpose, LIMITS[purpose] - used)
        used = LIMITS[purpose]
        error = refusal(budget, purpose)
        assert (error.key, error.verdict) == ("spotify-quota", Verdict.LATER)
        assert budget.state().used == used  # a refused call is not counted
    hold = budget.state().hold
    assert hold is not None
    assert hold.reason == "budget"


def test_refused_call_may_be_made_exactly_at_its_retry_time(budget, clock):
    spend(budget, Purpose.PRESS, 50)
    clock.now += 3 * HOUR + 100
    spend(budget, Purpose.PRESS, 150)
    error = refusal(budget, Purpose.POLL)
    assert error.retry_at == START + 25 * HOUR  # the first hour's fifty roll out as a whole
    clock.now = error.retry_at - 1
    assert refusal(budget, Purpose.POLL).retry_at == error.retry_at
    clock.now = error.retry_at
    budget.spend(Purpose.POLL)
    assert budget.state().used == 151


def test_no_call_of_the_last_day_is_ever_missing_from_the_count(budget, clock):
    clock.now += HOUR - 1  # the last second of an hour
    budget.spend(Purpose.PRESS)
    clock.now += DAY
    assert budget.state().used == 1
    clock.now += HOUR
    assert budget.state().used == 0


def test_week_of_calls_leaves_few_rows(budget, database, clock):
    from sqlalchemy import func, select

    from moodbox.store.tables import CallRow

    for _ in range(24 * 21):
        budget.spend(Purpose.POLL)
        clock.now += HOUR
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(CallRow)) <= 24 * 7 + 1
    assert budget.state().used == 24


def test_hold_refuses_every_purpose_until_it_is_over_and_survives_a_restart(budget, path, clock):
    budget.hold("quota", 48_925)
    again = Database(path)
    after = Budget(again, clock=clock)
    for purpose in Purpose:
        error = refusal(after, purpose)
        assert (error.key, error.verdict, error.retry_at) == ("spotify-quota", Verdict.LATER, START + 48_925)
    assert after.state().used == 0
    clock.now += 48_926
    after.spend(Purpose.POLL)
    assert after.held() is None
    again.close()


def test_short_pause_is_told_as_such(budget, clock):
    budget.hold("rate", 7)
    assert refusal(budget, Purpose.PRESS).key == "spotify-busy"
    clock.now += 8
    budget.spend(Purpose.PRESS)


def test_longer_hold_stays_and_the_longest_is_shown(budget):
    budget.hold("quota", 5000)
    budget.hold("quota", 10)
    budget.hold("rate", 30)
    hold = budget.held()
    assert hold is not None
    assert (hold.reason, hold.until) == ("quota", START + 5000)
    budget.hold("quota", 9000)
    hold = budget.held()
    assert hold is not None
    assert hold.until == START + 9000


def test_hold_of_nonsense_length_ends_within_two_days(budget, clock):
    budget.hold("quota", 1e9)
    clock.now += LONGEST
    assert budget.held() is None


def test_hold_set_under_a_clock_that_was_ahead_is_void_once_it_is_right(budget, clock):
    clock.now += YEAR
    budget.hold("quota", 48_925)
    assert budget.held() is not None
    clock.now = START
    assert budget.held() is None
    budget.spend(Purpose.PRESS)
    budget.hold("quota", 100)  # and a true one takes its place
    hold = budget.held()
    assert hold is not None
    assert hold.until == START + 100


def test_hold_survives_a_clock_that_is_set_back_a_little(budget, clock):
    budget.hold("quota", 1000)
    clock.now -= 200
    assert budget.held() is not None
    clock.now -= 200
    assert budget.held() is None


def test_hold_set_under_a_clock_that_was_behind_is_over(budget, clock):
    clock.now -= YEAR
    budget.hold("quota", 48_925)
    clock.now = START
    assert budget.held() is None


def test_calls_counted_under_a_clock_that_was_ahead_do_not_count(budget, clock):
    clock.now += YEAR
    spend(budget, Purpose.PRESS, 250)
    clock.now = START
    assert budget.state().used == 0
    budget.spend(Purpose.POLL)


def test_stop_holds_for_threads_at_once(budget):
    def one(_):
        try:
            budget.spend(Purpose.POLL)
        except SpotifyError:
            return 0
        return 1

    spend(budget, Purpose.POLL, 180)
    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(one, range(60))) == 20
    assert budget.state().used == 200


def test_stop_holds_for_processes_at_once(budget, path):
    spend(budget, Purpose.PRESS, STOP - 30)
    program = textwrap.dedent(
        """
        import sys, pathlib
        from moodbox.music.spotify.client.budget import Budget
        from moodbox.music.spotify.failure import SpotifyError
        from moodbox.music.spotify.values import Purpose
        from moodbox.store.database import Database
        budget, made = Budget(Database(pathlib.Path(sys.argv[1])), clock=lambda: float(sys.argv[2])), 0
        for _ in range(25):
            try:
                budget.spend(Purpose.PRESS)
                made += 1
            except SpotifyError:
                pass
        print(made)
        """
    )
    command = [sys.executable, "-c", program, str(path), str(START)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    made = sum(int(one.communicate(timeout=60)[0]) for one in both)
    assert made == 30
    assert budget.state().used == STOP


def test_database_that_cannot_be_written_refuses_with_a_sentence(budget, database):
    from sqlalchemy import text

    with database.session() as session:
        session.execute(text("DROP TABLE call"))
    for ask in (lambda: budget.spend(Purpose.PRESS), budget.state):
        with pytest.raises(SpotifyError, match="cannot be counted"):
            ask()
