"""Whether a share changed, or only wavered."""

import numpy as np
import pandas as pd
import pytest
from corpora import monthly

import analysis as an


def test_a_change_is_found_where_it_was_planted():
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.random(22) * 0.4, 0.5 + rng.random(21) * 0.4])
    row = an.outlet_changes(*monthly(values)).iloc[0]
    assert (row["period"], row["verdict"]) == ("2016-06", "change")
    assert row["after"] - row["before"] == pytest.approx(row["difference"])


def test_noise_is_seldom_called_a_change():
    # A hundred labels without a change, each tested alone: p below .05 in about five.
    rng = np.random.default_rng(2)
    values = np.where(rng.random((52, 100)) < 0.5, 0.0, rng.random((52, 100)))
    shares, articles = monthly(np.zeros(52))
    shares = pd.DataFrame(values, index=shares.index)
    changes = an.outlet_changes(shares, articles, how=an.Inference(relabelings=199))
    assert (changes["p"] < 0.05).mean() <= 0.09
    assert (changes["verdict"] == "change").sum() <= 1


def test_few_stories_show_no_change():
    row = an.outlet_changes(*monthly([0.0, 0.0, 1.0, 1.0])).iloc[0]
    assert (row["verdict"], row["note"], row["period"]) == ("too little data", "too few stories: no test", "")
