"""Textures: which patterns and instruments go together, several for each mood.

A texture is a small band with its way of playing. The arranger takes one for a piece; where several programs are
given for a part it chooses among those that can play what is written.
"""

from __future__ import annotations

from dataclasses import dataclass

from moodbox.music.composer.instrument import P


@dataclass(frozen=True, slots=True)
class Texture:
    """Patterns by name (see `patterns`) and General MIDI programs; `drums` may be "" for none."""

    comp: str  # chords of the verse
    turn: str  # chords of the bridge
    bass: str
    turned: str  # bass of the bridge
    drums: str
    leads: tuple[int, ...]  # who may sing
    answers: tuple[int, ...]  # who may answer, and sing the bridge
    chords: tuple[int, ...]
    depths: tuple[int, ...]  # who may play the bass
    pads: tuple[int, ...]  # who may hold the background


TEXTURES: dict[str, tuple[Texture, ...]] = {
    "happy": (
        Texture("strum", "offbeats", "two", "walk", "shaker",
                (P.FLUTE, P.CLARINET), (P.CLARINET, P.VIBRAPHONE), (P.NYLON_GUITAR, P.STEEL_GUITAR),
                (P.DOUBLE_BASS,), (P.STRINGS,)),
        Texture("offbeats", "alberti", "walk", "two", "brush",
                (P.CLARINET, P.VIBRAPHONE), (P.TRUMPET, P.FLUTE), (P.PIANO, P.JAZZ_GUITAR), (P.DOUBLE_BASS,),
                (P.SLOW_STRINGS,)),
        Texture("bounce", "skip", "bounce", "skip", "pop",
                (P.PIANO, P.MARIMBA), (P.FLUTE, P.VIBRAPHONE), (P.STEEL_GUITAR, P.ELECTRIC_PIANO),
                (P.FINGER_BASS,), (P.STRINGS,)),
        Texture("island", "strum", "island", "two", "island",
                (P.MARIMBA, P.FLUTE), (P.TRUMPET, P.MARIMBA), (P.NYLON_GUITAR,),
                (P.DOUBLE_BASS, P.FINGER_BASS), (P.STRINGS,)),
        Texture("alberti", "offbeats", "sway", "walk", "",
                (P.OBOE, P.FLUTE), (P.CLARINET, P.VIOLIN), (P.PIANO, P.HARP), (P.PIZZICATO,), (P.STRINGS,)),
        Texture("ragtime", "roll", "two", "bounce", "clap",
                (P.ACCORDION, P.VIOLIN), (P.HARMONICA, P.CLARINET), (P.STEEL_GUITAR, P.PIANO),
                (P.DOUBLE_BASS,), (P.STRINGS,)),
    ),
    "surprise": (
        Texture("stabs", "hiccup", "pops", "two", "sparks",
                (P.XYLOPHONE, P.PICCOLO), (P.TRUMPET, P.CLARINET), (P.PIZZICATO,), (P.PIZZICATO,), (P.STRINGS,)),
        Texture("hiccup", "bounce", "skip", "pops", "toy",
                (P.GLOCKENSPIEL, P.CELESTA), (P.CLARINET, P.FLUTE), (P.VIBRAPHONE, P.PIANO), (P.DOUBLE_BASS,),
                (P.STRINGS,)),
        Texture("pops", "stabs", "bounce", "skip", "tumble",
                (P.TRUMPET, P.CLARINET), (P.PICCOLO, P.XYLOPHONE), (P.PIANO, P.BRASS),
                (P.FINGER_BASS, P.DOUBLE_BASS), (P.BRASS,)),
        Texture("bounce", "pops", "pops", "island", "sparks",
                (P.FLUTE, P.PIANO), (P.GLOCKENSPIEL, P.TRUMPET), (P.MARIMBA, P.PIZZICATO), (P.PIZZICATO,),
                (P.STRINGS,)),
    ),
    "neutral": (
        Texture("arpeggio", "climb", "long", "lean", "",
                (P.FLUTE, P.CLARINET), (P.VIBRAPHONE, P.OBOE), (P.NYLON_GUITAR, P.HARP),
                (P.FRETLESS, P.DOUBLE_BASS), (P.SLOW_STRINGS,)),
        Texture("bells", "halves", "lean", "sway", "",
                (P.VIBRAPHONE, P.PIANO), (P.CLARINET, P.NYLON_GUITAR), (P.ELECTRIC_PIANO,), (P.FRETLESS,),
                (P.STRINGS,)),
        Texture("rock", "arpeggio", "sway", "stroll", "brush",
                (P.CLARINET, P.NYLON_GUITAR), (P.FLUTE, P.VIBRAPHONE), (P.PIANO,), (P.DOUBLE_BASS,), (P.SLOW_STRINGS,)),
        Texture("alberti", "bells", "stroll", "lean", "tick",
                (P.PIANO, P.NYLON_GUITAR), (P.OBOE, P.CLARINET), (P.ELECTRIC_PIANO, P.NYLON_GUITAR),
                (P.DOUBLE_BASS,), (P.STRINGS,)),
        Texture("climb", "rock", "lean", "long", "",
                (P.OBOE, P.FLUTE), (P.CLARINET, P.VIOLA), (P.HARP, P.PIANO), (P.CELLO,), (P.STRINGS,)),
    ),
    "sad": (
        Texture("arpeggio", "climb", "long", "lean", "",
                (P.CELLO, P.VIOLA), (P.OBOE, P.VIOLIN), (P.PIANO, P.HARP), (P.CONTRABASS,), (P.SLOW_STRINGS,)),
        Texture("nocturne", "halves", "lean", "long", "",
                (P.PIANO, P.VIOLIN), (P.CELLO, P.CLARINET), (P.PIANO,), (P.CONTRABASS, P.CELLO), (P.SLOW_STRINGS,)),
        Texture("breath", "nocturne", "long", "lean", "",
                (P.ENGLISH_HORN, P.OBOE), (P.CELLO, P.VIOLA), (P.SLOW_STRINGS,), (P.CELLO,), (P.CHOIR,)),
        Texture("climb", "sighs", "long", "sway", "",
                (P.NYLON_GUITAR, P.CLARINET), (P.VIOLA, P.ENGLISH_HORN), (P.NYLON_GUITAR,), (P.CONTRABASS,),
                (P.SLOW_STRINGS,)),
        Texture("rock", "arpeggio", "lean", "long", "",
                (P.VIOLIN, P.VIOLA), (P.ENGLISH_HORN, P.CELLO), (P.HARP, P.PIANO), (P.CELLO, P.CONTRABASS), (P.CHOIR,)),
    ),
    "fear": (
        Texture("tremolo", "shiver", "throb", "dread", "heart",
                (P.VIOLIN, P.CLARINET), (P.OBOE, P.VIOLA), (P.TREMOLO,), (P.CONTRABASS,), (P.CHOIR,)),
        Texture("drip", "tremolo", "dread", "creep", "",
                (P.CELESTA, P.MUSIC_BOX), (P.VIOLIN, P.FLUTE), (P.HARP, P.PIANO), (P.CONTRABASS, P.CELLO),
                (P.TREMOLO,)),
        Texture("circle", "tremolo", "creep", "throb", "distant",
                (P.MUSIC_BOX, P.CLARINET), (P.VIOLIN, P.OBOE), (P.PIANO, P.MARIMBA), (P.CONTRABASS,), (P.TREMOLO,)),
        Texture("shiver", "circle", "pulse", "dread", "heart",
                (P.FLUTE, P.VIOLIN), (P.CELESTA, P.CLARINET), (P.TREMOLO, P.STRINGS), (P.CONTRABASS,), (P.CHOIR,)),
    ),
    "angry": (
        Texture("drive", "slam", "drive", "slam", "march",
                (P.TROMBONE, P.HORN), (P.BRASS,), (P.STRINGS,), (P.CONTRABASS, P.PICK_BASS), (P.BRASS,)),
        Texture("power", "gallop", "riff", "drive", "metal",
                (P.OVERDRIVE,), (P.BRASS, P.TROMBONE), (P.OVERDRIVE,), (P.PICK_BASS,), (P.STRINGS,)),
        Texture("slam", "drive", "slam", "riff", "anvil",
                (P.BRASS, P.BARITONE_SAX), (P.TROMBONE, P.HORN), (P.PIANO,), (P.PICK_BASS, P.CONTRABASS), (P.STRINGS,)),
        Texture("gallop", "power", "octaves", "riff", "stomp",
                (P.CELLO, P.TROMBONE), (P.HORN, P.BRASS), (P.STRINGS, P.OVERDRIVE), (P.CONTRABASS,), (P.BRASS,)),
        Texture("grind", "slam", "riff", "octaves", "metal",
                (P.TENOR_SAX, P.OVERDRIVE), (P.TROMBONE, P.BRASS), (P.OVERDRIVE, P.PIANO),
                (P.SYNTH_BASS, P.PICK_BASS), (P.BRASS,)),
    ),
    "disgust": (
        Texture("lurch", "limp", "heavy", "tread", "clank",
                (P.BASSOON, P.TROMBONE), (P.BARITONE_SAX, P.CLARINET), (P.PIZZICATO, P.HONKY_TONK), (P.TUBA,),
                (P.REED_ORGAN,)),
        Texture("sneer", "lurch", "tread", "creep", "thud",
                (P.BARITONE_SAX, P.BASSOON), (P.TROMBONE, P.VIOLA), (P.HONKY_TONK,), (P.CONTRABASS, P.TUBA),
                (P.REED_ORGAN,)),
        Texture("wade", "sneer", "heavy", "tread", "clank",
                (P.TROMBONE, P.TUBA), (P.BASSOON, P.CLARINET), (P.REED_ORGAN, P.ACCORDION),
                (P.TUBA, P.CONTRABASS), (P.STRINGS,)),
        Texture("limp", "wade", "creep", "heavy", "",
                (P.CLARINET, P.BASSOON), (P.BARITONE_SAX, P.CELLO), (P.PIZZICATO, P.HARPSICHORD),
                (P.CONTRABASS,), (P.REED_ORGAN,)),
    ),
}  # fmt: skip
