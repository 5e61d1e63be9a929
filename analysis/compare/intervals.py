"""Intervals for the mean share of an outlet, from resampled stories or drawn towards the other outlets."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.special import betainc, betaincinv, betaln, ndtr, ndtri, stdtrit

from analysis.arrays import Floats
from analysis.compare.inference import Inference
from analysis.compare.observations import Stories
from analysis.draws import resampled_sums, standard_errors

ALIKE = 1e-9  # rounding leaves about 1e-17 of spread among stories that agree
TINY = 1e-12  # a share below this is one that no story carries, after rounding
STEPS = 40  # grid points for the mean and for the likeness of outlets; 80 moved no bound by .002
DRAWN = 100  # of these, drawn evenly by their likelihood, make the posterior
HALVINGS = 13  # to the fourth digit


class Spread(NamedTuple):
    """What is known of each outlet's mean shares: arrays of shape (outlets, labels) unless said otherwise."""

    share: Floats
    squares: Floats  # squared distances of its stories from the share, summed
    size: Floats  # how many stories of equal weight the outlet's are worth: a column
    error: Floats  # standard errors
    resampled: Floats  # draws × outlets × labels
    unseen: Floats  # how many average stories an unseen story may weigh: a column

    def bounds(self, level: float | Floats) -> tuple[Floats, Floats]:
        """Bounds of the shares; of an array of levels each gives bounds."""
        return share_interval(self.share, self.squares, self.size, level, self.unseen)


def outlet_spread(observed: Stories, how: Inference) -> Spread:
    """Share, spread and resamples of each outlet."""
    weights = observed.weights.groupby(level="outlet")
    stories: Floats = weights.size().to_numpy().astype(np.float64)[:, None]
    equal = (weights.sum() ** 2 / (observed.weights**2).groupby(level="outlet").sum()).to_numpy()[:, None]
    # Of equal weight (Kish 1965). Two of different length are worth less than two, and still have a variance.
    size = np.where(stories < 2, stories, np.maximum(equal, 2.0))
    part, values = (observed.weights / weights.transform("sum")).to_numpy()[:, None], observed.means.to_numpy()
    outlets = observed.means.index.get_level_values("outlet")
    code = pd.factorize(outlets, sort=True)[0]
    share = pd.DataFrame(part * values).groupby(outlets).sum().to_numpy().clip(0.0, 1.0)
    variance = pd.DataFrame((part * (values - share[code])) ** 2).groupby(outlets).sum().to_numpy()
    resampled = resampled_means(observed.means, how, observed.weights)
    largest = np.asarray(weights.max() / weights.sum(), dtype=np.float64)[:, None]
    # Between an average story and the longest: neither alone holds.
    unseen = np.sqrt(np.maximum(largest * size, 1.0))
    return Spread(share, variance * size**2, size, standard_errors(resampled, stories), resampled, unseen)


def share_interval(
    share: Floats, squares: Floats, size: Floats, level: float | Floats, unseen: float | Floats = 1.0
) -> tuple[Floats, Floats]:
    """Bounds of mean shares of stories, always within 0 and 1; missing for fewer than two stories.

    One more story, which was not seen, is added: without the label for the lower bound, all about it for the upper
    one; the bound is the quantile of the beta distribution with the mean and the variance of these stories. Of
    yes-or-no stories this is the interval of Clopper & Pearson (1934, *Biometrika* 26); for shares between and
    unequal weights it follows Tiwari, Clegg & Zou (2006, *Statistical Methods in Medical Research* 15). `unseen`
    is how many average stories the added one counts for: more than one, since shares may rise with length.
    """
    tail = (1 - np.asarray(level)) / 2

    def bound(value: float, tail: Floats) -> Floats:
        """The quantile of the mean once a story of this value is added."""
        mean = (share * size + unseen * value) / (size + unseen)
        spread = squares + size * (share - mean) ** 2 + unseen**2 * (value - mean) ** 2
        variance = spread / ((size + unseen) * (size + unseen + 1))
        with np.errstate(divide="ignore", invalid="ignore"):
            strength = mean * (1 - mean) / variance - 1
            quantile = betaincinv(mean * strength, (1 - mean) * strength, tail)
        quantile = np.where(mean < TINY, 0.0, np.where(mean > 1 - TINY, 1.0, quantile))
        return np.where(size < 2, np.nan, quantile)

    return bound(0.0, tail), bound(1.0, 1 - tail)


def resampled_means(means: pd.DataFrame, how: Inference, weights: pd.Series[float] | None = None) -> Floats:
    """Outlets' mean shares in each resampled corpus: array of shape (draws, outlets, labels).

    Stories are resampled over the whole corpus, so that a story which two outlets carry stays one.
    """
    counted = np.ones(len(means)) if weights is None else np.asarray(weights, dtype=np.float64)
    outlet, outlets = pd.factorize(means.index.get_level_values("outlet"), sort=True)
    story, stories = pd.factorize(means.index.get_level_values("story"), sort=True)
    values = np.column_stack([np.ones(len(means)), means.to_numpy()]) * counted[:, None]
    width = values.shape[1]
    # Stories × (outlets · columns), sparse: a story's weight in each outlet, then its weighted shares.
    rows, columns = np.repeat(story, width), (outlet[:, None] * width + np.arange(width)).ravel()
    totals = csr_array((values.ravel(), (rows, columns)), shape=(len(stories), len(outlets) * width))
    sums = resampled_sums(totals, how.draws, seed=how.seed).reshape(how.draws, len(outlets), width)
    return np.asarray(sums[:, :, 1:] / sums[:, :, :1])


def least_variance(variance: Floats, share: Floats, size: Floats, carried: Floats) -> Floats:
    """Variances of mean shares, drawn towards what yes-or-no stories would have where few carry the label.

    Two stories more of either kind are added (the centre of Wilson's interval), also where none carries it.
    """
    with np.errstate(invalid="ignore"):
        part = np.where((share < TINY) | (share > 1 - TINY), 1.0, 1 / np.maximum(carried, 1) ** 3)
    centre = (share * size + 2) / (size + 4)
    return np.asarray(variance + part * np.maximum(centre * (1 - centre) / size - variance, 0.0))


def steadied(variance: Floats, share: Floats) -> Floats:
    """Variances at the share that one more observation of either kind gives (Agresti & Coull 1998)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        known = np.where(variance > 0, share * (1 - share) / variance, np.inf)
        centre = (share * known + 1) / (known + 2)
        between = (share > TINY) & (share < 1 - TINY) & np.isfinite(known)
        ratio = np.where(between, centre * (1 - centre) / (share * (1 - share)), 1.0)
    return np.asarray(variance * np.maximum(ratio, 1.0))


def score_interval(share: Floats, error: Floats, stories: Floats, *, level: float) -> tuple[Floats, Floats]:
    """Bounds of a mean share, always within 0 and 1; missing for fewer than two stories.

    Wilson's score interval (1927) with the effective number of observations, share × (1 − share) / error², and
    Student's quantile: the interval that Dean & Pagano (2015, *Journal of Survey Statistics and Methodology* 3)
    recommend for clustered samples. Where all n stories agree, at most 1 − tail^(1/n) of all can differ unseen
    (Clopper & Pearson 1934): were these all 0, or all 1, the mean would be the bound.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        square = stdtrit(stories - 1, (1 + level) / 2) ** 2
        effective = share * (1 - share) / error**2
        middle = (share + square / effective / 2) / (1 + square / effective)
        half = np.sqrt(square * error**2 + (square / effective / 2) ** 2) / (1 + square / effective)
    unseen = 1 - ((1 - level) / 2) ** (1 / stories)
    low, alike = share * (1 - unseen), error < ALIKE
    return (
        np.where(stories < 2, np.nan, np.where(alike, low, np.maximum(middle - half, 0.0))),
        np.where(stories < 2, np.nan, np.where(alike, low + unseen, np.minimum(middle + half, 1.0))),
    )


def difference_interval(
    share: tuple[Floats, Floats], low: tuple[Floats, Floats], high: tuple[Floats, Floats], correlation: Floats
) -> tuple[Floats, Floats]:
    """Bounds of first − second from the bounds of each: arrays of the same shape.

    The square-and-add method (Newcombe 1998, *Statistics in Medicine* 17; with the correlation that shared
    stories bring, Zou & Donner 2008, *Statistics in Medicine* 27).
    """

    def joined(first: Floats, second: Floats) -> Floats:
        return np.asarray(np.sqrt(np.maximum(first**2 + second**2 - 2 * correlation * first * second, 0.0)))

    difference = share[0] - share[1]
    down, up = joined(share[0] - low[0], high[1] - share[1]), joined(high[0] - share[0], share[1] - low[1])
    return difference - down, difference + up


def correlation(first: Floats, second: Floats) -> Floats:
    """Correlation column by column, 0 where either does not vary."""
    joint = ((first - first.mean(axis=0)) * (second - second.mean(axis=0))).mean(axis=0)
    scale = first.std(axis=0) * second.std(axis=0)
    varies = scale > ALIKE**2
    return np.where(varies, joint / np.where(varies, scale, 1.0), 0.0)


def joint_levels(resampled: Floats, error: Floats, *, level: float) -> Floats:
    """The level that each single interval needs for all of a label to hold together: shape (outlets, labels).

    max-t (Westfall & Young 1993; Hothorn, Bretz & Westfall 2008, *Biometrical Journal* 50) over normal scores of
    ranks, so that only how outlets move together counts. Outlets whose stories all agree are taken as independent
    of the rest (Šidák 1967); those of one story do not count.
    """
    moves = np.isfinite(error) & (error > ALIKE)
    counted = np.maximum(np.isfinite(error).sum(axis=0), 1)
    # One label at a time: the ranks of all would not fit where labels are terms.
    columns = zip(np.moveaxis(resampled, 2, 0), moves.T, moves.sum(axis=0) / counted, strict=True)
    shared = np.full((1, len(counted)), level)
    for label, (drawn, moved, part) in enumerate(columns):
        if moved.any():
            scores = ndtri(pd.DataFrame(drawn[:, moved]).rank().to_numpy() / (len(drawn) + 1))
            shared[0, label] = 2 * ndtr(np.quantile(np.abs(scores).max(axis=1), level**part)) - 1
    return np.where(moves, shared, level ** (1 / counted))


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
