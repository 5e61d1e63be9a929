"""What outlets select and how they frame what both tell."""

import numpy as np
import pandas as pd
import pytest
from outlets import corpus
from scipy import stats

import analysis as an
from analysis.compare.events import signs_p


def told_by_day(days):
    """Shares and articles of outlets A and B from {day: (shares of A, shares of B)}."""
    rows = [(o, f"2016-05-{day:02}", s) for day, both in days.items() for o, told in zip("AB", both, strict=True)
            for s in told]  # fmt: skip
    shares, articles = corpus([(o, str(at)) for at, (o, _, _) in enumerate(rows)], x=[row[2] for row in rows])
    return shares, articles.assign(date=pd.to_datetime([row[1] for row in rows]))


def test_selection_and_framing_add_up_by_hand():
    # Shared: day 1 (A .8 .6 → .7, B .5), day 2 (A .4, B .2). Day 3 A alone, 0. Day 4 B alone, .9.
    # A .45, B .5333; A's shared weights ⅔ ⅓, B's ½ ½: framing .2 · (⅔ + ½)/2 + .2 · (⅓ + ½)/2 = .2.
    given = told_by_day({1: ([0.8, 0.6], [0.5]), 2: ([0.4], [0.2]), 3: ([0.0], []), 4: ([], [0.9])})
    row = an.outlet_differences(*given, split="day").iloc[0]
    assert (row["n_events"], row["n_shared"], row["note"]) == (4, 2, "on 2 shared events")
    assert row["difference"] == pytest.approx(0.45 - 1.6 / 3)
    assert row["framing"] == pytest.approx(0.2)
    assert row["selection"] == pytest.approx(row["difference"] - 0.2)
    assert row["p"] == pytest.approx(0.5)  # of four ways to exchange two days, two


def test_what_outlets_select_is_not_taken_for_framing():
    # On each of ten days both tell alike; A has ten days of its own, full of the frame.
    alike = {day: ([0.2], [0.2]) for day in range(1, 11)} | {day: ([1.0], []) for day in range(11, 21)}
    row = an.outlet_differences(*told_by_day(alike), split="day").iloc[0]
    assert row[["difference", "selection", "framing", "p"]].tolist() == pytest.approx([0.4, 0.4, 0.0, 1.0])


def test_without_shared_events_nothing_is_split():
    given = told_by_day({1: ([0.8, 0.6], []), 2: ([], [0.2, 0.3])})
    row = an.outlet_differences(*given, split="day").iloc[0]
    assert row["note"] == "fewer than two shared events"
    assert row[["framing", "selection", "p", "q"]].isna().all()
    assert an.outlet_differences(*given, split="day")["p"].isna().all()


def test_a_story_belongs_to_the_day_it_first_ran():
    shares, articles = corpus([("A", "s"), ("B", "s"), ("A", "t"), ("B", "t")], x=[0.1, 0.3, 0.2, 0.4])
    articles["date"] = pd.to_datetime(["2016-05-01", "2016-05-03", "2016-06-01", None])
    by_day, by_story = (an.outlet_differences(shares, articles, split=event) for event in ("day", "story"))
    assert by_day["n_shared"][0] == 2
    pd.testing.assert_frame_equal(by_day, by_story)


def test_undated_stories_are_shared_by_none():
    given = told_by_day({1: ([0.8], [0.6]), 2: ([0.1], [0.2])})
    undated = given[1].assign(date=pd.NaT)
    assert an.outlet_differences(given[0], undated, split="day")["n_shared"].tolist() == [0]


def test_exchange_of_outlets_is_scipys_exact_sign_test():
    rng = np.random.default_rng(2)
    terms = rng.normal(0.2, 0.5, (9, 1))
    theirs = stats.permutation_test(
        (terms[:, 0],), np.sum, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    )
    assert signs_p(terms, an.Inference(relabelings=1000))[0] == pytest.approx(theirs.pvalue)
