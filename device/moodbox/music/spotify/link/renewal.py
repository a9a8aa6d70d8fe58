"""Access tokens that last an hour: renewed by one process at a time, and saved before they are used."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from moodbox.errors import MoodboxError, StorageError
from moodbox.lock import FileLock
from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.link.accounts import Accounts, Grant, InvalidGrant
from moodbox.music.spotify.link.exchange import SECONDS
from moodbox.music.spotify.link.standing import SANE, needs_login, why_lapsed
from moodbox.music.spotify.link.token_file import Lapsed, Token, TokenFile

log = logging.getLogger(__name__)

EARLY = 60.0  # seconds before its end a token is renewed
FORCED_EVERY = 30.0  # seconds between forced refreshes: PKCE rotates the refresh token (spotify.md 1.6)
PATIENCE = SECONDS + 1.0  # seconds for another process that renews; it has SECONDS itself
_BACKWARDS = 300.0  # seconds a clock may be set back without a token looking as if it came from the future
_DAY = 86_400.0
_LONG_WAIT = 2.0  # seconds; whoever waited longer has no ten seconds left for a try of its own
_REST = 5.0  # seconds a failure is simply told again, so that callers do not queue for ten seconds each


class Renewal:
    """Give an access token that is good, whatever the clocks say."""

    def __init__(
        self,
        file: TokenFile,
        accounts: Accounts,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = file
        self._accounts = accounts
        self._clock = clock
        self._monotonic = monotonic
        self._met = ("", 0.0)  # the access token met last, and when it is over (monotonic)
        self._forced_at: float | None = None
        self._failure: tuple[float, SpotifyError] | None = None  # told again until then (monotonic)
        self._unsaved: Token | None = None  # a full disk refused it; it is all there is of the sign-in

    def token(self) -> str:
        """Return an access token, renewed if need be. Raises SpotifyError, NeedsLogin."""
        with _disk_in_words():
            token = self._linked()
            if self._unsaved is None and self._is_good(token):
                return token.access
            with self.writing() as waited:
                token = self._linked()  # another process may have renewed it while we waited
                return token.access if self._is_good(token) else self._renew(token, waited).access

    def renew(self, rejected: str) -> str:
        """Return another access token than the one that was rejected; at most one forced refresh per 30 s."""
        with _disk_in_words():
            self._linked()
        with _disk_in_words(), self.writing() as waited:
            token = self._linked()
            if token.access != rejected and self._is_good(token):
                return token.access
            now = self._monotonic()
            if self._forced_at is not None and now < self._forced_at + FORCED_EVERY:
                raise SpotifyError(
                    "Spotify refuses the access it gave the box a moment ago",
                    "Nothing to do: the box tries again by itself",
                    Verdict.LATER,
                    key="spotify-down",
                    retry_at=self._clock() + self._forced_at + FORCED_EVERY - now,
                    status=401,
                )
            token = self._renew(token, waited)
            self._forced_at = self._monotonic()
            return token.access

    @contextlib.contextmanager
    def writing(self) -> Iterator[float]:
        """Be the only one who renews or writes the token, among threads and processes; yields the seconds waited.

        Raises MoodboxError when the others do not get done, StorageError.
        """
        began = self._monotonic()
        self._file.make_folder()
        with FileLock(self._file.folder / "token.lock", PATIENCE):
            self._save_what_is_unsaved()
            yield self._monotonic() - began

    def adopt(self, token: Token) -> None:
        """Take the token of a new sign-in; the caller is `writing`. Raises StorageError, and saves it later then."""
        self.forget()
        self._unsaved = token
        self._save_what_is_unsaved()

    def forget(self) -> None:
        """Drop what is kept in memory only."""
        self._met, self._forced_at, self._failure, self._unsaved = ("", 0.0), None, None, None

    def _linked(self) -> Token:
        record = self._unsaved or self._file.read()
        if isinstance(record, Token):
            return record
        raise needs_login(record)

    def _is_good(self, token: Token) -> bool:
        """Say whether the access token can be used: by the wall clock, if that can be right, and by the other one."""
        left, life = token.expires_at - self._clock(), token.expires_at - token.got_at
        if not EARLY < left <= life + _BACKWARDS <= _DAY + _BACKWARDS:
            return False  # over, or got under a clock that was wrong
        known, over_at = self._met
        if known != token.access:
            over_at = self._monotonic() + min(left, life)
            self._met = (token.access, over_at)
        return self._monotonic() < over_at - EARLY

    def _renew(self, token: Token, waited: float) -> Token:
        """Refresh and save; the caller is `writing`, and waited for that."""
        if waited > _LONG_WAIT:
            raise _busy()
        if self._failure is not None and self._monotonic() < self._failure[0]:
            raise self._failure[1].again()
        try:
            grant = self._accounts.refresh(token.client_id, token.refresh, lambda: self._mark(token))
        except InvalidGrant as refusal:
            why = why_lapsed(token, self._clock(), expired=refusal.expired)
            lapsed = Lapsed(token.authorized_at, token.scopes, why)
            log.warning("Spotify ended the sign-in (%s); somebody must sign in again", why)
            self._file.write(lapsed)
            raise needs_login(lapsed) from None
        except SpotifyError as failure:
            rest = max(_REST, (failure.retry_at or 0.0) - self._clock())
            self._failure = (self._monotonic() + rest, failure)
            raise
        self._failure = None
        return self._keep(token, grant)

    def _mark(self, token: Token) -> None:
        """Note that the refresh token may be over from now on.

        A power cut then has a name, and a disk that takes no new token shows before the old one is spent.
        """
        if not token.renewing:
            self._file.write(replace(token, renewing=True))

    def _keep(self, token: Token, grant: Grant) -> Token:
        now = self._clock()
        renewed = token.renewed(grant, now)
        if renewed.authorized_at < SANE <= now:  # it was written down under a wrong clock
            renewed = replace(renewed, authorized_at=now)
        self._unsaved = renewed
        self._save_what_is_unsaved()
        self._met = (renewed.access, self._monotonic() + grant.seconds)
        log.info("the access to Spotify was renewed")
        return renewed

    def _save_what_is_unsaved(self) -> None:
        """Save a token that a full disk refused; until then it is not used, and not lost."""
        if self._unsaved is not None:
            self._file.write(self._unsaved)
            self._unsaved = None


@contextlib.contextmanager
def _disk_in_words() -> Iterator[None]:
    """Turn what the disk and the lock say into the one kind of failure that callers of Spotify know."""
    try:
        yield
    except SpotifyError:
        raise
    except MoodboxError as error:
        if not isinstance(error, StorageError) or isinstance(error.__cause__, BlockingIOError):  # the lock's patience
            raise _busy() from error
        cause, _, action = str(error).partition("): ")
        words = f"{cause})" if action else cause
        raise SpotifyError(words, action.capitalize(), Verdict.TELL, key="spotify-disk") from error


def _busy() -> SpotifyError:
    return SpotifyError(
        "Another part of the box tries to renew the sign-in at Spotify and does not get done",
        "Nothing to do: the box tries again by itself",
        Verdict.LATER,
        key="spotify-down",
    )
