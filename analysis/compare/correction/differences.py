"""Differences between outlets, corrected for the errors of an instrument, beside the uncorrected ones."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.arrays import Floats
from analysis.compare.correction.shares import CORRECTED
from analysis.compare.differences import concluded
from analysis.compare.intervals import difference_interval
from analysis.corpus.tables import check_columns

COLUMNS = {
    "outlet": "str", "other": "str", "label": "str", "difference": "float64", "low": "float64", "high": "float64",
    "p": "float64", "q": "float64", "p_equivalent": "float64", "verdict": "str", "naive": "float64",
    "naive_low": "float64", "naive_high": "float64", "note": "str",
}  # fmt: skip
WAYS = {("difference", "low", "high"): CORRECTED, ("naive", "naive_low", "naive_high"): ["share", "low", "high"]}
NAIVE_ALONE = "by the instrument alone they differ: that may be its errors"


def corrected_differences(corrected: pd.DataFrame, *, margin: float = 0.1, level: float = 0.95) -> pd.DataFrame:
    """Each two outlets' difference in corrected shares, with its interval, test and verdict.

    Parameters
    ----------
    corrected : DataFrame
        From ``correct_shares``.
    margin : float
        The largest difference that would not matter.
    level : float
        That of the intervals in `corrected`.

    Returns
    -------
    DataFrame
        ``outlet, other, label, difference, low, high, p, q, p_equivalent, verdict`` as in ``outlet_differences``,
        with p from the level at which this interval would just exclude zero; ``naive, naive_low, naive_high``: the
        difference by the instrument's own labels; and ``note``, where only that one excludes zero. Missing where
        an outlet was not corrected.

    Examples
    --------
    >>> shares = pd.DataFrame({"outlet": ["A", "B"], "label": "war", "share": [0.5, 0.2], "low": [0.4, 0.15],
    ...                        "high": [0.6, 0.3], "corrected": [0.4, 0.35], "corrected_low": [0.3, 0.2],
    ...                        "corrected_high": [0.5, 0.45]})
    >>> corrected_differences(shares)[["outlet", "other", "difference", "low", "high", "naive"]].round(2)
      outlet other  difference   low  high  naive
    0      A     B        0.05 -0.09  0.23    0.3
    """
    needed = ["outlet", "label", "share", "low", "high", *CORRECTED]
    check_columns(corrected, needed, where="corrected", hint="Give the table of an.correct_shares.")
    places = corrected.reset_index(drop=True).groupby("label", sort=False).indices.values()
    pairs = np.array([pair for of_label in places for pair in combinations(of_label, 2)], dtype=int).reshape(-1, 2)
    first, second = (corrected.iloc[side].reset_index(drop=True) for side in pairs.T)
    found = first[["outlet", "label"]].assign(other=second["outlet"])
    for names, columns in WAYS.items():
        shares, least, most = ((first[name].to_numpy(float), second[name].to_numpy(float)) for name in columns)
        bounds = difference_interval(shares, least, most, np.zeros(len(first)))
        found = found.assign(**dict(zip(names, (shares[0] - shares[1], *bounds), strict=True)))
    difference, low, high = (found[name].to_numpy(float) for name in ("difference", "low", "high"))
    toward = np.where(difference > 0, difference - low, high - difference)
    found["p"] = 2 * _beyond(np.abs(difference), toward, level)
    within = (margin - difference, high - difference), (margin + difference, difference - low)
    found["p_equivalent"] = np.maximum(*(_beyond(*side, level) for side in within))
    found = concluded(found, margin)
    alone = ((found["naive_low"] > 0) | (found["naive_high"] < 0)) & ~((found["low"] > 0) | (found["high"] < 0))
    found["note"] = np.where(alone, NAIVE_ALONE, "")
    return found[list(COLUMNS)].astype(COLUMNS)


def _beyond(distance: Floats, reach: Floats, level: float) -> Floats:
    """Probability of an error this large, where a bound of this level lies at `reach`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(norm.sf(norm.ppf((1 + level) / 2) * distance / reach))
