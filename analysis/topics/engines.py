"""The engines as the field knows them: latent Dirichlet allocation of scikit-learn, gensim and tomotopy."""

from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.topics.variational import normal

Floats = npt.NDArray[np.float64]

# gensim's defaults, one pass in chunks of 2000, are made for millions of documents. On News Articles (20 topics)
# coherence is .143 after one pass, .184 after three, .219 after ten, .222 after ten in ten chunks each. Chunks
# matter most where documents are few: three topics planted in 150 were missed by ten passes over the whole.
PASSES = 10
CHUNKS = 10
CHUNK = 2000

# Rounds of sampling: what the field reports for tomotopy. Its other settings are its own.
ROUNDS = 1000

# A word that no topic was seen to say.
UNSEEN = 1e-12


def sklearn(matrix: Any, k: int, seed: int) -> tuple[Floats, Floats]:
    """Topics × terms and documents × topics of ``LatentDirichletAllocation`` in batch mode."""
    from sklearn.decomposition import LatentDirichletAllocation

    model = LatentDirichletAllocation(k, learning_method="batch", random_state=seed)
    shares = model.fit_transform(matrix)
    return normal(model.components_), shares


def gensim(matrix: Any, k: int, seed: int) -> tuple[Floats, Floats]:
    """Topics × terms and documents × topics of ``LdaModel`` after ten passes."""
    from gensim.models import LdaModel

    documents = bags(matrix)
    # Chunks of documents that resemble each other, as neighbours in canonical order do, would teach one subject
    # after another.
    order = np.random.default_rng(seed).permutation(len(documents))
    names = {column: str(column) for column in range(matrix.shape[1])}
    model = LdaModel(
        [documents[row] for row in order],
        k,
        id2word=names,
        chunksize=min(CHUNK, -(-len(documents) // CHUNKS)),
        passes=PASSES,
        eval_every=None,
        random_state=seed,
    )
    # Each document's inference draws on: begun anew, the shares do not hang on how much was drawn in
    # training.
    model.random_state = np.random.RandomState(seed)
    shares, _ = model.inference(documents)
    return normal(model.get_topics().astype(np.float64)), normal(shares.astype(np.float64))


def tomotopy(matrix: Any, k: int, seed: int) -> tuple[Floats, Floats]:
    """Topics × terms and documents × topics of ``LDAModel`` after a thousand rounds of Gibbs sampling."""
    try:
        peer: Any = import_module("tomotopy")
    except ImportError:
        raise ImportError(
            "engine='tomotopy' needs the package tomotopy, which is not installed: "
            "pip install outlet-framing[tomotopy]. The other engines do without."
        ) from None
    model = peer.LDAModel(k=k, seed=seed)
    for document in bags(matrix):
        model.add_doc([str(column) for column, times in document for _ in range(times)])
    model.train(ROUNDS, workers=1)
    words = np.full((k, matrix.shape[1]), UNSEEN)
    words[:, [int(column) for column in model.used_vocabs]] = [
        model.get_topic_word_dist(topic) for topic in range(k)
    ]
    shares = np.array([document.get_topic_dist() for document in model.docs], dtype=np.float64)
    return normal(words), normal(shares)


def bags(matrix: Any) -> list[list[tuple[int, int]]]:
    """The matrix as gensim has it: a list of columns and counts for each document."""
    return [
        list(zip(matrix.indices[start:end].tolist(), matrix.data[start:end].tolist(), strict=True))
        for start, end in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)
    ]
