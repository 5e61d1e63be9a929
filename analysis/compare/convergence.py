"""Convergence: whether several instruments find the same thing in the same documents."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from scipy.stats import t as student

from analysis.topics.stories import told_by

from .intervals import Floats

COLUMNS = {
    "instrument": "str", "label": "str", "other_instrument": "str", "other_label": "str", "correlation": "float64",
    "low": "float64", "high": "float64", "n_documents": "int64", "n_stories": "int64", "note": "str",
}  # fmt: skip
# Below this a standard error of a correlation has no degrees of freedom to rest on.
FEWEST = 4
FEW = "fewer than 4 stories: no interval"
SAME = "all shares alike: no correlation"
CLEAR = 1 - 1e-9  # keeps the logarithm of a perfect correlation finite


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
    rows = [
        _compared((one, shares[one]), (other, shares[other]), articles, seed=seed, level=level, draws=draws)
        for one, other in combinations(shares, 2)
    ]
    return pd.concat(rows, ignore_index=True).astype(COLUMNS)


def _compared(
    one: tuple[str, pd.DataFrame], other: tuple[str, pd.DataFrame], articles: pd.DataFrame | None, *, seed: int,
    level: float, draws: int,
) -> pd.DataFrame:  # fmt: skip
    first, second = one[1].dropna().sort_index(), other[1].dropna().sort_index()
    docs = first.index.intersection(second.index)
    if not len(docs):
        raise ValueError(
            f"shares: {one[0]!r} and {other[0]!r} have no document in common, such as "
            f"{first.index[:1].tolist()} and {second.index[:1].tolist()}. "
            "Average passages by article, or make both tables from the same articles."
        )
    told = (
        pd.DataFrame({"story": docs.astype("str"), "weight": 1.0}) if articles is None else told_by(docs, articles)
    )
    story, stories = pd.factorize(told["story"].to_numpy(), sort=True)
    weight = told["weight"].to_numpy()
    ranks = np.column_stack([_ranks(table.loc[docs].to_numpy(dtype=float)) for table in (first, second)])
    k = first.shape[1]
    generator = np.random.default_rng(seed)
    point = _correlations(ranks, weight)[:k, k:]
    drawn = np.array(
        [
            _correlations(ranks, weight * generator.standard_exponential(len(stories))[story])[:k, k:]
            for _ in range(draws)
        ]
    )
    low, high = _interval(point, drawn, len(stories), level)
    note = np.where(np.isnan(point), SAME, FEW if len(stories) < FEWEST else "")
    return pd.DataFrame(
        {
            "instrument": one[0],
            "label": np.repeat(first.columns.astype("str"), second.shape[1]),
            "other_instrument": other[0],
            "other_label": np.tile(second.columns.astype("str"), k),
            "correlation": point.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "n_documents": len(docs),
            "n_stories": len(stories),
            "note": note.ravel(),
        }
    )


def _ranks(values: Floats) -> Floats:
    return np.asarray(rankdata(values.round(9), axis=0))


def _correlations(ranks: Floats, weight: Floats) -> Floats:
    """Weighted correlations of all columns; missing where one does not vary."""
    part = weight / weight.sum()
    centred = ranks - part @ ranks
    products = centred.T @ (centred * part[:, None])
    lengths = np.sqrt(products.diagonal())
    scale = np.outer(lengths, lengths)
    return np.asarray(np.divide(products, scale, out=np.full_like(products, np.nan), where=scale > 1e-9))


def _interval(point: Floats, drawn: Floats, stories: int, level: float) -> tuple[Floats, Floats]:
    if stories < FEWEST:
        return np.full_like(point, np.nan), np.full_like(point, np.nan)
    transformed = np.arctanh(np.clip(drawn, -CLEAR, CLEAR))
    # Exponential weights on n stories spread by (n - 1) / (n + 1) of what is wanted.
    error = transformed.std(axis=0) * np.sqrt((stories + 1) / (stories - 1))
    half = student.ppf((1 + level) / 2, stories - 2) * error
    middle = np.arctanh(np.clip(point, -CLEAR, CLEAR))
    return np.tanh(middle - half), np.tanh(middle + half)
