"""Log-odds with an informative Dirichlet prior, checked by hand and against the symmetry it must have."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

import analysis as an
from analysis.text.terms import Counts
from tests.data import refused

COLUMNS = ["group", "term", "n", "n_others", "log_odds", "z", "q"]


def counts_of(rows, terms="abcdefgh"):
    matrix = sparse.csr_array(np.array(rows))
    return Counts(matrix, pd.Index([f"d{i}" for i in range(len(rows))]), pd.Index(list(terms[: matrix.shape[1]])))


def test_ten_tokens_by_hand():
    # BBC says a four times, b once; TASS says a once, b four times: ten tokens, half of them a.
    # A prior of 10 tokens adds 5 to every count: BBC a 9 of 15, TASS a 6 of 15.
    found = an.distinctive_terms(counts_of([[4, 1], [1, 4]]), ["BBC", "TASS"], prior=10, min_count=1)
    log_odds = math.log(9 / 6) - math.log(6 / 9)
    z = log_odds / math.sqrt(1 / 9 + 1 / 6)
    assert found["group"].tolist() == ["BBC", "BBC", "TASS", "TASS"]
    assert found["term"].tolist() == ["a", "b", "b", "a"]
    np.testing.assert_allclose(found["log_odds"], [log_odds, -log_odds, log_odds, -log_odds])
    np.testing.assert_allclose(found["z"], [z, -z, z, -z])
    np.testing.assert_allclose(found["q"], 2 * stats.norm.sf(z))  # four equal p: correction changes none


def test_the_prior_is_as_strong_as_the_average_group():
    counts = counts_of([[4, 1, 0], [1, 4, 3]])
    given_nothing = an.distinctive_terms(counts, ["BBC", "TASS"])
    pd.testing.assert_frame_equal(given_nothing, an.distinctive_terms(counts, ["BBC", "TASS"], prior=13 / 2))


TABLES = st.lists(st.lists(st.integers(0, 50), min_size=4, max_size=4), min_size=2, max_size=2).filter(
    lambda rows: min(map(sum, rows)) > 0 and (np.sum(rows, axis=0) > 0).sum() > 1
)


@given(TABLES, st.floats(0.1, 1000))
def test_two_groups_mirror_each_other(rows, prior):
    found = an.distinctive_terms(counts_of(rows), ["BBC", "TASS"], prior=prior, min_count=1)
    by_group = found.pivot_table(index="term", columns="group", values=["log_odds", "z", "q"], observed=True)
    np.testing.assert_allclose(by_group["log_odds", "BBC"], -by_group["log_odds", "TASS"], atol=1e-9)
    np.testing.assert_allclose(by_group["z", "BBC"], -by_group["z", "TASS"], atol=1e-9)
    np.testing.assert_allclose(by_group["q", "BBC"], by_group["q", "TASS"])


@given(TABLES)
def test_documents_of_a_group_add_up(rows):
    apart = an.distinctive_terms(counts_of([*rows, *rows]), ["BBC", "TASS", "BBC", "TASS"])
    together = an.distinctive_terms(counts_of((2 * np.array(rows)).tolist()), ["BBC", "TASS"])
    pd.testing.assert_frame_equal(apart, together)


def test_words_used_alike_are_not_distinctive():
    found = an.distinctive_terms(counts_of([[10, 20], [30, 60], [20, 40]]), ["BBC", "TASS", "CNN"])
    np.testing.assert_allclose(found["z"], 0, atol=1e-9)
    np.testing.assert_allclose(found["q"], 1)


def test_a_frequent_word_beats_a_rare_one():
    found = an.distinctive_terms(counts_of([[5, 200, 300], [0, 20, 300]]), ["BBC", "TASS"], n=1)
    assert found["term"].tolist() == ["b", "c"]


def test_rare_terms_are_left_out():
    found = an.distinctive_terms(counts_of([[4, 9, 3], [0, 9, 3]]), ["BBC", "TASS"])
    assert sorted(set(found["term"])) == ["b", "c"]
    nothing = an.distinctive_terms(counts_of([[1, 2], [2, 1]]), ["BBC", "TASS"])
    assert nothing.empty
    assert nothing.columns.tolist() == COLUMNS


@pytest.mark.parametrize(
    ("rows", "groups", "settings", "message"),
    [
        (
            [[1, 2], [2, 1]],
            ["BBC", "BBC"],
            {},
            "groups: at least two are needed, to compare one with the others. Found: ['BBC'].",
        ),
        (
            [[1, 2], [0, 0]],
            ["BBC", "TASS"],
            {},
            "groups: the documents of 'TASS' have no term. Leave them out, or lower min_df in count_terms.",
        ),
        ([[1], [2]], ["BBC", "TASS"], {}, "counts: at least two terms are needed. Lower min_df in count_terms."),
        ([[1, 2], [2, 1]], ["BBC", "TASS"], {"prior": 0}, "prior: must be above 0 tokens. Found: 0."),
        (
            [[0.5, 2], [2, 1]],
            ["BBC", "TASS"],
            {},
            "counts: whole numbers of occurrences are needed. Found: 0.5. "
            "Give what count_terms returns, not TF-IDF weights.",
        ),
    ],
)
def test_what_cannot_be_compared(rows, groups, settings, message):
    with refused(message):
        an.distinctive_terms(counts_of(rows), groups, **settings)
