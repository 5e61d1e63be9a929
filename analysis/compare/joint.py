"""Intervals that hold for all outlets at once."""

import numpy as np
from scipy.stats import norm, rankdata

from analysis.arrays import Floats

ALIKE = 1e-9  # as in intervals.py: an error below this is rounding


def joint_levels(resampled: Floats, error: Floats, *, level: float) -> Floats:
    """The level that each single interval needs for all of a label to hold together: shape (outlets, labels).

    Of each resample the outlet farthest from its mean is taken, and the distance that `level` of these farthest
    stay within is the one all get (max-t: Westfall & Young 1993; Hothorn, Bretz & Westfall 2008, *Biometrical
    Journal* 50). Distances are normal scores of ranks, so that only how outlets move together counts. Outlets
    whose stories all agree do not move; they are taken as independent of the rest (Šidák 1967). Outlets without
    an interval (one story) do not count.

    Two outlets that move independently need √.95 each, two that move as one .95:

    >>> draws = np.random.default_rng(0).random((20_000, 2, 1))
    >>> joint_levels(draws, draws.std(axis=0), level=0.95).round(3).ravel()
    array([0.975, 0.975])
    >>> joint_levels(draws[:, [0, 0]], draws.std(axis=0), level=0.95).round(3).ravel()
    array([0.95, 0.95])
    """
    moves = np.isfinite(error) & (error > ALIKE)
    counted = np.maximum(np.isfinite(error).sum(axis=0), 1)
    # One label at a time: the ranks of all would not fit where labels are terms.
    shared = [
        _shared(resampled[:, moves[:, at], at], level ** (moves[:, at].sum() / counted[at]))
        for at in range(error.shape[1])
    ]
    return np.where(moves, np.array(shared).reshape(1, -1), level ** (1 / counted))


def _shared(resampled: Floats, level: float) -> float:
    """The level of each of these columns at which all hold at `level`."""
    if not resampled.shape[1]:
        return level
    scores = norm.ppf(rankdata(resampled, axis=0) / (len(resampled) + 1))
    return float(2 * norm.cdf(np.quantile(np.abs(scores).max(axis=1), level)) - 1)
