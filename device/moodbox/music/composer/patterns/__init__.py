"""Patterns of the accompaniment, one bar long: what chords, bass and drums play in bars of two, three and four."""
