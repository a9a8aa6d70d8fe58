"""Opening a sound device: every way it can be missing has its sentence, and stderr stays clean."""

from __future__ import annotations

import subprocess
import sys

import pytest

_TRY = """
import ctypes.util, time
{before}
from moodbox.music.composer.output.speaker import open_speaker
from moodbox.music.composer.output.tape import Tape
for afresh in (False, True):
    found = open_speaker({wanted!r}, Tape(0.5), time.monotonic, afresh=afresh)
    if hasattr(found, "key"):
        print(found.key, "|", found.cause, "|", found.action)
    else:
        print("open |", found.name, "|", found.poll())
        found.close()
        found.close()
"""


def tried(wanted: str, before: str = "") -> tuple[list[str], str]:
    """Open a device in a process of its own, twice; return what it printed and what came on stderr."""
    program = _TRY.format(wanted=wanted, before=before)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines(), done.stderr


def test_machine_without_portaudio_says_what_to_install() -> None:
    lines, errors = tried("", "ctypes.util.find_library = lambda name: None")
    expected = "sound | PortAudio is not installed, so only this page can play | Run: sudo apt install libportaudio2"
    assert lines == [expected, expected]
    assert errors == ""


def test_device_that_does_not_exist_is_named_or_portaudio_is_asked_for() -> None:
    lines, errors = tried("No Such Speaker 4711")
    if "PortAudio is not installed" in lines[0]:
        pytest.skip("this machine has no PortAudio library")
    assert lines[0].startswith('sound | No sound device is called "No Such Speaker 4711" | Correct music.output')
    assert errors == ""


def test_default_device_opens_or_its_absence_is_said_without_noise() -> None:
    lines, errors = tried("")
    assert all(line.startswith(("open | ", "sound | ")) for line in lines)
    assert errors == ""
