"""Latent Dirichlet allocation by scikit-learn's code: steps, a start that is not at random, and held-out fit."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, eigsh
from scipy.special import psi
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.feature_extraction.text import TfidfTransformer
from threadpoolctl import threadpool_limits

from analysis.arrays import Floats
from analysis.text.terms import Counts, aligned_to, canonical, compact

# Occurrences of each term in each topic before any text is read. Measured on News Articles (20 topics, four fifths
# fitted, one fifth held out; started by multiplicative updates): coherence and held-out perplexity are .253 and
# 3,023 at .01, .255 and 2,991 at .05, .255 and 2,980 at .1, .254 and 2,983 at .2, .262 and 3,055 at .5.
WORD_PRIOR = 0.1
NEVER = 1e-100  # probability of a term that no topic holds: the logarithm of 0 does not exist
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

    With a decay of 0 and all `documents` in one batch, each ``partial_fit`` is one full variational step.
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
    """Documents × topics, by variational inference with fixed topics; a document does not depend on the others."""
    order = np.lexsort((words.max(axis=1), words.argmax(axis=1)))  # sums do not depend on the numbering of topics
    fixed = np.maximum(words[order], NEVER)
    model = lda_with_topics(fixed)
    model.exp_dirichlet_component_ = fixed  # as given, not as an estimate that may err
    with threadpool_limits(1):  # threads would add floats in another order
        shares: Floats = model.transform(matrix.astype(np.float64))
    return shares[:, np.argsort(order)]


# Updates of the factorisation by coordinate descent. Measured on News Articles (3,788 documents, 20 topics), mean
# coherence of the topics in the end, as in quality.py: .271 after 25 updates, .272 after 50, .271 after 140, which
# cost six times the seconds; by 20 multiplicative updates .255 (all begun from the factorised terms alone). The
# factorisation itself has .36 but predicts no unseen words: variational steps lower coherence and improve the fit.
UPDATES = 30
# The start is half the terms of a topic as factorised, which set it apart, and half all the words of the documents
# that have it, which include the common ones. With the first alone, and four fifths fitted,
# coherence is .273 and held-out perplexity 2,957; with the second .266 and 2,927; with half of each .269 and
# 2,930. Twenty topics planted in words as unequal as a language's (Zipf) come back with a cosine of .61, .95, .96.
OWN = 0.5
SMALL = 200  # up to this size the full decomposition takes less than a second, and works for any rank
TINY = 1e-12  # avoids a division by a length of 0


def nmf_lda(matrix: Any, k: int) -> Floats:
    """Topics × terms of latent Dirichlet allocation that starts from a factorisation.

    Non-negative factorisation of the TF-IDF weights, which starts from a singular value decomposition (NNDSVD;
    Boutsidis & Gallopoulos 2008), finds the topics; variational steps (Blei, Ng & Jordan 2003) turn them into a
    mixture that explains the counts, until a step changes little. Nothing is random.
    """
    weights = TfidfTransformer().fit_transform(matrix.astype(np.float64))
    by_document, by_term = _parts(weights, k)
    # tol=0: exactly so many updates. A start need not converge.
    model = NMF(k, init="custom", solver="cd", max_iter=UPDATES, tol=0)
    with np.errstate(invalid="ignore"):  # an exact fit leaves an error that rounds below 0
        documents = model.fit_transform(weights, W=by_document, H=by_term)
    terms: Floats = model.components_
    size = terms.sum(axis=1)
    # With fewer subjects than topics, some have no word: they start with the words of all.
    own = np.where(size[:, None] > 0, terms, weights.sum(axis=0))
    shares = row_shares(documents * size + TINY)
    start = OWN * row_shares(own) + (1 - OWN) * row_shares((matrix.T @ shares).T)
    return variational_steps(start, matrix)


def _parts(weights: Any, k: int) -> tuple[Floats, Floats]:
    """Documents × topics and topics × terms, none below 0, from the leading singular vectors (NNDSVD)."""
    left, sizes, right = _singular(weights, k)
    # A vector's sign is arbitrary: of its positive and its negative half, take the heavier.
    halves = [(np.maximum(sign * left, 0), np.maximum(sign * right, 0)) for sign in (1, -1)]
    mass = [_lengths(by_document) * _lengths(by_term) for by_document, by_term in halves]
    scale = np.sqrt(sizes * np.maximum(*mass))
    by_document, by_term = (
        part / np.maximum(_lengths(part), TINY) * scale
        for part in (np.where(mass[0] >= mass[1], *sides) for sides in zip(*halves, strict=True))
    )
    return np.ascontiguousarray(by_document), np.ascontiguousarray(by_term.T)


def _singular(weights: Any, k: int) -> tuple[Floats, Floats, Floats]:
    """The ``k`` leading singular vectors of documents and of terms, in columns, and their sizes between."""
    if min(weights.shape) <= max(SMALL, 2 * k):
        left, sizes, right = np.linalg.svd(weights.toarray(), full_matrices=False)
        return left[:, :k], sizes[:k], right[:k].T
    tall = weights.shape[0] >= weights.shape[1]
    thin = weights if tall else weights.T.tocsr()
    wide = thin.T.tocsr()
    n = thin.shape[1]
    square = LinearOperator((n, n), matvec=lambda vector: wide @ (thin @ vector), dtype=np.float64)
    # Lanczos' method (ARPACK) to full precision; `rng` is used only where the corpus has fewer dimensions.
    values, vectors = eigsh(square, k, v0=np.ones(n), rng=0)
    sizes, short = np.sqrt(np.maximum(values[::-1], 0)), vectors[:, ::-1]
    long = thin @ short / np.maximum(sizes, TINY)
    return (long, sizes, short) if tall else (short, sizes, long)


def _lengths(columns: Floats) -> Floats:
    return np.asarray(np.linalg.norm(columns, axis=0))


def perplexity(words: pd.DataFrame, counts: Counts, *, seed: int) -> float:
    """Perplexity of `counts` under topics × terms; see ``Topics.perplexity``."""
    matrix, _, columns = canonical(Counts(aligned_to(counts, words.columns), counts.docs, words.columns))
    likelihoods, matrix = words.to_numpy()[:, columns], matrix[matrix.sum(axis=1) > 1]
    if not matrix.shape[0]:
        raise ValueError(
            f"counts: no document has two words of these topics ({len(words.columns)} terms). "
            "Hold out documents of the same collection, counted together with the fitted ones."
        )
    # Each document's words in two, without replacement; of an odd number the second half has one more.
    generator, first = np.random.default_rng(seed), matrix.copy()
    for start, end in pairwise(matrix.indptr):
        times = matrix.data[start:end]
        first.data[start:end] = generator.multivariate_hypergeometric(times, times.sum() // 2)
    read, rest = compact(first), compact(matrix - first).tocoo()
    shares = document_shares(likelihoods, read)
    likely = np.einsum("ij,ij->i", shares[rest.row], likelihoods.T[rest.col])
    with np.errstate(divide="ignore"):
        return float(np.exp(-(rest.data @ np.log(likely)) / rest.data.sum()))


def hold_out(
    counts: Counts, *, part: float = 0.2, groups: Sequence[Any] | None = None, seed: int = 0
) -> tuple[Counts, Counts]:
    """The counts in two: those to fit to, and the `part` held out; what `groups` names stays together."""
    codes, kinds = pd.factorize(np.asarray(counts.docs if groups is None else groups, dtype=object))
    order = np.random.default_rng(seed).permuted(np.arange(len(kinds))[None], axis=1)[0]
    out = np.isin(codes, order[: round(part * len(kinds))])
    return counts.of_docs(~out), counts.of_docs(out)
