"""Outlets' shares drawn towards each other: the fewer stories an outlet has, the more."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln
from scipy.stats import beta

Floats = NDArray[np.float64]

STEPS = 40  # grid points for the mean and for the likeness of outlets; 80 moved no bound by .002


def pooled_shares(share: Floats, error: Floats, size: Floats, *, level: float) -> tuple[Floats, Floats, Floats]:
    """Partially pooled shares and their bounds: arrays of shape (outlets, labels), missing for a sole outlet.

    A beta-binomial model in which outlets differ from a common mean, by a spread that they tell themselves
    (Efron & Morris 1975, *JASA* 70). An outlet's stories count as so many yes-or-no observations as their spread
    within outlets is worth, one spread for all outlets of a label; so an outlet of one story, and one whose
    stories all agree, have a place too. The mean is uniform on 0 to 1 and so is the weight of the common mean in
    an average outlet (Christiansen & Morris 1997, *JASA* 92), both integrated out, which keeps bounds honest for
    few outlets; bounds are those of a beta distribution with the posterior's mean and variance.

    Three of three stories, beside outlets at a third and a quarter with many, are no certainty:

    >>> share, size = np.array([[1.0], [0.33], [0.25]]), np.array([[3.0], [90.0], [80.0]])
    >>> error = np.array([[0.0], [0.05], [0.05]])
    >>> [bound.round(2).ravel().tolist() for bound in pooled_shares(share, error, size, level=0.95)]
    [[0.57, 0.33, 0.27], [0.13, 0.24, 0.18], [0.95, 0.43, 0.37]]
    """
    if len(share) < 2:
        return (np.full(share.shape, np.nan),) * 3
    worth = size / _within(share, error, size)
    columns = [_label(share[:, at], worth[:, at], level) for at in range(share.shape[1])]
    pooled, low, high = (np.column_stack(part) for part in zip(*columns, strict=True))
    return pooled, low, high


def _within(share: Floats, error: Floats, size: Floats) -> Floats:
    """Variance of stories within outlets, as a part of what yes-or-no stories would have: a row of labels.

    One more yes-or-no story is added, which keeps labels on which all stories agree from being certain.
    """
    degrees = np.where(np.isfinite(error), size - 1, 0.0)
    squared = np.where(np.isfinite(error), error, 0.0) ** 2
    found = (degrees * squared * size).sum(axis=0)
    most = (degrees * (share * (1 - share) + squared)).sum(axis=0)
    typical = np.where(most > 0, most / np.maximum(degrees.sum(axis=0), 1), 1.0)
    return np.asarray(np.minimum((found + typical) / (most + typical), 1.0))


def _label(share: Floats, worth: Floats, level: float) -> tuple[Floats, Floats, Floats]:
    """Posterior mean and bounds of each outlet for one label."""
    middle = (np.arange(STEPS) + 0.5) / STEPS
    mean, weight = (grid.ravel()[:, None] for grid in np.meshgrid(middle, middle))
    prior = len(worth) / (1 / worth).sum() * weight / (1 - weight)  # observations that the common mean is worth
    yes, no = mean * prior, (1 - mean) * prior
    after = yes + share * worth, no + (1 - share) * worth
    likely = (betaln(*after) - betaln(yes, no)).sum(axis=1, keepdims=True)
    chance = np.exp(likely - likely.max())
    chance /= chance.sum()
    centre = after[0] / (after[0] + after[1])
    pooled = (chance * centre).sum(axis=0)
    spread = centre * (1 - centre) / (after[0] + after[1] + 1) + (centre - pooled) ** 2
    total = pooled * (1 - pooled) / (chance * spread).sum(axis=0) - 1
    bounds = [beta.ppf(tail, pooled * total, (1 - pooled) * total) for tail in ((1 - level) / 2, (1 + level) / 2)]
    return pooled, bounds[0], bounds[1]
