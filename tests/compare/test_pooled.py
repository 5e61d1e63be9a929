"""Shares drawn towards the mean of all outlets."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outlets import corpus

import analysis as an


def test_small_outlets_are_drawn_to_the_rest():
    rows = [("A", "a")] + [(o, f"{o}{at}") for o in "BCD" for at in range(40)]
    values = [1.0] + [0.0, 0.0, 0.0, 1.0] * 30
    table = an.compare_outlets(*corpus(rows, x=values), pool=True).set_index("outlet")
    assert list(table.columns[-3:]) == ["pooled", "pooled_low", "pooled_high"]
    assert 0.25 < table.loc["A", "pooled"] < 0.5
    assert table.loc["A", ["pooled_low", "pooled_high"]].notna().all()
    assert table.loc["B", "pooled"] == pytest.approx(0.25, abs=0.02)


def test_a_sole_outlet_has_nothing_to_be_drawn_to():
    table = an.compare_outlets(*corpus([("A", "a"), ("A", "b")], x=[0.2, 0.4]), pool=True)
    assert table[["pooled", "pooled_low", "pooled_high"]].isna().all(axis=None)


rows = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("stuvwxyz"), st.floats(0, 1)), min_size=2)


@given(rows)
def test_pooled_shares_lie_between_the_outlets_and_within_their_bounds(rows):
    shares, articles = corpus([row[:2] for row in rows], x=[row[2] for row in rows])
    table = an.compare_outlets(shares, articles, pool=True, how=an.Inference(draws=50))
    if len(table) > 1:
        assert (table["pooled_low"] <= table["pooled"]).all()
        assert (table["pooled_high"] >= table["pooled"]).all()
        assert table["pooled_low"].ge(0).all()
        assert table["pooled_high"].le(1).all()


def test_outlets_that_share_wire_stories_are_not_independent():
    # Six outlets of 30 yes-or-no stories at .1, 15 of them the same wire stories: 85 of 100 if independent.
    rows = [(f"o{o}", f"w{at}") for o in range(6) for at in range(15)]
    rows += [(f"o{o}", f"{o}-{at}") for o in range(6) for at in range(15)]
    _, articles = corpus(rows)
    code = pd.factorize(articles["story_id"])[0]
    values = (np.random.default_rng(1).random((code.max() + 1, 40)) < 0.1)[code].astype(float)
    shares = pd.DataFrame(values, index=articles["doc_id"])
    table = an.compare_outlets(shares, articles, pool=True, how=an.Inference(draws=100))
    assert (table["pooled_low"].le(0.1) & table["pooled_high"].ge(0.1)).mean() >= 0.93
    assert (table["pooled_high"] - table["pooled_low"]).mean() < 0.85 * (table["high"] - table["low"]).mean()
