from __future__ import annotations

from pathlib import Path

import pytest

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.speaker.address import librespot_place, soloist_url


def _written(folder: Path, addr: str, port: str) -> Path:
    (folder / "ws.addr").write_text(addr, "utf-8")
    (folder / "ws.port").write_text(port, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("addr", "url"),
    [("127.0.0.1\n", "ws://127.0.0.1:4321/"), ("::1", "ws://[::1]:4321/"), ("localhost", "ws://localhost:4321/")],
)
def test_soloist_is_found_by_its_two_files(tmp_path: Path, addr: str, url: str) -> None:
    assert soloist_url(_written(tmp_path, addr, "4321\n")) == url


@pytest.mark.parametrize("port", ["", "0", "70000", "-1", "text", "٣", "1" * 10_000])
def test_a_port_that_is_none_means_that_soloist_does_not_run(tmp_path: Path, port: str) -> None:
    with pytest.raises(SpotifyError, match="not running"):
        soloist_url(_written(tmp_path, "127.0.0.1", port))


def test_without_files_soloist_does_not_run(tmp_path: Path) -> None:
    with pytest.raises(SpotifyError, match="not running") as raised:
        soloist_url(tmp_path / "nowhere")
    assert raised.value.verdict is Verdict.TELL
    assert raised.value.key == "spotify-speaker"


@pytest.mark.parametrize("addr", ["0.0.0.0", "192.168.1.7", "example.org", "127.0.0.1.example.org", "::"])  # noqa: S104
def test_soloist_is_reached_on_this_machine_only(tmp_path: Path, addr: str) -> None:
    with pytest.raises(SpotifyError, match="on this machine only"):
        soloist_url(_written(tmp_path, addr, "4321"))


def test_librespot_has_a_port_of_its_own() -> None:
    assert librespot_place("http://127.0.0.1") == ("127.0.0.1", 3678)
    assert librespot_place("http://[::1]:99/") == ("::1", 99)


@pytest.mark.parametrize(
    "address", ["http://192.168.1.7:3678", "https://127.0.0.1", "", "http://127.0.0.1:x", "http://[", "file:///etc"]
)
def test_librespot_is_reached_on_this_machine_only(address: str) -> None:
    with pytest.raises(SpotifyError, match="on this machine only"):
        librespot_place(address)
