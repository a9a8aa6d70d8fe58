"""The doctor: a line per part, and what to do where something is wrong."""

import re
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from moodbox.cli import main
from moodbox.doctor import Mark, composes
from moodbox.music.spotify.link.accounts import Grant
from moodbox.music.spotify.link.token_file import Token, TokenFile
from tests.fakes.composer_model import make_bundle


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str], shared_detector: str):
    """Return a function that runs the doctor and gives its exit code and its lines by part."""

    def run(*sets: str) -> tuple[int, dict[str, str]]:
        words = [f"--set={one}" for one in ("watch.camera=demo", f"watch.detector={shared_detector}", *sets)]
        code = main(["doctor", *words])
        lines = capsys.readouterr().out.splitlines()
        return code, {line.split()[1]: line for line in lines}

    return run


def test_every_part_has_its_line(doctor):
    _, lines = doctor("page.port=0")
    assert {
        "python",
        "wheels",
        "disk",
        "clock",
        "port",
        "pins",
        "sound",
        "composer",
        "spotify",
        "camera",
        "detector",
        "model",
    } <= set(lines)
    for part in ("python", "wheels", "disk", "clock", "port", "camera", "model"):
        assert lines[part].startswith("ok"), lines[part]


def test_missing_camera_must_be_fixed_and_says_how(doctor, tmp_path: Path):
    code, lines = doctor(f"watch.camera={tmp_path / 'none'}", "page.port=0")
    assert code == 1
    assert lines["camera"].startswith("FIX")
    assert "none" in lines["camera"]


def test_broken_model_must_be_fixed_and_is_named(doctor, tmp_path: Path):
    (tmp_path / "model.onnx").touch()
    code, lines = doctor(f"watch.model={tmp_path / 'model.onnx'}", "page.port=0")
    assert code == 1
    assert lines["model"].startswith("FIX")
    assert "model.onnx" in lines["model"]


def test_folder_that_cannot_be_written_must_be_fixed(doctor, tmp_path: Path):
    (tmp_path / "file").touch()
    code, lines = doctor(f"box.state={tmp_path / 'file' / 'state'}", "page.port=0")
    assert code == 1
    assert "cannot be written" in lines["disk"]


def test_port_in_use_is_noted(doctor):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        _, lines = doctor(f"page.port={taken.getsockname()[1]}")
    assert lines["port"].startswith("note")
    assert "running already" in lines["port"]


def test_missing_soundfont_is_noted(doctor, tmp_path: Path):
    _, lines = doctor(f"music.soundfont={tmp_path / 'none.sf2'}", "page.port=0")
    assert lines["sound"].startswith("note")
    assert "none.sf2" in lines["sound"]


def test_sign_in_is_told_without_asking_anybody(doctor, own_state: Path):
    _, lines = doctor("page.port=0")
    assert lines["spotify"].startswith("note")
    assert "not linked" in lines["spotify"]
    assert not (own_state / "moodbox.db").exists()
    now = time.time()
    token = Token.granted(Grant("a", "r", 3600.0, ("user-read-playback-state",)), "0" * 32, now, ())
    TokenFile(own_state / "spotify").write(token)
    assert "signed in for 182 days" in doctor("page.port=0")[1]["spotify"]
    TokenFile(own_state / "spotify").write(replace(token, authorized_at=now - 178 * 86_400))
    assert "ends in 4 days" in doctor("page.port=0")[1]["spotify"]
    assert "switched off" in doctor("page.port=0", "spotify.enabled=false")[1]["spotify"]


def test_composers_model_is_named_with_its_pace(tmp_path: Path):
    (finding,) = composes(make_bundle(tmp_path))
    assert (finding.part, finding.mark) == ("composer", Mark.GOOD)
    assert re.fullmatch(r"tinylstm 2026\.11\.1, its sample comes out right, 100 tokens in [0-9]+ ms", finding.words), (
        finding.words
    )


def test_broken_composers_model_is_noted_with_what_to_do_and_what_plays(tmp_path: Path):
    folder = make_bundle(tmp_path)
    (folder / "model.onnx").write_bytes(b"half")
    (finding,) = composes(folder)
    assert finding.mark is Mark.NOTE
    assert "model.onnx, is not the file its manifest names: install it again" in finding.words
    assert finding.words.endswith("Until then music is written by rules")


def test_composers_model_that_fails_while_it_writes_is_noted(tmp_path: Path):
    (finding,) = composes(make_bundle(tmp_path, poisoned=True))
    assert finding.mark is Mark.NOTE
    assert "no number" in finding.words


def test_missing_composers_model_is_noted(tmp_path: Path):
    (finding,) = composes(tmp_path / "none")
    assert finding.mark is Mark.NOTE
    assert "is not there: install it again" in finding.words
