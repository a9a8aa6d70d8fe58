"""A household's week: what it costs, and that a costly one is noticed."""

from collections import Counter

import pytest

from bench.household import BEGIN, DAY, TARGET, Household, Week, measure, report
from moodbox.standin.calls import Call
from tests.fakes.spotify_fixtures import held_to_spec


def calls(*times, path="/me/player/play"):
    return [Call("PUT", path, {}, None, 204, BEGIN + at) for at in times]


def test_worst_day_is_found_wherever_it_begins():
    evening, morning = [DAY - 10 - at for at in range(20)], [DAY + 10 + at for at in range(25)]
    week = Week(calls(*evening, *morning), music=[0.0] * 7)
    assert week.worst() == 45
    assert [day.total() for day in week.by_day()] == [20, 25, 0, 0, 0, 0, 0]


def test_calls_a_whole_day_apart_are_not_of_the_same_day():
    assert Week(calls(0.0, DAY)).worst() == 1


def test_calls_are_told_apart_by_what_they_are_for():
    week = Week(calls(1) + calls(2, path="/search") + [Call("GET", "/me/player", {}, None, 200, BEGIN)])
    assert week.by_day()[0] == Counter(playing=1, playlists=1, looks=1)


def test_goal_is_missed_when_a_day_is_too_dear_or_an_exchange_is_outside():
    week = Week(calls(*range(TARGET + 1)), music=[0.0] * 7)
    dear = report(week, [])
    assert [goal.met for goal in dear.goals] == [False, True]
    assert [goal.met for goal in report(Week([], music=[0.0] * 7), ["wrong"]).goals] == [True, False]
    assert "not held against it" in str(report(Week([], music=[0.0] * 7), None))


@pytest.mark.timeout(400)
def test_week_of_three_people_stays_within_the_calls_of_a_day():
    told = measure(held_to_wrong)
    assert all(goal.met for goal in told.goals), told
    hours = [row[-1] for row in told.table.rows]
    assert min(hours) > 7.5, "the music fell silent"
    assert "210 presses, 70 programmes begun" in told.notes[0]
    assert told.notes[-1] == "Failures: none." or "not held against it" in told.notes[-1]


def held_to_wrong(standin):
    spec = held_to_spec(standin)
    return None if spec is None else spec.wrong


def test_house_that_is_not_linked_costs_nothing(tmp_path):
    household = Household(tmp_path)
    try:
        with pytest.raises(Exception, match="No speaker is chosen"):
            household._begin()
        assert household.standin.calls == []
    finally:
        household.close()
