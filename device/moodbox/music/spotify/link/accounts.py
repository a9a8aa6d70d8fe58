"""The accounts service: a code or a refresh token in, a grant out; every failure in words and with a verdict."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
import urllib3
from spotipy.oauth2 import SpotifyOauthError

from moodbox.errors import MoodboxError
from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.link.authorizer import Authorizer
from moodbox.music.spotify.link.exchange import SECONDS, Exchange
from moodbox.music.spotify.session import nothing

HOUR = 3_600.0
_DAY = 86_400.0
_LEAST = 120.0  # seconds; a shorter life would have every call refresh
_NOTHING_TO_DO = "Nothing to do: the box tries again by itself"


class InvalidGrant(Exception):  # noqa: N818 - the service's own name for it
    """Report that the code or the refresh token is not, or no longer, accepted; `expired`: by its age."""

    def __init__(self, *, expired: bool) -> None:
        super().__init__("invalid_grant")
        self.expired = expired


@dataclass(frozen=True, slots=True)
class Grant:
    """What the service gave. `refresh` is "" when the old one stays."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    seconds: float
    scopes: tuple[str, ...] | None  # None when the answer does not say

    @classmethod
    def read(cls, document: Any) -> Grant | None:
        """Read an answer; None when it is not one."""
        if not isinstance(document, dict):
            return None
        access, refresh = _word(document.get("access_token")), _word(document.get("refresh_token") or "")
        if not access or refresh is None:
            return None
        seconds, scope = document.get("expires_in"), document.get("scope")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            seconds = HOUR
        life = float(min(seconds, _DAY)) if seconds > _LEAST else _LEAST  # in this order also for what is no number
        return cls(access, refresh, life, tuple(scope.split()) if isinstance(scope, str) else None)


class Accounts:
    """Exchange a code or a refresh token. Raises InvalidGrant and SpotifyError, within 10 s."""

    def __init__(self, base: str, clock: Callable[[], float] = time.time, seconds: float = SECONDS) -> None:
        self.base = base.rstrip("/")
        self._clock = clock
        self._seconds = seconds

    def redeem(self, authorizer: Authorizer, code: str) -> Grant:
        """Exchange the code of an attempt; `authorizer` holds the attempt's verifier."""
        exchange = Exchange(self.base, self._seconds)
        authorizer.use(exchange.session)
        return self._run(exchange, authorizer, lambda: authorizer.get_access_token(code, check_cache=False))

    def refresh(self, client_id: str, refresh_token: str, before_send: Callable[[], None] = nothing) -> Grant:
        """Exchange a refresh token. `before_send` runs once the service is reached, before the token is sent."""
        exchange = Exchange(self.base, self._seconds, before_send)
        authorizer = Authorizer(self.base, client_id, session=exchange.session)
        return self._run(exchange, authorizer, lambda: authorizer.refresh_access_token(refresh_token))

    def _run(self, exchange: Exchange, authorizer: Authorizer, work: Callable[[], object]) -> Grant:
        try:
            exchange.run(work)
        except MoodboxError:  # of `before_send`
            raise
        # `from None` everywhere: the causes may quote a whole answer.
        except SpotifyOauthError as error:
            raise self._refused(exchange, error) from None
        except (requests.Timeout, TimeoutError, urllib3.exceptions.ReadTimeoutError):
            raise self._slow(exchange) from None
        except (requests.ConnectionError, ConnectionError, urllib3.exceptions.ProtocolError) as error:
            raise self._unreachable(exchange, error) from None
        except Exception:  # noqa: BLE001 - spotipy trips over answers that are no object, or lack a field
            raise self._nonsense(exchange) from None
        grant = Grant.read(authorizer.held.document)
        if grant is None:
            raise self._nonsense(exchange)
        return grant

    def _refused(self, exchange: Exchange, error: SpotifyOauthError) -> Exception:
        status, name = exchange.status, str(error.error)
        if status == 429:
            return self._busy(exchange)
        if status >= 500:
            return self._later(f"Spotify's sign-in service has trouble of its own (answer {status})", exchange)
        if status in {400, 401} and name == "invalid_grant":
            return InvalidGrant(expired="expired" in str(error.error_description).lower())
        if name in {"invalid_client", "unauthorized_client"}:
            return SpotifyError(
                "Spotify does not know this Client ID, or your app there is switched off",
                "Compare the Client ID on this page with the one in Spotify's dashboard",
                Verdict.TELL,
                key="spotify-setup",
                status=status,
            )
        return self._later(f"Spotify's sign-in service refused without saying why (answer {status})", exchange)

    def _busy(self, exchange: Exchange) -> SpotifyError:
        words = exchange.retry_after.strip()
        wait = min(float(words), HOUR) if words.isascii() and words.isdigit() else 60.0
        failure = self._later("Spotify's sign-in service asks the box to wait", exchange, key="spotify-busy")
        failure.retry_at = self._clock() + wait
        return failure

    def _slow(self, exchange: Exchange) -> SpotifyError:
        if not exchange.sent:
            return self._offline()
        return self._later(f"Spotify's sign-in service did not answer within {self._seconds:.0f} s", exchange)

    def _unreachable(self, exchange: Exchange, error: Exception) -> SpotifyError:
        if exchange.sent:
            return self._later("The connection broke while Spotify's sign-in service answered", exchange)
        if isinstance(error, requests.exceptions.SSLError):
            return SpotifyError(
                "Spotify's sign-in service showed a certificate that the box cannot trust",
                "Check the date and time of the box, and that nothing stands between it and the internet",
                Verdict.LATER,
                key="spotify-offline",
            )
        return self._offline()

    def _nonsense(self, exchange: Exchange) -> SpotifyError:
        return self._later("Something else than Spotify's sign-in service answered", exchange)

    def _offline(self) -> SpotifyError:
        return SpotifyError(
            "Spotify's sign-in service cannot be reached",
            "Check the internet connection of the box; it tries again by itself",
            Verdict.LATER,
            key="spotify-offline",
        )

    def _later(self, cause: str, exchange: Exchange, key: str = "spotify-down") -> SpotifyError:
        return SpotifyError(cause, _NOTHING_TO_DO, Verdict.LATER, key=key, status=exchange.status)


def _word(value: object) -> str | None:
    good = isinstance(value, str) and len(value) <= 4096 and value.isascii() and value.isprintable()
    return str(value) if good else None
