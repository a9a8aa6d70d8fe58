"""The command line: `moodbox run | simulate | look | doctor | refresh | fetch-detector`."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

from moodbox import __version__
from moodbox.errors import MoodboxError, SettingsError
from moodbox.events import Stop
from moodbox.heap import give_back_large_blocks
from moodbox.settings import Settings, from_tables, load


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; a user's mistake is one sentence on stderr."""
    given = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO if given.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    try:
        return int(given.command(given, _settings(given)))
    except MoodboxError as error:
        print(f"moodbox: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="moodbox", description="A mood jukebox: look at it and press its button.")
    parser.add_argument("--version", action="version", version=f"moodbox {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command, words in (
        ("run", _run, "run the box on its own pins and camera"),
        ("simulate", _simulate, "run the box on this computer, with the box drawn on its page"),
    ):
        one = _command(commands, name, command, words)
        one.add_argument("--camera", help="auto, picamera2, webcam[:N], browser, demo, or a video or folder of photos")
        one.add_argument("--port", type=int, help="port of the page (8080; 0 takes a free one)")
        one.add_argument(
            "--spotify",
            choices=("real", "demo", "off"),
            default="real",
            help="demo: a stand-in for Spotify inside the program, to try everything without an account",
        )
    look = _command(commands, "look", _look, "say what is seen in photos, folders of photos and videos")
    look.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    look.add_argument("--json", action="store_true", help="one JSON object per picture or frame")
    _command(commands, "doctor", _doctor, "check this machine and say what to do")
    _command(
        commands, "refresh", _refresh, "refresh the playlists that the box makes at Spotify; done weekly by a timer"
    )
    _command(commands, "fetch-detector", _fetch, "download the face detector")
    return parser


def _command(commands: Any, name: str, command: Any, words: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words.capitalize() + ".")
    parser.set_defaults(command=command)
    parser.add_argument("--settings", type=Path, metavar="FILE", help="a TOML file of settings")
    parser.add_argument("--set", action="append", default=[], metavar="PART.KEY=VALUE", help="one setting; repeatable")
    parser.add_argument("--verbose", action="store_true", help="log what happens")
    return parser


def _settings(given: argparse.Namespace) -> Settings:
    settings = load(given.settings)
    for line in given.set:
        settings = from_tables(_table(line), base=settings, where="--set")
    if getattr(given, "camera", None) is not None:
        settings = replace(settings, watch=replace(settings.watch, camera=given.camera))
    if getattr(given, "port", None) is not None:
        settings = from_tables({"page": {"port": given.port}}, base=settings, where="--port")
    if getattr(given, "spotify", None) == "off":
        settings = replace(settings, spotify=replace(settings.spotify, enabled=False))
    return settings


def _table(line: str) -> dict[str, Any]:
    """Read PART.KEY=VALUE; a value that is not TOML is text."""
    name, equals, value = line.partition("=")
    part, dot, key = name.strip().partition(".")
    if not (equals and dot and part and key):
        raise SettingsError(f"--set {line!r} must look like part.key=value, for example watch.rate=10")
    try:
        read: Any = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        read = value.strip()
    return {part: {key: read}}


def _run(given: argparse.Namespace, settings: Settings) -> int:
    return _live(settings, simulated=False, demo=given.spotify == "demo")


def _simulate(given: argparse.Namespace, settings: Settings) -> int:
    return _live(settings, simulated=True, demo=given.spotify == "demo")


def _live(settings: Settings, *, simulated: bool, demo: bool) -> int:
    # Imported here: the other commands need neither Flask nor the sound libraries.
    from moodbox.house import House  # noqa: PLC0415

    give_back_large_blocks()
    with House(settings, simulated=simulated, demo=demo) as house:

        def stop(number: int, _frame: FrameType | None) -> None:
            house.put(Stop(signal.Signals(number).name))

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        address = house.start()
        print(f"Moodbox is on at {address}  (Ctrl+C stops it)", flush=True)
        while not house.wait(3600):
            pass
        print("Moodbox goes to sleep.", flush=True)
    return 0


def _look(given: argparse.Namespace, settings: Settings) -> int:
    from moodbox.look import look  # noqa: PLC0415 - OpenCV takes half a second to load

    return look(given.paths, settings.watch, settings.box.state, as_json=given.json)


def _doctor(_given: argparse.Namespace, settings: Settings) -> int:
    from moodbox.doctor import examine  # noqa: PLC0415

    return examine(settings)


def _refresh(_given: argparse.Namespace, settings: Settings) -> int:
    from moodbox.music.spotify.made import refresh  # noqa: PLC0415 - the other commands need no database
    from moodbox.music.spotify.parts import Parts  # noqa: PLC0415
    from moodbox.music.spotify.values import Hosts  # noqa: PLC0415

    with Parts(settings.spotify, settings.box.state, Hosts()) as parts:
        return refresh.main(parts.refresh.run, lambda words: print(words, flush=True))


def _fetch(_given: argparse.Namespace, settings: Settings) -> int:
    from moodbox.watch.download import fetch_detector  # noqa: PLC0415

    print(f"The face detector is at {fetch_detector(settings.box.state)}")
    return 0
