"""A webcam that never existed: the part of cv2.VideoCapture that is used, with the ways real ones fail."""

from __future__ import annotations

import threading

import numpy as np

FRAME_SECONDS = 0.01


class FakeCapture:
    """Give numbered pictures until it is told to freeze or is unplugged."""

    def __init__(self, *, grey: bool = False) -> None:
        self.number = 0
        self.grey = grey
        self.unplugged = threading.Event()
        self.thawed = threading.Event()  # clear = frozen, as a driver that never returns
        self.thawed.set()
        self.blocked = threading.Event()  # a frozen driver holds somebody now
        self.released = threading.Event()

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return not self.unplugged.is_set()

    def grab(self) -> bool:
        if not self.thawed.is_set():
            self.blocked.set()
            self.thawed.wait(30)
        gone = self.unplugged.wait(FRAME_SECONDS)
        self.number += 1
        return not gone

    def retrieve(self) -> tuple[bool, np.ndarray]:
        shape = (480, 640) if self.grey else (480, 640, 3)
        return True, np.full(shape, self.number % 256, np.uint8)

    def release(self) -> None:
        self.released.set()
