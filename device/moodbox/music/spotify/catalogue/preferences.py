"""The owner's choices: one row of JSON for each field, so that a new field needs no migration."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import String, delete, insert, select, type_coerce
from sqlalchemy.orm import Session

from moodbox.music.spotify.values import Preferences, SpeakerChoice, SpeakerKind
from moodbox.store.tables import PreferenceRow

_log = logging.getLogger(__name__)

# What came with the account; the rest is the owner's own and survives a disconnect.
_OF_ACCOUNT = ("speaker", "account_id", "account_user", "account_name", "refreshed_at")


def read(session: Session) -> Preferences:
    """Return the preferences; what cannot be understood falls back to its default and is logged."""
    found: dict[str, Any] = {}
    # As text: one row with broken JSON must not take the others along.
    for name, text in session.execute(select(PreferenceRow.name, type_coerce(PreferenceRow.value, String))):
        try:
            found[name] = _READERS[name](json.loads(text)["value"])
        except (KeyError, TypeError, ValueError) as error:
            _warn(name, type(error).__name__)
    return Preferences(**found)


def change(session: Session, changes: Mapping[str, Any]) -> Preferences:
    """Change fields by name; raises TypeError for an unknown field, ValueError for a value that is none of its."""
    changed = replace(read(session), **changes)
    for name in changes:
        value = _plain(getattr(changed, name))
        _READERS[name](value)
        # Without reading the old row, which may be the broken one.
        session.execute(delete(PreferenceRow).where(PreferenceRow.name == name))
        session.execute(insert(PreferenceRow).values(name=name, value={"value": value}))
    return changed


def forget(session: Session) -> None:
    """Delete what came with the account."""
    session.execute(delete(PreferenceRow).where(PreferenceRow.name.in_(_OF_ACCOUNT)))


@cache  # once is enough: the page asks for the preferences again and again
def _warn(name: str, reason: str) -> None:
    _log.warning("preference %s cannot be read (%s), its default is used", name, reason)


def _plain(value: object) -> object:
    if isinstance(value, SpeakerChoice):
        return {"kind": value.kind.value, "id": value.id, "name": value.name}
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"must be text, not {value!r}")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"must be a number, not {value!r}")
    return float(value)


def _share(value: Any) -> float:
    if not 0.0 <= _number(value) <= 1.0:
        raise ValueError(f"must be 0 to 1, not {value!r}")
    return float(value)


def _time(value: Any) -> float | None:
    return None if value is None else _number(value)


def _speaker(value: Any) -> SpeakerChoice | None:
    if value is None:
        return None
    return SpeakerChoice(SpeakerKind(value["kind"]), _text(value["id"]), _text(value["name"]))


_READERS: dict[str, Callable[[Any], Any]] = {
    "client_id": _text,
    "market": _text,
    "language": _text,
    "ceiling": _share,
    "speaker": _speaker,
    "account_id": _text,
    "account_user": _text,
    "account_name": _text,
    "refreshed_at": _time,
}
