"""The YuNet file is used only when its bytes are the published ones, wherever they come from."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moodbox.errors import ModelError, StorageError
from moodbox.settings import WatchSettings
from moodbox.watch.download import DIGEST, FILE, SOURCES, fetch_detector, find_detector, read_detector

ANYTHING = b"some other bytes"


@pytest.fixture
def serve() -> Iterator[Callable[[bytes], str]]:
    """Return a function that serves bytes at an address of this machine."""
    servers: list[tuple[http.server.ThreadingHTTPServer, threading.Thread]] = []

    def start(content: bytes) -> str:
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                return

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/{FILE}"

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join(5)


def test_right_file_is_fetched_once_and_found_again(
    serve: Callable[[bytes], str], yunet_file: Path, tmp_path: Path
) -> None:
    path = fetch_detector(tmp_path, [serve(yunet_file.read_bytes())])
    assert path.read_bytes() == yunet_file.read_bytes()
    assert find_detector(WatchSettings(), tmp_path) == path
    assert fetch_detector(tmp_path, []) == path  # no source is asked any more


def test_second_source_is_tried_when_the_first_gives_other_bytes(
    serve: Callable[[bytes], str], yunet_file: Path, tmp_path: Path
) -> None:
    assert fetch_detector(tmp_path, [serve(ANYTHING), serve(yunet_file.read_bytes())]).exists()


def test_wrong_bytes_are_never_kept(serve: Callable[[bytes], str], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="another SHA-256"):
        fetch_detector(tmp_path, [serve(ANYTHING)])
    assert not list(tmp_path.rglob("*.onnx"))


def test_damaged_file_is_fetched_again(serve: Callable[[bytes], str], yunet_file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "detector" / FILE
    broken.parent.mkdir()
    broken.write_bytes(ANYTHING)
    assert fetch_detector(tmp_path, [serve(yunet_file.read_bytes())]).read_bytes() == yunet_file.read_bytes()


def test_offline_is_one_sentence_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="connect to the internet") as caught:
        fetch_detector(tmp_path, ["http://127.0.0.1:9/nobody-listens"])
    assert "\n" not in str(caught.value)


def test_folder_that_cannot_be_written_is_said_so(
    serve: Callable[[bytes], str], yunet_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    with pytest.raises(StorageError, match="cannot be written"):
        fetch_detector(tmp_path / "state", [serve(yunet_file.read_bytes())])


def test_sources_are_pinned_by_commit_over_https() -> None:
    assert all(source.startswith("https://") for source in SOURCES)
    assert not any("/main/" in source or "/master/" in source for source in SOURCES)


def test_settings_come_before_environment_and_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    downloaded = tmp_path / "detector" / FILE
    assert find_detector(WatchSettings(), tmp_path) is None
    downloaded.parent.mkdir()
    downloaded.write_bytes(b"x")
    assert find_detector(WatchSettings(), tmp_path) == downloaded
    monkeypatch.setenv("MOODBOX_DETECTOR", "/somewhere/env.onnx")
    assert find_detector(WatchSettings(), tmp_path) == Path("/somewhere/env.onnx")
    assert find_detector(WatchSettings(detector="/own.onnx"), tmp_path) == Path("/own.onnx")


def test_all_three_published_files_are_accepted(shared_path: Callable[..., Path]) -> None:
    for name in (FILE, "face_detection_yunet_2023mar_dyn.onnx", "yunet_n_dyn.onnx"):
        assert read_detector(shared_path("models", name))


def test_one_changed_bit_is_noticed(yunet_file: Path, tmp_path: Path) -> None:
    content = bytearray(yunet_file.read_bytes())
    content[100_000] ^= 1
    copy = tmp_path / "copy.onnx"
    copy.write_bytes(content)
    with pytest.raises(ModelError, match="SHA-256 differs"):
        read_detector(copy)


def test_missing_copy_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.onnx cannot be read"):
        read_detector(tmp_path / "gone.onnx")


def test_pinned_digest_is_the_issues() -> None:
    assert DIGEST == "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
