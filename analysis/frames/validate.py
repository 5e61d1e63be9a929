"""How often a lexicon is right: its labels beside those of coders."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.frames.lexicon import Lexicon
from analysis.frames.match import label_passages

MEASURES = ["precision", "recall", "f1", "alpha"]
Numbers = npt.NDArray[np.float64]


def validate(
    lexicon: Lexicon,
    coded: pd.DataFrame,
    *,
    cluster: str = "article",
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Precision, recall, F1 and Krippendorff's alpha of each frame, with intervals.

    Args:
        lexicon: the instrument.
        coded: ``text`` and a column of 0 and 1 for each frame of the lexicon, as coders judged.
        cluster: passages of one article resemble each other, so articles are resampled, not passages; where
            ``coded`` has no column ``article`` each passage stands for itself. One article alone has no interval.
        level, draws, seed: of the percentile bootstrap intervals (Efron 1979). Where no article holds an error a
            resample cannot show one; the bound is then Clopper & Pearson's (1934) for so many articles.

    Returns:
        A row a frame: ``frame, n, positives``, and ``precision, recall, f1, alpha``, each with ``_low`` and
        ``_high``. Alpha is Krippendorff's (2019, ch. 12) for two coders, nominal: the lexicon and the coders'
        majority. A measure without a case to rest on is missing.

    Raises:
        ValueError: a column is missing, a code is not 0 or 1, no passage is coded, or ``level`` or ``draws``
            is out of range.

    >>> coded = pd.DataFrame({"text": ["Russia and China are friends.", "Russia met China."],
    ...                       "alliance": [1, 0], "pragmatism": [0, 0], "economy": [0, 0]})
    >>> from analysis.frames.formats import load_lexicon
    >>> validate(load_lexicon(), coded)[["frame", "positives", "precision", "recall"]].head(1)
          frame  positives  precision  recall
    0  alliance          1        1.0     1.0
    """
    _check(lexicon, coded, cluster)
    if not 0 < level < 1 or draws < 1:
        raise ValueError(f"level lies between 0 and 1 and draws is 1 or more, not {level} and {draws}.")
    said = label_passages(coded["text"].tolist(), lexicon).to_numpy(dtype=bool)
    true = coded[lexicon.labels].to_numpy(dtype=bool)
    cells = _cells(said, true, coded[cluster] if cluster in coded else pd.Series(range(len(coded))))
    weights = np.random.default_rng(seed).multinomial(len(cells), np.full(len(cells), 1 / len(cells)), size=draws)
    point = _measures(cells.sum(axis=0))
    drawn = _measures(np.tensordot(weights, cells, axes=1))
    low, high = _interval(drawn if len(cells) > 1 else np.full_like(drawn, np.nan), level)
    low, high = _without_errors(low, high, _rests_on(cells), level)
    table = pd.DataFrame({"frame": lexicon.labels, "n": len(coded), "positives": true.sum(axis=0)})
    for at, measure in enumerate(MEASURES):
        table[measure] = point[:, at]
        table[f"{measure}_low"], table[f"{measure}_high"] = low[:, at], high[:, at]
    return table


def _check(lexicon: Lexicon, coded: pd.DataFrame, cluster: str) -> None:
    missing = [name for name in ["text", *lexicon.labels] if name not in coded]
    if missing:
        raise ValueError(
            f"coded passages: no column {missing[0]!r}; there is {', '.join(map(str, coded))}. "
            "They need 'text' and a column of 0 and 1 for each frame of the lexicon."
        )
    if coded.empty:
        raise ValueError("coded passages: the table is empty, so nothing can be measured.")
    if cluster not in coded and cluster != "article":
        raise ValueError(
            f"coded passages: no column {cluster!r} to resample; there is {', '.join(map(str, coded))}."
        )
    if cluster in coded and coded[cluster].isna().any():
        row = int(coded[cluster].isna().argmax())
        raise ValueError(
            f"coded passages: {cluster} is missing in row {row} (from 0). Say where the passage is from."
        )
    for label in lexicon.labels:
        wrong = ~coded[label].isin([0, 1]).to_numpy()
        if wrong.any():
            row, codes = int(wrong.argmax()), coded[label].tolist()
            raise ValueError(f"coded passages: {label} is {codes[row]!r} in row {row} (from 0). A code is 0 or 1.")


def _cells(said: npt.NDArray[np.bool_], true: npt.NDArray[np.bool_], groups: "pd.Series[Any]") -> Numbers:
    """Group × frame × (both, lexicon only, coders only, neither): the four cells, counted."""
    code, _ = pd.factorize(groups, sort=True)
    cells = np.stack([said & true, said & ~true, ~said & true, ~said & ~true], axis=2)
    counted = np.zeros((code.max() + 1, *cells.shape[1:]))
    np.add.at(counted, code, cells)
    return counted


def _measures(cells: Numbers) -> Numbers:
    """Precision, recall, F1 and alpha along the last axis."""
    both, lexicon, coders, neither = np.moveaxis(cells, -1, 0)
    n = both + lexicon + coders + neither
    ones = 2 * both + lexicon + coders
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = ones * (2 * n - ones) / (n * (2 * n - 1))
        return np.stack(
            [
                both / (both + lexicon),
                both / (both + coders),
                2 * both / (2 * both + lexicon + coders),
                1 - ((lexicon + coders) / n) / expected,
            ],
            axis=-1,
        )


def _rests_on(cells: Numbers) -> Numbers:
    """How many articles hold a case of each measure, frames × measures; alpha has no such count."""
    both, lexicon, coders, _ = np.moveaxis(cells, -1, 0)
    held = [both + lexicon > 0, both + coders > 0, both + lexicon + coders > 0]
    counts = [cases.sum(axis=0).astype(float) for cases in held]
    return np.stack([*counts, np.full_like(counts[0], np.nan)], axis=-1)


def _without_errors(low: Numbers, high: Numbers, articles: Numbers, level: float) -> tuple[Numbers, Numbers]:
    """Honest bounds where every resample was alike: all right, or all wrong, in so many articles."""
    unseen = 1 - ((1 - level) / 2) ** (1 / np.maximum(articles, 1))
    unseen = np.where(np.isnan(articles), np.nan, unseen)
    alike = low == high
    return (
        np.where(alike & (low == 1), 1 - unseen, low),
        np.where(alike & (high == 0), unseen, high),
    )


def _interval(drawn: Numbers, level: float) -> tuple[Numbers, Numbers]:
    """Percentiles over the draws; a draw in which a measure does not exist is passed over."""
    known = pd.DataFrame(drawn.reshape(len(drawn), -1)).quantile([(1 - level) / 2, (1 + level) / 2])
    low, high = known.to_numpy(dtype=float).reshape(2, *drawn.shape[1:])
    return low, high
