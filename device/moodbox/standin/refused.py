"""An answer of the Web API that is a refusal."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault of ours
    """Report what Spotify answers instead: status, message and, for the player, a reason."""

    def __init__(self, status: int, message: str, reason: str = "", retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.reason = reason
        self.retry_after = retry_after

    @property
    def document(self) -> dict[str, dict[str, object]]:
        """Give the answer's body."""
        error: dict[str, object] = {"status": self.status, "message": self.message}
        if self.reason:
            error["reason"] = self.reason
        return {"error": error}


def restriction(reason: str = "UNKNOWN") -> Refused:
    """Word the refusal of a command that does not fit what the player does."""
    return Refused(403, "Player command failed: Restriction violated", reason)


def no_active_device() -> Refused:
    """Word the refusal of a command that has no device to go to."""
    return Refused(404, "Player command failed: No active device found", "NO_ACTIVE_DEVICE")


def device_not_found() -> Refused:
    """Word the refusal of a device id that nobody answers to."""
    return Refused(404, "Device not found")
