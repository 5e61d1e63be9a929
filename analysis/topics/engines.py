"""The engines: latent Dirichlet allocation as scikit-learn, gensim and tomotopy fit it."""

from importlib import import_module
from typing import Any

import numpy as np
from sklearn.decomposition import LatentDirichletAllocation

from analysis.arrays import Floats
from analysis.topics.variational import document_shares, nmf_lda, row_shares

# gensim's defaults, one pass in chunks of 2000, are made for millions of documents. On News Articles (20 topics)
# coherence is .143 after one pass, .184 after three, .219 after ten, .222 after ten in ten chunks each. Chunks
# matter most where documents are few: three topics planted in 150 were missed by ten passes over all at once.
PASSES = 10
CHUNKS = 10
CHUNK = 2000

# Rounds of sampling, as usually reported for tomotopy. Its other settings are its defaults.
ROUNDS = 1000

# Probability of a word that a topic was never sampled for.
UNSEEN = 1e-12


def fit_nmf_lda(matrix: Any, k: int, _: int) -> tuple[Floats, Floats]:
    """Topics × terms and documents × topics by ``nmf_lda``; nothing is random."""
    words = nmf_lda(matrix, k)
    return words, document_shares(words, matrix)


def fit_sklearn(matrix: Any, k: int, seed: int) -> tuple[Floats, Floats]:
    """Topics × terms and documents × topics of ``LatentDirichletAllocation`` in batch mode."""
    model = LatentDirichletAllocation(k, learning_method="batch", random_state=seed)
    shares = model.fit_transform(matrix)
    return row_shares(model.components_), shares


def fit_gensim(matrix: Any, k: int, seed: int) -> tuple[Floats, Floats]:
    """Topics × terms and documents × topics of ``LdaModel`` after ten passes."""
    from gensim.models import LdaModel

    documents = bags(matrix)
    # Neighbours in canonical order resemble each other: chunks of them would teach one subject after another.
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
    try:
        peer: Any = import_module("tomotopy")
    except ImportError:
        raise ImportError(
            "engine='tomotopy': the package tomotopy is not installed. Run pip install outlet-framing[tomotopy], "
            "or choose another engine."
        ) from None
    model = peer.LDAModel(k=k, seed=seed)
    for document in bags(matrix):
        model.add_doc([str(column) for column, times in document for _ in range(times)])
    model.train(ROUNDS, workers=1)
    words = np.full((k, matrix.shape[1]), UNSEEN)
    words[:, list(map(int, model.used_vocabs))] = [model.get_topic_word_dist(topic) for topic in range(k)]
    shares = np.array([document.get_topic_dist() for document in model.docs], dtype=np.float64)
    return row_shares(words), row_shares(shares)


def bags(matrix: Any) -> list[list[tuple[int, int]]]:
    """The matrix in gensim's form: a list of columns and counts for each document."""
    return [
        list(zip(matrix.indices[start:end].tolist(), matrix.data[start:end].tolist(), strict=True))
        for start, end in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)
    ]


ENGINES = {"nmf-lda": fit_nmf_lda, "sklearn": fit_sklearn, "gensim": fit_gensim, "tomotopy": fit_tomotopy}
