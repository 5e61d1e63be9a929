"""Shares by month."""

import numpy as np
import pandas as pd
import pytest
from outlets import corpus, monthly

import analysis as an
from tests.data import refused


def test_months_hold_what_compare_outlets_finds_in_them():
    shares, articles = monthly(np.random.default_rng(0).random(20))
    trend = an.compare_outlets(shares, articles, "month")
    assert trend["period"].tolist() == ["2016-01", "2016-02", "2016-03", "2016-04", "2016-05"]
    march = articles[articles["date"].dt.month == 3]
    alone = an.compare_outlets(shares.loc[march["doc_id"]], march, how=an.Inference(draws=20_000)).iloc[0]
    row = trend.iloc[2]
    assert row["share"] == pytest.approx(alone["share"])
    assert row[["low", "high"]].tolist() == pytest.approx(alone[["low", "high"]].tolist(), abs=0.02)


def test_a_month_without_stories_has_a_row_without_a_share():
    shares, articles = corpus([("A", "a"), ("B", "b")], x=[0.2, 0.4])
    trend = an.compare_outlets(shares, articles.assign(date=pd.to_datetime(["2016-01-01", "2016-03-01"])), "month")
    assert trend["n_stories"].tolist() == [1, 0, 0, 0, 0, 1]
    assert trend["share"].isna().tolist() == [False, True, True, True, True, False]
    assert trend["note"].tolist()[1] == "no story"


@pytest.mark.parametrize("follow", [an.compare_outlets, an.outlet_changes])
def test_time_needs_a_known_period(follow):
    with refused("period: 'decade' is not a period. Use one of: day, week, month, quarter, year, D, W, M, Q, Y."):
        follow(*monthly([0.1, 0.2]), period="decade")
