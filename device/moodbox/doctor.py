"""`moodbox doctor`: one line per part of this machine, and what to do where something is missing."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from moodbox.errors import MusicError, PanelError, StorageError
from moodbox.events import CameraState, Problem, WatchState
from moodbox.music.composer.neural.network import Network, shipped_bundle
from moodbox.music.composer.output.speaker import open_speaker
from moodbox.music.composer.output.tape import Tape
from moodbox.music.composer.sound.fluid import FluidSounder
from moodbox.music.composer.sound.soundfont import find_soundfont
from moodbox.music.spotify.link.standing import login_state
from moodbox.music.spotify.link.token_file import TokenFile
from moodbox.panel.panel import Panel
from moodbox.settings import Settings
from moodbox.storage import writable
from moodbox.watch.watcher import Watcher

WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)  # this program is younger: an earlier clock is wrong
PIECE_MB = 16  # a piece of 75 s as 16-bit stereo, and room to write it beside
TOKENS = 100  # written to see how fast; about half a minute of music
EYES = 15.0  # seconds for models to load and a camera to open
SYNCHRONISED = Path("/run/systemd/timesync/synchronized")  # systemd-timesyncd's own mark
PI = Path("/proc/device-tree/model")


class Mark(StrEnum):
    """How a part is."""

    GOOD = "ok"
    NOTE = "note"  # works, but less well, or matters on a Pi only
    BAD = "FIX"


@dataclass(frozen=True)
class Finding:
    """One line: the part, how it is, and what to do where it is not good."""

    part: str
    mark: Mark
    words: str


def examine(settings: Settings) -> int:
    """Print a line per part; return 0 when nothing must be fixed, else 1."""
    broken = False
    for check in CHECKS:
        for finding in check(settings):
            print(f"{finding.mark:<5}{finding.part:<10}{finding.words}", flush=True)
            broken = broken or finding.mark is Mark.BAD
    return int(broken)


def python(_settings: Settings) -> Iterator[Finding]:
    """Check the interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    yield Finding("python", Mark.GOOD if good else Mark.BAD, version if good else f"{version}: install 3.11 or newer")


def wheels(_settings: Settings) -> Iterator[Finding]:
    """Check that every package the box needs is installed."""
    needed = [line for line in importlib.metadata.requires("moodbox") or [] if "extra ==" not in line]
    names = [re.split(r"[^A-Za-z0-9_.-]", line, maxsplit=1)[0] for line in needed]
    missing = [name for name in names if not _installed(name)]
    if missing:
        yield Finding("wheels", Mark.BAD, f"missing: {', '.join(missing)}. Run: pip install {' '.join(missing)}")
    else:
        yield Finding("wheels", Mark.GOOD, f"all {len(names)} packages are installed")


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def disk(settings: Settings) -> Iterator[Finding]:
    """Check that pieces can be kept."""
    folder, problem = writable(settings.box.state)
    if problem:
        folder.rmdir()
        yield Finding("disk", Mark.BAD, f"{problem.cause}. {problem.action}")
        return
    free = shutil.disk_usage(folder).free // 2**20
    wanted = PIECE_MB * settings.music.keep
    if free < wanted:
        words = f"{free} MB free in {folder}, {wanted} wanted: free some space or lower music.keep"
        yield Finding("disk", Mark.BAD if free < 2 * PIECE_MB else Mark.NOTE, words)
    else:
        yield Finding("disk", Mark.GOOD, f"{free} MB free in {folder}")


def clock(_settings: Settings) -> Iterator[Finding]:
    """Check that the clock can be right: logins and certificates hang on it."""
    now = datetime.now(tz=UTC)
    words = f"{now:%Y-%m-%d %H:%M} UTC"
    if now < WRITTEN:
        yield Finding("clock", Mark.BAD, f"{words} is in the past: connect to the network, or set it")
    elif SYNCHRONISED.parent.exists() and not SYNCHRONISED.exists():
        yield Finding("clock", Mark.NOTE, f"{words}, not synchronised yet: connect to the network")
    else:
        yield Finding("clock", Mark.GOOD, words)


def port(settings: Settings) -> Iterator[Finding]:
    """Check that the page's port is free."""
    address = (settings.page.host, settings.page.port)
    try:
        with socket.create_server(address):
            pass
    except OSError as error:
        words = f"port {address[1]} cannot be used ({error.strerror}): is Moodbox running already? Else set page.port"
        yield Finding("port", Mark.NOTE, words)
    else:
        yield Finding("port", Mark.GOOD, f"{address[0]}:{address[1]} is free")


def pins(settings: Settings) -> Iterator[Finding]:
    """Check that button and light can be reached; without a Pi that is no fault."""
    try:
        Panel(settings.panel, on_press=lambda _press: None, mock=False).close()
    except PanelError as error:
        yield Finding("pins", Mark.BAD if PI.exists() else Mark.NOTE, str(error))
    else:
        yield Finding(
            "pins", Mark.GOOD, f"button on GPIO {settings.panel.button_pin}, light on {settings.panel.red_pin}"
        )


def sound(settings: Settings) -> Iterator[Finding]:
    """Check the instruments and the way out."""
    try:
        font = find_soundfont(settings.music.soundfont)
        FluidSounder(font).close()
    except MusicError as error:
        yield Finding("sound", Mark.NOTE, f"{error}. Until then a simpler synthesiser plays")
    else:
        yield Finding("sound", Mark.GOOD, f"FluidSynth with {font.name}")
    speaker = open_speaker(settings.music.output, Tape(0.0), time.monotonic, afresh=False)
    if isinstance(speaker, Problem):
        yield Finding("speaker", Mark.NOTE, f"{speaker.cause}. {speaker.action}")
    else:
        yield Finding("speaker", Mark.GOOD, speaker.name)
        speaker.close()


def composer(_settings: Settings) -> Iterator[Finding]:
    """Check the model that writes the box's own music; without one the rules write it."""
    yield from composes(shipped_bundle())


def composes(folder: Path) -> Iterator[Finding]:
    """Open a composer's bundle, which compares its sample, and let it write for a moment."""
    try:
        network = Network.open(folder)
        seconds = _written(network)
    except MusicError as error:
        yield Finding("composer", Mark.NOTE, f"{error}. Until then music is written by rules")
        return
    words = f"{network.card.title}, its sample comes out right, {TOKENS} tokens in {1000 * seconds:.0f} ms"
    yield Finding("composer", Mark.GOOD, words)


def _written(network: Network) -> float:
    """Return the seconds that TOKENS take; which ones they are makes no difference."""
    condition = network.card.condition_of(**{scale.name: scale.mean for scale in network.card.scales})
    state, words = network.start(), len(network.card.vocabulary)
    begun = time.perf_counter()
    for number in range(TOKENS):
        _, state = network.step(number % words, condition, state)
    return time.perf_counter() - begun


def eyes(settings: Settings) -> Iterator[Finding]:
    """Start the watching process as the box does, and let it look once."""
    seen = Seen()
    folder, problem = writable(settings.box.state)
    watcher = Watcher(settings.watch, state=folder, on_reading=lambda _reading: seen.frame.set(), on_state=seen.note)
    watcher.start()
    watcher.wake()
    seen.frame.wait(EYES)
    watcher.close()
    if problem:
        folder.rmdir()
    yield from _seen(seen)


class Seen:
    """What the watching process told while it looked."""

    def __init__(self) -> None:
        self.frame = threading.Event()
        self.best = WatchState()

    def note(self, watch: WatchState) -> None:
        """Keep the last state of an awake camera; trouble ends the wait."""
        if watch.camera is not CameraState.ASLEEP or watch.problems:
            self.best = watch
        if watch.camera is CameraState.TROUBLE:
            self.frame.set()


def _seen(seen: Seen) -> Iterator[Finding]:
    watch = seen.best
    if not watch.ready:
        yield Finding("eyes", Mark.BAD, f"the watching process did not start within {EYES:.0f} s: see --verbose")
        return
    problems = {problem.key: f"{problem.cause.rstrip('.')}. {problem.action.rstrip('.')}" for problem in watch.problems}
    good = {"camera": watch.camera_name, "detector": watch.detector, "model": watch.model}
    for part, name in good.items():
        if part in problems:
            yield Finding(part, Mark.NOTE if part == "detector" else Mark.BAD, problems[part])
        else:
            yield Finding(part, Mark.GOOD, name or "none")


def spotify(settings: Settings) -> Iterator[Finding]:
    """Check the sign-in as it is kept; asks nobody, for every call counts."""
    if not settings.spotify.enabled:
        yield Finding("spotify", Mark.GOOD, "switched off in the settings")
        return
    try:
        login = login_state(TokenFile(settings.box.state / "spotify").read(), time.time())
    except StorageError as error:
        yield Finding("spotify", Mark.BAD, str(error))
        return
    if login.lapsed:
        yield Finding("spotify", Mark.NOTE, "the sign-in is over: open Setup on the page and sign in again")
    elif not login.linked:
        yield Finding("spotify", Mark.NOTE, "not linked: the box plays its own music; Setup on the page links it")
    elif login.warning is not None:
        yield Finding("spotify", Mark.NOTE, f"the sign-in ends in {login.days_left} days: sign in again on the page")
    else:
        days = "" if login.days_left is None else f" for {login.days_left} days"
        yield Finding("spotify", Mark.GOOD, f"signed in{days}")


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    python,
    wheels,
    disk,
    clock,
    port,
    pins,
    sound,
    composer,
    spotify,
    eyes,
)
