"""May Spotify be asked to play now? Answered from what is known, without asking anybody."""

from __future__ import annotations

import time
from collections.abc import Callable

from moodbox.errors import StorageError
from moodbox.music.spotify.failure import NeedsLogin, SpotifyError, Verdict
from moodbox.music.spotify.player import trouble
from moodbox.music.spotify.ports import Shelf
from moodbox.music.spotify.values import BudgetState, LoginState, SpeakerKind

UNUSED = "UNUSED"  # reason: Spotify was never set up here, or is switched off; that is no trouble and not worth a word


class Gate:
    """What stands between a press and Spotify. `barred` tells why the Web API is not asked at the moment."""

    def __init__(
        self,
        shelf: Shelf,
        login: Callable[[], LoginState],
        budget: Callable[[], BudgetState],
        *,
        enabled: bool = True,
        barred: Callable[[], SpotifyError | None] = lambda: None,
    ) -> None:
        self._shelf, self._login, self._budget = shelf, login, budget
        self._enabled, self._barred = enabled, barred

    def refusal(self) -> SpotifyError | None:
        """Return why Spotify cannot be asked; None when it can. A speaker on this box needs no Web API to play."""
        try:
            return self._refusal()
        except SpotifyError as error:
            return error
        except StorageError as error:
            return SpotifyError(
                str(error), "Free some space on its card and start the box again", Verdict.TELL, key="spotify-storage"
            )

    def _refusal(self) -> SpotifyError | None:
        login = self._login()
        if not self._enabled or not (login.linked or login.lapsed):
            return SpotifyError(
                "Spotify is not used", "Link it in Setup", Verdict.IGNORE, key="spotify-off", reason=UNUSED
            )
        if not login.linked:
            return NeedsLogin("The sign-in to Spotify is over")
        speaker = self._shelf.preferences().speaker
        if speaker is None:
            return trouble.no_speaker()
        return self._barred() or self._held() if speaker.kind is SpeakerKind.CONNECT else None

    def _held(self) -> SpotifyError | None:
        hold = self._budget().hold
        if hold is None:
            return None
        until = time.strftime("%H:%M", time.localtime(hold.until))
        action = f"Nothing need be done: from {until} on it asks again"
        return SpotifyError(hold.cause, action, Verdict.LATER, key="spotify-quota", retry_at=hold.until)
