"""What a difference is worth: its error and size, equivalence (equal to statsmodels'), verdicts."""

import re

import numpy as np
import pandas as pd
import pytest
from corpora import corpus
from statsmodels.stats.proportion import proportion_effectsize
from statsmodels.stats.weightstats import ttost_ind, ttost_paired

import analysis as an
from analysis.compare.effects import equivalence_p, sampling_errors


def alone(values, prefix):
    table = pd.DataFrame({"x": values}, index=[f"{prefix}{at}" for at in range(len(values))])
    return table, pd.Series(1.0, table.index)


def test_unequal_weights_enter_the_error_as_a_ratio_estimate_does():
    # Weights 3, 1, 2 and shares 1, 0, ½: mean 4/6; n/(n−1) Σ w²(y − m)² / W² = 1.5 · (1 + 4/9 + 1/9) / 36
    table = pd.DataFrame({"x": [1.0, 0.0, 0.5]}, index=list("abc"))
    first = table, pd.Series([3.0, 1.0, 2.0], index=list("abc"))
    error = sampling_errors(first, alone([0.1, 0.2], "z")).first[0]
    assert error**2 == pytest.approx(1.5 * (1 + 4 / 9 + 1 / 9) / 36)


def test_equivalence_of_separate_stories_is_statsmodels_tost():
    rng = np.random.default_rng(0)
    first, second = rng.random(30), rng.random(40)
    errors = sampling_errors(alone(first, "a"), alone(second, "b"))
    ours = equivalence_p(np.array([first.mean() - second.mean()]), errors.difference, errors.degrees, 0.2)
    assert ours[0] == pytest.approx(ttost_ind(first, second, -0.2, 0.2, usevar="unequal")[0])


def test_equivalence_of_shared_stories_is_statsmodels_paired_tost():
    rng = np.random.default_rng(1)
    first, second = rng.random(25), rng.random(25)
    errors = sampling_errors(alone(first, "a"), alone(second, "a"))
    ours = equivalence_p(np.array([first.mean() - second.mean()]), errors.difference, errors.degrees, 0.2)
    assert ours[0] == pytest.approx(ttost_paired(first, second, -0.2, 0.2)[0])


def test_effect_size_is_statsmodels():
    shares, articles = corpus(
        [(o, f"{o}{at}") for o in ("DW", "TASS") for at in range(4)], x=[0.6] * 4 + [0.2] * 4
    )
    row = an.test_outlets(shares, articles, margin=0.05).iloc[0]
    assert row["h"] == pytest.approx(proportion_effectsize(0.6, 0.2))
    assert row["ratio"] == pytest.approx(3)


def test_verdicts_tell_no_difference_from_too_little_data():
    rng = np.random.default_rng(5)
    sizes = {"A": 400, "B": 400, "C": 5, "D": 1}
    rows = [(o, f"{o}{at}") for o, n in sizes.items() for at in range(n)]
    values = np.concatenate([rng.random(400) * 0.4, rng.random(400) * 0.4, [0.1, 0.3, 0.2, 0.3, 0.1], [0.2]])
    table = an.test_outlets(*corpus(rows, x=values), margin=0.05)
    verdicts = dict(zip(table["outlet"] + table["other"], table["verdict"], strict=True))
    assert verdicts["AB"] == "no difference larger than .05"
    assert re.fullmatch(r"cannot tell: only differences above \.\d\d would show", verdicts["AC"])
    assert verdicts["AD"] == "cannot tell: one story"


def test_two_stories_each_can_show_nothing():
    # Of six ways to deal four stories p is a third at best.
    row = an.test_outlets(*corpus([("A", "a"), ("A", "b"), ("B", "c"), ("B", "d")], x=[0, 0, 1, 1]), margin=0.05)
    assert row["p"][0] == pytest.approx(1 / 3)
    assert row["smallest"][0] == np.inf
    assert row["verdict"][0] == "cannot tell: too few stories for any difference to show"


def test_stories_that_all_agree_are_no_proof_of_equality():
    rows = [(o, f"{o}{at}") for o in "AB" for at in range(8)]
    table = an.test_outlets(*corpus(rows, x=[0.0] * 16), margin=0.05)
    assert table["p_equivalent"][0] > 0.05


def test_asking_for_verdicts_changes_nothing_else():
    given = corpus([(o, f"{o}{at}") for o in "ABC" for at in range(6)], x=np.arange(18) / 18)
    plain, judged = an.test_outlets(*given), an.test_outlets(*given, margin=0.1)
    pd.testing.assert_frame_equal(plain, judged[plain.columns])
    assert list(judged.columns[9:]) == ["h", "ratio", "p_equivalent", "smallest", "verdict"]
