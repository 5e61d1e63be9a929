"""Exchange with scikit-learn, gensim and pyLDAvis."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.arrays import Floats
from analysis.text.terms import Canonical, Counts, aligned_to, canonical, compact
from analysis.topics.engines import NEVER, WORD_PRIOR, bags, document_shares, lda_with_topics, row_shares
from analysis.topics.fit import Topics, labelled


def to_sklearn(topics: Topics, counts: Counts) -> Any:
    """The topics as a fitted ``LatentDirichletAllocation`` of scikit-learn over the columns of `counts`.

    ``transform(counts.matrix)`` gives the shares of ``Topics.transform``; ``components_`` are occurrences.
    """
    words = topics.words.reindex(columns=counts.terms)
    # A term that no topic knows has only its prior.
    model = lda_with_topics(words.mul(_occurrences(topics, counts), axis=0).fillna(WORD_PRIOR).to_numpy())
    model.exp_dirichlet_component_ = np.maximum(words.fillna(0).to_numpy(), NEVER)  # shares as in Topics.transform
    return model


def from_sklearn(model: Any, counts: Counts) -> Topics:
    """The topics of a fitted ``LatentDirichletAllocation`` or ``NMF``, and their shares in `counts`."""
    if model.components_.shape[1] != len(counts.terms):
        raise ValueError(
            f"counts: the model was fitted to {model.components_.shape[1]} terms. Found: {len(counts.terms)}. "
            "Give the counts that it was fitted to, or others with the same columns."
        )
    taken = canonical(counts)
    in_order = Canonical(taken.matrix, np.sort(taken.rows), np.arange(len(counts.terms)))
    matrix = sparse.csr_matrix(aligned_to(counts, counts.terms)[in_order.rows].astype(np.float64))
    return labelled(row_shares(model.components_), row_shares(model.transform(matrix)), counts, in_order)


def to_gensim(topics: Topics, counts: Counts) -> tuple[Any, list[list[tuple[int, int]]], Any]:
    """The topics as gensim's ``LdaModel``, with the corpus and ``Dictionary`` that its tools and pyLDAvis take."""
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel

    matrix = aligned_to(counts, topics.words.columns)
    corpus = bags(matrix)
    names = dict(enumerate(topics.words.columns.tolist()))
    dictionary = Dictionary.from_corpus(corpus, id2word=names)
    dictionary.cfs = dict(enumerate(matrix.sum(axis=0).tolist()))  # from_corpus leaves it empty
    words = np.maximum(topics.words.to_numpy(), NEVER)
    model = LdaModel(num_topics=len(words), id2word=names, eta=WORD_PRIOR, random_state=0, dtype=np.float64)
    model.state.sstats = words * _occurrences(topics, counts)[:, None] - WORD_PRIOR
    model.expElogbeta = words
    return model, corpus, dictionary


def from_gensim(model: Any, corpus: Any, dictionary: Any) -> Topics:
    """The topics of gensim's ``LdaModel``, and their shares in `corpus`; documents are numbered from 0."""
    from gensim.matutils import corpus2csc

    documents = list(corpus)
    terms = pd.Index([dictionary[number] for number in range(model.num_terms)], dtype="str", name="term")
    matrix = compact(sparse.csr_array(corpus2csc(documents, len(terms)).T))
    counts = Counts(matrix, pd.RangeIndex(len(documents), name="doc_id"), terms)
    taken = Canonical(matrix, np.flatnonzero(np.diff(matrix.indptr)), np.arange(len(terms)))
    model.random_state = np.random.RandomState(0)  # inference draws random numbers: reset, it gives the same again
    shares, _ = model.inference([documents[row] for row in taken.rows])
    words = model.get_topics().astype(np.float64)
    return labelled(row_shares(words), row_shares(shares.astype(np.float64)), counts, taken)


def to_pyldavis(topics: Topics, counts: Counts) -> dict[str, Any]:
    """The arguments of ``pyLDAvis.prepare(**arguments)``: documents and terms of `counts` that the topics know."""
    matrix = aligned_to(counts, topics.words.columns)
    matrix = matrix[np.diff(matrix.indptr) > 0]
    return {
        "topic_term_dists": topics.words.to_numpy(),
        "doc_topic_dists": document_shares(topics.words.to_numpy(), matrix),
        "doc_lengths": matrix.sum(axis=1),
        "vocab": topics.words.columns.tolist(),
        "term_frequency": matrix.sum(axis=0),
    }


def _occurrences(topics: Topics, counts: Counts) -> Floats:
    """Expected number of words of `counts` from each topic, the prior's included."""
    matrix = aligned_to(counts, topics.words.columns)
    shares = document_shares(topics.words.to_numpy(), matrix)
    return np.asarray(shares.T @ matrix.sum(axis=1) + WORD_PRIOR * matrix.shape[1])
