"""Variational inference of latent Dirichlet allocation, by scikit-learn's code: for topics, and for documents."""

from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import psi
from sklearn.decomposition import LatentDirichletAllocation
from threadpoolctl import threadpool_limits

from analysis.arrays import Floats

# Occurrences of each term in each topic before any text is read. Measured on News Articles (20 topics, four fifths
# fitted, one fifth held out; started by multiplicative updates): coherence and held-out perplexity are .253 and
# 3,023 at .01, .255 and 2,991 at .05, .255 and 2,980 at .1, .254 and 2,983 at .2, .262 and 3,055 at .5.
WORD_PRIOR = 0.1

# Probability of a term that no topic holds: the logarithm of 0 does not exist.
NEVER = 1e-100

# A variational step that moves less than this part of a topic's words, averaged over topics, is the last. With
# .03 instead, one step more, coherence is .268 instead of .271 and held-out perplexity 2,930 instead of 2,933.
TOLERANCE = 0.05
STEPS = 20

# Passes over one document within a step. With 10, 20 and 100, two steps from multiplicative updates, perplexity is
# 2,992, 2,991 and 2,991.
ROUNDS = 10


def row_shares(rows: Floats) -> Floats:
    """Each row divided by its sum."""
    return np.asarray(rows / rows.sum(axis=1, keepdims=True))


def lda_with_topics(components: Floats, *, documents: int = 1, rounds: int = 100) -> Any:
    """scikit-learn's model as if it had found these topics × terms (in occurrences); a document's prior is 1/k.

    With a decay of 0 and all `documents` in one batch, each ``partial_fit`` is one full variational step;
    `rounds` limits the passes over one document.
    """
    k, terms = components.shape
    model = LatentDirichletAllocation(
        k, topic_word_prior=WORD_PRIOR, learning_decay=0.0, batch_size=documents, total_samples=documents,
        max_doc_update_iter=rounds, random_state=0,
    ).partial_fit(sparse.csr_matrix((1, terms)))  # fmt: skip
    # The empty document set the model up and changed nothing.
    model.random_state_ = None  # each document begins with equal shares instead of random ones
    model.components_ = components
    # The exponential of each term's expected log probability (Blei, Ng & Jordan 2003).
    model.exp_dirichlet_component_ = np.exp(psi(components) - psi(components.sum(axis=1, keepdims=True)))
    return model


def variational_steps(start: Floats, matrix: Any, *, prior: Floats | float = WORD_PRIOR) -> Floats:
    """Topics × terms after as many variational steps as change them; `prior` is a number or topics × terms."""
    counts = matrix.astype(np.float64)
    each = counts.sum() / len(start)  # every topic begins with an equal part of the words
    model = lda_with_topics(prior + start * each, documents=counts.shape[0], rounds=ROUNDS)
    model.topic_word_prior_ = prior
    words = start
    for _ in range(STEPS):
        model.partial_fit(counts)
        before, words = words, row_shares(model.components_)
        if np.abs(words - before).sum(axis=1).mean() / 2 < TOLERANCE:
            break
    return words


def document_shares(words: Floats, matrix: Any) -> Floats:
    """Documents × topics, rows sum to 1, by variational inference with fixed topics (Blei, Ng & Jordan 2003).

    Each document begins with equal shares and a prior of 1/k a topic, and does not depend on the others.
    """
    order = np.lexsort((words.max(axis=1), words.argmax(axis=1)))  # sums do not depend on the numbering of topics
    fixed = np.maximum(words[order], NEVER)
    model = lda_with_topics(fixed)
    model.exp_dirichlet_component_ = fixed  # as given, not as an estimate that may err
    with threadpool_limits(1):  # threads would add floats up in another order
        shares: Floats = model.transform(matrix.astype(np.float64))
    return shares[:, np.argsort(order)]
