"""Measures speed, memory and accuracy, beside peers."""

import os

# Before anybody imports onnxruntime: its wheels since 1.29 report every session to Microsoft (its docs/Privacy.md).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
