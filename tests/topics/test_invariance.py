"""Topics hang on the texts alone: not on order, names or threads; what is no table of counts is an error."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from threadpoolctl import threadpool_limits

import analysis as an
from analysis.text.terms import Counts
from analysis.topics import engines
from tests.data import refused
from tests.topics.corpora import DOCUMENTS, TERMS, K, blocks, bytes_of

COUNTS = blocks()[0]


@pytest.mark.parametrize("engine", ["nmf-lda", "sklearn", "gensim"])
def test_documents_renamed_and_reordered(engine):
    order = np.random.default_rng(3).permutation(DOCUMENTS)
    renamed = Counts(COUNTS.matrix[order], pd.RangeIndex(DOCUMENTS, name="doc_id"), COUNTS.terms)
    topics, again = an.fit_topics(COUNTS, K, engine=engine), an.fit_topics(renamed, K, engine=engine)
    pd.testing.assert_frame_equal(again.words, topics.words, check_exact=True)
    np.testing.assert_array_equal(again.shares, topics.shares.to_numpy()[order])


@settings(max_examples=15, deadline=None)
@given(rows=st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), min_size=4, max_size=12), data=st.data())
@pytest.mark.filterwarnings("ignore:.* are too (few|short) for .* topics:UserWarning")
def test_any_small_counts_in_any_order(rows, data):
    matrix = np.array([*rows, [1, 2, 0, 0, 0], [0, 0, 1, 2, 3]])
    order = np.array(data.draw(st.permutations(range(len(matrix)))))
    terms = pd.Index(list("abcde"))
    given_, turned = (
        Counts(sparse.csr_array(part), pd.Index([f"d{row}" for row in at]), terms)
        for part, at in ((matrix, range(len(matrix))), (matrix[order], order))
    )
    topics, again = an.fit_topics(given_, 2), an.fit_topics(turned, 2)
    pd.testing.assert_frame_equal(again.words, topics.words, check_exact=True)
    pd.testing.assert_frame_equal(again.shares.loc[topics.shares.index], topics.shares, check_exact=True)
    np.testing.assert_allclose(topics.words.sum(axis=1), 1)
    np.testing.assert_allclose(topics.shares.sum(axis=1), 1)


def test_any_number_of_threads():
    found = []
    for threads in (1, 2, 4):
        with threadpool_limits(threads):
            found.append(bytes_of(an.fit_topics(COUNTS, K)))
    assert len(set(found)) == 1


def test_a_large_corpus_of_few_texts():
    # 300 × 250, so Lanczos' method meets its end after two dimensions of twelve; ten topics have nothing to tell.
    rows = np.zeros((300, 250), dtype=np.int64)
    rows[:200, :150], rows[200:, 100:] = 1, 2
    counts = Counts(
        sparse.csr_array(rows), pd.RangeIndex(300), pd.Index([f"w{column:03}" for column in range(250)])
    )
    topics = an.fit_topics(counts, 12)
    np.testing.assert_allclose(topics.words.sum(axis=1), 1)
    assert bytes_of(an.fit_topics(counts, 12)) == bytes_of(topics)
    assert (topics.words.iloc[0] > 0).all()


def test_both_ways_to_the_singular_vectors_agree(monkeypatch):
    weights = an.tfidf(COUNTS).matrix
    whole = engines._singular(weights, K)
    monkeypatch.setattr(engines, "SMALL", 0)
    for ours, theirs in zip(engines._singular(weights, K), whole, strict=True):
        np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=1e-9)
    turned = engines._singular(weights.T.tocsr(), K)
    np.testing.assert_allclose(np.abs(turned[0]), np.abs(whole[2]), atol=1e-9)


def test_the_last_step_changes_less_than_the_tolerance(monkeypatch):
    topics = an.fit_topics(COUNTS, K)
    monkeypatch.setattr(engines, "TOLERANCE", 0.0)
    onward = an.fit_topics(COUNTS, K)
    assert 0 < np.abs(onward.words.to_numpy() - topics.words.to_numpy()).sum(axis=1).mean() / 2 < 0.05


def with_values(*values):
    matrix = COUNTS.matrix.astype(float)
    matrix.data[: len(values)] = values
    return Counts(matrix, COUNTS.docs, COUNTS.terms)


WEIGHTS = (
    "counts: whole numbers of occurrences are needed. Found: {}. "
    "Give what count_terms returns, not TF-IDF weights."
)


@pytest.mark.parametrize(
    ("counts", "k", "error", "message"),
    [
        (with_values(0.5), K, ValueError, WEIGHTS.format("0.5")),
        (with_values(-2.0), K, ValueError, WEIGHTS.format("-2.0")),
        (with_values(np.nan), K, ValueError, WEIGHTS.format("nan")),
        (with_values(np.inf), K, ValueError, WEIGHTS.format("inf")),
        (COUNTS, True, ValueError, "k: must be a whole number from 2 up. Found: True."),
        (COUNTS, 2.0, ValueError, "k: must be a whole number from 2 up. Found: 2.0."),
        (COUNTS, "2", ValueError, "k: must be a whole number from 2 up. Found: '2'."),
        (COUNTS, 0, ValueError, "k: must be a whole number from 2 up. Found: 0."),
        (
            Counts(COUNTS.matrix[:, :1], COUNTS.docs, COUNTS.terms[:1]),
            2,
            ValueError,
            "k: 2 topics are too many for 106 documents and 1 terms. "
            "Ask for fewer, or count passages instead of articles.",
        ),
        (
            Counts(COUNTS.matrix[:0], COUNTS.docs[:0], COUNTS.terms),
            2,
            ValueError,
            "counts: no term was counted. Lower min_df or raise max_df in count_terms.",
        ),
        (
            Counts(COUNTS.matrix, COUNTS.docs, pd.Index(["gas"] * TERMS)),
            2,
            ValueError,
            "counts: term 'gas' is duplicated. Add the columns of a term up, or give each its own name.",
        ),
    ],
)
def test_what_is_no_table_of_counts(counts, k, error, message):
    with refused(message, error):
        an.fit_topics(counts, k)


def test_a_numpy_number_and_a_dense_or_zero_holding_matrix_are_taken():
    dense = Counts(COUNTS.matrix.toarray(), COUNTS.docs, COUNTS.terms)
    zeros = COUNTS.matrix.tolil().tocsr().astype(float)
    zeros = sparse.csr_array(
        (np.append(zeros.data, 0.0), np.append(zeros.indices, 0), [*zeros.indptr[:-1], zeros.nnz + 1])
    )
    expected = bytes_of(an.fit_topics(COUNTS, K))
    assert bytes_of(an.fit_topics(dense, np.int64(K))) == expected
    assert bytes_of(an.fit_topics(Counts(zeros, COUNTS.docs, COUNTS.terms), K)) == expected
