"""The units: systemd understands them, they are closed enough, and the refresh can do its work inside the sandbox."""

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[2] / "systemd"
PROGRAM = "/opt/moodbox/bin/moodbox"


@pytest.fixture
def analyze():
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not here: apt install systemd")

    def run(*arguments):
        return subprocess.run([program, *arguments], capture_output=True, text=True, check=False, timeout=60)

    return run


@pytest.fixture
def units(tmp_path):
    """Copy the units, with a program that exists here."""
    program = tmp_path / "moodbox"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS.iterdir():
        (tmp_path / unit.name).write_text(unit.read_text().replace(PROGRAM, str(program)))
    return tmp_path


def options(name):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(UNITS / name)
    return parser


@pytest.mark.parametrize("unit", ["moodbox-refresh.service", "moodbox-refresh.timer"])
def test_systemd_understands_the_unit(analyze, units, unit):
    done = analyze("verify", "--man=no", str(units / unit))
    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize("unit", sorted(path.name for path in UNITS.glob("*.service")))
def test_a_service_is_closed_enough(analyze, unit):
    done = analyze("security", "--offline=true", "--threshold=25", "--no-pager", str(UNITS / unit))
    assert done.returncode == 0, done.stdout


def test_the_refresh_runs_the_program_once_with_the_state_of_the_box_and_no_devices():
    service = options("moodbox-refresh.service")["Service"]
    assert service["Type"] == "oneshot"
    assert service["ExecStart"] == f"{PROGRAM} refresh"
    assert (service["User"], service["StateDirectory"], service["DynamicUser"]) == ("moodbox", "moodbox", "yes")
    assert (service["PrivateDevices"], service["DevicePolicy"]) == ("yes", "closed")
    assert "PrivateNetwork" not in service


def test_the_timer_is_weekly_spread_and_catches_up():
    timer = options("moodbox-refresh.timer")["Timer"]
    assert (timer["OnCalendar"], timer["RandomizedDelaySec"], timer["Persistent"]) == ("weekly", "6h", "true")
    assert options("moodbox-refresh.timer")["Install"]["WantedBy"] == "timers.target"


def test_what_a_refresh_needs_works_where_no_memory_may_be_written_and_executed(tmp_path):
    """MemoryDenyWriteExecute= as the kernel has it (PR_SET_MDWE): the libraries load, and a cover can be drawn."""
    program = (
        "import ctypes, sys\n"
        "if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) != 0: sys.exit(77)\n"
        "from pathlib import Path\n"
        "from moodbox.music.spotify.parts import Parts\n"
        "from moodbox.music.spotify.made.cover import draw\n"
        "from moodbox.music.spotify.values import Hosts\n"
        "from moodbox.settings import SpotifySettings\n"
        f"parts = Parts(SpotifySettings(), Path({str(tmp_path)!r}), Hosts())\n"
        "assert draw('happy', 1)[:2] == b'\\xff\\xd8' and parts.shelf.library() == []\n"
        "parts.close()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    if done.returncode == 77:
        pytest.skip("this kernel has no PR_SET_MDWE (Linux 6.3)")
    assert (done.stderr, done.returncode) == ("", 0)
