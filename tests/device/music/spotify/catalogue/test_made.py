"""Playlists that the box makes are noted before they are made."""

from dataclasses import replace

from moodbox.music.spotify.catalogue.catalogue import Catalogue
from moodbox.music.spotify.ports import Made
from moodbox.music.spotify.values import LIFT
from moodbox.store.database import Database

DONE = Made(LIFT, "spotify:playlist:1", "mark", "items", "cover", 5.0, 4.0)


def test_nothing_made_is_nothing_known(shelf):
    assert shelf.made(LIFT) is None


def test_plan_is_kept_and_an_older_one_wins(shelf, clock):
    planned = Made(LIFT, "", "first", "", "", 0.0, planned_at=clock.now)
    assert shelf.plan_made(LIFT, "first") == planned
    clock.now += 60
    assert shelf.plan_made(LIFT, "second") == shelf.made(LIFT) == planned
    assert shelf.plan_made("happy", "other").mark == "other"


def test_plan_survives_a_power_cut_and_binds_the_next_process(shelf, tmp_path):
    shelf.plan_made(LIFT, "first")
    other = Database(tmp_path / "moodbox.db")
    assert Catalogue(other).plan_made(LIFT, "second").mark == "first"
    other.close()


def test_what_was_made_is_kept_and_changed(shelf):
    shelf.plan_made(LIFT, "mark")
    shelf.keep_made(DONE)
    assert shelf.made(LIFT) == shelf.plan_made(LIFT, "later") == DONE
    changed = replace(DONE, items_digest="new", refreshed_at=9.0, planned_at=8.0)
    shelf.keep_made(changed)
    assert shelf.made(LIFT) == changed


def test_made_one_needs_no_plan(shelf):
    shelf.keep_made(DONE)
    assert shelf.made(LIFT) == DONE
