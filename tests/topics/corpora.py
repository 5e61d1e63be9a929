"""Counts with planted topics, and tables by hand, for all tests of topics."""

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.text.terms import Counts
from analysis.topics.fit import Topics

NAMES = pd.Index(["topic 1", "topic 2"], name="topic")
K, TERMS, DOCUMENTS = 3, 60, 150  # of `blocks`


def drawn(rng, words, mixes, length):
    """Counts drawn from topics × terms in these mixtures."""
    matrix = sparse.csr_array(np.vstack([rng.multinomial(length, mix @ words) for mix in mixes]))
    docs = pd.Index([f"d{number:03}" for number in range(len(mixes))], name="doc_id")
    width = len(str(words.shape[1] - 1))
    return Counts(matrix, docs, pd.Index([f"w{number:0{width}}" for number in range(words.shape[1])]))


def blocks(seed=1, length=80):
    """Counts of three topics that own 20 words each, with the topics and their shares."""
    rng = np.random.default_rng(seed)
    words = np.kron(np.eye(K), np.ones(TERMS // K)) * rng.uniform(0.2, 1, TERMS)
    words /= words.sum(axis=1, keepdims=True)
    shares = rng.dirichlet([0.2, 0.1, 0.05], DOCUMENTS)
    return drawn(rng, words, shares, length), words, shares


def planted(k=3, terms=90, documents=150, length=60, seed=1):
    """Counts of topics that overlap, with the topics and their shares."""
    rng = np.random.default_rng(seed)
    words = rng.dirichlet(np.full(terms, 0.05), k)
    shares = rng.dirichlet(np.full(k, 0.15), documents)
    return drawn(rng, words, shares, length), words, shares


def counts_of(rows, terms="abcdef", docs=None):
    """Counts by hand, of documents d0, d1 …"""
    matrix = sparse.csr_array(np.array(rows))
    names = [f"d{row}" for row in range(matrix.shape[0])] if docs is None else list(docs)
    return Counts(matrix, pd.Index(names), pd.Index(list(terms)[: matrix.shape[1]]))


def topics_of(words, terms, shares=None, names=NAMES, docs=None):
    """Topics by hand; without shares they have no document."""
    if shares is None:
        return Topics(pd.DataFrame(words, names, list(terms)), pd.DataFrame(columns=names))
    index = pd.Index([f"d{row}" for row in range(len(shares))] if docs is None else list(docs))
    return Topics(pd.DataFrame(words, names, list(terms)), pd.DataFrame(shares, index, names))


def bytes_of(topics):
    return topics.words.to_numpy().tobytes() + topics.shares.to_numpy().tobytes()
