"""New documents get shares of topics that stay as they are; other packages' models go there and back."""

import re
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.decomposition import LatentDirichletAllocation

import analysis as an
from analysis.text.terms import Counts
from analysis.topics.exchange import from_gensim, from_sklearn, to_gensim, to_pyldavis, to_sklearn
from tests.data import refused
from tests.topics.corpora import K, blocks, bytes_of, topics_of

APART = topics_of([[0.5, 0.5, 0], [0, 0, 1]], ["gas", "oil", "army"])


@pytest.fixture(scope="module")
def counts():
    return blocks()[0]


@pytest.fixture(scope="module")
def topics(counts):
    return an.fit_topics(counts, K)


def counted(*texts):
    return an.count_terms(an.tokenize(list(texts)))


def test_topics_that_share_no_word_by_hand():
    # Two words of topic 1, one of topic 2, and a prior of a half each: 2.5 and 1.5 of 4.
    found = APART.transform(counted("gas oil army"))
    np.testing.assert_allclose(found.shares.to_numpy(), [[2.5 / 4, 1.5 / 4]], rtol=1e-6)


def test_fitted_documents_get_their_shares_to_the_byte(counts, topics):
    pd.testing.assert_frame_equal(topics.transform(counts).shares, topics.shares, check_exact=True)


def test_a_document_s_shares_depend_on_no_other(counts, topics):
    rows, columns = [7, 3], np.random.default_rng(0).permutation(len(counts.terms))
    some = Counts(counts.matrix[rows][:, columns], counts.docs[rows], counts.terms[columns])
    pd.testing.assert_frame_equal(topics.transform(some).shares, topics.shares.iloc[rows], check_exact=True)


def test_unknown_words_are_ignored_and_counted():
    found = APART.transform(counted("gas drone gas oil", "army", "drone submarine"))
    assert found.shares.index.tolist() == [0, 1]
    assert (found.left_out, found.unknown_terms, found.unknown_words) == ((2,), 2, 3)
    known = APART.transform(counted("gas gas oil"))
    pd.testing.assert_frame_equal(found.shares.iloc[:1], known.shares, check_exact=True)


def test_mostly_unknown_words_are_a_warning():
    message = (
        "3 of 4 words are unknown to these topics: the shares describe the others only. "
        "Count the new documents as the fitted ones were counted, or fit topics to both."
    )
    with pytest.warns(UserWarning, match=f"^{re.escape(message)}$") as caught:
        APART.transform(counted("gas drone drone submarine"))
    assert caught[0].filename == __file__


def test_only_unknown_words_are_an_error():
    message = (
        "counts: no document has a term of these topics (3 terms). "
        "Count the new documents as the fitted ones were counted: same language, same n-grams."
    )
    with refused(message):
        APART.transform(counted("drone submarine"))


def test_scikit_learn_and_back(counts, topics):
    model = to_sklearn(topics, counts)
    np.testing.assert_allclose(model.transform(counts.matrix), topics.shares, atol=1e-12)
    np.testing.assert_allclose(model.components_.sum(), counts.matrix.sum() + K * 0.1 * len(counts.terms))
    back = from_sklearn(model, counts)
    pd.testing.assert_frame_equal(back.words, topics.words)
    pd.testing.assert_frame_equal(back.shares, topics.shares)


def test_scikit_learn_goes_on_from_there(counts, topics):
    model = to_sklearn(topics, counts)
    assert model.perplexity(counts.matrix) < LatentDirichletAllocation(K, random_state=0, max_iter=1).fit(
        counts.matrix
    ).perplexity(counts.matrix)


def test_a_model_of_scikit_learn_s_own(counts):
    model = LatentDirichletAllocation(K, random_state=0).fit(counts.matrix)
    found = from_sklearn(model, counts)
    assert found.shares.mean().is_monotonic_decreasing
    order = np.argsort(-model.transform(counts.matrix).mean(axis=0))
    np.testing.assert_allclose(found.shares, model.transform(counts.matrix)[:, order])
    own = model.components_ / model.components_.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.words, own[order])


def test_a_model_of_other_terms(counts):
    model = LatentDirichletAllocation(2, max_iter=1, random_state=0).fit(counts.matrix[:, :5])
    message = (
        "counts: the model was fitted to 5 terms. Found: 60. "
        "Give the counts that it was fitted to, or others with the same columns."
    )
    with refused(message):
        from_sklearn(model, counts)


def test_gensim_and_back(counts, topics):
    model, corpus, dictionary = to_gensim(topics, counts)
    assert dictionary.token2id == {term: number for number, term in enumerate(counts.terms)}
    assert dictionary.cfs == dict(enumerate(counts.matrix.sum(axis=0)))
    back = from_gensim(model, corpus, dictionary)
    pd.testing.assert_frame_equal(back.words, topics.words)
    assert np.abs(back.shares.to_numpy() - topics.shares.to_numpy()).max() < 0.02  # it stops sooner
    assert bytes_of(from_gensim(model, corpus, dictionary)) == bytes_of(back)


def test_gensim_s_empty_documents_are_left_out(counts, topics):
    model, corpus, dictionary = to_gensim(topics, counts)
    back = from_gensim(model, [[], *corpus[:3]], dictionary)
    assert back.shares.index.tolist() == [1, 2, 3]
    assert back.left_out == (0,)


def test_gensim_s_coherence_takes_the_model(counts, topics):
    from gensim.models import CoherenceModel

    model, corpus, dictionary = to_gensim(topics, counts)
    found = CoherenceModel(model, corpus=corpus, dictionary=dictionary, coherence="u_mass").get_coherence()
    assert -14 < found < 0


def test_what_pyldavis_asks_for(counts, topics):
    more = Counts(
        sparse.hstack([counts.matrix, np.ones((len(counts.docs), 1), dtype=int)], format="csr"),
        counts.docs,
        counts.terms.append(pd.Index(["unknown"])),
    )
    given = to_pyldavis(topics, more)
    assert list(given) == ["topic_term_dists", "doc_topic_dists", "doc_lengths", "vocab", "term_frequency"]
    np.testing.assert_allclose(given["topic_term_dists"], topics.words)
    np.testing.assert_allclose(given["doc_topic_dists"], topics.shares)
    assert given["doc_lengths"].tolist() == counts.matrix.sum(axis=1).tolist()
    assert given["vocab"] == counts.terms.tolist()
    assert given["term_frequency"].tolist() == counts.matrix.sum(axis=0).tolist()


def test_tomotopy_finds_planted_topics(counts):
    pytest.importorskip("tomotopy")
    found = an.fit_topics(counts, K, engine="tomotopy")
    assert [set(row.nlargest(20).index) for _, row in found.words.iterrows()] == [
        set(row.nlargest(20).index) for _, row in an.fit_topics(counts, K).words.iterrows()
    ]


def test_tomotopy_missing(counts, monkeypatch):
    monkeypatch.setitem(sys.modules, "tomotopy", None)
    message = "engine='tomotopy': tomotopy is not installed. Run pip install tomotopy, or choose another engine."
    with refused(message, ImportError):
        an.fit_topics(counts, K, engine="tomotopy")
