"""What small functions give, derived by hand: numbers as they are printed, figures behind intervals and tests."""

import numpy as np
import pandas as pd
import pytest

from analysis import arrays, draws, numbers, shell
from analysis.compare import effects, estimates, events, intervals, observations
from analysis.compare.correction import estimators
from analysis.compare.correction.shares import corrected_differences
from analysis.compare.inference import Inference
from analysis.compare.robustness import curve, measures
from analysis.topics import intrusion
from analysis.topics.fit import Topics
from analysis.topics.packages import Packages

nan = float("nan")

WORDS = [
    (numbers.percent(0.413), "41\xa0%"),
    (numbers.percent(0.004), "<1\xa0%"),
    (numbers.with_interval(0.413, 0.3, 0.524), "41\xa0% [30, 52]"),
    (numbers.with_interval(1, nan, nan), "100\xa0%"),
    (numbers.figure(-0.18), "−18"),
    (numbers.figure(0.0042), "0.4"),
    (numbers.figure(0.05, sign=True), "+5"),
    (numbers.figure(-0.0000001), "0"),
    (numbers.points(-0.123, -0.2, 0.004), "−12 [−20, +0.4]"),
    (numbers.points(0.05), "+5"),
    (numbers.in_points(0.213), "21 points"),
    (numbers.in_points(0.0042), "0.4 points"),
    (numbers.in_points(-0.01), "−1 point"),
    (numbers.chance(0.0123), ".012"),
    (numbers.chance(0.00004), "< .001"),
    (numbers.chance(nan), "–"),
    (numbers.as_printed(0.57), ".57"),
    (numbers.as_printed(1.0), "1.00"),
    (numbers.as_printed(-0.95), "−.95"),
    (numbers.counted(1, "story"), "1 story"),
    (numbers.counted(1200, "story"), "1,200 stories"),
    (numbers.counted(2, "passage"), "2 passages"),
    (numbers.joined_notes("one story: no interval", "", "no story_id"), "one story: no interval; no story_id"),
    (numbers.listed(["AP", "BBC", "DW"]), "AP, BBC and DW"),
    (shell.examples("init"), "\b\nExamples\n  framing init my-study"),
    (
        shell.in_shell_words("a.csv: column 'outlet' is missing. Name it, as in columns={'outlet': 'Source'}."),
        "a.csv: column 'outlet' is missing. Name it, as in --column outlet=Source.",
    ),
    (
        shell.in_shell_words("passages: 3 are in Russian. Leave them out (passages[here])."),
        "passages: 3 are in Russian. Leave them out.",
    ),
    (shell.printable("\x1b]0;title"), "⟨U+001B⟩]0;title"),
    (
        observations.unlike_languages({"TASS": ["ru"], "CNN": ["en"]}, "TASS", "CNN"),
        f"TASS is in Russian, CNN in English: {observations.UNLIKE}",
    ),
    (observations.period_name(556, "M"), "2016-05"),
    (observations.period_name(2418, "W"), "2016-04-25"),
    (
        measures.grid({"unit": ["sentence", "article"], "k": [5]}),
        [{"unit": "sentence", "k": 5}, {"unit": "article", "k": 5}],
    ),
]


@pytest.mark.parametrize(("found", "expected"), WORDS)
def test_words(found, expected):
    assert found == expected


ONE = np.array([0.5])
DRAWS = np.random.default_rng(0).random((20_000, 2, 1))
STORIES = pd.MultiIndex.from_tuples([("DW", "a"), ("DW", "b"), ("TASS", "a")], names=["outlet", "story"])
POOLED = intervals.pooled_shares(
    np.array([[1.0], [0.33], [0.25]]), np.array([[0.0], [0.05], [0.05]]), np.array([[3.0], [90.0], [80.0]]),
    np.ones((3, 1)), (np.full((3, 1), nan), np.full((3, 1), nan)), level=0.95,
)  # fmt: skip
DAYS = pd.MultiIndex.from_product([["DW"], list("abcd")], names=["outlet", "story"])
TWO_DAYS = estimates.resemblance(
    observations.Stories(
        pd.DataFrame({"x": [0.0, 0.1, 0.9, 1.0]}, DAYS),
        pd.DataFrame({"articles": 1, "stories": 1, "weight": 1.0}, DAYS), "story_id",
    ),
    pd.Series(["mon", "mon", "tue", "tue"], DAYS),
)  # fmt: skip
SERIES = next(draws.autoregressive(200, 50, lag=0.8, part=1.0, seed=0))

FIGURES = {
    "sums by group": (arrays.sums(np.array([[1.0], [2.0], [4.0]]), np.array([0, 2, 0]), 3).ravel(), [5, 0, 2]),
    "every unit as often as drawn": (
        next(draws.resamples(3, 2, seed=0, kind="efron")),
        [[1, 1, 1], [0, 0, 3]],
    ),
    "three units, always three": (draws.resampled_sums(np.ones((3, 1)), 2, seed=0, kind="efron"), [[3], [3]]),
    ".1 times the root of 2": (draws.standard_errors(np.array([[0.1], [0.3]]), 3), [0.1414]),
    "all signs": (np.concatenate(list(draws.signs(2, 10, seed=0))), [[1, 1], [1, -1], [-1, 1], [-1, -1]]),
    "the lag": (np.round(np.corrcoef(SERIES[1:].ravel(), SERIES[:-1].ravel())[0, 1], 1), 0.8),
    "Holm": (effects.over_all(np.array([0.01, nan, 0.04])), [0.02, nan, 0.04]),
    "Cohen's h": (effects.cohens_h(np.array([0.5, 1.0]), np.array([0.25, 0.0])), [0.5236, 3.1416]),
    "one of ten stories carries the label": (
        intervals.share_interval(np.array([0.1]), np.array([0.9]), np.array([10.0]), 0.95),
        [[0.0025], [0.4450]],
    ),
    "shares of resampled stories": (
        intervals.resampled_means(pd.DataFrame({"x": [0.2, 0.6, 0.3]}, STORIES), Inference())
        .mean(axis=0)
        .round(2),
        [[0.4], [0.3]],
    ),
    "a score interval, and one of stories that agree": (
        intervals.score_interval(np.array([0.5, 0.0]), np.array([0.1, 0.0]), np.array([25.0, 25.0]), level=0.95),
        [[0.309, 0.0], [0.691, 0.1372]],
    ),
    "square and add": (
        intervals.difference_interval((ONE, ONE), (ONE - 0.3, ONE - 0.4), (ONE + 0.3, ONE + 0.4), np.array([0.0])),
        [[-0.5], [0.5]],
    ),
    "two that move independently need the root": (
        intervals.joint_levels(DRAWS, DRAWS.std(axis=0), level=0.95).round(3).ravel(),
        [0.975, 0.975],
    ),
    "two that move as one": (
        intervals.joint_levels(DRAWS[:, [0, 0]], DRAWS.std(axis=0), level=0.95).round(3).ravel(),
        [0.95, 0.95],
    ),
    "three of three stories are not a certainty": (
        np.round(np.column_stack(POOLED), 2),
        [[0.57, 0.23, 1.0], [0.33, 0.25, 0.43], [0.27, 0.18, 0.36]],
    ),
    "two days, alike within a day": ([TWO_DAYS.icc[0], TWO_DAYS.design_effect[0, 0]], [0.98773, 1.98773]),
    "of eight ways to sign three, two are as far": (
        events.signs_p(np.array([[0.1], [0.2], [0.3]]), Inference(relabelings=100)),
        [0.25],
    ),
    "Rogan and Gladen": (estimators.true_share(np.array([0.26]), np.array([[14.0, 12, 6, 68]])), [0.2]),
    "of 10 that hold 7 are found, 1 false alarm in 10": (
        estimators.most_likely(np.array([[7.0, 1, 3, 9, 40, 60]]), np.zeros(4)).round(2),
        [0.5],
    ),
    "Wilson": (intrusion.wilson(0.5, 10, 0.95), [0.2366, 0.7634]),
}


@pytest.mark.parametrize(("found", "expected"), FIGURES.values(), ids=FIGURES)
def test_figures(found, expected):
    np.testing.assert_allclose(np.asarray(found), expected, atol=1e-3)


def test_verdicts():
    table = pd.DataFrame({"low": [0.1, 0.01, -0.02, -0.3], "high": [0.3, 0.2, 0.03, 0.2],
                          "q": [0.01, 0.08, 0.9, 0.6], "p_equivalent": [0.9, 0.7, 0.01, 0.6]})  # fmt: skip
    assert effects.verdicts(table, 0.05) == [
        "different",
        "not clear once all comparisons are counted",
        "no difference larger than 5 points",
        "too little data",
    ]


def test_a_story_printed_twice_is_one_row():
    shares = pd.DataFrame({"economy": [0.5, 1.0, 0.0]}, index=["a", "b", "c"])
    articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "outlet": "TASS", "story_id": ["a", "a", "c"]})
    stories = observations.story_shares(shares, articles)
    assert stories.means["economy"].to_dict() == {("TASS", "a"): 0.75, ("TASS", "c"): 0.0}
    assert stories.numbers["articles"].tolist() == [2, 1]


def test_the_first_period_of_a_story():
    articles = pd.DataFrame({"doc_id": list("abc"), "date": pd.to_datetime(["2016-05-03", "2016-04-30", None])})
    found = observations.first_periods(articles, pd.Series(["s", "s", "t"]), "month")
    assert found.astype("str").to_dict() == {"s": "2016-04"}


def test_the_choice_that_moves_all_has_all_of_the_variance():
    table = pd.DataFrame({"unit": ["sentence", "window"] * 2, "k": [5, 5, 9, 9],
                          "difference": [0.3, 0.1, 0.3, 0.1], "same_sign": True, "clear": False})  # fmt: skip
    found = curve.choice_effects(table)
    assert found[["choice", "option", "n", "variance"]].to_numpy().tolist() == [
        ["unit", "sentence", 2, 1.0], ["unit", "window", 2, 1.0], ["k", "5", 2, 0.0], ["k", "9", 2, 0.0],
    ]  # fmt: skip


def test_the_share_of_a_package_is_that_of_its_topics():
    shares = pd.DataFrame([[0.5, 0.3, 0.2]], ["a"], ["topic 1", "topic 2", "topic 3"])
    table = pd.DataFrame({"label": ["topic 1", "topic 2", "topic 3"], "package": ["x", "y", "x"]})
    found = Packages(table, 0.3, 1.0, 2.0, 50).shares(Topics(pd.DataFrame(), shares))
    assert found.round(9).to_dict("index") == {"a": {"x": 0.7, "y": 0.3}}


def test_a_difference_of_corrected_shares_beside_the_naive_one():
    shares = pd.DataFrame({"outlet": ["A", "B"], "label": "war", "share": [0.5, 0.2], "low": [0.4, 0.15],
                           "high": [0.6, 0.3], "corrected": [0.4, 0.35], "corrected_low": [0.3, 0.2],
                           "corrected_high": [0.5, 0.45]})  # fmt: skip
    found = corrected_differences(shares)[["difference", "low", "high", "naive"]]
    assert found.round(2).to_numpy().tolist() == [[0.05, -0.09, 0.23, 0.3]]
