"""Signing in to Spotify and staying so: the one thing that the rest of the box knows of this folder."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path

from moodbox.errors import LinkError, MoodboxError
from moodbox.music.spotify.failure import NeedsLogin, SpotifyError, Verdict
from moodbox.music.spotify.link import lan, landing, loopback, pasted
from moodbox.music.spotify.link.accounts import Accounts, InvalidGrant
from moodbox.music.spotify.link.attempt import LIFE, Attempt, Attempts
from moodbox.music.spotify.link.client_id import client_id as checked
from moodbox.music.spotify.link.door import Door
from moodbox.music.spotify.link.landing import Landing
from moodbox.music.spotify.link.renewal import Renewal
from moodbox.music.spotify.link.standing import login_state, needs_login
from moodbox.music.spotify.link.token_file import Token, TokenFile
from moodbox.music.spotify.session import nothing
from moodbox.music.spotify.values import Begun, Hosts, LanDoor, LoginState

log = logging.getLogger(__name__)

LAN_LIFE = 300.0  # seconds the door in the local network stays open
_AGAIN = "Begin signing in again"


class Login:
    """Implements `ports.Tokens`. `folder` is for this alone; two processes may use it.

    `on_linked` is called in the thread that finished a sign-in, after the token is saved.
    `demo`: "demo..." Client IDs are taken too; by default where `hosts` are not Spotify's own.
    """

    def __init__(
        self,
        folder: Path,
        hosts: Hosts,
        *,
        loopback_port: int = 8888,
        lan_port: int = 8443,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        on_linked: Callable[[], None] = nothing,
        demo: bool | None = None,
        lan_address: Callable[[], str] = lan.lan_address,
    ) -> None:
        self._accounts = Accounts(hosts.accounts, clock)
        self._file = TokenFile(folder)
        self._renewal = Renewal(self._file, self._accounts, clock=clock, monotonic=monotonic)
        self._attempts = Attempts(self._accounts.base, monotonic)
        self._loopback_port = loopback_port
        self._lan_port = lan_port
        self._clock = clock
        self._monotonic = monotonic
        self._on_linked = on_linked
        self._demo = hosts.accounts != Hosts().accounts if demo is None else demo
        self._lan_address = lan_address
        self._told = ""  # the last trouble with the file that the log has
        self._lock = threading.Lock()  # of the doors
        self._loopback: Door | None = None
        self._lan: Door | None = None

    # --- staying signed in ----------------------------------------------------------------------------------

    def token(self) -> str:
        """Return an access token, refreshed first if it is over; raises SpotifyError, NeedsLogin."""
        return self._renewal.token()

    def renew(self, rejected: str) -> str:
        """Return another token than the rejected one, at most one forced refresh per 30 s; raises as `token` does."""
        return self._renewal.renew(rejected)

    def state(self) -> LoginState:
        """Say how signing in stands; asks nobody. A file that cannot be read looks like nobody being signed in."""
        try:
            return login_state(self._file.read(), self._clock())
        except MoodboxError as error:
            if str(error) != self._told:  # the page asks often
                self._told = str(error)
                log.warning("%s", error)
            return LoginState()

    def needs(self) -> NeedsLogin | None:
        """Say why somebody must sign in; None when nobody must. Asks nobody."""
        try:
            record = self._file.read()
        except MoodboxError:
            return None
        return None if isinstance(record, Token) else needs_login(record)

    def allowed(self, scopes: Sequence[str]) -> bool:
        """Say whether the owner agreed to all of these."""
        state = self.state()
        return state.linked and set(scopes) <= set(state.scopes)

    def disconnect(self) -> None:
        """Delete the token, the note of an old one and the certificate. Raises StorageError, SpotifyError."""
        self._attempts.clear()
        self.close()
        self._renewal.forget()
        with self._renewal.writing():
            self._renewal.forget()
            self._file.delete(lan.CERTIFICATE)
        log.info("signed out of Spotify")

    # --- signing in -----------------------------------------------------------------------------------------

    def redirect(self, kind: str = "loopback") -> str:
        """Return the redirect string that must stand in the dashboard, for "loopback" or "lan"; raises LinkError."""
        if kind == "lan":
            return _lan_redirect(self._lan_address(), self._lan_port)
        return f"http://{loopback.HOST}:{self._loopback_port}/callback"

    def begin(self, session: str, client_id: str, scopes: Sequence[str]) -> Begun:
        """Begin a sign-in and listen for its answer. Raises LinkError and StorageError."""
        known = checked(client_id, demo=self._demo)
        self._file.check_folder()
        attempt = self._attempts.begin(session, known, scopes, self.redirect())
        listening = self._listen()
        return Begun(
            url=attempt.url,
            redirect=attempt.redirect,
            expires_at=self._clock() + LIFE,
            listening=listening,
            port=self._loopback_port if listening else 0,
        )

    def finish(self, session: str, pasted_text: str) -> None:
        """Finish with what the owner pasted. Raises LinkError, SpotifyError and StorageError."""
        self._finish(pasted.read(pasted_text), session)

    def open_lan(self, session: str, client_id: str, scopes: Sequence[str]) -> LanDoor:
        """Open the door in the local network for five minutes; raises LinkError and StorageError."""
        from moodbox.music.spotify.link.certificate import certificate  # noqa: PLC0415 - 8 MB for a rare guest

        known = checked(client_id, demo=self._demo)
        self._file.check_folder()
        address = self._lan_address()
        shown = certificate(self._file.folder, address, self._clock())
        with self._lock:
            if self._lan is not None:
                self._lan.close()
            listener = lan.listen(address, self._lan_port)
            tls = shown.context()
            self._lan = Door(listener, self._land, seconds=LAN_LIFE, tls=tls, monotonic=self._monotonic)
            port = self._lan.port
        attempt = self._attempts.begin(session, known, scopes, _lan_redirect(address, port))
        log.info("the door for Spotify's sign-in is open in the local network for five minutes")
        return LanDoor(
            redirect=attempt.redirect,
            url=attempt.url,
            fingerprint=shown.fingerprint,
            qr=lan.qr(attempt.url),
            closes_at=self._clock() + LAN_LIFE,
        )

    def close_lan(self) -> None:
        """Close that door; its sign-in can still be finished by pasting."""
        with self._lock:
            if self._lan is not None:
                self._lan.close()
                self._lan = None

    def close(self) -> None:
        """Close both doors; may be called twice. The token stays."""
        self.close_lan()
        with self._lock:
            if self._loopback is not None:
                self._loopback.close()
                self._loopback = None

    # --- how a sign-in ends ---------------------------------------------------------------------------------

    def _listen(self) -> bool:
        with self._lock:
            if self._loopback is not None and self._loopback.is_open:
                self._loopback.keep_open(LIFE)
                return True
            if self._loopback is not None:
                self._loopback.close()
            listener = loopback.listen(self._loopback_port)
            if listener is None:
                self._loopback = None
                return False
            self._loopback = Door(listener, self._land, seconds=LIFE, monotonic=self._monotonic)
            return True

    def _land(self, query: str) -> Landing:
        """Answer a browser that came back from Spotify to one of our doors."""
        try:
            self._finish(pasted.read_query(query), None)
        except SpotifyError as error:
            return landing.trouble(f"{error.cause}. {error.action}", HTTPStatus.BAD_GATEWAY)
        except MoodboxError as error:
            return landing.trouble(str(error))
        return landing.DONE

    def _finish(self, answer: pasted.Answer, session: str | None) -> None:
        """Use up the attempt, exchange its code, save the token. `session` is None at a door."""
        if answer.error and not answer.state:
            raise _said_no(answer.error)
        attempt = self._attempts.take(answer.state, session)
        if answer.error:
            raise _said_no(answer.error)
        with self._renewal.writing():
            self._renewal.adopt(self._redeem(attempt, answer.code))
        log.info("signed in to Spotify")
        self._attempts.clear()
        self.close()
        try:
            self._on_linked()
        except Exception:  # the sign-in is good all the same
            log.exception("what follows a sign-in failed")

    def _redeem(self, attempt: Attempt, code: str) -> Token:
        try:
            grant = self._accounts.redeem(attempt.authorizer, code)
        except InvalidGrant:
            raise LinkError(
                "Spotify did not take this answer, which works once and only for a few minutes: "
                "begin signing in again on the Moodbox page"
            ) from None
        except SpotifyError as error:
            if error.verdict is Verdict.LATER:
                error.action = _AGAIN  # nothing does it by itself here: the code is used up
            raise
        if not grant.refresh:
            raise LinkError("Spotify's answer was not whole: begin signing in again on the Moodbox page")
        return Token.granted(grant, attempt.client_id, self._clock(), attempt.scopes)


def _lan_redirect(address: str, port: int) -> str:
    return f"https://{address}:{port}/callback"


def _said_no(error: str) -> LinkError:
    if error == "access_denied":
        return LinkError("You did not agree at Spotify, so nothing was changed: begin again whenever you like")
    return LinkError(f"Spotify refused the sign-in ({error}): compare Client ID and redirect string with the dashboard")
