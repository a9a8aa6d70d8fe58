"""Background work: in turn, once each, and every end said in words."""

import threading

import pytest

from moodbox.music.spotify.failure import NeedsLogin
from moodbox.music.spotify.jobs import Jobs


@pytest.fixture
def jobs():
    jobs = Jobs(clock=lambda: 1000.0)
    yield jobs
    jobs.close()


def ended(jobs, name):
    """Wait for everything to end, and return the job."""
    assert jobs.finish(5)
    return next(job for job in jobs.view() if job.name == name)


def test_job_tells_its_steps_and_its_end(jobs):
    said, go_on = threading.Event(), threading.Event()

    def work(progress):
        progress("Reading.")
        said.set()
        assert go_on.wait(5)
        return "All done."

    jobs.start("happy", work)
    assert said.wait(5)
    (job,) = jobs.view()
    assert (job.running, job.words) == (True, "Reading.")
    go_on.set()
    job = ended(jobs, "happy")
    assert (job.running, job.words, job.ended_at, job.problem) == (False, "All done.", 1000.0, None)


def test_job_that_waits_or_runs_is_not_taken_twice(jobs):
    go_on, runs = threading.Event(), []

    def work(progress):
        runs.append(1)
        assert go_on.wait(5)
        return ""

    for _ in range(3):
        jobs.start("happy", work)
    go_on.set()
    ended(jobs, "happy")
    assert runs == [1]
    jobs.start("happy", lambda progress: runs.append(1) or "")
    ended(jobs, "happy")
    assert runs == [1, 1]


def test_failure_is_a_sentence_and_the_next_job_runs(jobs, caplog):
    def needs_login(progress):
        raise NeedsLogin("The sign-in is over.")

    def broken(progress):
        raise ZeroDivisionError

    jobs.start("refresh", needs_login)
    jobs.start("sad", broken)
    assert ended(jobs, "refresh").problem.key == "spotify-login"
    job = ended(jobs, "sad")
    assert job.words == "Something went wrong while making playlists"
    assert "the job sad failed" in caplog.text


def test_closed_twice_is_closed(jobs):
    jobs.close()
    jobs.close()


def test_finish_gives_up_on_a_job_that_hangs(jobs):
    go_on = threading.Event()
    jobs.start("slow", lambda progress: str(go_on.wait(5)))
    assert not jobs.finish(0.05)
    go_on.set()
    assert jobs.finish(5)
