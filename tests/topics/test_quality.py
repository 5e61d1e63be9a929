"""Coherence, exclusivity and effective documents, derived by hand."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import analysis as an
from analysis.text.terms import Counts
from analysis.topics.fit import Topics

NAMES = pd.Index(["topic 1", "topic 2"], name="topic")


def counts_of(rows, terms):
    matrix = sparse.csr_array(np.array(rows))
    return Counts(matrix, pd.Index([f"d{i}" for i in range(len(rows))]), pd.Index(terms))


def topics_of(words, terms, shares=((1.0, 0.0), (1.0, 0.0), (0.5, 0.5), (0.5, 0.5))):
    return Topics(pd.DataFrame(words, NAMES, terms), pd.DataFrame(shares, columns=NAMES))


def test_quality_by_hand():
    # gas is in 3 of 4 documents, oil in 2, both in 2: log((2/4) / (3/4 · 2/4)) / log(4/2). army meets neither.
    counts = counts_of([[3, 1, 0], [1, 1, 0], [2, 0, 0], [0, 0, 5]], ["gas", "oil", "army"])
    gas_oil = math.log(4 / 3) / math.log(2)
    found = an.topic_quality(topics_of([[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]], ["gas", "oil", "army"]), counts)
    expected = pd.DataFrame(
        {
            "topic": ["topic 1", "topic 2"],
            "share": [0.75, 0.25],
            "coherence": [(gas_oil - 2) / 3] * 2,
            "exclusivity": [(2 / 3 + 2 / 3 + 0) / 3, (1 / 3 + 1 / 3 + 1) / 3],
            "documents": [3**2 / 2.5, 1**2 / 0.5],
        }
    )
    pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize(
    ("rows", "coherence"),
    [
        ([[1, 1], [1, 1], [0, 0], [0, 0]], 1.0),
        ([[1, 1], [1, 1]], 1.0),
        ([[1, 0], [0, 1]], -1.0),
        ([[1, 1], [1, 0], [0, 1], [0, 0]], 0.0),
    ],
    ids=["always together", "in every document", "never together", "as often as by chance"],
)
def test_coherence_at_its_limits(rows, coherence):
    found = an.topic_quality(topics_of([[0.5, 0.5], [0.5, 0.5]], ["gas", "oil"]), counts_of(rows, ["gas", "oil"]))
    np.testing.assert_allclose(found["coherence"], coherence, atol=1e-12)


def test_only_ten_words_are_judged():
    # Ten words that always meet, and an eleventh, less likely, that never joins them.
    terms = [f"w{i:02}" for i in range(11)]
    counts = counts_of([[1] * 10 + [0]] * 3 + [[0] * 10 + [1]], terms)
    found = an.topic_quality(topics_of([[0.099] * 10 + [0.01]] * 2, terms), counts)
    np.testing.assert_allclose(found["coherence"], 1)


def test_counts_of_other_terms():
    message = (
        "counts: no column for ['oil']. Give the counts that the topics were fitted to, "
        "or counts of other documents with the same terms."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        an.topic_quality(topics_of([[0.5, 0.5]] * 2, ["gas", "oil"]), counts_of([[1, 1]], ["gas", "army"]))
