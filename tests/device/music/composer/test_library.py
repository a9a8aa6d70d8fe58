"""The library: whole files or none, only so many, and files and rows that agree whenever the plug is pulled."""

from __future__ import annotations

import itertools
import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from moodbox.errors import CatalogueError, MusicError, StorageError
from moodbox.events import Problem
from moodbox.music.composer.cellar import Cellar
from moodbox.music.composer.copyist import Copyist
from moodbox.music.composer.library import Library
from moodbox.music.composer.live import LiveWave
from moodbox.music.composer.midi import read_midi, write_midi
from moodbox.music.composer.register import Register
from moodbox.music.composer.sound.sounder import RATE
from moodbox.music.composer.sound.synth import SynthSounder
from moodbox.music.composer.take import Take
from moodbox.page.pieces.desk import KeptPiece, PiecesDesk
from moodbox.store.database import Database
from tests.fakes.short_pieces import LOUDNESS, short_score, short_take

TAKES = {seed: short_take(seed, "happy" if seed % 2 else "sad", beats=1) for seed in range(8)}
PLENTY = 10**9


class Shelves:
    """One folder and one database, opened as often as a test likes; every second that passes is counted by hand."""

    def __init__(self, folder: Path, *, keep: int = 100, limit: int = PLENTY) -> None:
        self.folder, self.keep, self.limit = folder / "pieces", keep, limit
        self.database = Database(folder / "moodbox.db")
        self.now = 1_000_000.0
        self.library = self.open()

    def open(
        self, cellar: type[Cellar] = Cellar, register: type[Register] = Register, problem: Problem | None = None
    ) -> Library:
        self.library = Library(
            cellar(self.folder),
            register(self.database),
            Copyist("none.sf2", LOUDNESS),
            keep=self.keep,
            limit=self.limit,
            problem=problem,
            clock=self.clock,
        )
        return self.library

    def clock(self) -> float:
        self.now += 1.0
        return self.now

    def add(self, *seeds: int, sound: bool = True) -> list[str]:
        for seed in seeds:
            self.library.add(TAKES[seed], plays=1)
            if sound:
                exhaust(self.library.save_sound(TAKES[seed]))
        return [TAKES[seed].key for seed in seeds]

    @property
    def keys(self) -> list[str]:
        """The pieces listed, the oldest first."""
        return [piece.key for piece in reversed(self.library.shelf(count=999).pieces)]

    def files(self, suffix: str) -> set[str]:
        return {path.stem for path in self.folder.glob(f"*{suffix}")}

    def agree(self) -> None:
        """Check that files, rows and memory say the same."""
        rows = {piece.key: piece for piece in Register(self.database).all()}
        assert set(self.keys) == self.files(".mid") == set(rows)
        assert self.files(".flac") <= self.files(".mid")
        assert [self.library.find(key) for key in rows] == list(rows.values())
        assert list(self.folder.glob(".*")) == []
        assert self.library.shelf().size == sum(path.stat().st_size for path in self.folder.iterdir())


def exhaust(slices: Iterable[None]) -> None:
    for _ in slices:
        pass


@pytest.fixture
def shelves(tmp_path: Path) -> Iterator[Callable[..., Shelves]]:
    made: list[Shelves] = []

    def make(folder: Path = tmp_path, **limits: int) -> Shelves:
        made.append(Shelves(folder, **limits))
        return made[-1]

    yield make
    for one in made:
        one.database.close()


def test_kept_piece_is_listed_with_all_that_is_known(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    desk: PiecesDesk = kept.library  # the protocol holds
    (key,) = kept.add(3)
    assert desk.find(key) == KeptPiece(
        key, "Short happy piece 3, in C major", "happy", 0.5, -0.25, round(TAKES[3].total / RATE, 3), "short",
        1_000_001.0, 1_000_001.0, 1, liked=False,
    )  # fmt: skip
    assert read_midi((kept.folder / f"{key}.mid").read_bytes()) == TAKES[3].score
    assert TAKES[3].key == read_midi((kept.folder / f"{key}.mid").read_bytes()).fingerprint
    kept.agree()


def test_piece_that_waits_for_its_turn_is_listed_once_it_is_heard(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    kept.library.add(TAKES[2], plays=0)
    assert kept.keys == []
    assert kept.library.find(TAKES[2].key) is not None
    kept.library.played(TAKES[2].key)
    assert kept.keys == [TAKES[2].key]
    kept.agree()
    kept.library.add(TAKES[4], plays=0)
    kept.library.discard(TAKES[4].key)
    assert kept.keys == [TAKES[2].key]
    kept.agree()


def test_kept_sound_is_the_piece_at_its_exact_loudness(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    (key,) = kept.add(1)
    heard, rate = soundfile.read(kept.folder / f"{key}.flac", dtype="int16")
    assert rate == RATE
    expected = np.rint(TAKES[1].samples * np.float32(TAKES[1].trim)).astype(np.int16)
    assert np.array_equal(heard, expected)
    wave = kept.library.wave(key)
    assert wave is not None
    assert wave.size == LiveWave(TAKES[1]).size


def test_shelf_lists_newest_first_by_mood_and_liking_and_in_parts(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    keys = kept.add(0, 1, 2, 3, 4, sound=False)
    kept.library.like(keys[1], liked=True)
    shelf = kept.library.shelf(count=2)
    assert ([piece.key for piece in shelf.pieces], shelf.matching, shelf.total) == ([keys[4], keys[3]], 5, 5)
    assert [piece.key for piece in kept.library.shelf(first=4).pieces] == [keys[0]]
    assert [piece.key for piece in kept.library.shelf(label="sad").pieces] == [keys[4], keys[2], keys[0]]
    assert [piece.key for piece in kept.library.shelf(liked=True).pieces] == [keys[1]]
    assert kept.library.shelf(label="angry").pieces == ()
    assert shelf.limit == PLENTY
    assert shelf.problem is None


def test_likes_and_plays_outlive_a_restart(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    first, second = kept.add(1, 2, sound=False)
    kept.library.like(first, liked=True)
    kept.library.like(second, liked=True)
    kept.library.like(second, liked=False)
    kept.library.played(first)
    before = kept.library.shelf().pieces
    assert (before[1].plays, before[1].played_at - before[1].made_at) == (2, 2.0)
    assert (before[1].liked, before[0].liked) == (True, False)
    assert kept.open().shelf().pieces == before
    kept.agree()


def test_number_kept_is_the_limit_and_liked_pieces_stay(shelves: Callable[..., Shelves]) -> None:
    kept = shelves(keep=3)
    keys = kept.add(0, 1, 2, sound=False)
    kept.library.like(keys[0], liked=True)
    keys += kept.add(3, 4, sound=False)
    assert kept.keys == [keys[0], keys[3], keys[4]]
    kept.agree()


def test_disk_limit_lets_go_of_sound_then_pieces_then_liked_ones(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    keys = kept.add(0, 1, 2, 3)
    kept.library.like(keys[0], liked=True)
    kept.library.played(keys[1])
    sound = (kept.folder / f"{keys[3]}.flac").stat().st_size
    kept.limit = kept.library.shelf().size - sound // 2
    kept.open()
    assert kept.files(".flac") == set(keys) - {keys[0]}, "it was not played for the longest time"
    kept.limit = sum(path.stat().st_size for path in kept.folder.glob("*.mid")) - 10
    kept.open()
    assert kept.files(".flac") == set()
    assert kept.keys == [keys[0], keys[2], keys[3]]
    kept.limit = (kept.folder / f"{keys[0]}.mid").stat().st_size - 1
    kept.open()
    assert kept.keys == []
    kept.agree()


def test_sound_never_pushes_out_a_piece(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    keys = kept.add(0, 1, 2, sound=False)
    kept.limit = kept.library.shelf().size + 100
    kept.open()
    exhaust(kept.library.save_sound(TAKES[2]))
    assert kept.keys == keys
    assert kept.files(".flac") == set()


def test_what_plays_and_what_comes_next_never_make_way(shelves: Callable[..., Shelves]) -> None:
    kept = shelves(keep=3)
    keys = kept.add(0, 1, 2)
    for key in keys[:2]:
        kept.library.hold(key)
    keys += kept.add(3)
    assert kept.keys == [keys[0], keys[1], keys[3]]
    kept.library._limit = 1
    kept.add(4)
    assert {keys[0], keys[1]} <= kept.files(".flac")
    assert {keys[0], keys[1]} <= set(kept.keys)
    kept.library.let_go(keys[0])
    kept.add(5)
    assert keys[0] not in kept.keys
    kept.agree()


def test_deleted_piece_is_gone_with_its_sound_and_its_row(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    first, second = kept.add(1, 2)
    kept.library.delete(first)
    assert kept.keys == [second]
    kept.agree()
    for ask in (
        lambda: kept.library.delete(first),
        lambda: kept.library.like(first, liked=True),
        lambda: kept.library.midi(first),
        lambda: kept.library.audio(first, "wav"),
        lambda: kept.library.score(first),
    ):
        with pytest.raises(CatalogueError, match="not kept any more"):
            ask()
    kept.library.played(first)
    assert kept.open().find(first) is None


def test_sound_that_is_written_while_its_piece_is_deleted_does_not_stay(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    (key,) = kept.add(1, sound=False)
    slices = kept.library.save_sound(TAKES[1])
    next(iter(slices))
    kept.library.delete(key)
    exhaust(slices)
    assert list(kept.folder.iterdir()) == []


def test_file_without_a_row_is_adopted(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    keys = kept.add(1, 2)
    Register(kept.database).erase(keys)
    for number, key in enumerate(keys):
        os.utime(kept.folder / f"{key}.mid", (500 + number, 500 + number))
    before = [kept.library.find(key) for key in keys]
    kept.open()
    assert kept.keys == keys
    for number, (old, key) in enumerate(zip(before, keys, strict=True)):
        new = kept.library.find(key)
        assert old is not None
        assert new is not None
        assert (new.title, new.label, new.seconds, new.composer) == (old.title, old.label, old.seconds, old.composer)
        assert (new.made_at, new.plays, new.liked) == (500.0 + number, 0, False)
    kept.agree()


def test_row_without_a_file_vanishes(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    keys = kept.add(1, 2)
    (kept.folder / f"{keys[0]}.mid").unlink()
    kept.open()
    assert kept.keys == keys[1:]
    kept.agree()


def test_file_deleted_by_hand_is_said_and_forgotten(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    (key,) = kept.add(1)
    (kept.folder / f"{key}.mid").unlink()
    with pytest.raises(CatalogueError, match="not kept any more"):
        kept.library.midi(key)
    assert kept.library.find(key) is None


def test_folder_that_cannot_be_read_forgets_nobodys_likes(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    (key,) = kept.add(1)
    kept.library.like(key, liked=True)
    away = kept.folder.rename(kept.folder.with_name("away"))
    kept.folder.write_text("in the way")
    assert "cannot be read" in (kept.open().problem or Problem("", "", "")).cause
    kept.folder.unlink()
    away.rename(kept.folder)
    piece = kept.open().find(key)
    assert piece is not None
    assert piece.liked


@pytest.mark.parametrize("content", [b"", b"MThd nonsense", write_midi(short_score(3))[:-20]])
def test_broken_file_is_put_aside_with_a_word(
    shelves: Callable[..., Shelves], caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    kept = shelves()
    keys = kept.add(1)
    (kept.folder / "0123456789abcdef.mid").write_bytes(content)
    (kept.folder / "notes of mine.mid").write_bytes(content)
    with caplog.at_level(logging.WARNING):
        kept.open()
    assert kept.keys == keys
    assert "0123456789abcdef.mid is broken and is put aside" in caplog.text
    assert (kept.folder / "0123456789abcdef.mid.broken").exists()
    assert (kept.folder / "notes of mine.mid").exists()


def test_piece_that_turns_out_to_be_broken_is_named_and_put_aside(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    (key,) = kept.add(1)
    data = (kept.folder / f"{key}.mid").read_bytes()
    (kept.folder / f"{key}.mid").write_bytes(data[:-40] + b"\xff" * 40)
    with pytest.raises(MusicError, match='The file of "Short happy piece 1, in C major" was broken'):
        kept.library.score(key)
    assert kept.library.find(key) is None
    assert [path.name for path in kept.folder.iterdir()] == [f"{key}.mid.broken"]


def test_only_a_few_broken_files_are_kept(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    kept.add(1, sound=False)
    for number in range(6):
        (kept.folder / f"{number:016x}.mid").write_bytes(b"broken")
    kept.open()
    assert len(list(kept.folder.glob("*.broken"))) == 3


@given(st.text() | st.sampled_from(["", "..", "../secret", "0" * 16 + "/..", "0123456789abcde\n", "0123456789ABCDEF"]))
def test_key_that_is_not_ours_has_no_sound(tmp_path_factory: pytest.TempPathFactory, key: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "keys" / "pieces"
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / "secret.flac").write_bytes(b"x")
    library = Library(Cellar(folder), Register(None), Copyist("", LOUDNESS), keep=5, limit=PLENTY)
    assert library.wave(key) is None
    assert library.find(key) is None


def test_fingerprints_are_remembered_after_a_restart(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    kept.library.remember("0123456789abcdef")
    assert kept.open().heard("0123456789abcdef")
    assert not kept.library.heard("fedcba9876543210")


def test_broken_memory_is_forgotten_without_a_word(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    kept.folder.mkdir()
    (kept.folder / "heard.txt").write_bytes(b"\xff\xfe nonsense\n0123456789abcdef\n")
    assert kept.open().heard("0123456789abcdef")


# --- pulled plugs -----------------------------------------------------------------------------------------------


class PowerCut(BaseException):
    """The plug was pulled."""


class Plug:
    """Pull the plug at the `at`th moment."""

    def __init__(self, at: int) -> None:
        self.left = at

    def around(self, work: Callable[[], None]) -> None:
        self.moment()
        work()
        self.moment()

    def moment(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise PowerCut


def wired(plug: Plug) -> tuple[type[Cellar], type[Register]]:
    """Make files and rows that hang on a plug, before and after everything that they write."""

    class WiredCellar(Cellar):
        def write_midi(self, key: str, data: bytes) -> None:
            plug.around(lambda: super(WiredCellar, self).write_midi(key, data))

        def write_sound(self, key: str, data: bytes) -> None:
            plug.around(lambda: super(WiredCellar, self).write_sound(key, data))

        def delete(self, key: str) -> None:
            plug.around(lambda: super(WiredCellar, self).delete(key))

        def delete_sound(self, key: str) -> None:
            plug.around(lambda: super(WiredCellar, self).delete_sound(key))

    class WiredRegister(Register):
        def add(self, pieces: Iterable[tuple[KeptPiece, int]]) -> None:
            plug.around(lambda: super(WiredRegister, self).add(pieces))

        def change(self, piece: KeptPiece) -> None:
            plug.around(lambda: super(WiredRegister, self).change(piece))

        def erase(self, keys: Iterable[str]) -> None:
            plug.around(lambda: super(WiredRegister, self).erase(keys))

    return WiredCellar, WiredRegister


def test_plug_pulled_at_any_moment_leaves_files_and_rows_that_agree(
    shelves: Callable[..., Shelves], tmp_path: Path
) -> None:
    cut = True
    for at in itertools.count(1):
        kept = shelves(tmp_path / str(at), keep=3)
        first, second, third = kept.add(0, 1, 2)
        kept.library.like(second, liked=True)
        kept.open(*wired(Plug(at)))
        try:
            kept.add(3)  # the first makes way
            kept.library.played(third)
            kept.library.delete(third)
            kept.library.like(TAKES[3].key, liked=True)
            cut = False
        except PowerCut:
            pass
        kept.open()
        kept.agree()
        assert {second} <= set(kept.keys) <= {first, second, third, TAKES[3].key}
        liked = kept.library.find(second)
        assert liked is not None
        assert liked.liked
        for key in kept.keys:
            assert kept.library.score(key).fingerprint == key
        kept.database.close()
        if not cut:
            break
    assert at > 12, "the plug was pulled at every moment"
    assert kept.keys == [second, TAKES[3].key]


def test_half_written_files_are_swept(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    kept.add(1)
    (kept.folder / ".0123456789abcdef.flac.abc").write_bytes(b"half")
    (kept.folder / "0123456789abcdef.flac").write_bytes(b"sound without a piece")
    (kept.folder / "0123456789abcdef.wav").write_bytes(b"as it was kept before")
    kept.open()
    kept.agree()


# --- disks and databases that fail ------------------------------------------------------------------------------


def test_folder_that_cannot_be_made_is_named_and_nothing_is_listed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    library = Library(Cellar(tmp_path / "file" / "pieces"), Register(None), Copyist("", LOUDNESS), keep=5, limit=PLENTY)
    with pytest.raises(StorageError, match="cannot be written"):
        library.add(TAKES[1], plays=1)
    assert library.shelf().pieces == ()
    exhaust(library.save_sound(TAKES[1]))


def test_without_a_database_pieces_are_kept_and_it_is_said(tmp_path: Path) -> None:
    why = Problem("pieces", "The database cannot be opened", "Free some space")

    def open_library() -> Library:
        return Library(Cellar(tmp_path), Register(None), Copyist("", LOUDNESS), keep=5, limit=PLENTY, problem=why)

    library = open_library()
    library.add(TAKES[1], plays=1)
    library.like(TAKES[1].key, liked=True)
    assert library.shelf(liked=True).total == 1
    assert library.shelf().problem == library.problem == why
    assert [piece.liked for piece in open_library().shelf().pieces] == [False]


def test_database_that_fails_later_is_said_and_the_visitor_hears_it(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    (key,) = kept.add(1)
    kept.database.close()
    with pytest.raises(StorageError, match="is closed"):
        kept.library.like(key, liked=True)
    piece = kept.library.find(key)
    assert piece is not None
    assert not piece.liked
    kept.library.played(key)
    assert "is closed" in (kept.library.problem or Problem("", "", "")).cause
    kept.add(2)
    assert len(kept.library.shelf().pieces) == 2
    kept.database = Database(kept.folder.parent / "moodbox.db")
    assert kept.open().problem is None
    kept.agree()


def test_full_disk_is_one_sentence_and_leaves_no_half_file(small_disk: Path) -> None:
    library = Library(Cellar(small_disk), Register(None), Copyist("", LOUDNESS), keep=5, limit=PLENTY)
    library.add(TAKES[1], plays=1)
    (small_disk / "filler").write_bytes(bytes(1_020_000))
    with pytest.raises(StorageError, match=r"cannot be written \(No space left on device\): free some space"):
        exhaust(library.save_sound(TAKES[1]))
    assert {path.suffix for path in small_disk.iterdir()} == {".mid", ""}


# --- downloads --------------------------------------------------------------------------------------------------


def level(samples: np.ndarray) -> float:
    return float(20.0 * np.log10(np.sqrt(np.mean(samples**2))))


@pytest.mark.parametrize("cached", [True, False], ids=["kept sound", "sounded again"])
@pytest.mark.parametrize("form", ["wav", "flac", "ogg"])
def test_download_is_the_piece_in_length_and_level(
    shelves: Callable[..., Shelves],
    tmp_path: Path,
    form: str,
    cached: bool,  # noqa: FBT001
) -> None:
    kept = shelves()
    (key,) = kept.add(1, sound=cached)
    file = kept.library.audio(key, form)
    assert file.name == f"Short happy piece 1, in C major.{form}"
    assert file.mimetype == f"audio/{form}"
    data = b"".join(file.body)
    assert file.size == len(data)
    (tmp_path / f"heard.{form}").write_bytes(data)
    heard, rate = soundfile.read(tmp_path / f"heard.{form}")
    made = TAKES[1].samples * TAKES[1].trim / 32768.0
    assert (rate, heard.shape) == (RATE, made.shape)
    assert level(heard) == pytest.approx(level(made), abs=0.3)
    if form != "ogg":
        assert np.abs(heard - made).max() < 0.0001
    assert (key in kept.files(".flac")) == cached


def test_midi_download_is_the_file(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    (key,) = kept.add(2)
    file = kept.library.midi(key)
    data = b"".join(file.body)
    assert (file.name, file.mimetype, file.size) == ("Short sad piece 2, in C major.mid", "audio/midi", len(data))
    assert read_midi(data) == TAKES[2].score


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Upside-down Door, in A minor", "Upside down Door, in A minor.mid"),
        ('../../etc "passwd"\r\n', "etc passwd.mid"),
        ("Пьеса", "Piece.mid"),
        ("a" * 200, "a" * 80 + ".mid"),
    ],
)
def test_file_names_are_safe(shelves: Callable[..., Shelves], title: str, name: str) -> None:
    kept = shelves()
    (key,) = kept.add(2, sound=False)
    kept.library._pieces[key] = KeptPiece(key, title, "sad", 0.0, 0.0, 60.0, "rules", 0.0, 0.0, 0, liked=False)
    assert kept.library.midi(key).name == name


def test_form_that_nobody_makes_is_refused(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    (key,) = kept.add(2)
    with pytest.raises(CatalogueError, match="choose wav, flac, ogg"):
        kept.library.audio(key, "mp3")


def test_downloads_work_where_nothing_can_be_written(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    (key,) = kept.add(1, sound=False)
    data = (kept.folder / f"{key}.mid").read_bytes()

    class Frozen(Cellar):
        """A folder on a disk that fell back to reading only."""

        def midi(self, key: str) -> bytes:
            return data

        def write_sound(self, key: str, data: bytes) -> None:
            raise AssertionError("a download writes nothing")

    library = kept.open(cellar=Frozen)
    assert b"".join(library.audio(key, "flac").body)[:4] == b"fLaC"


def test_half_sound_is_sounded_again(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    (key,) = kept.add(1)
    path = kept.folder / f"{key}.flac"
    for broken in (path.read_bytes()[: path.stat().st_size // 2], b"fLaC nonsense", b""):
        path.write_bytes(broken)
        take = Take(kept.library.score(key), SynthSounder(), LOUDNESS)
        exhaust(kept.library.load_sound(take))
        assert (take.complete, take.ready) == (False, 0)
        assert not path.exists()


def test_kept_sound_fills_a_take(shelves: Callable[..., Shelves]) -> None:
    kept = shelves()
    (key,) = kept.add(1)
    take = Take(kept.library.score(key), SynthSounder(), LOUDNESS)
    exhaust(kept.library.load_sound(take))
    assert take.complete
    assert np.array_equal(take.samples, np.rint(TAKES[1].samples * np.float32(TAKES[1].trim)).astype(np.int16))


def test_visitors_and_the_composer_at_the_same_time(shelves: Callable[..., Shelves]) -> None:
    kept = shelves(keep=4)
    kept.add(0, 1, sound=False)
    failed: list[BaseException] = []
    done = threading.Event()

    def visit(number: int) -> None:
        try:
            while not done.is_set():
                for piece in kept.library.shelf(count=4).pieces:
                    try:
                        kept.library.like(piece.key, liked=bool(number % 2))
                        if number == 0:
                            kept.library.delete(piece.key)
                    except CatalogueError:
                        pass
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test must see it
            failed.append(error)

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(3)]
    for visitor in visitors:
        visitor.start()
    for seed in (2, 3, 4, 5, 6, 7):
        kept.add(seed)
        kept.library.played(TAKES[seed].key)
    done.set()
    for visitor in visitors:
        visitor.join(20)
    assert failed == []
    kept.agree()
