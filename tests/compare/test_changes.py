"""Whether a share changed, or only wavered."""

import numpy as np
import pandas as pd
import pytest
from outlets import corpus, monthly

import analysis as an


def test_a_change_is_found_where_it_was_planted():
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.random(22) * 0.4, 0.5 + rng.random(21) * 0.4])
    row = an.outlet_changes(*monthly(values)).iloc[0]
    assert (row["period"], row["verdict"]) == ("2016-06", "change")
    assert row["after"] - row["before"] == pytest.approx(row["difference"])


def months(mood, corpora, *, step=0.0, seed=0):
    """Five yes-or-no stories in each of 24 months; `mood` draws the logit of each month, a column a corpus."""
    chance = np.random.default_rng(seed)
    logit = np.log(0.3 / 0.7) + mood(chance, (24, corpora)) + step * (np.arange(24) >= 12)[:, None]
    values = chance.random((120, corpora)) < np.repeat(1 / (1 + np.exp(-logit)), 5, axis=0)
    _, articles = corpus([("DW", str(at)) for at in range(120)])
    articles["date"] = np.repeat(pd.date_range("2016-01-01", periods=24, freq="MS"), 5)
    return pd.DataFrame(values.astype(float), index=articles["doc_id"]), articles


def moody(lag):
    def draw(chance, shape):
        noise = chance.normal(0, 0.8, shape)
        for at in range(1, shape[0]):
            noise[at] = lag * noise[at - 1] + np.sqrt(1 - lag**2) * noise[at]
        return noise

    return draw


MOODS = {"none": lambda _, shape: np.zeros(shape), "monthly": moody(0.0), "some": moody(0.6), "long": moody(0.8)}


@pytest.mark.parametrize("mood", MOODS)
def test_a_news_cycle_is_seldom_called_a_change(mood):
    # Stories dealt at random to months: p below .05 in 25 of 100 monthly moods, in 39 of long ones.
    changes = an.outlet_changes(*months(MOODS[mood], 300), how=an.Inference(draws=199))
    assert (changes["p"] < 0.05).mean() <= 0.06
    assert (changes["verdict"] == "change").sum() <= 3


def test_a_lasting_step_is_found_among_monthly_moods():
    changes = an.outlet_changes(*months(MOODS["none"], 100, step=3.0), how=an.Inference(draws=199))
    assert (changes["p"] < 0.05).mean() >= 0.6
    assert changes["period"].between("2016-12", "2017-02").mean() >= 0.9


def test_few_periods_show_no_change():
    row = an.outlet_changes(*monthly([0.0, 0.0, 1.0, 1.0])).iloc[0]
    note = "fewer than 8 periods with stories: no test"
    assert (row["verdict"], row["note"], row["period"]) == ("too little data", note, "")


def test_one_period_apart_from_nothing_is_too_little_for_a_change():
    days = pd.date_range("2017-01-02", periods=16, freq="3D")
    docs = [f"d{at:02}" for at in range(16)]
    articles = pd.DataFrame({"doc_id": docs, "outlet": "BBC", "date": days, "story_id": docs})
    shares = pd.DataFrame({"rapprochement": [0.0] * 15 + [0.1]}, index=docs)
    found = an.outlet_changes(shares, articles, period="week").iloc[0]
    assert pd.isna(found["p"])
    assert found["verdict"] == "too little data"
