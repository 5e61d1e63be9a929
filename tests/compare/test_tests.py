import numpy as np
import pandas as pd
import pytest
from scipy import stats

import analysis as an
from analysis.compare.relabel import permutation_p

COLUMNS = ["label", "outlet", "other", "difference", "low", "high", "p", "q", "note"]


def table(values, names):
    return pd.DataFrame({"x": values}, index=list(names), dtype=float)


def p(first, second, relabelings=10_000):
    return permutation_p(first, second, relabelings=relabelings, seed=0)[0]


def corpus(**outlets):
    """Shares and articles from outlet={story: share}."""
    rows = [(outlet, story, share) for outlet, told in outlets.items() for story, share in told.items()]
    articles = pd.DataFrame([row[:2] for row in rows], columns=["outlet", "story_id"])
    articles["doc_id"] = [f"d{i:03}" for i in range(len(rows))]
    return pd.DataFrame({"x": [row[2] for row in rows]}, index=list(articles["doc_id"])), articles


def test_pytest_does_not_take_it_for_a_test():
    assert an.test_outlets.__test__ is False


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


def test_random_relabelings_come_near_the_exact_p():
    rng = np.random.default_rng(5)
    first, second = table(rng.random(9), "abcdefghi"), table(rng.random(9) * 0.7, "ghijklmno")
    assert p(first, second, relabelings=7_000) == pytest.approx(p(first, second), abs=0.02)


def test_random_p_counts_the_observed_labels():
    # Twenty at 1 against twenty at 0: no random deal is as far apart, so p = (0 + 1) / (99 + 1).
    names = [f"s{i}" for i in range(40)]
    first, second = table([1.0, 0.9] * 10, names[:20]), table([0.0, 0.1] * 10, names[20:])
    assert p(first, second, relabelings=99) == pytest.approx(0.01)


def test_differences_are_of_story_means_in_a_fixed_order():
    shares, articles = corpus(TASS={"a": 0.2, "b": 0.4}, DW={"c": 0.9, "d": 0.5}, ABC={"e": 0.0, "f": 0.2})
    result = an.test_outlets(shares.assign(y=0.5), articles)
    assert list(result.columns) == COLUMNS
    assert result["label"].tolist() == ["x"] * 3 + ["y"] * 3
    pairs = [["ABC", "DW"], ["ABC", "TASS"], ["DW", "TASS"]]
    assert result[["outlet", "other"]].to_numpy().tolist() == pairs * 2
    assert result["difference"].to_numpy() == pytest.approx([-0.6, -0.2, 0.4, 0, 0, 0])


def test_q_is_benjamini_hochbergs():
    shares, articles = corpus(
        A=dict(zip("abcd", [0.9, 1.0, 0.95, 0.92], strict=True)),
        B=dict(zip("efgh", [0.1, 0.0, 0.2, 0.25], strict=True)),
        C=dict(zip("ijkl", [0.15, 0.05, 0.1, 0.3], strict=True)),
    )
    result = an.test_outlets(shares, articles)
    # p is 2/70, 2/70 and that of B and C; q of the two smallest is 2/70 · 3/2.
    assert result["p"].tolist()[:2] == pytest.approx([2 / 70] * 2)
    assert result["q"].tolist() == pytest.approx([3 / 70, 3 / 70, result["p"][2]])


def test_an_outlet_of_one_story_is_not_tested():
    shares, articles = corpus(A={"a": 0.1, "b": 0.4}, B={"c": 0.9}, C={"d": 0.2, "e": 0.3})
    result = an.test_outlets(shares, articles)
    assert result["note"].tolist() == ["one story: no test", "", "one story: no test"]
    assert result[["low", "high", "p", "q"]].isna().all(axis=1).tolist() == [True, False, True]
    assert result["difference"].notna().all()


def test_shared_stories_narrow_the_interval():
    told = {str(i): i / 20 for i in range(20)}
    nearly = {story: share + (0.04 if int(story) % 2 else 0.0) for story, share in told.items()}
    apart = an.test_outlets(*corpus(A=told, B={f"x{story}": share for story, share in nearly.items()}))
    paired = an.test_outlets(*corpus(A=told, B=nearly))
    assert paired["difference"][0] == pytest.approx(apart["difference"][0])
    assert (paired["high"] - paired["low"])[0] < (apart["high"] - apart["low"])[0] / 3
    assert paired["p"][0] < 0.01 < apart["p"][0]


def test_chance_passes_for_a_difference_no_more_often_than_it_says():
    # 200 pairs of outlets with 8 and 16 stories, all drawn alike: p below 0.05 in at most 5%, give or take 4.
    rng = np.random.default_rng(11)
    draws = np.where(rng.random((24, 200)) < 0.5, 0.0, rng.random((24, 200)))
    stories = pd.DataFrame(draws, index=[f"s{i}" for i in range(24)])
    found = permutation_p(stories[:8], stories[8:], relabelings=400, seed=0)
    assert 0.01 <= (found < 0.05).mean() <= 0.09
