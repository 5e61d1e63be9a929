"""Intervals for the mean share of an outlet, from resampled stories."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.stats import t as student

from analysis.arrays import Floats
from analysis.draws import resampled_sums, standard_errors

from .joint import joint_levels
from .stories import Stories

ALIKE = 1e-9  # rounding leaves about 1e-17 of spread among stories that agree


class Spread(NamedTuple):
    """What is known of each outlet's mean shares: arrays of shape (outlets, labels), and the resamples.

    ``error`` is the standard error, ``size`` of shape (outlets, 1) how many stories of equal weight the outlet's
    are worth.
    """

    share: Floats
    low: Floats
    high: Floats
    error: Floats
    size: Floats
    resampled: Floats


def outlet_spread(told: Stories, *, level: float, draws: int, seed: int, jointly: bool = False) -> Spread:
    """Share, bounds and resamples of each outlet; bounds that hold for all outlets at once if `jointly`."""
    stories, size = worth(told.weights)
    weighted = told.means.mul(told.weights, axis=0).groupby(level="outlet").sum()
    share = weighted.div(told.weights.groupby(level="outlet").sum(), axis=0).to_numpy()
    resampled = resampled_means(told.means, told.weights, draws=draws, seed=seed)
    error = steadied(standard_errors(resampled, stories), share, size, carriers(told, share))
    levels = joint_levels(resampled, error, level=level) if jointly else level
    own, degrees = own_errors(share, error, size)
    low, high = score_interval(share, own, size, level=levels, degrees=degrees)
    return Spread(share, low, high, error, size, resampled)


def worth(weights: pd.Series[float]) -> tuple[Floats, Floats]:
    """The number of each outlet's stories, and how many of equal weight they are worth (Kish 1965), as columns."""
    by_outlet = weights.groupby(level="outlet")
    stories = by_outlet.size().to_numpy().astype(np.float64)
    equal = by_outlet.sum().to_numpy() ** 2 / (weights**2).groupby(level="outlet").sum().to_numpy()
    # Two stories of unlike length are worth less than two, and still have a spread.
    return stories[:, None], np.where(stories < 2, stories, np.maximum(equal, 2.0))[:, None]


def resampled_means(
    means: pd.DataFrame, weights: pd.Series[float] | None = None, *, draws: int, seed: int
) -> Floats:
    """Outlets' mean shares in each resampled corpus: array of shape (draws, outlets, labels).

    `means` has one row per outlet and story, as from :func:`story_shares`. Stories are resampled over the
    whole corpus, so that a story which two outlets carry stays one. A story's weight is a draw from the
    exponential distribution (the Bayesian bootstrap of Rubin 1981, *Annals of Statistics* 9): no outlet can
    drop out of a resample, however few stories it has, as it would were stories drawn with replacement.

    >>> rows = [("DW", "a"), ("DW", "b"), ("TASS", "a")]
    >>> index = pd.MultiIndex.from_tuples(rows, names=["outlet", "story"])
    >>> means = pd.DataFrame({"economy": [0.2, 0.6, 0.3]}, index=index)
    >>> resampled_means(means, draws=2000, seed=0).mean(axis=0).round(2)
    array([[0.4], [0.3]])
    """
    counted = np.ones(len(means)) if weights is None else weights.to_numpy()
    totals, shape = _totals(means, np.asarray(counted, dtype=np.float64))
    sums = resampled_sums(totals, draws, seed=seed).reshape(draws, *shape)
    return np.asarray(sums[:, :, 1:] / sums[:, :, :1])


def _totals(means: pd.DataFrame, weights: Floats) -> tuple[csr_array[np.float64], tuple[int, int]]:
    """Stories × (outlets · columns), sparse: a story's weight in each outlet, then its weighted shares."""
    outlet, outlets = pd.factorize(means.index.get_level_values("outlet"), sort=True)
    story, stories = pd.factorize(means.index.get_level_values("story"), sort=True)
    values = np.column_stack([np.ones(len(means)), means.to_numpy()]) * weights[:, None]
    width = values.shape[1]
    rows, columns = np.repeat(story, width), (outlet[:, None] * width + np.arange(width)).ravel()
    totals = csr_array((values.ravel(), (rows, columns)), shape=(len(stories), len(outlets) * width))
    return totals, (len(outlets), width)


def carriers(told: Stories, share: Floats) -> Floats:
    """How many stories a share rests on: those that carry the label, or those that do not, whichever are fewer.

    A story counts by how much it adds to the share (Kish 1965): (Σ y)² / Σ y², and the same of 1 − y.
    """
    weights = told.weights.to_numpy()[:, None]
    values = told.means.to_numpy()
    total = told.weights.groupby(level="outlet").sum().to_numpy()[:, None]
    squares = pd.DataFrame((weights * values) ** 2).groupby(told.means.index.get_level_values("outlet")).sum()
    without = (
        pd.DataFrame((weights * (1 - values)) ** 2).groupby(told.means.index.get_level_values("outlet")).sum()
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        carrying = (share * total) ** 2 / squares.to_numpy()
        lacking = ((1 - share) * total) ** 2 / without.to_numpy()
    return np.asarray(np.fmin(carrying, lacking))


def steadied(error: Floats, share: Floats, size: Floats, carried: Floats) -> Floats:
    """Standard errors drawn towards their largest possible value where few stories carry the label.

    One or two stories tell a share, but not how such stories spread: of ten with a rare frame, intervals from
    their own spread held the truth in 92 of 100. So 1 / (stories that carry it)³ of the way is gone to the
    variance that yes-or-no stories would have; with three that is a 27th.
    """
    most = np.sqrt(share * (1 - share) / size)
    part = np.where(error < ALIKE, 0.0, 1 / np.maximum(carried, 1) ** 3)
    return np.asarray(np.sqrt(error**2 + part * np.maximum(most**2 - error**2, 0.0)))


def own_errors(share: Floats, error: Floats, size: Floats) -> tuple[Floats, Floats]:
    """Standard errors of mean shares and their degrees of freedom, after what a share tells of its own variance.

    A share implies the variance it would have if all stories were yes or no. What stories between yes and no take
    from it (and what long ones add) is estimated, with n − 1 degrees; both have (n − 1) · (sum / second)² of them
    (Satterthwaite 1946, *Biometrics Bulletin* 2), here never fewer than n − 1, and only the second part needs the
    factor n / (n − 1). So yes-or-no stories get the interval of Wilson (1927) itself. With n − 1 degrees for the
    whole, shares of ten such stories were held in 98 of 100, of forty in 96; now in 96 and 95.

    >>> own_errors(np.array([0.5]), np.array([0.5 / 3]), np.array([10.0]))[0].round(4)  # 0.5 / √10
    array([0.1581])
    """
    most, squared = share * (1 - share) / size, error**2
    with np.errstate(divide="ignore", invalid="ignore"):
        design = squared / most * (size - 1) / size  # 1 where all stories are yes or no
        degrees = (size - 1) * np.maximum(design / np.maximum(np.abs(1 - design), ALIKE), 1.0) ** 2
        less = np.maximum(most, squared - most / (size - 1))
    return np.sqrt(np.where(squared > most, less, squared)), np.where(most > 0, degrees, size - 1)


def score_interval(
    share: Floats, error: Floats, stories: Floats, *, level: float | Floats, degrees: Floats | None = None
) -> tuple[Floats, Floats]:
    """Bounds of a mean share, always within 0 and 1; missing for fewer than two stories.

    Wilson's score interval (1927) with the number of observations replaced by the effective one, share
    × (1 − share) / error², and the normal quantile by Student's: the interval that Dean & Pagano (2015,
    *Journal of Survey Statistics and Methodology* 3) recommend for clustered samples. `degrees` are those
    of Student's t, one fewer than stories unless the error is known better (:func:`own_errors`). When all stories
    agree there is no spread to learn from; see :func:`_unanimous`.

    >>> share, error, stories = np.array([0.5, 0.0]), np.array([0.1, 0.0]), np.array([25.0, 25.0])
    >>> low, high = score_interval(share, error, stories, level=0.95)
    >>> low.round(3), high.round(3)
    (array([0.309, 0.   ]), array([0.691, 0.137]))
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        square = student.ppf((1 + level) / 2, stories - 1 if degrees is None else degrees) ** 2
        effective = share * (1 - share) / error**2
        middle = (share + square / effective / 2) / (1 + square / effective)
        half = np.sqrt(square * error**2 + (square / effective / 2) ** 2) / (1 + square / effective)
    low, high = _unanimous(share, stories, level=level)
    return (
        np.where(stories < 2, np.nan, np.where(error < ALIKE, low, np.maximum(middle - half, 0.0))),
        np.where(stories < 2, np.nan, np.where(error < ALIKE, high, np.minimum(middle + half, 1.0))),
    )


def _unanimous(share: Floats, stories: Floats, *, level: float | Floats) -> tuple[Floats, Floats]:
    """Bounds when n stories all have the same share, where any resample gives a single point.

    With tail = (1 − level) / 2, at most 1 − tail^(1/n) of all stories can differ unseen (Clopper & Pearson
    1934, *Biometrika* 26; 3.7 / n at 95%). Were these all 0, or all 1, the mean would be the bound, so it
    holds whatever the shares' distribution.
    """
    unseen = 1 - ((1 - level) / 2) ** (1 / stories)
    return share * (1 - unseen), share * (1 - unseen) + unseen


def difference_interval(
    share: tuple[Floats, Floats], low: tuple[Floats, Floats], high: tuple[Floats, Floats], correlation: Floats
) -> tuple[Floats, Floats]:
    """Bounds of first − second from the bounds of each: arrays of the same shape.

    The square-and-add method (Newcombe 1998, *Statistics in Medicine* 17; with the correlation that shared
    stories bring, Zou & Donner 2008, *Statistics in Medicine* 27).

    >>> one = np.array([0.5])
    >>> difference_interval((one, one), (one - 0.3, one - 0.4), (one + 0.3, one + 0.4), np.array([0.0]))
    (array([-0.5]), array([0.5]))
    """
    difference = share[0] - share[1]
    down = _joined(share[0] - low[0], high[1] - share[1], correlation)
    up = _joined(high[0] - share[0], share[1] - low[1], correlation)
    return difference - down, difference + up


def _joined(first: Floats, second: Floats, correlation: Floats) -> Floats:
    return np.asarray(np.sqrt(np.maximum(first**2 + second**2 - 2 * correlation * first * second, 0.0)))


def correlation(first: Floats, second: Floats) -> Floats:
    """Correlation column by column, 0 where either does not vary."""
    joint = ((first - first.mean(axis=0)) * (second - second.mean(axis=0))).mean(axis=0)
    scale = first.std(axis=0) * second.std(axis=0)
    varies = scale > ALIKE**2
    return np.where(varies, joint / np.where(varies, scale, 1.0), 0.0)
