"""Look for speakers to choose from, and open the one that was chosen."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.ports import OnHeard, Speaker, WebApi
from moodbox.music.spotify.speaker import refusal
from moodbox.music.spotify.speaker.connect import ConnectSpeaker
from moodbox.music.spotify.speaker.librespot import LibrespotSpeaker
from moodbox.music.spotify.speaker.local import LocalSpeaker
from moodbox.music.spotify.speaker.soloist import SoloistSpeaker
from moodbox.music.spotify.values import Device, Heard, Purpose, SpeakerChoice, SpeakerKind
from moodbox.page.spotify.desk import SpeakerOffer

_SECONDS = 1.0  # that each local speaker has to answer
# The kinds of the Web API that people have another word for.
_KINDS = {
    "computer": "a computer",
    "tablet": "a tablet",
    "smartphone": "a phone",
    "speaker": "a speaker",
    "tv": "a television",
    "avr": "an amplifier",
    "stb": "a set-top box",
    "audiodongle": "an audio dongle",
    "gameconsole": "a game console",
    "castvideo": "a Chromecast",
    "castaudio": "a Chromecast",
    "automobile": "a car",
}
_PROGRAMS = {SpeakerKind.SOLOIST: "Spotify Soloist", SpeakerKind.LIBRESPOT: "go-librespot"}


def soloist_folder(setting: str) -> Path:
    """Return Soloist's data folder: as set, or where it keeps its data by itself."""
    if setting:
        return Path(setting).expanduser()
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "soloist"


def find(soloist: str, librespot: str, api: WebApi | None) -> list[SpeakerOffer]:
    """Look for speakers, local ones first; `api` is None while nobody is signed in.

    Raises the SpotifyError of the account only when nothing was found on this machine.
    """
    offers = [
        _local(SpeakerKind.SOLOIST, lambda choice: SoloistSpeaker(soloist_folder(soloist), choice, _unheard)),
        _local(SpeakerKind.LIBRESPOT, lambda choice: LibrespotSpeaker(librespot, choice, _unheard)),
    ]
    here = [offer for offer in offers if offer is not None]
    if api is None:
        return here
    try:
        devices = api.for_(Purpose.PAGE).devices()
    except SpotifyError:
        if here:
            return here
        raise
    return here + [_device(device) for device in devices if _may_play(device) and not _is_known(device, here)]


def open_speaker(
    choice: SpeakerChoice,
    *,
    soloist: str,
    librespot: str,
    api: WebApi,
    on_heard: OnHeard,
    monotonic: Callable[[], float] = time.monotonic,
    restart: Callable[[], bool] | None = None,
) -> Speaker:
    """Open the chosen speaker; raises SpotifyError for an address that must not be used."""
    if choice.kind is SpeakerKind.SOLOIST:
        return SoloistSpeaker(soloist_folder(soloist), choice, on_heard, monotonic)
    if choice.kind is SpeakerKind.LIBRESPOT:
        return LibrespotSpeaker(librespot, choice, on_heard, monotonic)
    return ConnectSpeaker(api, choice, on_heard, monotonic, restart=restart)


def _local(kind: SpeakerKind, open_: Callable[[SpeakerChoice], LocalSpeaker]) -> SpeakerOffer | None:
    """Ask one local speaker who it is; None when it does not run at all."""
    program = _PROGRAMS[kind]
    choice = SpeakerChoice(kind, name=program)
    try:
        speaker = open_(choice)
    except SpotifyError as error:
        return SpeakerOffer(choice, f"{program}: {error.cause}", here=False)
    try:
        speaker.greet(time.monotonic() + _SECONDS)
    except SpotifyError as error:
        if error.reason == refusal.NOT_RUNNING:
            return None
        words = error.action if error.reason == refusal.UNPAIRED else error.cause
        return SpeakerOffer(speaker.choice, f"{program} on this box: {words}", here=error.reason == refusal.UNPAIRED)
    finally:
        speaker.close(wait=False)
    return SpeakerOffer(speaker.choice, f"{speaker.choice.name}, {program} on this box", here=True)


def _may_play(device: Device) -> bool:
    """Say whether a device takes commands at all; one that does not is no choice."""
    return bool(device.id) and not device.restricted


def _device(device: Device) -> SpeakerOffer:
    name = device.name or "A device without a name"
    choice = SpeakerChoice(SpeakerKind.CONNECT, device.id, device.name)
    kind = _KINDS.get(device.kind.lower(), "a device")
    return SpeakerOffer(choice, f"{name}, {kind} of your account", here=True)


def _is_known(device: Device, offers: list[SpeakerOffer]) -> bool:
    """Say whether a device of the account is one of the local speakers, which are better driven here."""
    choices = [offer.choice for offer in offers if offer.here]
    return any(
        choice.id == device.id if choice.id else bool(device.name) and choice.name == device.name for choice in choices
    )


def _unheard(_: Heard) -> None:
    """Take no notice: somebody only looks who is there."""
