"""Opening ONNX models the way a small box needs it: few threads, none of them spinning, and no word to anybody.

This is the only place that loads onnxruntime, and only when a model is opened: it takes 17 MB.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from moodbox.bundle.description import PROPERTY
from moodbox.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

# Since 1.29 the official wheels tell Microsoft over HTTPS about every process and model and keep a device identifier in
# ~/.cache; only this, set before the library is loaded, keeps all of it from starting (its Privacy.md, microsoft/
# onnxruntime#27379). Set here and not in open_session: a program with threads should leave its environment alone.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def open_session(model: bytes, threads: int, *, what: str, arena: bool = True) -> InferenceSession:
    """Load a model for the CPU. Raises ModelError, naming `what` it was, when onnxruntime refuses it.

    `arena` keeps freed buffers for the next run, which pays where they are large.
    """
    try:
        import onnxruntime as ort  # noqa: PLC0415 - 17 MB, and its absence is worth a sentence
    except ImportError as error:
        raise ModelError(
            f"{what} needs onnxruntime, which cannot be loaded ({first_line(error)}): run `moodbox doctor`"
        ) from error
    options = ort.SessionOptions()
    options.intra_op_num_threads = max(1, threads)
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = arena
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4  # what goes wrong comes as an exception
    try:
        return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors share no other base
        raise ModelError(f"{what} cannot be loaded by onnxruntime ({first_line(error)}): install it again") from error


def description_in(session: InferenceSession) -> str | None:
    """Return the text of the model's `moodbox` property."""
    text: str | None = session.get_modelmeta().custom_metadata_map.get(PROPERTY)
    return text


def first_line(error: BaseException) -> str:
    """Return what an error says, short enough for a sentence."""
    lines = str(error).strip().splitlines()
    return lines[0][:160] if lines else type(error).__name__
