"""p of two outlets from dealing their stories anew: exact where that can be counted."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.compare.inference import Inference
from analysis.compare.permutation import permutation_p


def table(values, names):
    return pd.DataFrame({"x": values}, index=list(names), dtype=float)


def p(first, second, relabelings=10_000):
    sides = [side if isinstance(side, tuple) else (side, pd.Series(1.0, side.index)) for side in (first, second)]
    return permutation_p(*sides, Inference(relabelings=relabelings))[0]


EXACT = [
    # Four from 0.9 up against four below 0.3: of 70 ways, only this and its mirror are as far apart.
    (table([0.9, 1.0, 0.95, 0.92], "abcd"), table([0.1, 0.0, 0.2, 0.25], "efgh"), 2 / 70),
    # Five shared stories, the first outlet higher in each: of 32 swaps, none and all.
    (table([0.5, 0.6, 0.7, 0.8, 0.9], "abcde"), table([0.4, 0.4, 0.6, 0.6, 0.7], "abcde"), 2 / 32),
    # One story each alone and two shared, the first outlet higher in all: 2 · 2² ways, this and its mirror.
    (table([1.0, 0.9, 0.8], "abc"), table([0.2, 0.1, 0.0], "bcd"), 2 / 8),
    # Nothing differs: every relabeling is as far apart.
    (table([0.5, 0.5], "ab"), table([0.5, 0.5], "cd"), 1.0),
]


@pytest.mark.parametrize(("first", "second", "expected"), EXACT)
def test_few_relabelings_are_counted_exactly(first, second, expected):
    assert p(first, second) == pytest.approx(expected)
    assert p(second, first) == pytest.approx(expected)


def test_agrees_with_scipys_exact_test_of_separate_stories():
    rng = np.random.default_rng(3)
    first, second = rng.random(6), rng.random(5) ** 2

    def welch(a, b, axis):
        return np.abs(stats.ttest_ind(a, b, axis=axis, equal_var=False).statistic)

    theirs = stats.permutation_test((first, second), welch, alternative="greater", n_resamples=np.inf)
    assert p(table(first, "abcdef"), table(second, "ghijk")) == pytest.approx(theirs.pvalue)


def test_agrees_with_scipys_exact_test_of_shared_stories():
    rng = np.random.default_rng(4)
    first, second = rng.random(8), rng.random(8)

    def paired(a, b, axis):
        return np.abs(stats.ttest_rel(a, b, axis=axis).statistic)

    theirs = stats.permutation_test(
        (first, second), paired, permutation_type="samples", alternative="greater", n_resamples=np.inf
    )
    assert p(table(first, "abcdefgh"), table(second, "abcdefgh")) == pytest.approx(theirs.pvalue)


def test_weighted_relabeling_agrees_with_scipys():
    rng = np.random.default_rng(8)
    values, weights = rng.random(8), rng.integers(1, 5, 8).astype(float)
    rows = np.column_stack([values, weights])

    def linearised(first, second):
        means, spread = [], 0.0
        for side in (first, second):
            y, w = side[:, 0], side[:, 1]
            means.append(np.average(y, weights=w))
            spread += len(y) / (len(y) - 1) * (w**2 * (y - means[-1]) ** 2).sum() / w.sum() ** 2
        return abs(means[0] - means[1]) / np.sqrt(spread)

    every = []
    for chosen in combinations(range(8), 4):
        mask = np.isin(np.arange(8), chosen)
        every.append(linearised(rows[mask], rows[~mask]))
    expected = np.mean(np.array(every) >= every[0] * (1 - 1e-9))
    names = [f"s{at}" for at in range(8)]
    sides = [
        (pd.DataFrame({"x": values[part]}, index=names[part]), pd.Series(weights[part], index=names[part]))
        for part in (slice(0, 4), slice(4, 8))
    ]
    assert permutation_p(*sides, Inference(relabelings=1000))[0] == pytest.approx(expected)


def test_random_relabelings_come_near_the_exact_p():
    rng = np.random.default_rng(5)
    first, second = table(rng.random(9), "abcdefghi"), table(rng.random(9) * 0.7, "ghijklmno")
    assert p(first, second, relabelings=7_000) == pytest.approx(p(first, second), abs=0.02)


def test_random_p_counts_the_observed_labels():
    # Twenty at 1 against twenty at 0: no random deal is as far apart, so p = (0 + 1) / (99 + 1).
    names = [f"s{i}" for i in range(40)]
    first, second = table([1.0, 0.9] * 10, names[:20]), table([0.0, 0.1] * 10, names[20:])
    assert p(first, second, relabelings=99) == pytest.approx(0.01)


def test_chance_passes_for_a_difference_no_more_often_than_it_says():
    # 200 pairs of outlets with 8 and 16 stories, all drawn alike: p below 0.05 in at most 5%, give or take 4.
    rng = np.random.default_rng(11)
    draws = np.where(rng.random((24, 200)) < 0.5, 0.0, rng.random((24, 200)))
    stories = pd.DataFrame(draws, index=[f"s{i}" for i in range(24)])
    sides = [(part, pd.Series(1.0, part.index)) for part in (stories[:8], stories[8:])]
    found = permutation_p(*sides, Inference(relabelings=400))
    assert 0.01 <= (found < 0.05).mean() <= 0.09
