"""Which of the pieces a visitor wants to see: all, those liked, or those of one mood, and how many."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from moodbox.mood import COORDINATES

LIKED = "liked"
FEW = 25  # pieces shown at first, and how many more at a time
MOST = 1000  # shown at once


@dataclass(frozen=True, slots=True)
class Question:
    """A list of pieces as it was asked for. `show` is "", LIKED or a mood label."""

    show: str = ""
    count: int = FEW

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> Self:
        """Read an address or a form; what cannot be understood is as if it was not there."""
        show = given.get("show", "")
        count = given.get("count", FEW, type=int)
        return cls(show if show == LIKED or show in COORDINATES else "", min(max(count, FEW), MOST))

    @property
    def wanted(self) -> dict[str, Any]:
        """The same for `PiecesDesk.shelf`."""
        return {"label": self.label, "liked": self.show == LIKED, "count": self.count}

    @property
    def label(self) -> str:
        """The mood asked for, or ""."""
        return "" if self.show == LIKED else self.show

    @property
    def more(self) -> Self:
        """The same list, longer."""
        return replace(self, count=min(self.count + FEW, MOST))

    @property
    def query(self) -> str:
        """What stands behind the path of an address; "" for the list as it is at first."""
        given = {"show": self.show, "count": self.count if self.count != FEW else ""}
        words = urlencode({name: value for name, value in given.items() if value})
        return f"?{words}" if words else ""
