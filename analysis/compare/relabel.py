"""Permutation tests for two outlets, some of whose stories may be the same."""

from math import comb
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import draws
from analysis.arrays import Flags, Floats

TIE = 1e-9  # statistics this close (relative) are the same number, summed in another order


Weighted = tuple[pd.DataFrame, "pd.Series[float]"]


def permutation_p(
    first: pd.DataFrame | Weighted, second: pd.DataFrame | Weighted, *, relabelings: int, seed: int
) -> Floats:
    """Two-sided p of "the outlet makes no difference", one value a column.

    `first` and `second` hold one row a story (two or more), indexed by story, alone or with the stories' weights;
    a story keeps its weight wherever it goes. A relabeling deals the stories
    that one outlet alone carries out anew, keeping how many each has, and swaps the two versions of a story
    that both carry, or does not. All relabelings are tried if there are at most `relabelings`, otherwise that
    many at random, and the observed one counts among them (Phipson & Smyth 2010, *Statistical Applications
    in Genetics and Molecular Biology* 9). The statistic is the difference divided by its standard error,
    which keeps the test right when outlets differ in spread (Janssen 1997, *Statistics & Probability
    Letters* 36; Chung & Romano 2013, *Annals of Statistics* 41).

    A shared story that both printed alike says nothing, so outlets with few stories of their own seldom
    differ significantly: the test then errs on the side of caution.

    Of the six ways to deal 0, 0, 1, 1 into two and two, two are as far apart as these:

    >>> low, high = pd.DataFrame({"x": [0.0, 0.0]}, ["a", "b"]), pd.DataFrame({"x": [1.0, 1.0]}, ["c", "d"])
    >>> permutation_p(low, high, relabelings=100, seed=0).round(3)
    array([0.333])
    """
    alone, pair, sizes = dealable(_weighted(first), _weighted(second))
    batches = (_statistic(alone, pair, *batch) for batch in draws.relabelings(*sizes, relabelings, seed=seed))
    found = np.concatenate(list(batches))  # the observed labels come first
    return np.asarray((found >= found[0] * (1 - TIE)).mean(axis=0))


def smallest_p(first: "pd.Index[str]", second: "pd.Index[str]", *, relabelings: int) -> float:
    """The least p that these stories could have given, had the outlets differed as far as can be.

    >>> smallest_p(pd.Index(["a", "b"]), pd.Index(["c", "d"]), relabelings=100)
    0.3333333333333333
    """
    shared = len(first.intersection(second))
    alone = len(first) - shared, len(second) - shared
    ways = comb(sum(alone), alone[0]) * 2**shared
    mirrored = 2 if alone[0] == alone[1] else 1  # the same distance with the outlets' names exchanged
    return mirrored / ways if ways <= relabelings else 1 / (relabelings + 1)


def _weighted(outlet: pd.DataFrame | Weighted) -> Weighted:
    return outlet if isinstance(outlet, tuple) else (outlet, pd.Series(1.0, index=outlet.index))


def dealable(first: Weighted, second: Weighted) -> tuple[Floats, "Pair", tuple[int, int, int]]:
    """Sums' terms of the stories that one outlet alone has, and of the shared ones; how many there are of each."""
    shared = first[0].index.intersection(second[0].index).sort_values()
    # Centred, squares keep their digits when all shares are nearly alike.
    centre = (first[0].mean().to_numpy() + second[0].mean().to_numpy()) / 2
    own = [outlet.drop(shared).sort_index() for side in (first, second) for outlet in side]
    terms = [_terms(own[at].to_numpy(dtype=float) - centre, own[at + 1].to_numpy(dtype=float)) for at in (0, 2)]
    y = [side[0].loc[shared].to_numpy(dtype=float) - centre for side in (first, second)]
    w = [side[1].loc[shared].to_numpy(dtype=float) for side in (first, second)]
    pair = Pair(_terms(y[0], w[0]), _terms(y[1], w[1]), y[0], y[1], (w[0] * w[1])[:, None])
    return np.concatenate(terms), pair, (len(own[0]), len(own[2]), len(shared))


class Pair(NamedTuple):
    """Stories both outlets carry: terms and shares of each version, and the product of their weights."""

    first: Floats
    second: Floats
    y: Floats
    z: Floats
    weights: Floats


def _terms(y: NDArray[Any], w: NDArray[Any]) -> Floats:
    """What is summed over an outlet's stories: w, w², w·y, w²·y, w²·y², side by side."""
    w = w[:, None]
    return np.concatenate([w, w**2, w * y, w**2 * y, (w * y) ** 2], axis=1)


def _statistic(alone: Floats, pair: Pair, dealt: Flags, swapped: Flags) -> Floats:
    """|difference of means| / its standard error, of shape (relabelings, columns)."""
    mean, other, (variance, variance_other, joint) = moments(alone, pair, dealt, swapped)
    return _ratio(np.abs(mean - other), variance + variance_other - 2 * joint)


def moments(
    alone: Floats, pair: Pair, dealt: Flags, swapped: Flags
) -> tuple[Floats, Floats, tuple[Floats, Floats, Floats]]:
    """Means of the two outlets under each relabeling; the variance of each mean, and their covariance."""
    shared = swapped @ (pair.second - pair.first) + pair.first.sum(axis=0)  # as the first outlet has them
    sums = dealt @ alone + shared
    rest = alone.sum(axis=0) + pair.first.sum(axis=0) + pair.second.sum(axis=0) - sums
    stories = int(dealt[0].sum()) + len(pair.y), int((~dealt[0]).sum()) + len(pair.y)
    mean, variance = _mean_and_variance(sums, stories[0])
    other, variance_other = _mean_and_variance(rest, stories[1])
    y, z, weights = pair.y, pair.z, pair.weights
    of_first = swapped @ (weights * (z - y)) + (weights * y).sum(axis=0)
    of_second = (weights * (y + z)).sum(axis=0) - of_first
    joint = (weights * y * z).sum(axis=0) - other * of_first - mean * of_second + mean * other * weights.sum()
    n, m = stories
    joint *= np.sqrt(n / (n - 1) * m / (m - 1)) / (sums[:, :1] * rest[:, :1])
    return mean, other, (variance, variance_other, joint)


def _mean_and_variance(sums: Floats, stories: int) -> tuple[Floats, Floats]:
    """The weighted mean and its sampling variance (linearised; s² / n where weights are equal)."""
    labels = (sums.shape[1] - 2) // 3
    w, ww, wy, wwy, wwyy = np.split(sums, [1, 2, 2 + labels, 2 + 2 * labels], axis=1)
    mean = wy / w
    return mean, stories / (stories - 1) * (wwyy - 2 * mean * wwy + mean**2 * ww) / w**2


def _ratio(difference: Floats, variance: Floats) -> Floats:
    """Difference / √variance, where nothing differs 0, where only the outlets differ infinite."""
    certain = np.where(difference > TIE, np.inf, 0.0)
    spread = np.sqrt(np.maximum(variance, TIE**2))
    return np.where(variance > TIE**2, difference / spread, certain)
