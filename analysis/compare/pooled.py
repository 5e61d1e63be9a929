"""Partial pooling of outlets, and the resemblance of stories of one day or event."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import betainc, betaln
from scipy.stats import f as fisher

from analysis.arrays import Flags, Floats, Places
from analysis.compare.effects import ALPHA
from analysis.compare.observations import Stories

STEPS = 40  # grid points for the mean and for the likeness of outlets; 80 moved no bound by .002
DRAWN = 100  # of these, drawn evenly by their likelihood, make the posterior
HALVINGS = 13  # to the fourth digit


def pooled_shares(
    share: Floats, error: Floats, size: Floats, alone: Floats, bounds: tuple[Floats, Floats], *, level: float
) -> tuple[Floats, Floats, Floats]:
    """Partially pooled shares and their bounds: arrays of shape (outlets, labels), missing for a sole outlet.

    A beta-binomial model in which outlets differ from a common mean by a spread of their own (Efron & Morris 1975,
    *JASA* 70). An outlet's stories count as so many yes-or-no observations as their spread within outlets is
    worth, one spread for all outlets of a label. The mean and its weight in an average outlet are uniform on 0 to
    1 (Christiansen & Morris 1997, *JASA* 92), both integrated out; bounds are quantiles of the posterior, a
    mixture of beta distributions.

    Outlets that share stories are not independent. `alone`, a column, is the part of an outlet's stories that is
    left when a story counts once among all outlets; outlets count by that part, and bounds move the rest of the
    way to the outlet's own, `bounds`.
    """
    if len(share) < 2:
        return (np.full(share.shape, np.nan),) * 3
    worth = size / _within(share, error, size) * alone
    columns = [_label(share[:, at], worth[:, at], level) for at in range(share.shape[1])]
    pooled, low, high = (np.column_stack(part) for part in zip(*columns, strict=True))
    lower, higher = (np.where(np.isnan(bound), pooled, bound) for bound in bounds)
    low, high = low + (1 - alone) * np.minimum(lower - low, 0), high + (1 - alone) * np.maximum(higher - high, 0)
    return pooled, low, high


def _within(share: Floats, error: Floats, size: Floats) -> Floats:
    """Variance of stories within outlets, as a part of what yes-or-no stories would have: a row of labels."""
    degrees = np.where(np.isfinite(error), size - 1, 0.0)
    squared = np.where(np.isfinite(error), error, 0.0) ** 2
    found = (degrees * squared * size).sum(axis=0)
    most = (degrees * (share * (1 - share) + squared)).sum(axis=0)
    # One more yes-or-no story: a label on which all agree is not certain.
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
    # Rows at even steps of likelihood, by rising centre, are a posterior of equally likely beta distributions.
    steps, order = (np.arange(DRAWN) + 0.5) / DRAWN, centre.argsort(axis=0, kind="stable")
    places = np.column_stack([np.searchsorted(chance[column, 0].cumsum(), steps) for column in order.T])
    drawn = np.take_along_axis(order, np.minimum(places, len(order) - 1), axis=0)
    parts = [np.take_along_axis(side, drawn, axis=0) for side in after]
    low, high = (_quantile(parts[0], parts[1], tail) for tail in ((1 - level) / 2, (1 + level) / 2))
    pooled = (chance * centre).sum(axis=0)
    return pooled, np.minimum(low, pooled), np.maximum(high, pooled)


def _quantile(yes: Floats, no: Floats, tail: float) -> Floats:
    """The quantile of each column's mixture of beta distributions, one per row, equally likely; by bisection."""
    low, high = np.zeros(yes.shape[1]), np.ones(yes.shape[1])
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = betainc(yes, no, middle).mean(axis=0) < tail
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


NOTABLE = 1.25  # times the variance: an interval that ignores it holds 92 of 100 in place of 95


class Resemblance(NamedTuple):
    """How alike stories are that belong together: ``icc`` a label, the others outlets × labels."""

    icc: Floats
    design_effect: Floats
    notable: Flags  # where stories cannot be taken as independent


def resemblance(stories: Stories, together: "pd.Series[Any]") -> Resemblance:
    """The intraclass correlation of stories with one value of `together`, within outlets, and design effects.

    The analysis-of-variance estimator (Donner 1986, *International Statistical Review* 54); an outlet's design
    effect is 1 + (mean size of a story's group − 1) · correlation (Kish 1965). A story without a value is alone.
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
        unknown = np.full((len(whole), labels), np.nan)
        return Resemblance(np.full(labels, np.nan), unknown, unknown > 0)
    degrees = number[1] - number[2], number[0] - number[1]
    mean_squares = between / degrees[0], within / degrees[1]
    average = (number[0] - typical.sum()) / degrees[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        icc = (mean_squares[0] - mean_squares[1]) / (mean_squares[0] + (average - 1) * mean_squares[1])
        p = fisher.sf(mean_squares[0] / mean_squares[1], *degrees)
    icc = np.clip(icc, 0, 1)  # below 0 by chance alone: stories of one day are not less alike than others
    effect = 1 + (typical[:, None] - 1) * np.nan_to_num(icc)
    return Resemblance(icc, effect, (p < ALPHA) & (effect >= NOTABLE))


def _squares(values: Floats, groups: Places) -> Floats:
    """Squared distances from the mean of the group, summed: a value per label."""
    table = pd.DataFrame(values)
    return ((table - table.groupby(groups).transform("mean")) ** 2).sum().to_numpy(np.float64)
