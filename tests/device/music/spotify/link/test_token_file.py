"""The token's file: whole, private, and no stranger's."""

import contextlib
import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from moodbox.errors import StorageError
from moodbox.music.spotify.link.accounts import Grant
from moodbox.music.spotify.link.token_file import BROKEN, NAME, Lapsed, Token, TokenFile

TOKEN = Token("demo", "access-secret", "refresh-secret", 1000.0, 4600.0, 1000.0, ("a", "b"))


def modes(folder):
    found = []
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(stat.S_IMODE(path.stat().st_mode))
    return found


def test_token_and_note_come_back_as_written(folder):
    file = TokenFile(folder)
    assert file.read() is None
    for record in (TOKEN, replace(TOKEN, renewing=True), Lapsed(1000.0, ("a",), "over")):
        file.write(record)
        assert file.read() == record
        assert TokenFile(folder).read() == record


def test_note_holds_no_token(folder):
    file = TokenFile(folder)
    file.write(TOKEN)
    file.write(Lapsed(TOKEN.authorized_at, TOKEN.scopes, "over"))
    assert b"secret" not in b"".join(path.read_bytes() for path in folder.iterdir())


def test_file_and_folder_are_private_whatever_the_umask(folder):
    before = os.umask(0)
    try:
        TokenFile(folder).write(TOKEN)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert modes(folder) == [0o600]


def test_file_restored_for_everybody_to_read_is_made_private(folder):
    TokenFile(folder).write(TOKEN)
    (folder / NAME).chmod(0o644)
    assert TokenFile(folder).read() == TOKEN
    assert modes(folder) == [0o600]


def test_reader_sees_what_another_process_wrote(folder):
    mine, other = TokenFile(folder), TokenFile(folder)
    mine.write(TOKEN)
    assert other.read() == TOKEN
    renewed = TOKEN.renewed(Grant("new", "", 3600.0, None), 2000.0)
    mine.write(renewed)
    assert other.read() == renewed
    mine.delete()
    assert other.read() is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"[" * 50_000,
        b" " * 70_000,
        b'{"access_token": "x", "refresh_token": "y", "expires_at": 1, "scope": "a"}',  # spotipy's own cache
        json.dumps({"version": 2, "kind": "token"}).encode(),
        json.dumps({"version": 1, "kind": "token", "scopes": [], "authorized_at": 1}).encode(),
        json.dumps({"version": 1, "kind": "else", "scopes": [], "authorized_at": 1}).encode(),
        json.dumps({"version": 1, "kind": "lapsed", "scopes": [1], "authorized_at": 1, "why": "over"}).encode(),
        json.dumps({"version": 1, "kind": "lapsed", "scopes": [], "authorized_at": float("nan"), "why": "x"}).encode(),
    ],
)
def test_broken_or_foreign_file_is_put_aside(folder, content, caplog):
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(content)
    assert TokenFile(folder).read() is None
    assert (folder / BROKEN).read_bytes() == content
    assert not (folder / NAME).exists()
    assert "put aside" in caplog.text
    assert "refresh_token" not in caplog.text


def test_delete_leaves_nothing_of_the_token(folder):
    file = TokenFile(folder)
    file.write(TOKEN)
    (folder / BROKEN).write_text("secret")
    (folder / f".{NAME}.abcdef").write_text("secret of a write that was killed")
    (folder / "lan.pem").write_text("key")
    file.delete("lan.pem")
    assert list(folder.iterdir()) == []
    file.delete("lan.pem")


def test_full_disk_is_a_sentence_and_keeps_the_token(small_disk):
    folder = small_disk / "spotify"
    file = TokenFile(folder)
    file.write(TOKEN)
    with contextlib.suppress(OSError), (small_disk / "ballast").open("wb", buffering=0) as ballast:
        while True:
            ballast.write(bytes(65_536))
    with pytest.raises(StorageError, match="free some space"):
        file.write(replace(TOKEN, access="x" * 4000))
    with pytest.raises(StorageError, match="free some space"):
        file.check_folder()
    assert TokenFile(folder).read() == TOKEN


def test_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be made"):
        TokenFile(tmp_path / "file" / "spotify").write(TOKEN)


def test_file_that_is_a_folder_is_a_sentence(folder):
    (folder / NAME).mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot be read"):
        TokenFile(folder).read()


def test_token_hides_what_it_holds():
    assert "secret" not in repr(TOKEN)


# One process that forks writers: starting Python fifty times would take a minute on a small machine.
WRITERS = """
import os, sys
from pathlib import Path
from moodbox.music.spotify.link.token_file import Token, TokenFile

for line in sys.stdin:
    writer = os.fork()
    if writer == 0:
        file, number = TokenFile(Path(sys.argv[1])), 0
        while True:
            number += 1
            file.write(Token("demo", "a" * (number % 3000 + 1), f"r{os.getpid()}-{number}", 1.0, 2.0, 3.0, ("s",)))
    print(writer, flush=True)
    os.waitpid(writer, 0)
    print("gone", flush=True)
"""


def test_writer_killed_at_any_moment_leaves_a_whole_file(folder):
    TokenFile(folder).write(TOKEN)
    chance = random.Random(7)
    command = [sys.executable, "-c", WRITERS, str(folder)]
    seen = set()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writers:
        for _ in range(50):
            writers.stdin.write("\n")
            writers.stdin.flush()
            writer = int(writers.stdout.readline())
            end = time.monotonic() + chance.uniform(0.0, 0.04)
            while time.monotonic() < end:  # not a wait for something: the moment of the power cut
                pass
            os.kill(writer, signal.SIGKILL)
            assert writers.stdout.readline() == "gone\n"
            json.loads((folder / NAME).read_bytes())
            token = TokenFile(folder).read()
            assert isinstance(token, Token)
            seen.add(token.refresh)
            assert set(modes(folder)) == {0o600}
        writers.stdin.close()
        assert writers.wait(10) == 0
    assert len(seen) > 10  # they were killed while writing, not before
    TokenFile(folder).write(TOKEN)
    assert [path.name for path in folder.iterdir()] == [NAME]
