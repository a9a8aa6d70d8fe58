"""The composer's network: right answers from a whole bundle, one clear sentence from any other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moodbox.errors import MusicError
from moodbox.music.composer.neural.network import Network, State
from tests.fakes.composer_model import (
    CONDITION,
    POISONED,
    SAMPLE,
    WORDS,
    ComposerModel,
    card_values,
    make_bundle,
    seal,
    write_golden,
)

REPOSITORY = Path(__file__).resolve().parents[5]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "bundle")


def _write(network: Network, tokens: list[int], condition: np.ndarray, state: State | None = None) -> np.ndarray:
    state = state or network.start()
    found = []
    for token in tokens:
        logits, state = network.step(token, condition, state)
        found.append(logits)
    return np.array(found)


def _refused(folder: Path) -> str:
    with pytest.raises(MusicError) as caught:
        Network.open(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- a whole bundle ------------------------------------------------------------------------------------------------


def test_bundle_answers_as_numpy_does(bundle: Path) -> None:
    network = Network.open(bundle)
    tokens = [int(token) for token in np.random.default_rng(1).integers(0, len(WORDS), 60)]
    condition = network.card.condition_of(mode=-0.3, density=0.9, tempo=4.8, register=64.0)
    logits = _write(network, tokens, condition)
    assert logits.shape == (60, 127)
    assert logits.dtype == np.float32
    assert np.allclose(logits, ComposerModel().logits(tokens, condition), atol=1e-3)


def test_card_comes_from_the_file(bundle: Path) -> None:
    card = Network.open(bundle).card
    assert (card.title, card.vocabulary, card.layers, card.hidden) == ("tinylstm 2026.11.1", WORDS, 2, 16)


def test_condition_and_past_both_tell(bundle: Path) -> None:
    network = Network.open(bundle)
    first, second = _write(network, [3, 3], CONDITION)
    assert np.abs(first - second).max() > 0.1
    assert np.abs(_write(network, [3], -CONDITION) - first).max() > 0.1


def test_state_stays_as_it_was_and_may_be_used_again(bundle: Path) -> None:
    network = Network.open(bundle)
    start = network.start()
    assert start.h.shape == start.c.shape == (2, 1, 16)
    assert not start.h.any()
    _, kept = network.step(5, CONDITION, start)
    before = kept.h.copy(), kept.c.copy()
    first, _ = network.step(6, CONDITION, kept)
    _write(network, [7, 8, 9], CONDITION, kept)
    again, _ = network.step(6, CONDITION, kept)
    assert np.array_equal(first, again)
    assert np.array_equal(kept.h, before[0])
    assert np.array_equal(kept.c, before[1])
    for state in (start, kept):
        with pytest.raises(ValueError, match="read-only"):
            state.h[0, 0, 0] = 1
        with pytest.raises(AttributeError):
            state.h = state.c  # type: ignore[misc]


def test_logits_belong_to_the_caller(bundle: Path) -> None:
    network = Network.open(bundle)
    logits, _ = network.step(5, CONDITION, network.start())
    kept = logits.copy()
    logits[:] = -np.inf  # as a mask does
    assert np.array_equal(network.step(5, CONDITION, network.start())[0], kept)


def test_two_threads_write_what_each_writes_alone(bundle: Path) -> None:
    network = Network.open(bundle)
    tunes = [[1, 5, 9] * 40, [2, 80, 110] * 40]
    alone = [_write(network, tune, CONDITION) for tune in tunes]
    together: list[Any] = [None, None]

    def write(place: int) -> None:
        together[place] = _write(network, tunes[place], CONDITION)

    threads = [threading.Thread(target=write, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))


@pytest.mark.parametrize(("layers", "hidden"), [(1, 8), (3, 24)])
def test_other_sizes_need_no_new_software(tmp_path: Path, layers: int, hidden: int) -> None:
    network = Network.open(make_bundle(tmp_path, model=ComposerModel(layers=layers, hidden=hidden)))
    assert network.start().c.shape == (layers, 1, hidden)


def test_int8_model_is_read_and_its_sample_says_how_far_it_may_be_off(tmp_path: Path) -> None:
    network = Network.open(make_bundle(tmp_path, int8=True, tolerance=0.5))
    full = ComposerModel().logits(SAMPLE, CONDITION)
    away = np.abs(_write(network, SAMPLE, CONDITION) - full).max()
    assert 1e-3 < away < 0.5
    write_golden(tmp_path, tolerance=away / 2)
    seal(tmp_path)
    assert "answers otherwise" in _refused(tmp_path)


@pytest.mark.parametrize("name", ["a folder with spaces", "Größe und Übung", "音楽"])
def test_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    assert Network.open(make_bundle(tmp_path / name)).card.name == "tinylstm"


def test_bundle_is_opened_from_a_folder_that_cannot_be_written(bundle: Path) -> None:
    before = {path.name: path.read_bytes() for path in bundle.iterdir()}
    for path in bundle.iterdir():
        path.chmod(0o444)
    bundle.chmod(0o555)
    try:
        Network.open(bundle)
        assert {path.name: path.read_bytes() for path in bundle.iterdir()} == before
    finally:
        bundle.chmod(0o755)


# --- a process of its own: what loading it costs and says ----------------------------------------------------------

PROGRAM = """
import os, sys
from pathlib import Path
from moodbox.music.composer.neural.network import Network
assert "onnxruntime" not in sys.modules, "loaded before it is needed"
threads = len(os.listdir("/proc/self/task"))
network = Network.open(Path(sys.argv[1]))
network.step(1, network.card.condition_of(0, 0, 4, 70), network.start())
assert "onnxruntime" in sys.modules
foreign = {"torch", "onnx", "cv2", "moodtrain"} & set(sys.modules)
assert not foreign, foreign
assert len(os.listdir("/proc/self/task")) == threads, "it started threads"
"""


def _alone(program: str, folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a program as a box does: without what quietens onnxruntime in a test or in CI."""
    quiet = ("ORT_", "CI", "GITHUB_", "BUILD_", "TF_", "XDG_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(quiet)}
    env |= {"HOME": str(home), "PYTHONPATH": str(REPOSITORY / "device")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(folder)],
        env=env, cwd=home, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip


def test_loading_is_silent_starts_no_threads_and_leaves_nothing_behind(bundle: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    done = _alone(PROGRAM, bundle, home)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(home.iterdir()) == [], "onnxruntime keeps an identifier of the machine in ~/.cache to tell Microsoft"


def test_refusal_is_silent_but_for_its_sentence(bundle: Path, tmp_path: Path) -> None:
    model = bundle / "model.onnx"
    model.write_bytes(model.read_bytes()[:9000])
    seal(bundle)
    program = PROGRAM.replace("network = ", "from moodbox.errors import MusicError\ntry:\n  network = ", 1)
    program = program.split("network.step")[0] + "except MusicError as error:\n  print(error)\n"
    done = _alone(program, bundle, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "cannot be loaded by onnxruntime" in done.stdout


def test_missing_onnxruntime_is_one_sentence(bundle: Path, tmp_path: Path) -> None:
    program = "import sys\nsys.modules['onnxruntime'] = None\n" + PROGRAM.replace('assert "onnxruntime" not in', "# ")
    done = _alone(program, bundle, tmp_path)
    assert "MusicError: the composer's model" in done.stderr
    assert "needs onnxruntime, which cannot be loaded" in done.stderr.splitlines()[-1]


# --- a broken bundle -----------------------------------------------------------------------------------------------


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "gone is not there: install it again" in _refused(tmp_path / "gone")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("manifest.json", "has no manifest.json"),
        ("model.onnx", "model.onnx, cannot"),
        ("golden.npz", "golden.npz, cann"),
    ],
)
def test_missing_file_is_named(bundle: Path, name: str, words: str) -> None:
    (bundle / name).unlink()
    assert words in _refused(bundle)


@pytest.mark.parametrize("name", ["model.onnx", "golden.npz"])
@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"\0", lambda data: b"" * len(data)])
def test_file_that_changed_is_not_even_parsed(bundle: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    path = bundle / name
    path.write_bytes(change(path.read_bytes()))
    said = _refused(bundle)
    assert f"{name}, is not the file its manifest names" in said or f"{name}, is empty" in said


@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.99])
def test_model_cut_off_before_it_was_sealed_is_refused(bundle: Path, share: float) -> None:
    model = bundle / "model.onnx"
    content = model.read_bytes()
    model.write_bytes(content[: int(len(content) * share)])
    seal(bundle)
    assert "cannot be loaded" in _refused(bundle)


def test_weights_in_a_second_file_are_refused(tmp_path: Path) -> None:
    make_bundle(tmp_path, outside=True)
    assert "cannot be loaded" in _refused(tmp_path)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"smallest_device": "99.0"}, "needs Moodbox 99.0"),
        ({"format": 2}, "manifest has format 2"),
        ({"files": {}}, "is not the file its manifest names"),
        ({"files": {"model.onnx": {"digest": 7}}}, "is not the file its manifest names"),
        ({"files": []}, "is not one of a model"),
        ({"smallest_device": None}, "is not one of a model"),
    ],
)
def test_manifest_of_another_kind_is_refused(bundle: Path, changed: dict[str, Any], words: str) -> None:
    seal(bundle, **changed)
    assert words in _refused(bundle)


@pytest.mark.parametrize("content", [b"", b"rubbish", b"\xff\xfe[]", b"[]", b"null", b"[" * 100_000])
def test_damaged_manifest_is_said_so(bundle: Path, content: bytes) -> None:
    (bundle / "manifest.json").write_bytes(content)
    assert "install the model again" in _refused(bundle)


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ("", "no `moodbox` description"),
        ("{", "cannot be read"),
        (json.dumps(card_values(kind="expression")), 'not "composer"'),
        (json.dumps(card_values(format=2)), "format 2"),
        (json.dumps(card_values(vocabulary=[*WORDS[:-1], "start"])), "'start' twice"),
        (json.dumps(card_values(vocabulary=[*WORDS[:-1], "drum 36"])), "does not know, 'drum 36'"),
        (json.dumps(card_values(vocabulary=list(WORDS[:-1]))), "gives logits tensor(float)"),
        (json.dumps(card_values(state={"layers": 2, "hidden": 32})), "takes token tensor(int64)"),
        (json.dumps(card_values(state={"layers": 1, "hidden": 16})), "takes token tensor(int64)"),
    ],
)
def test_description_that_does_not_fit_is_refused(tmp_path: Path, description: str, words: str) -> None:
    assert words in _refused(make_bundle(tmp_path, description=description))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"without": "condition"}, "takes token"),
        ({"without": "h"}, "takes token"),
        ({"extra": True}, "extra tensor(float)"),
        ({"integers": "INT32"}, "takes token tensor(int32)"),
        ({"without": "logits"}, "gives h_out"),
        ({"without": "c_out"}, "gives logits"),
    ],
)
def test_graph_with_other_ends_is_refused(tmp_path: Path, wrong: dict[str, Any], words: str) -> None:
    assert words in _refused(make_bundle(tmp_path, **wrong))


def test_expression_model_is_refused(tmp_path: Path, bundle: Path) -> None:
    shipped = REPOSITORY / "device" / "moodbox" / "models" / "expression"
    assert 'not "composer"' in _refused(shipped)


# --- the golden sample ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("off", "accepted"), [(5e-4, True), (0.05, False)])
def test_answers_may_differ_by_the_tolerance_but_not_more(bundle: Path, off: float, accepted: object) -> None:
    logits = ComposerModel().logits(SAMPLE, CONDITION)
    logits[-1, 3] += off  # one number of the last step
    write_golden(bundle, logits=logits)
    seal(bundle)
    if accepted:
        Network.open(bundle)
    else:
        assert "answers otherwise than where it was made" in _refused(bundle)


def test_other_weights_beside_the_sample_are_refused(bundle: Path) -> None:
    ComposerModel(seed=8).save(bundle / "model.onnx", description=json.dumps(card_values()))
    seal(bundle)
    assert "answers otherwise" in _refused(bundle)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"tokens": None}, "cannot be read"),
        ({"tolerance": None}, "cannot be read"),
        ({"tokens": np.array(SAMPLE, np.int32)}, "other sizes"),
        ({"tokens": np.zeros(0, np.int64), "logits": np.zeros((0, 127), np.float32)}, "other sizes"),
        ({"tokens": np.zeros((6, 1), np.int64)}, "other sizes"),
        ({"condition": np.zeros(5, np.float32)}, "other sizes"),
        ({"logits": np.zeros((6, 126), np.float32)}, "other sizes"),
        ({"tokens": np.array([*SAMPLE[:-1], 127])}, "no token"),
        ({"tokens": np.array([*SAMPLE[:-1], -1])}, "no token"),
        ({"condition": np.array([np.nan, 0, 0, 0], np.float32)}, "no number"),
        ({"logits": np.full((6, 127), np.nan, np.float32)}, "no number"),
        ({"tolerance": np.nan}, "no number"),
        ({"tolerance": -1.0}, "allows any answer"),
        ({"tolerance": 1e9}, "allows any answer"),
        ({"logits": np.array([[None] * 127] * 6)}, "cannot be read"),
    ],
)
def test_sample_that_proves_nothing_is_refused(bundle: Path, changed: dict[str, Any], words: str) -> None:
    write_golden(bundle, **changed)
    seal(bundle)
    assert words in _refused(bundle)


# --- while it runs -------------------------------------------------------------------------------------------------


def test_numbers_that_are_none_stop_the_music(tmp_path: Path) -> None:
    network = Network.open(make_bundle(tmp_path, poisoned=True))
    _, state = network.step(POISONED - 1, CONDITION, network.start())
    with pytest.raises(MusicError, match="no number"):
        network.step(POISONED, CONDITION, state)


@pytest.mark.parametrize("int8", [False, True])
def test_condition_that_is_no_number_stops_the_music(tmp_path: Path, int8: object) -> None:
    folder = make_bundle(tmp_path, int8=bool(int8), tolerance=0.5)
    network = Network.open(folder)
    for wrong in (np.nan, np.inf):
        with pytest.raises(MusicError, match="no number"):
            network.step(5, np.array([0, 0, wrong, 0], np.float32), network.start())


@pytest.mark.parametrize("token", [-1, 127, 10**12])
def test_token_outside_the_vocabulary_is_refused(bundle: Path, token: int) -> None:
    network = Network.open(bundle)
    with pytest.raises(MusicError, match=f"no token {token}"):
        network.step(token, CONDITION, network.start())


def test_values_that_do_not_fit_are_one_sentence(bundle: Path) -> None:
    network = Network.open(bundle)
    with pytest.raises(MusicError, match="the composer's model failed"):
        network.step(5, np.zeros(3, np.float32), network.start())
    small = np.zeros((1, 1, 16), np.float32)
    with pytest.raises(MusicError, match="the composer's model failed") as caught:
        network.step(5, CONDITION, State(small, small))
    assert "\n" not in str(caught.value)
