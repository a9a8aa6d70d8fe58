from __future__ import annotations

from moodbox.errors import CameraError
from moodbox.watch.problem import problem_of


def test_sentence_becomes_cause_and_action() -> None:
    problem = problem_of("camera", CameraError("webcam 0 is gone: plug it in"))
    assert (problem.key, problem.cause, problem.action) == ("camera", "Webcam 0 is gone", "Plug it in")


def test_last_colon_divides_so_that_paths_and_addresses_stay_whole() -> None:
    problem = problem_of("detector", CameraError("http://x:1 is silent: go online"), "Haar looks instead")
    assert problem.cause == "Haar looks instead: http://x:1 is silent"
    assert problem.action == "Go online"


def test_sentence_without_an_action_gets_one() -> None:
    problem = problem_of("camera", CameraError("it broke"))
    assert problem.cause == "It broke"
    assert "moodbox doctor" in problem.action
