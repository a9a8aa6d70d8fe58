"""The words of a lead sheet: bars, chords, pitches and lengths. The exported model carries this list.

A bar is its bar word, the chords of its first and second part, then pairs of (pitch, rest or tie, length) that fill
it exactly. A tie goes on with the note before, so that every length can be written. The tonic is C in both modes.
"""

METERS = {"2/4": 24, "3/4": 36, "4/4": 48, "3/8": 18, "6/8": 36, "9/8": 54, "12/8": 72}  # steps of a bar
SECOND = {"2/4": 12, "3/4": 24, "4/4": 24, "3/8": 12, "6/8": 18, "9/8": 36, "12/8": 36}  # where its second part begins
GRID = 12  # steps of a quarter note: sixteenths (3) and triplets (4, 2) fall on it
LENGTHS = (1, 2, 3, 4, 6, 8, 9, 12, 15, 18, 24, 30, 36, 42, 48, 72)  # steps
KINDS = {"maj": (0, 4, 7), "min": (0, 3, 7), "7": (0, 4, 7, 10), "dim": (0, 3, 6)}  # semitones above the root
LOWEST, HIGHEST = 41, 91  # MIDI pitches of a melody, F2 to G6; what lies outside is moved by octaves

NO_CHORD = "chord N"
WORDS: tuple[str, ...] = (
    "start",
    "end",
    *(f"bar {meter}" for meter in METERS),
    NO_CHORD,
    *(f"chord {root}:{kind}" for root in range(12) for kind in KINDS),
    *(f"pitch {pitch}" for pitch in range(LOWEST, HIGHEST + 1)),
    "rest",
    "tie",
    *(f"length {steps}" for steps in LENGTHS),
)
TOKEN = {word: number for number, word in enumerate(WORDS)}  # 127 of them


def lengths(steps: int) -> list[int]:
    """Write a length as the fewest of LENGTHS, the longest first."""
    found = []
    while steps > 0:
        longest = max(length for length in LENGTHS if length <= steps)
        found.append(longest)
        steps -= longest
    return found
