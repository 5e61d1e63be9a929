"""Sentence embeddings, for those who have a model."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.frames.coder.features import Encoder


def encoder(embeddings: str | Callable[[list[str]], Any] | None) -> Encoder | None:
    """A function from texts to vectors of length 1: of a model by name or path, or one's own.

    Raises:
        ImportError: a model is named, and ``sentence-transformers`` is not installed.
        ValueError: one's own function does not give one vector a text.

    >>> encode = encoder(lambda texts: [[3, 4] for text in texts])
    >>> encode(["Russia", "China"]).tolist()
    [[0.6, 0.8], [0.6, 0.8]]
    """
    if embeddings is None:
        return None
    encode = _model(embeddings) if isinstance(embeddings, str) else embeddings

    def vectors(texts: list[str]) -> npt.NDArray[np.float64]:
        found = np.asarray(encode(texts), dtype=np.float64)
        if found.ndim != 2 or len(found) != len(texts) or not np.isfinite(found).all():
            raise ValueError(
                f"embeddings: an array of shape {found.shape} for {len(texts)} texts. "
                "The function takes a list of texts and gives one vector of finite numbers a text."
            )
        length = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(np.divide(found, length, out=np.zeros_like(found), where=length > 0))

    return vectors


def _model(name: str) -> Callable[[list[str]], Any]:
    try:
        package = import_module("sentence_transformers")
    except ImportError:
        raise ImportError(
            f"embeddings={name!r} needs sentence-transformers, which is not installed. Write pip install "
            "sentence-transformers, pass a function of your own from texts to vectors, or leave embeddings out."
        ) from None
    model = package.SentenceTransformer(name)
    return lambda texts: model.encode(texts, show_progress_bar=False, convert_to_numpy=True)
