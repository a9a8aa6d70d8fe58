"""The real program, started as its owner starts it: `moodbox simulate`, on a free port, with its own state folder."""

from __future__ import annotations

import re
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.portrait import detector
from bench.visitor import Visitor

_ADDRESS = re.compile(r"http://\S+")


class Program:
    """Run the program; `with` ends it. `opened` and `ready` are seconds from its start to page and to eyes."""

    def __init__(self, camera: str, settings: Sequence[str] = (), deadline: float = 120.0) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="moodbox-bench-")
        self.log = Path(self._folder.name) / "stderr.txt"
        words = [sys.executable, "-m", "moodbox", "simulate", "--port", "0", "--camera", camera]
        state = Path(self._folder.name) / "state"
        named = [f"watch.detector={detector()}"] if detector() else []
        for setting in (f"box.state={state}", "music.output=none", *named, *settings):
            words += ["--set", setting]
        started = time.monotonic()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log)  # noqa: S603 - ourselves
        try:
            self.address = self._read_address(deadline)
            self.opened = time.monotonic() - started
            self.visitor = Visitor(self.address)
            self._wait_until_awake(started + deadline)
            self.ready = time.monotonic() - started
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """Return the number of the parent process."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Say whether the program still runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the program as a service manager does; may be called twice."""
        if self.running:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(20)
        if self._process.stdout:
            self._process.stdout.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _read_address(self, deadline: float) -> str:
        out, line = self._process.stdout, ""
        with selectors.DefaultSelector() as waiting:
            waiting.register(out, selectors.EVENT_READ)  # type: ignore[arg-type] # a pipe: asked for above
            while out and waiting.select(deadline) and (line := out.readline().decode()):
                # Other lines may come first: pyfluidsynth prints one of its own where CI is set.
                if found := _ADDRESS.search(line):
                    return found.group()
        raise SystemExit(f"the program did not start: {self.log.read_text(errors='replace')[-2000:] or line}")

    def _wait_until_awake(self, end: float) -> None:
        for view in self.visitor.views():
            if view["state"] != "starting":
                return
            if time.monotonic() > end:
                raise SystemExit("the program did not wake up in time")
