"""The line to Spotify: one call with its budget, its repeats and its deadline; every end that is bad is a SpotifyError.

One Spotipy client and one session behind one lock, shared by all who call.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

import requests
import spotipy

from moodbox.music.spotify.client import answers, errors
from moodbox.music.spotify.client.breaker import Breaker
from moodbox.music.spotify.client.budget import Budget
from moodbox.music.spotify.client.errors import Refusal
from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.ports import Tokens
from moodbox.music.spotify.session import Session, quiet_loggers
from moodbox.music.spotify.values import Hosts, Purpose

DEADLINE = 10.0  # s for one call with everything that belongs to it
BLIP = 1.0  # s to wait when the player's gateway lost a good token (spotify.md 1.6)
BACKOFF = 0.3  # s to wait after a fault of Spotify's

Ask = Callable[[spotipy.Spotify], Any]


class Manner(Enum):
    """How far a request may be repeated."""

    READ = "read"  # as often as one likes
    SET = "set"  # so too: it says how something shall be
    START = "start"  # after an answer that says no; never when the answer was lost, for music would start twice
    ONCE = "once"  # as START, and not after a fault of Spotify's either

    @property
    def reads(self) -> bool:
        """Say whether it changes nothing."""
        return self is Manner.READ

    @property
    def survives_cut(self) -> bool:
        """Say whether it may be repeated when nobody knows whether it was carried out."""
        return self in (Manner.READ, Manner.SET)


class _Bearer:
    """What Spotipy takes for its auth manager: it holds a token and can do nothing else, least of all prompt."""

    def __init__(self) -> None:
        self.token = ""

    def get_access_token(self, *, as_dict: bool = False) -> str:
        """Return the token of the present attempt."""
        del as_dict  # Spotipy's name for what it never asks for here
        return self.token


@dataclass(slots=True)
class _Outcome:
    """How one attempt ended: an answer with success, an answer without, or none."""

    data: Any = None
    refusal: Refusal | None = None
    lost: SpotifyError | None = None
    cut: bool = False  # the connection died, early enough to try again


class Line:
    """Carry calls to the Web API, one at a time."""

    def __init__(
        self,
        hosts: Hosts,
        tokens: Tokens,
        budget: Budget,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        deadline: float = DEADLINE,
    ) -> None:
        quiet_loggers()
        self.budget = budget
        self.user = ""  # the user id of whoever is signed in, as soon as it is known
        self._tokens = tokens
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._deadline = deadline
        self._breaker = Breaker(monotonic)
        self._lock = threading.RLock()
        self._bearer = _Bearer()
        self._session = Session(hosts.api, monotonic=monotonic)
        self._spotipy = spotipy.Spotify(auth_manager=self._bearer, requests_session=self._session)
        self._spotipy.prefix = hosts.api.rstrip("/") + "/"

    def until(self) -> float:
        """Return when a call that begins now must be over."""
        return self._monotonic() + self._deadline

    def close(self) -> None:
        """Let go of the connection; a later call makes another."""
        self._session.close()

    def call(self, purpose: Purpose, manner: Manner, ask: Ask, until: float) -> Any:
        """Carry one call and return the decoded answer, None for an empty one; raises SpotifyError."""
        self._breaker.check(in_person=purpose is Purpose.PAGE)
        try:
            data = self._persist(purpose, manner, ask, until)
        except SpotifyError as error:
            self._note(error)
            raise
        self._breaker.answered()
        self._breaker.unbar()
        return data

    def nonsense(self, *, uncertain: bool = False) -> SpotifyError:
        """Return the error for an answer that cannot be read, and count it."""
        error = errors.down("Spotify, or a network on the way, answered nonsense", uncertain=uncertain)
        self._breaker.failed(error)
        return error

    def _note(self, error: SpotifyError) -> None:
        self._breaker.failed(error)
        if 400 <= error.status < 500:
            self._breaker.answered()
        if error.key == "spotify-setup" and error.retry_at is not None:
            self._breaker.bar(error, errors.SETUP_PAUSE)

    def _persist(self, purpose: Purpose, manner: Manner, ask: Ask, until: float) -> Any:
        """Try, and try again where the error map says so, each cure once."""
        token = self._tokens.token()
        cured: set[str] = set()
        while True:
            outcome = self._attempt(purpose, manner, ask, token, until)
            if outcome.refusal is None and outcome.lost is None:
                return outcome.data
            cure = _cure(outcome, manner, cured)
            pause = {"blip": BLIP, "fault": BACKOFF}.get(cure, 0.0)
            if not cure or self._monotonic() + pause >= until:
                raise self._verdict(outcome, manner)
            cured.add(cure)
            if pause:
                self._sleep(pause)
            if cure == "renew":
                token = self._tokens.renew(token)

    def _attempt(self, purpose: Purpose, manner: Manner, ask: Ask, token: str, until: float) -> _Outcome:
        if not self._lock.acquire(timeout=max(0.0, until - self._monotonic())):
            raise errors.busy()
        try:
            left = until - self._monotonic()
            if left <= 0:  # the pages before this one took it all
                raise errors.down("Spotify did not answer in time")
            self.budget.spend(purpose)
            self._bearer.token = token
            self._session.seconds = left
            return self._ask(ask, manner)
        finally:
            self._bearer.token = ""
            self._lock.release()

    def _ask(self, ask: Ask, manner: Manner) -> _Outcome:
        self._session.forget()
        try:
            data = ask(self._spotipy)
        except (spotipy.SpotifyException, requests.RequestException, AttributeError, RecursionError) as error:
            # Spotipy trips over an error body whose `error` is no object: the answer itself says more than the error.
            response = self._session.trip.response
            if response is None:
                return self._lost(error)
            data = None
        else:
            response = self._session.trip.response
        if response is None:
            return _Outcome(lost=errors.unusable("Spotify cannot be asked for this", errors.REPORT, "spotify-setup"))
        if not response.ok or response.is_redirect or response.status_code >= 300:
            return _Outcome(refusal=self._refusal(response))
        if manner.reads and data is None and response.status_code != 204:
            return _Outcome(lost=errors.down("Spotify, or a network on the way, answered nonsense"))
        return _Outcome(data=data)

    def _refusal(self, response: requests.Response) -> Refusal:
        try:
            message, reason = answers.complaint(response.json())
        except (ValueError, RecursionError):
            message, reason = "", ""
        path = urlsplit(response.url).path.removeprefix(urlsplit(self._session.base).path).strip("/")
        after = response.headers.get("Retry-After", "")
        return Refusal(response.status_code, path, message, reason, float(after) if after.isdecimal() else None)

    def _lost(self, error: Exception) -> _Outcome:
        """Word an attempt without an answer. Whether it may have been carried out all the same, the trip knows."""
        sent = self._session.trip.sent
        if "CERTIFICATE_VERIFY_FAILED" in str(error) and not sent:
            return _Outcome(lost=errors.insecure())
        if isinstance(error, requests.Timeout):
            late = errors.down("Spotify did not answer in time", uncertain=sent)
            return _Outcome(lost=late if sent else errors.offline())
        if isinstance(error, requests.ConnectionError):
            broken = errors.down("The connection to Spotify broke off", uncertain=sent)
            return _Outcome(lost=broken if sent else errors.offline(), cut=sent)
        return _Outcome(lost=errors.down("Spotify, or a network on the way, answered nonsense", uncertain=sent))

    def _verdict(self, outcome: _Outcome, manner: Manner) -> SpotifyError:
        if outcome.refusal is None:
            error = outcome.lost or errors.down("Spotify did not answer")
            error.uncertain = error.uncertain and not manner.reads
            return error
        refusal = outcome.refusal
        if refusal.status == 429:
            self.budget.hold("quota" if refusal.quota else "rate", refusal.pause)
        error = errors.refused(refusal, self._clock())
        # A gateway's fault says nothing about what happened behind it.
        error.uncertain = refusal.status >= 500 and not manner.reads
        return error


def _cure(outcome: _Outcome, manner: Manner, cured: set[str]) -> str:
    """Name what may help against a bad end and was not tried yet, or ""."""
    refusal = outcome.refusal
    wanted: tuple[str, ...] = ()
    if refusal is None:
        wanted = ("cut",) if outcome.cut and manner.survives_cut else ()
    elif refusal.token_missing:
        wanted = ("blip", "renew")
    elif refusal.status == 401:
        wanted = ("renew",)
    elif refusal.premium:
        wanted = ("premium",)
    elif refusal.status >= 500 and manner is not Manner.ONCE:
        wanted = ("fault",)
    return next((cure for cure in wanted if cure not in cured), "")
