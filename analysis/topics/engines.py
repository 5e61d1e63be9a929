"""Latent Dirichlet allocation: from a start that is not at random, from keywords, and by other engines."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.linalg import norm
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, eigsh
from scipy.special import psi
from threadpoolctl import threadpool_limits

from analysis.arrays import Floats, Places
from analysis.corpus.provenance import optional
from analysis.text.patterns import Steps, read_patterns
from analysis.text.places import find_patterns
from analysis.text.terms import Counts, aligned_to, canonical, compact
from analysis.text.tokens import tokenize

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
    from sklearn.decomposition import LatentDirichletAllocation

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
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfTransformer

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
    mass = [norm(by_document, axis=0) * norm(by_term, axis=0) for by_document, by_term in halves]
    scale = np.sqrt(sizes * np.maximum(*mass))
    by_document, by_term = (
        part / np.maximum(norm(part, axis=0), TINY) * scale
        for part in (np.where(mass[0] >= mass[1], *sides) for sides in zip(*halves, strict=True))
    )
    return np.ascontiguousarray(by_document), np.ascontiguousarray(by_term.T)


def _singular(weights: Any, k: int) -> tuple[Floats, Floats, Floats]:
    """The ``k`` leading singular vectors of documents and of terms, in columns, and their sizes between."""
    if min(weights.shape) <= max(SMALL, 2 * k):
        left, sizes, right = np.linalg.svd(weights.toarray(), full_matrices=False)
        return left[:, :k], sizes[:k], right[:k].T
    documents, terms = weights.shape
    if documents < terms:
        right, sizes, left = _singular(weights.T.tocsr(), k)
        return left, sizes, right
    turned = weights.T.tocsr()
    square = LinearOperator((terms, terms), matvec=lambda vector: turned @ (weights @ vector), dtype=np.float64)
    # Lanczos' method (ARPACK) to full precision; `rng`, which svds does not pass on, serves a lower rank than k.
    values, vectors = eigsh(square, k, v0=np.ones(terms), rng=0)
    sizes, right = np.sqrt(np.maximum(values[::-1], 0)), vectors[:, ::-1]
    return weights @ right / np.maximum(sizes, TINY), sizes, right


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


# gensim's defaults, one pass in chunks of 2000, are made for millions of documents. On News Articles (20 topics)
# coherence is .143 after one pass, .184 after three, .219 after ten, .222 after ten in ten chunks each. Chunks
# matter most where documents are few: three topics planted in 150 were missed by ten passes over all at once.
PASSES = 10
CHUNKS = 10
CHUNK = 2000
SAMPLED = 1000  # of sampling, as usually reported for tomotopy. Its other settings are its defaults
UNSEEN = 1e-12  # probability of a word that a topic was never sampled for


def fit_sklearn(matrix: Any, k: int, seed: int) -> tuple[Floats, Floats]:
    """Topics × terms and documents × topics of ``LatentDirichletAllocation`` in batch mode."""
    from sklearn.decomposition import LatentDirichletAllocation

    model = LatentDirichletAllocation(k, learning_method="batch", random_state=seed)
    shares = model.fit_transform(matrix)
    return row_shares(model.components_), shares


def fit_gensim(matrix: Any, k: int, seed: int) -> tuple[Floats, Floats]:
    """Topics × terms and documents × topics of ``LdaModel`` after ten passes."""
    from gensim.models import LdaModel

    documents = bags(matrix)
    # Neighbours in canonical order resemble each other: chunks of them would train on one subject after another.
    order = np.random.default_rng(seed).permutation(len(documents))
    names, chunk = dict(enumerate(map(str, range(matrix.shape[1])))), min(CHUNK, -(-len(documents) // CHUNKS))
    model = LdaModel(
        [documents[row] for row in order], k, id2word=names, chunksize=chunk, passes=PASSES, eval_every=None,
        random_state=seed,
    )  # fmt: skip
    # Inference draws random numbers, too: reset, so that shares do not depend on how many the training drew.
    model.random_state = np.random.RandomState(seed)
    shares, _ = model.inference(documents)
    return row_shares(model.get_topics().astype(np.float64)), row_shares(shares.astype(np.float64))


def fit_tomotopy(matrix: Any, k: int, seed: int) -> tuple[Floats, Floats]:
    """Topics × terms and documents × topics of ``LDAModel`` after a thousand rounds of Gibbs sampling."""
    peer = optional("tomotopy", "engine='tomotopy'", ", or choose another engine")
    model = peer.LDAModel(k=k, seed=seed)
    for document in bags(matrix):
        model.add_doc([str(column) for column, times in document for _ in range(times)])
    model.train(SAMPLED, workers=1)
    words = np.full((k, matrix.shape[1]), UNSEEN)
    words[:, list(map(int, model.used_vocabs))] = [model.get_topic_word_dist(topic) for topic in range(k)]
    shares = np.array([document.get_topic_dist() for document in model.docs], dtype=np.float64)
    return row_shares(words), row_shares(shares)


def bags(matrix: Any) -> list[list[tuple[int, int]]]:
    """The matrix in gensim's form: a list of columns and counts for each document."""
    from gensim.matutils import Sparse2Corpus

    return list(Sparse2Corpus(matrix, documents_columns=False))


ENGINES: dict[str, Callable[[Any, int, int], tuple[Floats, Floats | None]]] = {
    "nmf-lda": lambda matrix, k, _: (nmf_lda(matrix, k), None),
    "sklearn": fit_sklearn, "gensim": fit_gensim, "tomotopy": fit_tomotopy,
}  # fmt: skip

CAUTION = (
    "Keyword topics are not measured frames until hand coding has validated them: topic models find what is "
    "written about, a frame is how it is presented (Nicholls & Culpepper 2021; Eshima, Imai & Sasaki 2024)."
)

Keywords = Any | Mapping[str, Sequence[str]]  # a lexicon (its labels, entries, read patterns), or topics by name
Claims = dict[str, Places]  # the columns of each frame's keywords


def claimed_terms(keywords: Keywords, terms: "pd.Index[Any]", k: int) -> tuple[Claims, tuple[str, ...]]:
    """The terms of each frame, as positions in `terms`, and the patterns without one, such as those with gaps."""
    if isinstance(keywords, Mapping):
        patterns = {str(frame): list(words) for frame, words in keywords.items()}
        read: Mapping[str, list[Steps]] = read_patterns(word for words in patterns.values() for word in words)
    else:
        patterns = {frame: [] for frame in keywords.labels}
        for entry in keywords.entries:
            patterns[entry.frame] += entry.match
        read = keywords.read
    matches = _matches({pattern: read[pattern] for group in patterns.values() for pattern in group}, terms)
    claims = {
        frame: np.array(sorted(set().union(*(matches[pattern] for pattern in group))), dtype=np.intp)
        for frame, group in patterns.items()
    }
    if without := [frame for frame, columns in claims.items() if not len(columns)]:
        raise ValueError(
            f"keywords: no keyword of {without[0]!r} is among the {len(terms)} terms of counts. "
            "Use single words, lower min_df, or count runs of words with ngrams=2."
        )
    if len(claims) > k:
        raise ValueError(
            f"k: {k} topics are too few for {len(claims)} frames. Ask for more: texts have other subjects, too."
        )
    if len(claims) < k and len(np.unique(np.concatenate([*claims.values()]))) == len(terms):
        raise ValueError(
            f"keywords: they include all {len(terms)} terms of counts, which leaves no word for other topics. "
            f"Ask for k={len(claims)}, or count more words."
        )
    return claims, tuple(pattern for pattern, columns in matches.items() if not columns)


def keyword_lda(matrix: Any, k: int, claims: Sequence[Places]) -> Floats:
    """Topics × terms: the frames in their order, then topics that begin as in ``nmf_lda``."""
    counts, frames = matrix.astype(np.float64), len(claims)
    occurrences, length = (np.asarray(counts.sum(axis=axis)).ravel() for axis in (0, 1))
    claimed = np.zeros((k, counts.shape[1]))
    start = np.tile(occurrences, (k, 1))  # a sample may lack the keywords of a frame: it begins with all words
    for row, columns in enumerate(claims):
        claimed[row, columns] = 1.0
        part = np.asarray(counts[:, columns].sum(axis=1)).ravel() / length
        if part.any():
            start[row] = counts.T @ part
    if k - frames > 1:
        start[frames:] = nmf_lda(counts, k - frames)
    start[frames:, claimed.any(axis=0)] = 0.0  # keywords begin with their frames
    # A keyword's prior: as if it had occurred in its topic once more as often as in all texts.
    raised = occurrences * claimed / np.maximum(claimed.sum(axis=0), 1.0)
    return variational_steps(row_shares(start), matrix, prior=WORD_PRIOR + raised)


def _matches(patterns: Mapping[str, list[Steps]], terms: "pd.Index[Any]") -> dict[str, set[int]]:
    """The terms that each pattern matches from end to end."""
    tokens = tokenize(terms.astype("str").tolist())
    readings = [(pattern, steps) for pattern, given in patterns.items() for steps in given]
    runs = [(pattern, steps) for pattern, steps in readings if not any(step.gap for step in steps)]
    spans = find_patterns(tokens, [steps for _, steps in runs])
    term = tokens.text_index[spans["first"]]
    entire = (tokens.bounds[term] == spans["first"]) & (tokens.bounds[term + 1] == spans["last"] + 1)
    matches: dict[str, set[int]] = {pattern: set() for pattern in patterns}
    for run, column in zip(spans["pattern"][entire], term[entire], strict=True):
        matches[runs[run][0]].add(int(column))
    return matches
