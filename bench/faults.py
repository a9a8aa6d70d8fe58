"""What happens when Spotify fails: every failure, met by a press, a sign-in, a token refresh and the weekly job.

For each: what the owner sees, what plays, and whether everything is kept. Real parts: the stand-in over HTTP, client,
sign-in, database, player, composer (without a sound device). `docs/spotify.md` has it in short.

python -m bench.faults [FAILURE ...]
"""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from bench.figures import Table
from bench.rig import PATIENCE, Rig
from moodbox.errors import MoodboxError
from moodbox.events import Playback, Sounding
from moodbox.standin.faults import Fault, FaultKind

LATE = "music came after"  # how a finding about time begins
DEADLINE = 12.0  # seconds that a sign-in may take: 10 for the call, and what leads to it
JOB = 60.0  # seconds that a weekly job may take when every call fails
YEAR = 365 * 86_400.0
HOUR = 3_600.0
DAY = 86_400.0
TOKEN, PLAYER, LISTS, ME = "/api/token", "/me/player", "/me/playlists", "/me"
AT_ONCE = 4  # houses; they wait as much as they work


class Deed(StrEnum):
    """What meets the failure."""

    PRESS = "press"
    LINK = "link"
    REFRESH = "token refresh"
    WEEKLY = "weekly job"


PATHS = {Deed.PRESS: PLAYER, Deed.LINK: TOKEN, Deed.REFRESH: TOKEN, Deed.WEEKLY: ""}


@dataclass(frozen=True)
class Failure:
    """A failure as people know it; `paths` says where it strikes if not where the deed asks first."""

    name: str
    kind: FaultKind | None = None
    after: bool = False
    times: int | None = None  # None = until it is mended
    status: int = 503
    deeds: tuple[Deed, ...] = tuple(Deed)
    paths: dict[Deed, str] = field(default_factory=dict)
    offline: bool = False
    clock: float = 0.0  # seconds by which the box's own clock is wrong

    def fault(self, deed: Deed) -> Fault | None:
        """Make the stand-in's fault."""
        if self.kind is None:
            return None
        path = self.paths.get(deed, PATHS[deed])
        return Fault(self.kind, self.times, path, after=self.after, status=self.status, seconds=SECONDS.get(self.kind))


# A plain rate limit of half a minute, the quota's thirteen hours as seen, an answer slower than any deadline.
SECONDS = {FaultKind.RATE_LIMITED: 30.0, FaultKind.QUOTA: 48_925.0, FaultKind.SLOW: 30.0}
_API = {Deed.LINK: ME}  # what the Web API says strikes a sign-in when its account is asked for
_NOT_TOKEN = (Deed.PRESS, Deed.LINK, Deed.WEEKLY)
_COMMANDS = (Deed.PRESS,)

FAILURES = (
    Failure("no network", offline=True),
    Failure("access token expired", FaultKind.EXPIRED_TOKEN, times=1, deeds=_NOT_TOKEN, paths=_API),
    Failure("access token missing (gateway)", FaultKind.MISSING_TOKEN, times=1, deeds=_COMMANDS),
    Failure("invalid_grant", FaultKind.REVOKED, deeds=(Deed.LINK, Deed.REFRESH)),
    Failure("rotated refresh token lost", FaultKind.ROTATED_LOST, times=1, deeds=(Deed.LINK, Deed.REFRESH)),
    Failure("403 PREMIUM_REQUIRED", FaultKind.PREMIUM, deeds=_COMMANDS),
    Failure("403 owner without Premium", FaultKind.OWNER_PREMIUM, deeds=_NOT_TOKEN, paths=_API),
    Failure("403 not registered", FaultKind.NOT_REGISTERED, deeds=_NOT_TOKEN, paths=_API),
    Failure("403 bare", FaultKind.FORBIDDEN, deeds=_NOT_TOKEN, paths=_API),
    Failure("403 restriction", FaultKind.RESTRICTION, deeds=_COMMANDS),
    Failure("404 NO_ACTIVE_DEVICE", FaultKind.NO_ACTIVE_DEVICE, deeds=_COMMANDS),
    Failure("speaker asleep", FaultKind.SLEEPING, times=1, deeds=_COMMANDS),
    Failure("speaker renamed", FaultKind.RENAMED, times=1, deeds=_COMMANDS),
    Failure("429 rate limit", FaultKind.RATE_LIMITED, times=1, deeds=_NOT_TOKEN, paths=_API),
    Failure("429 QUOTA_EXCEEDED", FaultKind.QUOTA, times=1, deeds=_NOT_TOKEN, paths=_API),
    Failure("500", FaultKind.SERVER_ERROR, status=500),
    Failure("503", FaultKind.SERVER_ERROR),
    Failure("200 with HTML", FaultKind.HTML),
    Failure("slow", FaultKind.SLOW),
    Failure("cut before the effect", FaultKind.CUT, times=2),
    Failure("cut after the effect", FaultKind.CUT, after=True, times=2),
    Failure("null items", FaultKind.NULLS, deeds=_NOT_TOKEN, paths=_API),
    Failure("Spotify's clock a year ahead", FaultKind.CLOCK_WRONG),
    Failure("the box's clock a year behind", clock=-YEAR),
    Failure("the box's clock a year ahead", clock=YEAR),
)


@dataclass
class Outcome:
    """What came of a failure."""

    failure: str
    deed: Deed
    sees: str = ""
    plays: str = ""
    seconds: float = 0.0
    kept: bool = False  # playlists of moods, speaker and Client ID are as before
    signed_in: bool = False
    after: str = ""  # what the next press plays once it is mended
    wrong: list[str] = field(default_factory=list)  # what must never happen

    @property
    def name(self) -> str:
        """Name the cell."""
        return f"{self.failure} x {self.deed}"


def meet(failure: Failure, deed: Deed) -> Outcome:
    """Let one house meet one failure, mend it, and see what is left."""
    outcome = Outcome(failure.name, deed)
    with tempfile.TemporaryDirectory(prefix="moodbox-bench-") as folder, Rig(Path(folder)) as rig:
        rig.settle_in(linked=deed is not Deed.LINK, made=deed is Deed.WEEKLY)
        before = rig.chosen()
        if deed is Deed.REFRESH:
            rig.turn(HOUR)
        if deed is Deed.WEEKLY:
            rig.turn(8 * DAY)  # the token is over too, and everything is due
        landed = rig.agree() if deed is Deed.LINK else ""
        rig.set_clock(failure.clock)
        if failure.offline:
            rig.standin.close()
        fault = failure.fault(deed)
        if fault is not None:
            rig.standin.faults.add(fault)
        if deed is Deed.LINK:
            _link(rig, landed, outcome)
        elif deed is Deed.WEEKLY:
            _weekly(rig, outcome)
        else:
            _press(rig, outcome)
        _mend(rig, failure)
        outcome.kept = rig.chosen() == before
        if deed is Deed.WEEKLY:
            _next_week(rig, outcome)
        outcome.after = _again(rig, outcome)
        outcome.wrong += rig.wrong()
    return outcome


def _press(rig: Rig, outcome: Outcome) -> None:
    playback, outcome.seconds = rig.press()
    outcome.plays, outcome.sees = _player(playback), _said(playback)
    if outcome.seconds > PATIENCE:
        outcome.wrong.append(f"{LATE} {outcome.seconds:.1f} s")
    if playback.player == "composer" and not playback.problems:
        outcome.wrong.append("the composer stands in without a reason")


def _link(rig: Rig, landed: str, outcome: Outcome) -> None:
    begun = rig.clock()
    try:
        rig.finish(landed)
        outcome.sees = "Linked."
        job = rig.wait_for_job("refresh", JOB)
        if job.problem is not None:
            outcome.sees = f"Linked. {job.problem.cause}. {job.problem.action}."
    except MoodboxError as error:
        words = (str(error), getattr(error, "action", ""))
        outcome.sees = " ".join(f"{part.rstrip('.')}." for part in words if part)
        if rig.clock() - begun > DEADLINE:
            outcome.wrong.append(f"the sign-in took {rig.clock() - begun:.1f} s")
    outcome.seconds = rig.clock() - begun


def _weekly(rig: Rig, outcome: Outcome) -> None:
    begun = rig.clock()
    rig.room.refresh()
    job = rig.wait_for_job("refresh", JOB)
    outcome.seconds = rig.clock() - begun
    outcome.sees = f"{job.problem.cause}. {job.problem.action}." if job.problem else job.words


def _mend(rig: Rig, failure: Failure) -> None:
    """Mend what failed, and let the time go by that Spotify asked for."""
    rig.standin.faults.clear()
    if failure.offline:
        rig.standin.start()
    rig.set_clock(0.0)
    rig.settle()
    hold = rig.parts.budget.held()
    if hold is not None:
        rig.turn(hold.until - rig.clock() + 1.0)
    rig.turn(HOUR)  # that the app's owner lacks Premium is asked after hourly, a breaker tried every 20 s


def _again(rig: Rig, outcome: Outcome) -> str:
    """Press once more. Where the sign-in is lost at Spotify the owner is asked for it, and everything else is kept."""
    playback, _ = rig.press()
    outcome.signed_in = rig.parts.login.state().linked
    if not outcome.signed_in:
        if rig.was_linked and not any(problem.key == "spotify-login" for problem in playback.problems):
            outcome.wrong.append("nobody is asked to sign in again")
        rig.link()
        rig.wait_for_job("refresh", JOB)
        rig.turn(HOUR)
        playback, _ = rig.press()
    if playback.player != "spotify":
        outcome.wrong.append(f"the press after it is mended plays with the {playback.player}: {_said(playback)}")
    return _player(playback)


def _next_week(rig: Rig, outcome: Outcome) -> None:
    """Do the weekly job once more, a week later."""
    rig.turn(8 * DAY)
    rig.room.refresh()
    job = rig.wait_for_job("refresh", JOB)
    if job.problem is not None or job.running:
        outcome.wrong.append(f"the next weekly job failed: {job.words}")


def _player(playback: Playback) -> str:
    if playback.sounding is not Sounding.PLAYING:
        return "nothing"
    return {"spotify": "Spotify", "composer": "the composer"}.get(playback.player, playback.player)


def _said(playback: Playback) -> str:
    return " ".join([playback.why, *(f"{problem.action}." for problem in playback.problems)]).strip()


def every(names: tuple[str, ...] = ()) -> list[Outcome]:
    """Meet every failure with every deed that it can strike, some houses at once."""
    cells = [(failure, deed) for failure in FAILURES for deed in failure.deeds if not names or failure.name in names]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda cell: meet(*cell), cells))


def table(outcomes: list[Outcome]) -> Table:
    """Lay out what came of every failure."""
    head = ("failure", "met by", "the owner sees", "plays", "settings", "sign-in", "next press")
    rows = tuple(
        (
            one.failure,
            one.deed.value,
            one.sees,
            one.plays or "-",
            "kept" if one.kept else "LOST",
            _sign_in(one),
            one.after,
        )
        for one in outcomes
    )
    return Table(head, ("",) * len(head), rows)


def _sign_in(outcome: Outcome) -> str:
    return "kept" if outcome.signed_in else "asked for"


def main() -> int:
    """Print the table; 1 when something happened that must not."""
    outcomes = every(tuple(sys.argv[1:]))
    print(table(outcomes))
    wrong = [f"{one.name}: {words}" for one in outcomes for words in one.wrong]
    print(f"\n{len(outcomes)} cells, {len(wrong)} wrong", *wrong, sep="\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
