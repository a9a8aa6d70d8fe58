"""The files of a bundle are whole, vouched for and of a sane size before anybody parses them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from moodbox.bundle.contents import read_contents, read_file
from moodbox.errors import ModelError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {"model.onnx": b"graph", "golden.npz": b"sample"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    _seal(tmp_path)
    return tmp_path


def _seal(folder: Path, **changed: Any) -> None:
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("model.onnx", "golden.npz")}
    (folder / "manifest.json").write_text(json.dumps({"files": digests} | changed), encoding="utf-8")


def test_whole_bundle_is_read(folder: Path) -> None:
    contents = read_contents(folder, "the model")
    assert (contents.model, contents.golden) == (b"graph", b"sample")


def test_newer_bundle_is_told_before_its_files_are_read(folder: Path) -> None:
    _seal(folder, smallest_device="99")
    (folder / "model.onnx").unlink()
    with pytest.raises(ModelError, match="the model needs Moodbox 99"):
        read_contents(folder, "the model")


@pytest.mark.parametrize("name", ["model.onnx", "golden.npz"])
def test_each_file_is_compared(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"another")
    with pytest.raises(ModelError, match=f"the model, file {name}, is not the file its manifest names"):
        read_contents(folder, "the model")


def test_file_in_place_of_a_folder_is_said_so(folder: Path) -> None:
    with pytest.raises(ModelError, match="the model"):
        read_contents(folder / "model.onnx", "the model")


def test_folder_in_place_of_a_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"the file cannot be read \(Is a directory\): name another"):
        read_file(tmp_path, "the file", "name another")


def test_empty_file_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="the file is empty: name another"):
        read_file(tmp_path / "file", "the file", "name another")


def test_file_of_any_size_does_not_take_all_memory(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        file.truncate(2**40)  # a hole; no disk is used
    with pytest.raises(ModelError, match="the file is larger than 256 MB: name another"):
        read_file(tmp_path / "file", "the file", "name another")
