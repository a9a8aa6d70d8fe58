"""Opening ONNX models the way a small box needs it: few threads, and none of them spinning while nothing happens."""

from __future__ import annotations

import onnxruntime as ort

from moodbox.errors import ModelError


def open_session(model: bytes, threads: int, *, what: str) -> ort.InferenceSession:
    """Load a model for the CPU. Raises ModelError, naming `what` it was, when onnxruntime refuses it."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = max(1, threads)
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4  # what goes wrong comes as an exception
    try:
        return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors share no other base
        raise ModelError(f"{what} cannot be loaded by onnxruntime ({_first_line(error)}): install it again") from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:160] if lines else type(error).__name__
