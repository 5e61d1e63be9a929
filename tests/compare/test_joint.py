"""Bounds that hold for all outlets of a label at once."""

import numpy as np
import pytest
from outlets import corpus

import analysis as an


def test_joint_intervals_hold_single_ones_and_stay_below_bonferronis():
    rows = [(o, f"{o}{at}") for o in "ABCDE" for at in range(20)]
    values = np.random.default_rng(3).random(100)
    one = an.compare_outlets(*corpus(rows, x=values))
    joint = an.compare_outlets(*corpus(rows, x=values), simultaneous=True)
    strict = an.compare_outlets(*corpus(rows, x=values), how=an.Inference(level=1 - 0.05 / 5))
    assert ((joint["low"] < one["low"]) & (joint["high"] > one["high"])).all()
    assert (joint["high"] - joint["low"]).mean() == pytest.approx(
        (strict["high"] - strict["low"]).mean(), rel=0.05
    )
    assert joint["note"].eq("bounds hold for all outlets at once").all()


def test_a_single_outlet_needs_no_joint_interval():
    given = corpus([("A", str(at)) for at in range(20)], x=np.arange(20) / 20)
    figures = ["low", "high"]
    joint = an.compare_outlets(*given, simultaneous=True, how=an.Inference(draws=20_000))[figures]
    np.testing.assert_allclose(
        joint, an.compare_outlets(*given, how=an.Inference(draws=20_000))[figures], atol=0.002
    )
