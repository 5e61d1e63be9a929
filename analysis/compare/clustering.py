"""How much stories of one day or event resemble each other, and what that does to an interval."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import f as fisher

from analysis.arrays import Floats
from analysis.compare.effects import ALPHA
from analysis.compare.observations import Stories

NOTABLE = 1.25  # times the variance: an interval that ignores it holds 92 of 100 in place of 95


class Resemblance(NamedTuple):
    """Stories that belong together: intraclass correlation and its p a label, design effects outlets × labels."""

    icc: Floats
    p: Floats
    design_effect: Floats

    @property
    def notable(self) -> "np.ndarray":
        """Where stories cannot be taken as independent: outlets × labels."""
        return (self.p < ALPHA) & (self.design_effect >= NOTABLE)


def resemblance(stories: Stories, together: "pd.Series[Any]") -> Resemblance:
    """The intraclass correlation of stories with one value of `together`, within outlets, and design effects.

    The analysis-of-variance estimator (Donner 1986, *International Statistical Review* 54); an outlet's design
    effect is 1 + (mean size of a story's group − 1) · correlation (Kish 1965), never below 1. A story without a
    value is alone. Missing where no two stories belong together.

    Two days with two stories each, alike within a day:

    >>> index = pd.MultiIndex.from_product([["DW"], list("abcd")], names=["outlet", "story"])
    >>> one = pd.Series(1, index)
    >>> stories = Stories(pd.DataFrame({"x": [0.0, 0.1, 0.9, 1.0]}, index), one, one, one * 1.0, "story_id")
    >>> found = resemblance(stories, pd.Series(["mon", "mon", "tue", "tue"], index))
    >>> found.icc.round(2), found.design_effect.round(2)
    (array([0.99]), array([[1.99]]))
    """
    outlets = pd.factorize(stories.means.index.get_level_values("outlet"), sort=True)[0]
    own = np.where(together.isna(), np.arange(len(together)), pd.factorize(together)[0] + len(together))
    groups = pd.factorize(pd.MultiIndex.from_arrays([outlets, own]))[0]
    values, labels = stories.means.to_numpy(), stories.means.shape[1]
    size = np.bincount(groups).astype(float)
    within = _squares(values, groups)
    between = _squares(values, outlets) - within
    number = np.array([len(values), len(size), outlets.max(initial=-1) + 1], dtype=float)
    whole = np.bincount(outlets).astype(float)
    typical = np.bincount(outlets, weights=size[groups]) / whole  # the mean size of a story's group, by outlet
    if number[0] <= number[1] or number[1] <= number[2]:
        return Resemblance(np.full(labels, np.nan), np.full(labels, np.nan), np.full((len(whole), labels), np.nan))
    degrees = number[1] - number[2], number[0] - number[1]
    mean_squares = between / degrees[0], within / degrees[1]
    average = (number[0] - typical.sum()) / degrees[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        icc = (mean_squares[0] - mean_squares[1]) / (mean_squares[0] + (average - 1) * mean_squares[1])
        p = fisher.sf(mean_squares[0] / mean_squares[1], *degrees)
    icc = np.clip(icc, 0, 1)  # below 0 by chance alone: stories of one day are not less alike than others
    effect = 1 + (typical[:, None] - 1) * np.nan_to_num(icc)
    return Resemblance(icc, np.asarray(p), effect)


def _squares(values: Floats, groups: "np.ndarray") -> Floats:
    """Squared distances from the mean of the group, summed: a value a label."""
    table = pd.DataFrame(values)
    return np.asarray(((table - table.groupby(groups).transform("mean")) ** 2).sum().to_numpy(), dtype=np.float64)
