from moodbox.page.pace import Pace


class Clock:
    def __init__(self):
        self.time = 100.0

    def __call__(self):
        return self.time


def test_burst_passes_up_to_one_second_of_the_rate():
    pace = Pace(3.0, Clock())
    assert [pace.allows() for _ in range(5)] == [True, True, True, False, False]


def test_time_lets_more_through():
    clock = Clock()
    pace = Pace(2.0, clock)
    assert [pace.allows() for _ in range(3)] == [True, True, False]
    clock.time += 0.5
    assert [pace.allows() for _ in range(2)] == [True, False]


def test_long_rest_does_not_save_up_more_than_one_burst():
    clock = Clock()
    pace = Pace(2.0, clock)
    clock.time += 3600
    assert [pace.allows() for _ in range(3)] == [True, True, False]


def test_refusals_do_not_push_the_next_chance_away():
    clock = Clock()
    pace = Pace(1.0, clock)
    assert pace.allows()
    for _ in range(9):
        clock.time += 0.1
        pace.allows()
    clock.time += 0.2
    assert pace.allows()
