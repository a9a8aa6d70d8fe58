"""Any form of a data set goes through one door, and what is measured stays out of training."""

import numpy as np
import pytest

from moodtrain.errors import DataError
from moodtrain.expression.data import copies, read, standardised, with_a_face, without_leaks
from tests.training.conftest import drawn, joined, pack

# the rows that the shipped models learn from; a change here makes their runs another experiment
LEARNT = "sha256:125941d39b73230c7d595c4129515699166a7969bbdd96ace11806475c9d4881"


def test_path_of_another_kind_is_refused_with_the_forms_there_are(tmp_path):
    with pytest.raises(DataError, match=r"neither a folder nor a \.csv file; --data takes fer2013\.csv, the folder of"):
        read(tmp_path / "faces.zip")
    with pytest.raises(DataError, match="is not there"):
        read(tmp_path / "fer2013.csv")
    with pytest.raises(DataError, match=r"holds no labels\.npz, no EmoLabel.* and no folder per class"):
        read(tmp_path)


def test_votes_beside_a_folder_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"fer2013new\.csv speaks of the rows of fer2013\.csv and .* is a folder"):
        read(pack(tmp_path, drawn(3, 1)), tmp_path / "fer2013new.csv")


def test_empty_split_is_refused():
    faces = joined(drawn(6, 1), drawn(4, 2))
    with pytest.raises(DataError, match="the split PrivateTest is empty"):
        faces.split("PrivateTest")
    with pytest.raises(DataError, match="there is no split 'test'"):
        faces.split("test")


def test_leaks_are_dropped_and_nothing_else():
    training, public = drawn(6, 1), drawn(4, 2)
    training.images[2] = public.images[0]
    training.images[5] = public.images[3]
    clean = without_leaks(training, public)
    assert np.array_equal(clean.images, training.images[[0, 1, 3, 4]])
    assert np.array_equal(clean.labels, training.labels[[0, 1, 3, 4]])


def test_brighter_copy_is_a_copy_and_mirrored_one_is_not():
    faces = drawn(3, 1).images
    faces[0, :, :20] //= 3  # no symmetry
    brighter = (faces[0] * 0.8 + 20).astype(np.uint8)
    assert copies(np.stack([brighter, faces[0, :, ::-1]]), faces[:1]).tolist() == [True, False]


def test_even_pictures_are_copies_only_when_equal():
    even = np.stack([np.full((48, 48), grey, np.uint8) for grey in (0, 0, 7)])
    assert copies(even[1:], even[:1]).tolist() == [True, False]
    assert not standardised(even).any()


def test_pictures_of_one_grey_are_dropped():
    faces = drawn(4, 1)
    faces.images[1] = 90
    assert np.array_equal(with_a_face(faces).images, faces.images[[0, 2, 3]])


def test_real_set_has_the_counts_its_readme_states(shared_path):
    faces = read(shared_path("data", "fer2013"))
    training, public = faces.split("Training"), faces.split("PublicTest")
    assert np.bincount(training.labels).tolist() == [3995, 436, 4097, 7215, 4830, 3171, 4965]
    assert np.bincount(public.labels).tolist() == [467, 56, 496, 895, 653, 415, 607]
    assert with_a_face(without_leaks(training, public)).digest() == LEARNT
