"""Text from outside, made fit for the database."""

from __future__ import annotations


def storable(text: str) -> str:
    """Replace lone surrogates, halves of characters: JSON may carry them, SQLite cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")
