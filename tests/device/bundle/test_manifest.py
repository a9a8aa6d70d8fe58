"""A manifest vouches for files by digest and names the smallest device; one that cannot be read is never ignored."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox import __version__
from moodbox.bundle.manifest import Manifest, read_manifest
from moodbox.errors import ModelError

DIGEST = hashlib.sha256(b"content").hexdigest()


def _written(folder: Path, values: Any) -> Path:
    (folder / "manifest.json").write_text(json.dumps(values), encoding="utf-8")
    return folder


def test_no_manifest_is_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    assert read_manifest(tmp_path / "gone") is None


@pytest.mark.parametrize("entry", [DIGEST, f"sha256:{DIGEST}", {"digest": f"sha256:{DIGEST}", "bytes": 7}])
def test_digest_is_read_however_it_is_written(tmp_path: Path, entry: Any) -> None:
    manifest = read_manifest(_written(tmp_path, {"files": {"a": entry}, "smallest_device": "0.1.0"}))
    assert manifest == Manifest({"a": DIGEST}, "0.1.0")
    manifest.check("a", b"content", "the file")


@pytest.mark.parametrize(("name", "content"), [("a", b"Content"), ("a", b""), ("b", b"content")])
def test_other_content_and_unknown_files_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(ModelError, match="the file is not the file its manifest names: install it again"):
        Manifest({"a": DIGEST}, "0").check(name, content, "the file")


@pytest.mark.parametrize("smallest", ["0", "0.0.9", __version__, f"{__version__}.0.0", "0.1", "0.1.0rc1"])
def test_device_that_is_new_enough_is_accepted(smallest: str) -> None:
    Manifest({}, smallest).check_device("the model")


@pytest.mark.parametrize("smallest", ["0.10.0", "1", "0.1.0.1", "99999999.0"])
def test_bundle_for_a_newer_device_is_refused(smallest: str) -> None:
    with pytest.raises(ModelError, match=f"the model needs Moodbox {smallest}, this is {__version__}: update Moodbox"):
        Manifest({}, smallest).check_device("the model")


@pytest.mark.parametrize("smallest", ["", "new", None, [], {}, "-1", "v2"])
def test_smallest_device_that_is_no_version_is_not_taken_for_an_old_one(tmp_path: Path, smallest: Any) -> None:
    with pytest.raises(ModelError, match="is no version of a device"):
        read_manifest(_written(tmp_path, {"smallest_device": smallest}))


def test_later_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="manifest has format 2, this box reads 1: update Moodbox"):
        read_manifest(_written(tmp_path, {"format": 2}))


def test_manifest_that_is_a_folder_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").mkdir()
    with pytest.raises(ModelError, match="cannot be read"):
        read_manifest(tmp_path)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=6),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["files", "format", "digest", "x"]), inner)
        ),
        max_leaves=8,
    )
)
def test_any_json_gives_a_manifest_or_one_sentence(tmp_path_factory: pytest.TempPathFactory, values: Any) -> None:
    try:
        assert read_manifest(_written(tmp_path_factory.mktemp("manifest"), values)) is not None
    except ModelError as error:
        assert "manifest" in str(error)  # noqa: PT017 - either outcome is fine, a third is not
