"""The names of cameras, as settings and page use them."""

from __future__ import annotations

AUTO = "auto"
PICAMERA = "picamera2"
WEBCAM = "webcam"
BROWSER = "browser"
DEMO = "demo"
STAND_INS = frozenset({BROWSER, DEMO})  # what "auto" takes only while no real camera is there
