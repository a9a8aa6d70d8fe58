"""The board: the latest at once, changes when they come, everybody let go at the end."""

import threading

from moodbox.board import Board
from moodbox.events import Snapshot


def test_new_reader_gets_the_latest_at_once():
    board = Board()
    board.publish(Snapshot(number=7))
    assert board.latest().number == 7
    assert board.wait(after=0, seconds=0) == Snapshot(number=7)


def test_nothing_new_gives_none_after_the_deadline():
    board = Board()
    assert board.wait(after=0, seconds=0.01) is None


def test_waiting_reader_wakes_on_a_change():
    board, seen = Board(), []
    reader = threading.Thread(target=lambda: seen.append(board.wait(after=0, seconds=5)))
    reader.start()
    board.publish(Snapshot(number=1))
    reader.join(timeout=5)
    assert seen == [Snapshot(number=1)]


def test_closing_lets_every_reader_go():
    board, seen = Board(), []
    readers = [threading.Thread(target=lambda: seen.append(board.wait(after=0, seconds=60))) for _ in range(3)]
    for reader in readers:
        reader.start()
    board.close()
    board.close()
    for reader in readers:
        reader.join(timeout=5)
    assert seen == [None, None, None]
    assert board.closed
