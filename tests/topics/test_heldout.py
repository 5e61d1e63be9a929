"""Held-out perplexity, derived by hand."""

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.text.terms import Counts
from analysis.topics.engines import hold_out
from analysis.topics.fit import Topics
from tests.data import refused
from tests.topics.corpora import K, blocks, counts_of, topics_of

TERMS = ("gas", "oil", "army", "navy")


def test_topics_alike_leave_the_choice_among_all_words():
    alike = topics_of([[0.25] * 4] * 2, TERMS)
    assert alike.perplexity(counts_of([[3, 1, 0, 2], [0, 0, 9, 9]], TERMS)) == pytest.approx(4)


def test_one_word_read_one_scored_by_hand():
    # The word read gives its topic 1.5 of 2, so the other, the same word, is likely by 3/4 · 1/2 + 1/4 · 0.
    apart = topics_of([[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]], TERMS)
    assert apart.perplexity(counts_of([[2, 0, 0, 0], [0, 0, 0, 2]], TERMS)) == pytest.approx(8 / 3, rel=1e-5)


def test_a_word_that_no_topic_says_is_impossible():
    assert topics_of([[1, 0, 0, 0], [1, 0, 0, 0]], TERMS).perplexity(counts_of([[0, 9, 0, 0]], TERMS)) == np.inf


def test_order_of_rows_and_columns_changes_nothing_and_the_seed_does():
    counts, _, _ = blocks()
    topics = an.fit_topics(counts, K)
    order, columns = np.random.default_rng(0).permutation(150), np.arange(60)[::-1]
    turned = Counts(counts.matrix[order][:, columns], counts.docs, counts.terms[columns])
    found = topics.perplexity(counts)
    assert topics.perplexity(turned) == found
    assert topics.perplexity(counts, seed=1) != found


def test_planted_topics_predict_best():
    counts, words, shares = blocks()
    fitted, held = hold_out(counts)
    own = Topics(pd.DataFrame(words, columns=counts.terms), pd.DataFrame(shares))
    found = {k: an.fit_topics(fitted, k).perplexity(held) for k in (2, K)}
    assert own.perplexity(held) < found[K] < found[2] < len(counts.terms)


def test_no_document_of_two_words():
    message = (
        "counts: no document has two words of these topics (4 terms). "
        "Hold out documents of the same collection, counted together with the fitted ones."
    )
    with refused(message):
        topics_of([[0.25] * 4] * 2, TERMS).perplexity(counts_of([[1, 0, 0, 0], [0, 0, 0, 0]], TERMS))


def test_what_is_held_out_is_drawn_once_and_reprints_stay_together():
    counts, _, _ = blocks()
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
