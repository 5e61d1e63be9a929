"""What the benchmark grows and plants is what it says, and the default engine finds what is planted."""

import numpy as np
import pytest

import analysis as an
from benchmarks.topics import K, enlarged, planted, recovered
from tests.topics.corpora import blocks


def test_made_articles_are_as_long_as_their_sources_and_mostly_theirs():
    counts, _, _ = blocks()
    more = enlarged(counts, 4)
    assert more.docs.is_unique
    lengths = counts.matrix.sum(axis=1)
    np.testing.assert_array_equal(more.matrix.sum(axis=1), np.tile(lengths, 4))
    np.testing.assert_array_equal(more.matrix[:150].toarray(), counts.matrix.toarray())
    own = more.matrix[150:300].multiply(counts.matrix > 0).sum() / lengths.sum()
    assert 0.8 < own < 0.95


@pytest.mark.parametrize(("zipf", "least"), [(False, 0.97), (True, 0.9)])
def test_the_default_engine_finds_what_is_planted(zipf, least):
    counts, words = planted(7, mixing=0.1, length=100, zipf=zipf)
    assert recovered(an.fit_topics(counts, K), words) > least
