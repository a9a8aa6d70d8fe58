"""Settings: frozen dataclasses read from one TOML file. Every mistake is reported, all of them together."""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, get_type_hints

from moodbox.errors import SettingsError
from moodbox.events import Strategy, Watching


def state_folder() -> Path:
    """Name the folder that may be written: systemd's STATE_DIRECTORY, else the user's data folder."""
    given = os.environ.get("MOODBOX_STATE") or os.environ.get("STATE_DIRECTORY")
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "moodbox"


def _number(default: float, low: float, high: float) -> Any:
    """Declare a number with its allowed range."""
    return field(default=default, metadata={"low": low, "high": high})


@dataclass(frozen=True)
class BoxSettings:
    """How the box behaves."""

    strategy: Strategy = Strategy.MATCH  # what a press does with a mood
    watching: Watching = Watching.ON_PRESS  # when the camera is awake
    look_seconds: float = _number(4.0, 1, 30)  # how long the camera stays awake after a press
    state: Path = field(default_factory=state_folder)  # folder for pieces and downloads


@dataclass(frozen=True)
class WatchSettings:
    """How the box sees."""

    camera: str = "auto"  # auto | picamera2 | webcam[:N] | browser | demo | path of a video or of a folder of photos
    width: int = _number(640, 160, 3840)  # pixels of the frame that faces are cut from
    height: int = _number(480, 120, 2160)
    rate: float = _number(15.0, 1, 60)  # frames per second while somebody is there
    idle_rate: float = _number(2.0, 0.2, 30)  # frames per second after `idle_after` seconds of nobody
    idle_after: float = _number(30.0, 1, 3600)
    fast: bool = False  # read files as fast as possible, for benchmarks
    detector: str = ""  # path of a YuNet file; "" = MOODBOX_DETECTOR, else the one downloaded at set-up
    model: str = ""  # path of an expression model; "" = the shipped one
    threads: int = _number(
        2, 1, 16
    )  # of onnxruntime, for each model; two leave two of a Pi's four cores to sound and page
    capture_seconds: float = _number(2.0, 0.2, 30)  # a frame that takes longer counts as a frozen camera
    memory_mb: int = _number(400, 60, 4096)  # resident memory of the child above which it is restarted as leaking


@dataclass(frozen=True)
class PanelSettings:
    """Button and light; pins are BCM numbers."""

    button_pin: int = _number(17, 0, 27)
    red_pin: int = _number(13, 0, 27)
    green_pin: int = _number(19, 0, 27)
    blue_pin: int = _number(12, 0, 27)
    single_led: bool = False  # one PWM LED on red_pin instead of an RGB one
    active_high: bool = True  # False for a common-anode LED
    brightness: float = _number(0.8, 0, 1)  # 0..1
    night_brightness: float = _number(0.2, 0, 1)
    night_from: int = _number(22, 0, 23)  # hour of the day
    night_to: int = _number(7, 0, 23)


@dataclass(frozen=True)
class MusicSettings:
    """How the box sounds."""

    volume: float = _number(0.6, 0, 1)  # at start, 0..1
    ceiling: float = _number(0.8, 0, 1)  # amplitude that full volume reaches, 0..1
    loudness: float = _number(-16.0, -40, -6)  # LUFS of every piece
    seconds: float = _number(75.0, 60, 180)  # length of a piece
    soundfont: str = ""  # path of an SF2; "" = the first Debian one found
    output: str = ""  # name or number of a sound device; "" = the machine's default, "none" = silent
    keep: int = _number(500, 3, 5000)  # pieces kept; liked ones do not make way for new ones
    disk: int = _number(300, 100, 100_000)  # megabytes that pieces take, nearly all of it sound that can be made again


@dataclass(frozen=True)
class PageSettings:
    """The local page."""

    host: str = "127.0.0.1"
    port: int = _number(8080, 0, 65535)


@dataclass(frozen=True)
class SpotifySettings:
    """How Spotify is reached. What the owner chooses (playlists, speaker) is chosen on the page, not here."""

    enabled: bool = True  # false = the box's own music only
    loopback_port: int = _number(8888, 1024, 65535)  # of the redirect http://127.0.0.1:PORT/callback
    lan_port: int = _number(8443, 1024, 65535)  # of the HTTPS listener that is opened on demand
    soloist: str = ""  # data folder of Spotify Soloist (its --data-dir); "" = ~/.local/share/soloist
    librespot: str = "http://127.0.0.1:3678"  # address of go-librespot's interface
    wait_seconds: float = _number(2.0, 0.5, 2.5)  # for Spotify to play before the composer does


@dataclass(frozen=True)
class Settings:
    """Everything a box can be told, grouped by part."""

    box: BoxSettings = field(default_factory=BoxSettings)
    watch: WatchSettings = field(default_factory=WatchSettings)
    panel: PanelSettings = field(default_factory=PanelSettings)
    music: MusicSettings = field(default_factory=MusicSettings)
    spotify: SpotifySettings = field(default_factory=SpotifySettings)
    page: PageSettings = field(default_factory=PageSettings)


def load(path: Path | None) -> Settings:
    """Read settings from a TOML file; None means the defaults. Raises SettingsError naming every mistake at once."""
    if path is None:
        return Settings()
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}): check the name and its permissions") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    return from_tables(tables, where=str(path))


def from_tables(tables: dict[str, Any], *, base: Settings | None = None, where: str = "settings") -> Settings:
    """Lay tables of plain values over `base`. Raises SettingsError naming every mistake at once."""
    mistakes: list[str] = []
    settings = base or Settings()
    parts = {part.name: getattr(settings, part.name) for part in fields(Settings)}
    for name, table in tables.items():
        if name not in parts:
            mistakes.append(f"unknown section [{name}]{_likely(name, list(parts))}")
        elif not isinstance(table, dict):
            mistakes.append(f"{name} must be a section: write [{name}] on a line of its own")
        else:
            parts[name] = _section(name, parts[name], table, mistakes)
    if mistakes:
        raise SettingsError(f"{where}: " + "; ".join(mistakes))
    return Settings(**parts)


def _section(name: str, section: Any, table: dict[str, Any], mistakes: list[str]) -> Any:
    types = get_type_hints(type(section))
    bounds = {part.name: part.metadata for part in fields(section)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in types:
            mistakes.append(f"unknown key {name}.{key}{_likely(key, list(types))}")
            continue
        try:
            values[key] = _value(value, types[key], bounds[key].get("low"), bounds[key].get("high"))
        except ValueError as error:
            mistakes.append(f"{name}.{key} {error}")
    return replace(section, **values)


def _value(value: Any, kind: Any, low: float | None, high: float | None) -> Any:
    """Check one value against its field; the ValueError continues a sentence that starts with the key."""
    if issubclass(kind, StrEnum):
        if value not in list(kind):
            raise ValueError(f"must be one of {', '.join(kind)}, not {value!r}")
        return kind(value)
    if kind is Path and isinstance(value, str):
        return Path(value).expanduser()
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:  # bool is an int to isinstance, not to an owner
        raise ValueError(f"must be {_WORDS[kind]}, not {value!r}")
    if low is not None and high is not None and not low <= value <= high:
        raise ValueError(f"must be {low:g} to {high:g}, not {value!r}")
    return value


_WORDS: dict[type, str] = {str: "text", int: "a whole number", float: "a number", bool: "true or false", Path: "a path"}


def _likely(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f" (did you mean {close[0]}?)" if close else f" (known: {', '.join(known)})"
