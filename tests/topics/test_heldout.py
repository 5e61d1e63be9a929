"""Held-out perplexity, derived by hand."""

import re

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import analysis as an
from analysis.text.terms import Counts
from analysis.topics.fit import Topics
from analysis.topics.heldout import hold_out
from tests.topics.test_fit import K, planted

NAMES = pd.Index(["topic 1", "topic 2"], name="topic")


def counts_of(rows, terms=("gas", "oil", "army", "navy")):
    matrix = sparse.csr_array(np.array(rows))
    return Counts(matrix, pd.Index([f"d{row}" for row in range(len(rows))]), pd.Index(terms))


def topics_of(*words):
    return Topics(pd.DataFrame(words, NAMES, ["gas", "oil", "army", "navy"]), pd.DataFrame(columns=NAMES))


def test_topics_alike_leave_the_choice_among_all_words():
    alike = topics_of([0.25] * 4, [0.25] * 4)
    assert an.heldout_perplexity(alike, counts_of([[3, 1, 0, 2], [0, 0, 9, 9]])) == pytest.approx(4)


def test_one_word_told_one_scored_by_hand():
    # The word told gives its topic 1.5 of 2, so the other, the same word, is likely by 3/4 · 1/2 + 1/4 · 0.
    apart = topics_of([0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5])
    assert an.heldout_perplexity(apart, counts_of([[2, 0, 0, 0], [0, 0, 0, 2]])) == pytest.approx(8 / 3, rel=1e-5)


def test_a_word_that_no_topic_says_is_impossible():
    assert an.heldout_perplexity(topics_of([1, 0, 0, 0], [1, 0, 0, 0]), counts_of([[0, 9, 0, 0]])) == np.inf


def test_order_of_rows_and_columns_changes_nothing_and_the_seed_does():
    counts, _, _ = planted()
    topics = an.fit_topics(counts, K)
    order, columns = np.random.default_rng(0).permutation(150), np.arange(60)[::-1]
    turned = Counts(counts.matrix[order][:, columns], counts.docs, counts.terms[columns])
    found = an.heldout_perplexity(topics, counts)
    assert an.heldout_perplexity(topics, turned) == found
    assert an.heldout_perplexity(topics, counts, seed=1) != found


def test_planted_topics_foretell_best():
    counts, words, shares = planted()
    fitted, held = hold_out(counts)
    own = Topics(pd.DataFrame(words, columns=counts.terms), pd.DataFrame(shares))
    found = {k: an.heldout_perplexity(an.fit_topics(fitted, k), held) for k in (2, K)}
    assert an.heldout_perplexity(own, held) < found[K] < found[2] < len(counts.terms)


def test_no_document_of_two_words():
    message = (
        "counts: no document holds two words that these topics know (4 terms). "
        "Hold out documents of the same collection, counted together with the fitted ones."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        an.heldout_perplexity(topics_of([0.25] * 4, [0.25] * 4), counts_of([[1, 0, 0, 0], [0, 0, 0, 0]]))


def test_what_is_held_out_is_drawn_once_and_reprints_stay_together():
    counts, _, _ = planted()
    fitted, held = hold_out(counts, part=0.3, seed=4)
    assert len(held.docs) == 45
    assert sorted([*fitted.docs, *held.docs]) == counts.docs.tolist()
    np.testing.assert_array_equal(held.matrix.toarray(), counts.matrix[counts.docs.isin(held.docs)].toarray())
    stories = [f"s{row // 3}" for row in range(150)]
    kept = hold_out(counts, groups=stories)[1]
    assert len(kept.docs) == 30
    assert {stories[counts.docs.get_loc(doc)] for doc in kept.docs}.isdisjoint(
        stories[counts.docs.get_loc(doc)] for doc in hold_out(counts, groups=stories)[0].docs
    )
