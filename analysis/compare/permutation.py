"""Permutation tests for two outlets, some of whose stories may be the same."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import draws
from analysis.arrays import Flags, Floats
from analysis.compare.inference import Inference
from analysis.compare.intervals import least_variance

TIE = 1e-9  # statistics this close (relative) are the same number, summed in another order

Weighted = tuple[pd.DataFrame, "pd.Series[float]"]  # shares and weights, a row a story


class Pair(NamedTuple):
    """Two outlets' stories as sums need them; `centre` was taken from all shares, a value a label."""

    alone: Floats  # terms of the stories that one outlet alone has, the first outlet's first
    first: Floats  # terms of stories that both carry, as the first has them
    second: Floats
    y: Floats  # their shares in either
    z: Floats
    weights: Floats  # the product of their weights, a column
    sizes: tuple[int, int, int]  # stories of the first alone, of the second alone, of both
    centre: Floats


def permutation_p(first: Weighted, second: Weighted, how: Inference) -> Floats:
    """Two-sided p of "the outlet makes no difference", one value a column.

    `first` and `second` hold one row a story (two or more), indexed by story, with the stories' weights; a story
    keeps its weight wherever it goes. A relabeling deals the stories that one outlet alone carries out anew,
    keeping how many each has, and swaps the two versions of a story that both carry, or does not. All relabelings
    are tried if there are at most ``how.relabelings``, otherwise that many at random, and the observed one counts
    among them (Phipson & Smyth 2010, *Statistical Applications in Genetics and Molecular Biology* 9). The
    statistic is the difference divided by its standard error, which keeps the test right when outlets differ in
    spread (Janssen 1997, *Statistics & Probability Letters* 36; Chung & Romano 2013, *Annals of Statistics* 41).

    An outlet in which fewer than about three stories carry the label has next to no spread of its own, and would
    differ from any other. Its variance is therefore never less than its interval implies, as observed and in each
    relabeling (see :func:`~analysis.compare.intervals.least_variance`).

    A shared story that both printed alike carries no information, so outlets with few stories of their own seldom
    differ significantly: the test then errs on the side of caution.

    Of the six ways to deal 0, 0, 1, 1 into two and two, two are as far apart as these:

    >>> low, high = pd.DataFrame({"x": [0.0, 0.0]}, ["a", "b"]), pd.DataFrame({"x": [1.0, 1.0]}, ["c", "d"])
    >>> one = [(table, pd.Series(1.0, index=table.index)) for table in (low, high)]
    >>> permutation_p(*one, Inference(relabelings=100)).round(3)
    array([0.333])
    """
    pair = side_by_side(first, second)
    batches = draws.relabelings(*pair.sizes, how.relabelings, seed=how.seed)
    found = np.concatenate([_statistic(pair, *batch) for batch in batches])  # the observed labels come first
    return np.asarray((found >= found[0] * (1 - TIE)).mean(axis=0))


def side_by_side(first: Weighted, second: Weighted) -> Pair:
    """The terms of two outlets' stories: those that one alone has, and the shared ones."""
    shared = first[0].index.intersection(second[0].index).sort_values()
    # Centred, squares keep their digits when all shares are nearly alike.
    centre = (first[0].mean().to_numpy() + second[0].mean().to_numpy()) / 2
    own = [(means.drop(shared).sort_index(), weights.drop(shared).sort_index()) for means, weights in
           (first, second)]  # fmt: skip
    alone = [_terms(means.to_numpy(float) - centre, np.asarray(weights, dtype=float)) for means, weights in own]
    y, z = (side[0].loc[shared].to_numpy(dtype=float) - centre for side in (first, second))
    w, v = (np.asarray(side[1].loc[shared], dtype=float) for side in (first, second))
    sizes = len(own[0][0]), len(own[1][0]), len(shared)
    return Pair(np.concatenate(alone), _terms(y, w), _terms(z, v), y, z, (w * v)[:, None], sizes, centre)


def _terms(y: Floats, w: Floats) -> Floats:
    """What is summed over an outlet's stories: w, w², w·y, w²·y, w²·y², side by side."""
    w = w[:, None]
    return np.concatenate([w, w**2, w * y, w**2 * y, (w * y) ** 2], axis=1)


def _statistic(pair: Pair, dealt: Flags, swapped: Flags) -> Floats:
    """|difference of means| / its standard error, of shape (relabelings, columns)."""
    shared = swapped @ (pair.second - pair.first) + pair.first.sum(axis=0)  # as the first outlet has them
    sums = dealt @ pair.alone + shared
    rest = pair.alone.sum(axis=0) + pair.first.sum(axis=0) + pair.second.sum(axis=0) - sums
    n, m = (alone + pair.sizes[2] for alone in pair.sizes[:2])
    mean, variance = _mean_and_variance(sums, n, pair.centre)
    other, variance_other = _mean_and_variance(rest, m, pair.centre)
    difference = np.abs(mean - other)
    total = variance + variance_other - 2 * _covariance(pair, swapped, (mean, other), (sums[:, :1], rest[:, :1]))
    certain = np.where(difference > TIE, np.inf, 0.0)
    spread = np.sqrt(np.maximum(total, TIE**2))
    return np.where(total > TIE**2, difference / spread, certain)


def _covariance(
    pair: Pair, swapped: Flags, means: tuple[Floats, Floats], totals: tuple[Floats, Floats]
) -> Floats | float:
    """The covariance of both means that the shared stories bring."""
    n, m = (alone + pair.sizes[2] for alone in pair.sizes[:2])
    if not pair.sizes[2]:
        return 0.0
    y, z, weights = pair.y, pair.z, pair.weights
    of_first = swapped @ (weights * (z - y)) + (weights * y).sum(axis=0)
    of_second = (weights * (y + z)).sum(axis=0) - of_first
    mean, other = means
    joint = (weights * y * z).sum(axis=0) - other * of_first - mean * of_second + mean * other * weights.sum()
    return np.asarray(joint * np.sqrt(n / (n - 1) * m / (m - 1)) / (totals[0] * totals[1]))


def _mean_and_variance(sums: Floats, stories: int, centre: Floats) -> tuple[Floats, Floats]:
    """The weighted mean and its sampling variance (linearised), never too small."""
    labels = len(centre)
    w, ww, wy, wwy, wwyy = np.split(sums, [1, 2, 2 + labels, 2 + 2 * labels], axis=1)
    mean = wy / w
    variance = stories / (stories - 1) * (wwyy - 2 * mean * wwy + mean**2 * ww) / w**2
    share = np.clip(mean + centre, 0.0, 1.0)
    squares = wwyy + 2 * centre * wwy + centre**2 * ww  # of w · share
    lacking = squares - 2 * (wwy + centre * ww) + ww  # of w · (1 − share)
    with np.errstate(divide="ignore", invalid="ignore"):
        carriers = np.fmin((share * w) ** 2 / squares, ((1 - share) * w) ** 2 / lacking)
    return mean, least_variance(variance, share, w**2 / ww, carriers)
