"""The warm engine: topics that start from the structure of the corpus instead of from chance."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import psi
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.utils.extmath import randomized_svd

Floats = npt.NDArray[np.float64]

# Measured on News Articles (3,788 documents, 20 topics): mean coherence as in quality.py is .255 to .265 for 20,
# 40 or 80 updates and one to four steps, .222 for scikit-learn's own start and as much for gensim's. More updates
# change nothing; a second step lets the topics' sizes, equal at first, follow the corpus.
UPDATES = 20
STEPS = 2

# The singular vectors are found by iteration from a random projection. In the seven rounds that scikit-learn takes
# by itself another draw gave other topics (of ten top words eight stayed), in ten nearly the same; in twenty, with
# room for twenty vectors more than asked, the draw left every top word and the coherence as they were.
ROUNDS = 20
ROOM = 20

# So this number, which also starts the first guess at each document, decides no topic: another moves a document's
# shares by .0002 on average (by .18 in the least settled one). It is the same in every fit.
FIXED = 0

# Keeps a part of length 0 from being divided by it.
TINY = 1e-12


def warm(matrix: Any, k: int) -> tuple[Floats, Floats]:
    """Topics × terms and documents × topics of latent Dirichlet allocation, begun from a factorisation.

    Non-negative factorisation of the TF-IDF weights, itself begun from a singular value decomposition
    (NNDSVD; Boutsidis & Gallopoulos 2008), finds the topics; a few variational steps (Blei, Ng & Jordan 2003)
    then make them a mixture that explains the counts. No seed enters.
    """
    model = _at(_factors(matrix, k), matrix)
    for _ in range(STEPS):
        model.partial_fit(matrix)
    return model.components_, model.transform(matrix)


def _factors(matrix: Any, k: int) -> Floats:
    """Topics × terms of the factorisation, each row summing to 1."""
    weights = TfidfTransformer().fit_transform(matrix)
    by_document, by_term = _parts(weights, k)
    # tol=0 asks for exactly so many updates: a start need not converge.
    model = NMF(k, init="custom", solver="mu", max_iter=UPDATES, tol=0)
    model.fit_transform(weights, W=by_document, H=by_term)
    topics: Floats = model.components_ / model.components_.sum(axis=1, keepdims=True)
    return topics


def _parts(weights: Any, k: int) -> tuple[Floats, Floats]:
    """Documents × topics and topics × terms, both above 0, from the leading singular vectors (NNDSVDa)."""
    left, sizes, right = randomized_svd(weights, k, n_oversamples=ROOM, n_iter=ROUNDS, random_state=FIXED)
    # A vector's sign is arbitrary: of its positive and its negative half, take the heavier.
    halves = [(np.maximum(sign * left, 0), np.maximum(sign * right.T, 0)) for sign in (1, -1)]
    mass = [_lengths(by_document) * _lengths(by_term) for by_document, by_term in halves]
    scale = np.sqrt(sizes * np.maximum(*mass))
    by_document, by_term = (
        _filled(np.where(mass[0] >= mass[1], *sides), scale, weights.mean()) for sides in zip(*halves, strict=True)
    )
    return by_document, np.ascontiguousarray(by_term.T)


def _lengths(columns: Floats) -> Floats:
    lengths: Floats = np.linalg.norm(columns, axis=0)
    return lengths


def _filled(part: Floats, scale: Floats, mean: float) -> Floats:
    """The columns in their new lengths, zeros filled: a zero that is multiplied can never grow."""
    scaled = part / np.maximum(_lengths(part), TINY) * scale
    return np.where(scaled > 0, scaled, mean)


def _at(topics: Floats, matrix: Any) -> Any:
    """scikit-learn's model as it would stand had it already found these topics in this corpus.

    With a decay of 0 and all documents in one batch, each ``partial_fit`` is one full variational step.
    """
    documents, k = matrix.shape[0], len(topics)
    model = LatentDirichletAllocation(
        k, learning_decay=0.0, batch_size=documents, total_samples=documents, random_state=FIXED
    ).partial_fit(matrix[:1])
    model.components_ = 1 / k + topics * matrix.sum() / k  # the prior, and an equal part of the words for each
    total = model.components_.sum(axis=1, keepdims=True)
    model.exp_dirichlet_component_ = np.exp(psi(model.components_) - psi(total))
    return model
