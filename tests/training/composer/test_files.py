"""MIDI files are found wherever they lie, each with its split, and no two share a name."""

import shutil
import zipfile

import pytest

from moodtrain.composer import files
from moodtrain.errors import DataError
from tests.training.composer.midis import tune


def test_index_decides_the_split_and_keeps_cycles_together(songs):
    splits = {file.name: file.split for file in files.read([songs])}
    assert [splits[f"song{number:02}"] for number in (0, 1, 2, 3, 4, 12, 13)] == [
        "val", "val", "test", "test", "train", "val", "val",
    ]  # fmt: skip


def test_file_that_an_index_does_not_name_is_only_learnt_from(songs, tmp_path):
    there = shutil.copytree(songs, tmp_path / "songs")
    for number in range(30):
        tune(there / f"another{number}.mid", number)
    assert {file.split for file in files.read([there]) if file.name.startswith("another")} == {"train"}


def test_without_an_index_the_name_decides_for_good(tmp_path):
    for number in range(200):
        (tmp_path / f"{number}.mid").write_bytes(b"x")
    splits = [file.split for file in files.read([tmp_path])]
    assert splits == [file.split for file in files.read([tmp_path])]
    assert all(5 < splits.count(name) < 40 for name in ("val", "test"))


def test_zip_and_its_index_beside_it_read_as_the_folder(songs, tmp_path):
    packed = tmp_path / "tunes_midi.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("LICENSE.txt", "CC0")
        for path in songs.glob("*.mid"):
            archive.write(path, f"tunes/{path.name}")
    shutil.copy(songs / "index.csv", tmp_path / "tunes_index.csv")
    assert [(f.name, f.split, f.data) for f in files.read([packed])] == [
        (f.name, f.split, f.data) for f in files.read([songs])
    ]


def test_files_named_alike_in_two_folders_are_both_kept(tmp_path):
    for folder in ("a", "b"):
        tune(tmp_path / "one" / folder / "1.mid", ord(folder))
    tune(tmp_path / "two" / "1.mid", 3)
    tune(tmp_path / "three" / "1.mid", 4)
    found = files.read([tmp_path / "one", tmp_path / "two", tmp_path / "three"])
    assert [file.name for file in found] == ["a/1", "b/1", "two/1", "three/1"]
    assert len({file.data for file in found}) == 4


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("nowhere", None, "nowhere does not exist"),
        ("empty", "", "no MIDI files there"),
        ("a.zip", "no zip", r"a\.zip cannot be read as a zip"),
    ],
)
def test_what_holds_no_midi_is_said(tmp_path, name, content, sentence):
    if content == "":
        (tmp_path / name).mkdir()
    elif content:
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=f"{sentence}.*give a folder or zip that holds .mid files with --data"):
        files.read([tmp_path / name])


def test_damaged_zip_is_said(songs, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(songs / "song00.mid", "song00.mid")
    whole = bytearray((tmp_path / "a.zip").read_bytes())
    whole[60] ^= 255
    (tmp_path / "a.zip").write_bytes(bytes(whole))
    with pytest.raises(DataError, match="cannot be read as a zip"):
        files.read([tmp_path / "a.zip"])


def test_index_that_is_no_text_is_said(songs, tmp_path):
    there = shutil.copytree(songs, tmp_path / "songs")
    (there / "index.csv").write_bytes(b"id,split\n\xff\xfe")
    with pytest.raises(DataError, match=r"index\.csv cannot be read as CSV"):
        files.read([there])
