"""What is doubtful is found, row by row."""

from dataclasses import replace

import numpy as np
import pytest

from moodtrain.expression import census
from moodtrain.expression.data import Faces, read, without_leaks
from tests.training.conftest import joined
from tests.training.expression.test_duplicates import blurred


@pytest.fixture
def faces() -> Faces:
    """Return 8 + 4 faces: rows 0 to 7 are Training, 8 to 11 PublicTest."""
    images = blurred(12, 0)
    images[3] = 0  # one grey
    images[4] = 100 + images[4] % 4  # almost
    images[1] = images[0]  # equal
    images[8] = images[0]  # leaks: equal to 0 and 1,
    images[9] = images[2] * 0.8 + 20  # near 2,
    images[10] = images[5][:, ::-1]  # mirrored 5
    labels = np.array([0, 3, 3, 0, 0, 0, 0, 0, 3, 4, 0, 0])
    usage = np.repeat(np.array([0, 1], np.uint8), [8, 4])
    return Faces(images, labels, usage, np.zeros((12, 10), np.uint8))


def test_counts_by_split_and_class_are_all_rows(faces):
    counted = census.take(faces)
    assert counted.rows["Training"]["angry"] == 6
    assert counted.rows["PublicTest"]["sad"] == 1
    assert sum(sum(row.values()) for row in counted.rows.values()) == 12


def test_pictures_that_show_nothing_are_rows_of_the_source(faces):
    counted = census.take(faces)
    assert counted.constant == [3]
    assert counted.faint == [4]


def test_copies_and_conflicting_labels_are_groups_of_rows(faces):
    copies = census.take(faces).copies
    assert copies.surplus == {"Training": 1, "PublicTest": 0}
    assert copies.groups == [[0, 1, 8]]
    assert copies.conflicts == [[0, 1, 8]]
    assert copies.near == [(2, 9)]
    assert copies.near_conflicts == [(2, 9)]
    assert copies.mirrored == [(5, 10)]


def test_copies_with_one_label_do_not_conflict(faces):
    copies = census.take(replace(faces, labels=np.zeros(12, np.int64))).copies
    assert copies.groups == [[0, 1, 8]]
    assert copies.conflicts == []
    assert copies.near_conflicts == []


def test_leaks_pair_each_row_with_the_row_it_copies(faces):
    there, back = census.take(faces).leaks
    assert (there.split, there.of) == ("Training", "PublicTest")
    assert (there.equal, there.near, there.mirrored) == ([(0, 8), (1, 8)], [(2, 9)], [(5, 10)])
    assert (back.equal, back.near, back.mirrored) == ([(8, 0)], [(9, 2)], [(10, 5)])


def test_rows_called_leaks_are_the_rows_that_train_leaves_out(faces):
    leak = census.take(faces).leaks[0]
    left_out = len(faces.split("Training")) - len(without_leaks(faces.split("Training"), faces.split("PublicTest")))
    assert len(leak.equal) + len(leak.near) == left_out == 3


def test_faces_without_votes_or_other_splits_have_no_ballots_and_no_leaks(faces):
    counted = census.take(replace(faces, votes=None, usage=np.zeros(12, np.uint8)))
    assert counted.ballots == {}
    assert counted.no_face == {}
    assert counted.leaks == []
    assert counted.copies.surplus == {"Training": 2}


def test_set_of_even_pictures_is_all_constant():
    even = Faces(np.zeros((5, 48, 48), np.uint8), np.arange(5), np.array([0, 0, 0, 1, 1], np.uint8))
    counted = census.take(even)
    assert counted.constant == [0, 1, 2, 3, 4]
    assert counted.faint == []
    assert counted.copies.conflicts == [[0, 1, 2, 3, 4]]
    assert [len(leak.equal) for leak in counted.leaks] == [3, 2]


def test_part_of_the_real_set_has_the_flaws_its_readme_states(shared_path):
    faces = read(shared_path("data", "fer2013"))
    known = {6458, 7629, 10423, 2171}  # of Training; 29447 and 30002 are PublicTest
    keep = (faces.usage == 1) | np.isin(np.arange(len(faces)), list(known))
    counted = census.take(joined(faces.rows(keep & (faces.usage == 0)), faces.split("PublicTest")))
    rows = np.flatnonzero(keep)
    assert set(rows[counted.constant]) == {6458, 7629, 10423, 30002}
    assert set(rows[counted.faint]) == {2171, 29447}
    assert counted.copies.surplus["PublicTest"] == 26
