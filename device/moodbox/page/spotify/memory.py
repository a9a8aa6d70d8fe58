"""What the page itself remembers, until the program ends: mostly about Spotify."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from moodbox.music.spotify.values import SpeakerChoice
from moodbox.page.pieces.glance import Glance
from moodbox.page.spotify.gallery import Gallery
from moodbox.page.spotify.visit import Visits


@dataclass
class Memory:
    """Covers shown, where each browser stands, speakers offered, how often something was changed, the shelf of late."""

    gallery: Gallery = field(default_factory=Gallery)
    visits: Visits = field(default_factory=Visits)
    offers: tuple[SpeakerChoice, ...] = ()  # a visitor chooses one of these and cannot invent one
    changes: int = 0
    glance: Glance = field(default_factory=Glance)
    _count: itertools.count[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    def changed(self) -> None:
        """Note a change, so that every open window looks again."""
        self.changes = next(self._count)

    def clear(self) -> None:
        """Forget what came from Spotify."""
        self.gallery.clear()
        self.visits.clear()
        self.offers = ()
        self.changed()
