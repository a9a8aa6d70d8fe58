"""The call budget (spotify.md 1.7): how often the Web API was called in the last 24 hours, and who may still call.

Counted in the database before each request, over all processes, in buckets of an hour. A bucket counts for as long as
any part of it may lie in the window, so that the count is never too low.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from moodbox.errors import StorageError
from moodbox.music.spotify.client import errors
from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.values import BudgetState, Hold, Purpose
from moodbox.store.database import Database
from moodbox.store.tables import CallRow, HoldRow

TARGET = 300  # calls a day that a household should need at most
STOP = 600  # and that it never goes beyond; Spotify stops at about 1,000
# Calls used up at which a purpose must stop, so that the button is the last thing to suffer.
LIMITS = {Purpose.POLL: 200, Purpose.WEEKLY: 280, Purpose.PAGE: 450, Purpose.PRESS: STOP}

HOUR = 3600.0
BUCKETS = 25  # 24 full hours and the one that has begun
KEPT = 7 * 24  # buckets; older ones go, and a clock that is a day off loses nothing
LONGEST = 48 * HOUR  # of a hold: nothing of Spotify's can last beyond its rolling day
AHEAD = 300.0  # s that `set_at` may lie ahead: more, and the clock was wrong when the hold was set


class Budget:
    """Count calls and hold them back. Safe for threads and processes; survives restarts and a wrong clock."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def spend(self, purpose: Purpose) -> None:
        """Count one request that is about to be sent; raises SpotifyError when it must not be."""
        now = self._clock()
        hour = _hour(now)
        with self._session(self._database.session) as session:
            # Counted first and looked at then, in one transaction that nobody else can get in between: what is
            # raised here takes the count back.
            added = insert(CallRow).values(hour=hour, purpose=purpose.value, count=1)
            session.execute(
                added.on_conflict_do_update(index_elements=["hour", "purpose"], set_={"count": CallRow.count + 1})
            )
            session.execute(delete(CallRow).where(CallRow.hour <= hour - KEPT))
            if hold := _held(session, now):
                raise _held_back(hold)
            buckets = _buckets(session, hour)
            if sum(buckets.values()) > LIMITS[purpose]:
                buckets[hour] -= 1
                raise _held_back(Hold(_rolled_out(buckets, LIMITS[purpose]), "budget"))

    def hold(self, reason: str, seconds: float) -> None:
        """Hold every call back, as Spotify asked; a longer hold for the same reason stays."""
        now = self._clock()
        until = now + min(max(seconds, 0.0), LONGEST - 1.0)  # so that rounding makes no sound hold void
        with self._session(self._database.session) as session:
            gone = (HoldRow.until <= until) | ~_sound(now)
            session.execute(delete(HoldRow).where(HoldRow.reason == reason, gone))
            row = insert(HoldRow).values(reason=reason, until=until, set_at=now)
            session.execute(row.on_conflict_do_nothing())

    def held(self) -> Hold | None:
        """Return what Spotify's own limits hold back, and until when."""
        with self._session(self._database.reading) as session:
            return _held(session, self._clock())

    def state(self) -> BudgetState:
        """Return the calls of the last 24 hours, and what holds more of them back."""
        now = self._clock()
        with self._session(self._database.reading) as session:
            hold = _held(session, now)
            buckets = _buckets(session, _hour(now))
            rows = session.execute(
                select(CallRow.purpose, func.sum(CallRow.count)).where(*_window(_hour(now))).group_by(CallRow.purpose)
            )
            by_purpose = {purpose: int(count) for purpose, count in rows}
        used = sum(buckets.values())
        if hold is None and used >= STOP:
            hold = Hold(_rolled_out(buckets, STOP), "budget")
        return BudgetState(used, TARGET, STOP, hold, by_purpose)

    @contextmanager
    def _session(self, begin: Callable[[], AbstractContextManager[Session]]) -> Iterator[Session]:
        try:
            with begin() as session:
                yield session
        except StorageError as error:
            # Not counting would be worse: what Spotify then locks out for half a day is the button too.
            raise SpotifyError(
                "Calls of Spotify cannot be counted, so none are made: the database of the box does not work",
                "Free some space on its card and start the box again",
                Verdict.TELL,
                key="spotify-quota",
            ) from error


def _hour(now: float) -> int:
    return int(now // HOUR)


def _window(hour: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    # What lies ahead was counted under a clock that was wrong, or is: it belongs to no last 24 hours.
    return (CallRow.hour > hour - BUCKETS, CallRow.hour <= hour)


def _buckets(session: Session, hour: int) -> dict[int, int]:
    rows = session.execute(select(CallRow.hour, func.sum(CallRow.count)).where(*_window(hour)).group_by(CallRow.hour))
    return {bucket: int(count) for bucket, count in rows}


def _rolled_out(buckets: dict[int, int], limit: int) -> float:
    """Return when so much of the window has rolled out that one more call fits below the limit."""
    used = sum(buckets.values())
    for bucket in sorted(buckets):
        used -= buckets[bucket]
        if used < limit:
            return (bucket + BUCKETS) * HOUR
    raise ValueError("a limit below one call")


def _sound(now: float) -> ColumnElement[bool]:
    return (HoldRow.set_at <= now + AHEAD) & (HoldRow.until - HoldRow.set_at <= LONGEST)


def _held(session: Session, now: float) -> Hold | None:
    row = session.scalars(
        select(HoldRow).where(HoldRow.until > now, _sound(now)).order_by(HoldRow.until.desc()).limit(1)
    ).first()
    return None if row is None else Hold(row.until, row.reason)


def _held_back(hold: Hold) -> SpotifyError:
    key = "busy" if hold.reason == "rate" else "quota"
    return SpotifyError(hold.cause, errors.WAIT, Verdict.LATER, key=f"spotify-{key}", retry_at=hold.until)
