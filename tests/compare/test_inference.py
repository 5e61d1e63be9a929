"""The settings of estimates and tests: refused when made, not when used."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from analysis.compare.inference import Inference
from tests.data import refused

SPOILT = [
    ({"level": 95}, "Inference: level must lie between 0 and 1. Found: 95. Write 0.95 for 95 %."),
    ({"draws": 0}, "Inference, draws: must be a whole number from 1 up. Found: 0."),
    ({"draws": 10.5}, "Inference, draws: must be a whole number from 1 up. Found: 10.5."),
    ({"relabelings": True}, "Inference, relabelings: must be a whole number from 1 up. Found: True."),
    ({"seed": -1}, "Inference, seed: must be a whole number from 0 up. Found: -1."),
    ({"reprints": "all"}, "Inference, reprints: 'all' is not a choice. Use one of: weighted, original."),
]


@pytest.mark.parametrize(("options", "message"), SPOILT)
def test_a_setting_out_of_range_is_refused(options, message):
    with refused(message):
        Inference(**options)


def test_numpys_numbers_are_numbers():
    assert Inference(draws=np.int64(10), seed=np.int64(0)).draws == 10


def test_it_cannot_be_changed_afterwards():
    with pytest.raises(FrozenInstanceError):
        Inference().seed = 1
