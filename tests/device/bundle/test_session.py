"""A session is opened quietly: no word on the screen, no thread that spins, and nothing told to anybody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from moodbox.bundle.session import description_in, first_line, open_session
from moodbox.errors import ModelError
from tests.fakes.composer_model import ComposerModel

DEVICE = Path(__file__).resolve().parents[3] / "device"
EYES = """
from moodbox.watch.expression import ExpressionModel
from moodbox.watch.sight import shipped_model
ExpressionModel(shipped_model(), 1)
"""


@pytest.fixture
def model(tmp_path: Path) -> bytes:
    ComposerModel().save(tmp_path / "model.onnx", description="any text")
    return (tmp_path / "model.onnx").read_bytes()


@pytest.mark.parametrize(("threads", "used"), [(-1, 1), (0, 1), (1, 1), (2, 2)])
def test_session_has_the_threads_it_was_given(model: bytes, threads: int, used: int) -> None:
    options = open_session(model, threads, what="the model").get_session_options()
    assert options.intra_op_num_threads == used
    assert options.inter_op_num_threads == 1
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


@pytest.mark.parametrize("arena", [True, False])
def test_session_keeps_buffers_only_where_asked(model: bytes, arena: object) -> None:
    options = open_session(model, 1, what="the model", arena=bool(arena)).get_session_options()
    assert options.enable_cpu_mem_arena is arena


def test_description_is_what_the_model_carries(model: bytes, tmp_path: Path) -> None:
    assert description_in(open_session(model, 1, what="the model")) == "any text"
    ComposerModel().save(tmp_path / "model.onnx", description=None)
    assert description_in(open_session((tmp_path / "model.onnx").read_bytes(), 1, what="the model")) is None


def test_what_is_no_model_is_one_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ModelError, match=r"^the model cannot be loaded by onnxruntime \(.*\): install it again$"):
        open_session(b"rubbish", 1, what="the model")
    assert capfd.readouterr() == ("", "")


def test_long_error_becomes_a_short_line() -> None:
    assert first_line(ValueError("one\ntwo")) == "one"
    assert first_line(ValueError("x" * 999)) == "x" * 160
    assert first_line(ValueError()) == "ValueError"


def test_only_the_session_loads_onnxruntime_so_that_its_telemetry_is_always_off() -> None:
    loads = re.compile(r"^(?:from|import) onnxruntime|^ +import onnxruntime", re.MULTILINE)
    files = [path for path in (DEVICE / "moodbox").rglob("*.py") if loads.search(path.read_text(encoding="utf-8"))]
    assert [path.name for path in files] == ["session.py"]


def test_eyes_leave_no_identifier_for_microsoft(tmp_path: Path) -> None:
    quiet = ("ORT_", "CI", "GITHUB_", "BUILD_", "TF_", "XDG_")  # what silences onnxruntime in a test or in CI
    env = {name: value for name, value in os.environ.items() if not name.startswith(quiet)}
    env |= {"HOME": str(tmp_path), "PYTHONPATH": str(DEVICE)}
    done = subprocess.run(
        [sys.executable, "-c", EYES], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
