"""A look-ahead limiter: peaks are turned down softly, a few milliseconds before they come."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moodbox.music.composer.sound.sounder import Frames

_CHUNK = 64  # frames that share one need
_REACH = 8  # chunks on either side over which the gain is smoothed, 12 ms
_WIDE = _REACH + 1  # chunks on either side for which a peak holds the gain down
_AHEAD = _REACH + _WIDE


class Limiter:
    """Limit a stream of blocks to a ceiling (amplitude); what comes out lags behind by 26 ms until `rest`."""

    def __init__(self, ceiling: float) -> None:
        self._ceiling = ceiling
        self._pending: Frames = np.zeros((0, 2), np.float32)
        self._needs: npt.NDArray[np.float32] = np.ones(_AHEAD, np.float32)  # of the chunks before `_pending`

    def add(self, block: Frames) -> Frames:
        """Take a block and return what is ready."""
        return self._limit(np.concatenate((self._pending, block)))

    def rest(self) -> Frames:
        """Return the end of the stream."""
        length = len(self._pending)
        padding = np.zeros(((_AHEAD + 1) * _CHUNK + -length % _CHUNK, 2), np.float32)
        return self._limit(np.concatenate((self._pending, padding)))[:length]

    def _limit(self, frames: Frames) -> Frames:
        chunks = len(frames) // _CHUNK
        out = max(0, chunks - _AHEAD - 1)
        gains = self._gains(frames[: chunks * _CHUNK].reshape(chunks, 2 * _CHUNK), out)
        self._pending = frames[out * _CHUNK :].copy()
        limited: Frames = frames[: out * _CHUNK] * gains[:, None]
        return np.clip(limited, -self._ceiling, self._ceiling, out=limited)

    def _gains(self, chunks: npt.NDArray[np.float32], out: int) -> npt.NDArray[np.float32]:
        """Return the gain of the first `out` chunks, frame by frame: never above what a chunk needs, never a jump."""
        if not out:
            return np.zeros(0, np.float32)
        peaks = np.maximum(np.abs(chunks).max(axis=1), 1e-9)
        needs = np.concatenate((self._needs, np.minimum(1.0, self._ceiling / peaks).astype(np.float32)))
        lowest = np.lib.stride_tricks.sliding_window_view(needs, 2 * _WIDE + 1).min(axis=1)
        smooth = np.convolve(lowest, np.full(2 * _REACH + 1, 1.0 / (2 * _REACH + 1)), "valid")
        self._needs = needs[out : out + _AHEAD]
        gains = np.interp(np.arange(out * _CHUNK), np.arange(out + 1) * _CHUNK, smooth[: out + 1])
        return np.asarray(gains, np.float32)
