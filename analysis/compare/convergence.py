"""Convergence: whether several instruments find the same thing in the same documents."""

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from scipy.stats import t as student

from analysis.arrays import Floats
from analysis.corpus.stories import document_stories

COLUMNS = {
    "instrument": "str", "label": "str", "other_instrument": "str", "other_label": "str", "correlation": "float64",
    "low": "float64", "high": "float64", "n_documents": "int64", "n_stories": "int64", "note": "str",
}  # fmt: skip
# Below this a standard error of a correlation has no degrees of freedom to rest on.
FEWEST = 4
FEW = "fewer than 4 stories: no interval"
SAME = "all shares alike: no correlation"
CLEAR = 1 - 1e-9  # keeps the logarithm of a perfect correlation finite


class Instrument(NamedTuple):
    """A name, and a row of shares a document, in order and without gaps."""

    name: str
    shares: pd.DataFrame


def convergence(
    shares: Mapping[str, pd.DataFrame],
    *,
    articles: pd.DataFrame | None = None,
    seed: int = 0,
    level: float = 0.95,
    draws: int = 1000,
) -> pd.DataFrame:
    """A row for each two labels of different instruments: the rank correlation of their shares over documents.

    An instrument is validated by agreeing with others that err in other ways (convergent validity; Campbell &
    Fiske 1959): set lexicon frames, topics, packages and coded passages side by side. A topic worth a frame's name
    goes with that frame and with no other.

    Args:
        shares: tables with a row a document and a column a label, by the name of the instrument, such as
            ``{"lexicon": frame_shares(…), "topics": topics.shares, "coders": coded.set_index("doc_id")[[…]]}``.
            Documents that two of them share are compared; average passages by article first where one counts
            articles.
        articles: with ``story_id``: stories are resampled, reprints weigh one story once. Without, each document
            is its own story.
        seed, draws, level: of the intervals.

    Returns:
        ``instrument, label, other_instrument, other_label, correlation, low, high, n_documents, n_stories,
        note``. ``correlation`` is Spearman's; bounds are those of its Fisher transform, whose standard error is
        that of resampled stories (Bayesian bootstrap, Rubin 1981).

    Raises:
        ValueError: fewer than two instruments, a document twice, or two instruments without a document in common.

    >>> one = pd.DataFrame({"economy": [0.1, 0.5, 0.9, 0.7]}, index=list("abcd"))
    >>> two = pd.DataFrame({"topic 1": [0.2, 0.3, 0.8, 0.9]}, index=list("abcd"))
    >>> convergence({"lexicon": one, "topics": two})[["label", "other_label", "correlation"]].round(2)
         label other_label  correlation
    0  economy     topic 1          0.8
    """
    if len(shares) < 2:
        raise ValueError(f"shares: {len(shares)} instrument(s). Give two or more tables to set side by side.")
    for name, table in shares.items():
        if table.index.has_duplicates:
            twice = table.index[table.index.duplicated()][0]
            raise ValueError(f"shares of {name!r}: {twice!r} stands twice. Average by document first.")
    instruments = [Instrument(name, table.dropna().sort_index()) for name, table in shares.items()]
    rows = [
        _compared(one, other, articles, seed=seed, level=level, draws=draws)
        for one, other in combinations(instruments, 2)
    ]
    return pd.concat(rows, ignore_index=True).astype(COLUMNS)


def _compared(
    one: Instrument, other: Instrument, articles: pd.DataFrame | None, *, seed: int, level: float, draws: int
) -> pd.DataFrame:
    docs = _common(one, other)
    told = (
        pd.DataFrame({"story": docs.astype("str"), "weight": 1.0})
        if articles is None
        else document_stories(docs, articles)
    )
    first, second = one.shares, other.shares
    ranks, others = (_ranks(table.loc[docs].to_numpy(dtype=float)) for table in (first, second))
    point = _correlations(ranks, others, told["weight"].to_numpy())
    drawn = _resampled(ranks, others, told, seed=seed, draws=draws)
    stories = told["story"].nunique()
    low, high = _interval(point, drawn, stories, level)
    return pd.DataFrame(
        {
            "instrument": one.name,
            "label": np.repeat(first.columns.astype("str"), second.shape[1]),
            "other_instrument": other.name,
            "other_label": np.tile(second.columns.astype("str"), first.shape[1]),
            "correlation": point.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "n_documents": len(docs),
            "n_stories": stories,
            "note": np.where(np.isnan(point), SAME, FEW if stories < FEWEST else "").ravel(),
        }
    )


def _common(one: Instrument, other: Instrument) -> "pd.Index[str]":
    docs = one.shares.index.intersection(other.shares.index)
    if not len(docs):
        raise ValueError(
            f"shares: {one.name!r} and {other.name!r} have no document in common, such as "
            f"{one.shares.index[:1].tolist()} and {other.shares.index[:1].tolist()}. "
            "Average passages by article, or make both tables from the same articles."
        )
    return docs


def _ranks(values: Floats) -> Floats:
    return np.asarray(rankdata(values.round(9), axis=0))


def _resampled(first: Floats, second: Floats, told: pd.DataFrame, *, seed: int, draws: int) -> Floats:
    """The correlations in each draw of stories: array of shape (draws, columns of one, columns of the other)."""
    story, stories = pd.factorize(told["story"].to_numpy(), sort=True)
    weight, generator = told["weight"].to_numpy(), np.random.default_rng(seed)
    chances = (generator.standard_exponential(len(stories))[story] for _ in range(draws))
    return np.array([_correlations(first, second, weight * chance) for chance in chances])


def _correlations(first: Floats, second: Floats, weight: Floats) -> Floats:
    """Weighted correlations of the columns of one with those of the other; missing where one does not vary."""
    ranks, part, k = np.column_stack([first, second]), weight / weight.sum(), first.shape[1]
    centred = ranks - part @ ranks
    products = centred.T @ (centred * part[:, None])
    lengths = np.sqrt(products.diagonal())
    scale = np.outer(lengths, lengths)
    found = np.divide(products, scale, out=np.full_like(products, np.nan), where=scale > 1e-9)
    return np.asarray(found[:k, k:])


def _interval(point: Floats, drawn: Floats, stories: int, level: float) -> tuple[Floats, Floats]:
    if stories < FEWEST:
        return np.full_like(point, np.nan), np.full_like(point, np.nan)
    transformed = np.arctanh(np.clip(drawn, -CLEAR, CLEAR))
    # Exponential weights on n stories spread by (n - 1) / (n + 1) of what is wanted.
    error = transformed.std(axis=0) * np.sqrt((stories + 1) / (stories - 1))
    half = student.ppf((1 + level) / 2, stories - 2) * error
    middle = np.arctanh(np.clip(point, -CLEAR, CLEAR))
    return np.tanh(middle - half), np.tanh(middle + half)
