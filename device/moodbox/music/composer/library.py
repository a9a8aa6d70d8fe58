"""The library: the pieces that the box wrote, kept as MIDI, with their sound while there is room, and who liked what.

The files say which pieces there are, the database what else is known of them: a row whose file is gone vanishes at
the start, a file without a row is adopted. Files go first when a piece is deleted and come first when one is made, so
that a pulled plug never brings back what was deleted, nor loses what was played.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace

from moodbox.errors import CatalogueError, MusicError, StorageError
from moodbox.events import Problem
from moodbox.music.composer import limits
from moodbox.music.composer.cellar import Cellar
from moodbox.music.composer.copyist import Copyist
from moodbox.music.composer.download import download
from moodbox.music.composer.encoder import Encoder, exact, frames
from moodbox.music.composer.live import KeptWave
from moodbox.music.composer.midi import Origin, read_midi, read_origin, write_midi
from moodbox.music.composer.register import Register
from moodbox.music.composer.score import Score
from moodbox.music.composer.sound.sounder import RATE
from moodbox.music.composer.take import Take
from moodbox.page.pieces.desk import FORMS, Download, KeptPiece, Shelf

log = logging.getLogger(__name__)

_HEARD = 5_000  # fingerprints remembered: years of pressing, 85 kB
_REMEMBER = "Free some space and start the box again; until then it plays on, but forgets what you like"
GONE = "This piece is not kept any more: choose another one"


class Library:
    """Keep pieces. Any thread may ask and change; the sound is written by the composer's own, in slices."""

    def __init__(
        self,
        cellar: Cellar,
        register: Register,
        copyist: Copyist,
        *,
        keep: int,
        limit: int,
        problem: Problem | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Keep at most `keep` pieces and `limit` bytes; `problem` says why there is no database."""
        self._cellar, self._register, self._copyist = cellar, register, copyist
        self._keep, self._limit, self._clock = max(3, keep), limit, clock  # what played, plays and comes next stay
        self._changing = threading.Lock()  # held while files and rows change together
        self._lock = threading.Lock()  # of what follows; never held while anything is read or written
        self._pieces: dict[str, KeptPiece] = {}
        self._held: Counter[str] = Counter()  # what plays or comes next
        self._waiting: set[str] = set()  # made and not heard yet: it may be discarded, so the page does not list it
        self._heard = dict.fromkeys(cellar.heard())
        self._size = 0
        self._without, self._trouble = problem, problem
        with self._changing:
            self._open()

    @property
    def problem(self) -> Problem | None:
        """Say why the database does not remember; None while it does."""
        return self._trouble

    # --- for the composer -----------------------------------------------------------------------------------

    def heard(self, fingerprint: str) -> bool:
        """Say whether a piece was played before."""
        return fingerprint in self._heard

    def remember(self, fingerprint: str) -> None:
        """Note that a piece is played now, across restarts; raises StorageError when it can only be kept in memory."""
        self._heard[fingerprint] = None
        while len(self._heard) > _HEARD:
            del self._heard[next(iter(self._heard))]
        self._cellar.write_heard(iter(self._heard))

    def hold(self, key: str) -> None:
        """Keep a piece whatever the limits say, until it is let go."""
        with self._lock:
            self._held[key] += 1

    def let_go(self, key: str) -> None:
        """Let a held piece make way again."""
        with self._lock:
            self._held[key] -= 1
            if self._held[key] <= 0:
                del self._held[key]

    def add(self, take: Take, *, plays: int) -> None:
        """Keep a piece that was just written; raises StorageError, and then it is not kept."""
        now, score = self._clock(), take.score
        kept = KeptPiece(
            take.key, score.title, score.label, score.valence, score.arousal, round(take.total / RATE, 3),
            score.origin, now, now, plays, liked=False,
        )  # fmt: skip
        with self._changing:
            if self.find(take.key) is not None:
                return
            data = write_midi(score)
            self._make_room(len(data))
            self._cellar.write_midi(take.key, data)
            self._note(lambda: self._register.add([(kept, score.seed)]))
            with self._lock:
                self._pieces[take.key] = kept
                if not plays:
                    self._waiting.add(take.key)
            self._weigh()

    def played(self, key: str) -> None:
        """Count a playing that begins now; a piece that is not kept is not counted."""
        with self._changing:
            piece = self.find(key)
            if piece is None:
                return
            changed = replace(piece, plays=piece.plays + 1, played_at=self._clock())
            self._note(lambda: self._register.change(changed))
            with self._lock:
                self._pieces[key] = changed
                self._waiting.discard(key)

    def discard(self, key: str) -> None:
        """Forget a piece that nobody heard."""
        try:
            self.delete(key)
        except (CatalogueError, StorageError) as error:
            log.info("a piece that nobody heard stays: %s", error)

    def score(self, key: str) -> Score:
        """Read a piece back. Raises CatalogueError when it is gone, MusicError when its file is broken."""
        piece = self._kept(key)
        try:
            return read_midi(self._midi(key))
        except MusicError as error:
            log.warning("%s: %s", key, error)
            with self._changing:
                self._cellar.set_aside(key)
                self._forget([key])
            raise MusicError(
                f'The file of "{piece.title}" was broken and is put aside: choose another piece'
            ) from error

    def load_sound(self, take: Take) -> Generator[None, None, bool]:
        """Fill a take with the sound that was kept, a slice a step; return whether it was there, whole."""
        path, wave = self._cellar.sound(take.key), self.wave(take.key)
        if path is None or wave is None or wave.frames != take.total:
            self._cellar.delete_sound(take.key)  # of no use, and in the way of the one to be made
            return False
        try:
            for samples in frames(path):
                take.samples[take.ready : take.ready + len(samples)] = samples
                take.ready += len(samples)
                yield
        except MusicError as error:
            log.warning("the sound of %s is made again: %s", take.key, error)
        take.complete = take.ready == take.total
        if not take.complete:
            take.ready = 0
            self._cellar.delete_sound(take.key)
        return take.complete

    def save_sound(self, take: Take) -> Iterator[None]:
        """Keep the sound of a complete take if there is room, a slice a step; raises StorageError."""
        if self.find(take.key) is None or self._cellar.sound(take.key) is not None:
            return
        try:
            encoder = Encoder("flac")
        except MusicError as error:
            log.warning("%s", error)
            return
        for samples in exact(take):
            encoder.add(samples)
            yield
        data = encoder.finish()
        yield
        with self._changing:
            if not self._make_room(len(data), sound=True):
                return
        self._cellar.write_sound(take.key, data)  # half a second on a slow card: nobody should wait for it
        with self._changing:
            if self.find(take.key) is None:  # deleted meanwhile
                self._cellar.delete_sound(take.key)
            self._weigh()

    def wave(self, key: str) -> KeptWave | None:
        """Return the kept sound of a piece as a WAV; None when there is none."""
        path = self._cellar.sound(key)
        try:
            return KeptWave(path) if path is not None else None
        except MusicError:
            return None  # let go between the look and the opening, or broken: it can be sounded again

    def close(self) -> None:
        """Give up what is being made for visitors; may be called twice."""
        self._copyist.close()

    # --- for the page (`page.pieces.desk.PiecesDesk`) -------------------------------------------------------

    def shelf(self, *, label: str = "", liked: bool = False, first: int = 0, count: int = 50) -> Shelf:
        """List pieces, newest first, those of one mood or those liked if asked, from the `first`th on."""
        with self._lock:
            pieces = [piece for key, piece in self._pieces.items() if key not in self._waiting]
            size = self._size
        found = [piece for piece in pieces if (not label or piece.label == label) and (piece.liked or not liked)]
        found.sort(key=lambda piece: (piece.made_at, piece.key), reverse=True)
        part = tuple(found[max(0, first) :][: max(0, count)])
        return Shelf(part, len(found), len(pieces), size, self._limit, self.problem)

    def find(self, key: str) -> KeptPiece | None:
        """Return one piece; None when it is not kept (any more)."""
        with self._lock:
            return self._pieces.get(key)

    def like(self, key: str, *, liked: bool) -> None:
        """Like a piece, or not any more. Raises CatalogueError when it is gone, StorageError."""
        with self._changing:
            changed = replace(self._kept(key), liked=liked)
            self._register.change(changed)
            with self._lock:
                self._pieces[key] = changed

    def delete(self, key: str) -> None:
        """Delete a piece with its sound. Raises CatalogueError when it is gone, StorageError."""
        with self._changing:
            self._kept(key)
            self._remove([key])
            self._weigh()

    def midi(self, key: str) -> Download:
        """Return its MIDI file. Raises CatalogueError, StorageError."""
        piece = self._kept(key)
        return download(piece.title, "mid", self._midi(key))

    def audio(self, key: str, form: str) -> Download:
        """Return its sound. Raises CatalogueError, StorageError, and MusicError when it cannot be made now."""
        piece = self._kept(key)
        if form not in FORMS:
            raise CatalogueError(f"{form} is no kind of sound this box makes: choose {', '.join(FORMS)}")
        flac = self._flac(key)
        return download(piece.title, form, self._copyist.encode(flac, form) if form == "ogg" else flac)

    # --- inside ---------------------------------------------------------------------------------------------

    def _open(self) -> None:
        """Make files and rows agree."""
        self._cellar.sweep()
        try:
            keys = self._cellar.keys()
        except StorageError as error:  # no reason to forget what is known of the pieces
            log.warning("%s", error)
            self._without = self._trouble = Problem("pieces", str(error), _REMEMBER)
            return
        known = self._known()
        self._pieces = {piece.key: piece for piece in known if piece.key in keys}
        if gone := [piece.key for piece in known if piece.key not in keys]:
            self._note(lambda: self._register.erase(gone))
        adopted = [found for key in sorted(keys - self._pieces.keys()) if (found := self._adopt(key)) is not None]
        if adopted:
            self._note(lambda: self._register.add(adopted))
            self._pieces |= {piece.key: piece for piece, _ in adopted}
        try:
            self._make_room(0)
        except StorageError as error:
            log.warning("%s", error)
        self._weigh()

    def _known(self) -> list[KeptPiece]:
        try:
            return self._register.all()
        except (
            StorageError
        ) as error:  # it may hold likes that cannot be read now: it is left alone until the next start
            log.warning("%s", error)
            self._without = self._trouble = Problem("pieces", str(error), _REMEMBER)
            self._register = Register(None)
            return []

    def _adopt(self, key: str) -> tuple[KeptPiece, int] | None:
        """Read what a file without a row says about itself; one that cannot be read is put aside."""
        try:
            origin = self._origin(self._cellar.midi(key))
        except MusicError:
            self._cellar.set_aside(key)
            return None
        except OSError as error:
            log.warning("%s stays where it is: %s", key, error)
            return None
        at = self._cellar.made_at(key)
        piece = KeptPiece(
            key, origin.title, origin.label, origin.valence, origin.arousal, origin.seconds, origin.origin, at, at, 0,
            liked=False,
        )  # fmt: skip
        return piece, origin.seed

    @staticmethod
    def _origin(data: bytes) -> Origin:
        origin = read_origin(data)
        # Files of the first versions do not say how long they are.
        return origin if origin.seconds else replace(origin, seconds=round(read_midi(data).seconds, 3))

    def _kept(self, key: str) -> KeptPiece:
        piece = self.find(key)
        if piece is None:
            raise CatalogueError(GONE)
        return piece

    def _midi(self, key: str) -> bytes:
        try:
            return self._cellar.midi(key)
        except FileNotFoundError as error:  # somebody deleted the file by hand
            with self._changing:
                self._cellar.delete_sound(key)
                self._forget([key])
            raise CatalogueError(GONE) from error

    def _flac(self, key: str) -> bytes:
        path = self._cellar.sound(key)
        if path is not None:
            try:
                return path.read_bytes()
            except OSError as error:
                log.info("the sound of %s is made again: %s", key, error)
        return self._copyist.sound(self.score(key))

    def _make_room(self, coming: int, *, sound: bool = False) -> bool:
        """Let pieces and sound make way for `coming` bytes; no piece makes way for `sound`. Say if there is room."""
        sizes = self._cellar.sizes()
        stock = self._stock(sizes)
        if not sound:
            self._remove(gone := limits.too_many(stock, self._keep - bool(coming)))
            stock = [one for one in stock if one.piece.key not in gone]
        excess = self._excess(coming)
        for key in limits.sounds_to_drop(stock, excess):
            self._cellar.delete_sound(key)
        if sound:
            return self._excess(coming) <= 0
        if (excess := self._excess(coming)) > 0:
            self._remove(limits.pieces_to_drop(self._stock(self._cellar.sizes()), excess))
        return True

    def _stock(self, sizes: dict[str, int]) -> list[limits.Stock]:
        with self._lock:
            return [
                limits.Stock(piece, sizes.get(f"{key}.mid", 0), sizes.get(f"{key}.flac", 0), key in self._held)
                for key, piece in self._pieces.items()
            ]

    def _excess(self, coming: int) -> int:
        return sum(self._cellar.sizes().values()) + coming - self._limit

    def _weigh(self) -> None:
        size = sum(self._cellar.sizes().values())
        with self._lock:
            self._size = size

    def _remove(self, keys: list[str]) -> None:
        """Delete files, then rows; raises StorageError at the first file that stays."""
        for key in keys:
            self._cellar.delete(key)
            self._forget([key])

    def _forget(self, keys: list[str]) -> None:
        with self._lock:
            for key in keys:
                self._pieces.pop(key, None)
                self._waiting.discard(key)
        self._note(lambda: self._register.erase(keys))

    def _note(self, write: Callable[[], None]) -> None:
        """Write to the database; where that fails, memory goes on and `problem` says so."""
        try:
            write()
        except StorageError as error:
            log.warning("%s", error)
            self._trouble = Problem("pieces", str(error), _REMEMBER)
        else:
            self._trouble = self._without
