"""Topics to and from the models of scikit-learn and gensim, and what pyLDAvis draws."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from analysis.text.terms import Counts
from analysis.topics.canonical import Canonical, aligned_to, canonical, compact
from analysis.topics.engines import bags
from analysis.topics.fit import labelled
from analysis.topics.inference import inferred
from analysis.topics.result import Topics
from analysis.topics.variational import NEVER, WORD_PRIOR, normal, standing

Floats = npt.NDArray[np.float64]


def to_sklearn(topics: Topics, counts: Counts) -> Any:
    """See ``Topics.to_sklearn``."""
    words = topics.words.reindex(columns=counts.terms)
    # Of a term that no topic knows, the prior is all there is.
    model = standing(words.mul(_said(topics, counts), axis=0).fillna(WORD_PRIOR).to_numpy())
    model.exp_dirichlet_component_ = np.maximum(words.fillna(0).to_numpy(), NEVER)  # shares as in Topics.transform
    return model


def from_sklearn(model: Any, counts: Counts) -> Topics:
    """See ``Topics.from_sklearn``."""
    if model.components_.shape[1] != len(counts.terms):
        raise ValueError(
            f"counts: {len(counts.terms)} terms, but the model was fitted to {model.components_.shape[1]}. "
            "Give the counts that it was fitted to, or others with the same columns."
        )
    taken = canonical(counts)
    in_order = Canonical(taken.matrix, np.sort(taken.rows), np.arange(len(counts.terms)))
    matrix = sparse.csr_matrix(aligned_to(counts, counts.terms)[in_order.rows].astype(np.float64))
    return labelled(normal(model.components_), normal(model.transform(matrix)), counts, in_order)


def to_gensim(topics: Topics, counts: Counts) -> tuple[Any, list[list[tuple[int, int]]], Any]:
    """See ``Topics.to_gensim``."""
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel

    matrix = aligned_to(counts, topics.words.columns)
    corpus = bags(matrix)
    names = dict(enumerate(topics.words.columns.tolist()))
    dictionary = Dictionary.from_corpus(corpus, id2word=names)
    dictionary.cfs = dict(enumerate(matrix.sum(axis=0).tolist()))  # which from_corpus leaves empty
    words = np.maximum(topics.words.to_numpy(), NEVER)
    model = LdaModel(num_topics=len(words), id2word=names, eta=WORD_PRIOR, random_state=0, dtype=np.float64)
    model.state.sstats = words * _said(topics, counts)[:, None] - WORD_PRIOR
    model.expElogbeta = words
    return model, corpus, dictionary


def from_gensim(model: Any, corpus: Any, dictionary: Any) -> Topics:
    """See ``Topics.from_gensim``."""
    documents = list(corpus)
    terms = pd.Index([dictionary[number] for number in range(model.num_terms)], dtype="str", name="term")
    rows = np.repeat(np.arange(len(documents)), [len(document) for document in documents])
    pairs = np.array([pair for document in documents for pair in document]).reshape(-1, 2)
    shape = (len(documents), len(terms))
    matrix = compact(sparse.csr_array((pairs[:, 1], (rows, pairs[:, 0].astype(np.intp))), shape=shape))
    counts = Counts(matrix, pd.RangeIndex(len(documents), name="doc_id"), terms)
    held = np.flatnonzero(np.diff(matrix.indptr))
    model.random_state = np.random.RandomState(0)  # inference draws on it: begun anew, it gives the same again
    shares, _ = model.inference([documents[row] for row in held])
    taken = Canonical(matrix, held, np.arange(len(terms)))
    return labelled(
        normal(model.get_topics().astype(np.float64)), normal(shares.astype(np.float64)), counts, taken
    )


def to_pyldavis(topics: Topics, counts: Counts) -> dict[str, Any]:
    """See ``Topics.to_pyldavis``."""
    matrix = aligned_to(counts, topics.words.columns)
    matrix = matrix[np.diff(matrix.indptr) > 0]
    return {
        "topic_term_dists": topics.words.to_numpy(),
        "doc_topic_dists": inferred(topics.words.to_numpy(), matrix),
        "doc_lengths": matrix.sum(axis=1),
        "vocab": topics.words.columns.tolist(),
        "term_frequency": matrix.sum(axis=0),
    }


def _said(topics: Topics, counts: Counts) -> Floats:
    """How many words of ``counts`` each topic says, the prior's included."""
    matrix = aligned_to(counts, topics.words.columns)
    shares = inferred(topics.words.to_numpy(), matrix)
    said: Floats = shares.T @ matrix.sum(axis=1) + WORD_PRIOR * matrix.shape[1]
    return said
