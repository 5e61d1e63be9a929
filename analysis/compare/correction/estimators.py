"""Three corrections of outlet shares for an instrument's errors, by what is known of the errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import betaincinv, ndtri, stdtrit

from analysis.arrays import Floats, sums
from analysis.compare.correction.sample import Sample
from analysis.compare.inference import Inference
from analysis.compare.intervals import ALIKE, resampled_means
from analysis.compare.observations import story_shares
from analysis.draws import standard_errors
from analysis.frames.coding.codes import Judged
from analysis.frames.coding.measures import CELLS, JEFFREYS, interval, rate, rates_differ

FEW_CODED = 2  # stories of an outlet; one does not show the variance
KINDS = 6  # of passages: ``CELLS``, and those not coded of which the instrument says yes and no
PRECISE = 1e-6  # of a share, by which a step moves one; the remaining distance is about twenty times as much
MOST_STEPS = 1_000  # one to two hundred are usual where one passage in ten is coded
IMAGINED = (0.0, 0.25, 0.75, 1.0, 0.5)  # the code of an imaginary passage in each cell of ``Sample.cells``
SMALL = 1e-9  # passages; keeps the rates of empty cells from being 0 / 0


class Estimate(NamedTuple):
    """Arrays of shape (outlets, labels), outlets by name; NaN where nothing can be said."""

    share: Floats
    low: Floats
    high: Floats


def by_design(sample: Sample, how: Inference) -> Estimate:
    """Means of the pseudo-outcomes, and beta intervals by their errors."""
    share, coded = sample.mean(pseudo_outcomes(sample)), sample.coded_stories
    ends = _of_ends(sample, lambda one: _bounds(one.mean(pseudo_outcomes(one)), _error(one), coded, how.level))
    enough, inside = (coded >= FEW_CODED) & (sample.stories >= FEW_CODED), np.clip(share, 0, 1)
    low, high = (np.where(enough, end, np.nan) for end in (np.fmin(ends[0], inside), np.fmax(ends[1], inside)))
    return Estimate(np.where(coded < FEW_CODED, np.nan, share), low, high)


def _of_ends(sample: Sample, bounds: Callable[[Sample], tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """The lower bound with ties of coders settled as 0, and the upper one with 1."""
    least, most = sample.ends
    low, high = bounds(least)
    return low, high if most is least else bounds(most)[1]


def by_hand(sample: Sample, how: Inference) -> Estimate:
    """The share by the coded passages alone, each standing for those it was drawn from."""
    found = np.full((3, len(sample.outlets), sample.labels.shape[1]), np.nan)
    for outlet, column in np.ndindex(*found.shape[1:]):
        rows = (sample.outlet == outlet) & (sample.weights[:, column] > 0)
        weights, story = sample.part[rows] * sample.weights[rows, column], sample.story[rows]
        rates = [rate(one.codes[rows, column], weights, story) for one in (sample, *sample.ends)]
        found[0, outlet, column] = rates[0].share
        if len(np.unique(story)) >= FEW_CODED:
            found[1:, outlet, column] = [interval(rates[end], how.level)[end - 1] for end in (1, 2)]
    return Estimate(*found)


def pseudo_outcomes(sample: Sample) -> Floats:
    """Passages × labels; single values may lie far outside 0 and 1, only their means are shares."""
    expected = _expected(sample)
    return np.asarray(expected + sample.weights * (sample.truth - expected))


def _expected(sample: Sample) -> Floats:
    """g: the share of codes 1 among passages of other stories (cross-fitting) with the same label.

    One imaginary passage in which the instrument is right stabilises it, also where no passage was coded.
    """
    weights, story, coded = sample.weights, sample.story, sample.weights > 0
    usual = np.where(coded.any(axis=0), weights.sum(axis=0) / np.maximum(coded.sum(axis=0), 1), 1.0)

    def of_others(values: Floats) -> Floats:
        return np.asarray(values.sum(axis=0) - sums(values, story, int(story.max()) + 1)[story])

    return _by_cell(sample, of_others, usual, IMAGINED)


def _error(sample: Sample) -> Floats:
    """Standard error of each outlet's mean, from the spread of its stories.

    What coding a part adds to it, (1 − π) (Y − g)² / π² for each coded passage, rests on few errors in an outlet:
    (Y − g)² is therefore that of the coded passages of all outlets of which the instrument said the same. Stories
    spread at least as independent passages do, and where few carry the label, or lack it, as shares of 0 or 1.
    """
    truth, weights, outlets = sample.truth, sample.weights, len(sample.outlets)
    expected = _expected(sample)
    # Jeffreys' half a passage of either code, divided among the cells: errors that were not seen have a variance.
    unseen = JEFFREYS / len(np.unique(sample.cells)) * weights.sum(axis=0)
    unseen = 2 * (unseen / np.maximum((weights > 0).sum(axis=0), 1))
    of_cell = _by_cell(sample, lambda values: values.sum(axis=0), unseen, [0.5] * len(IMAGINED))
    means = sample.story_means(expected + weights * (truth - expected)).groupby(level="outlet")
    drawn = sample.part[:, None] ** 2 * weights * np.maximum(weights - 1, 0)
    seen = sums(drawn * (truth - expected) ** 2, sample.outlet, outlets)
    usual = sums(drawn * (of_cell * (1 - of_cell)), sample.outlet, outlets)
    held = sample.story_means((sample.labels | (truth > 0)).astype(float))
    few = np.minimum(*(some.groupby(level="outlet").sum().to_numpy() for some in (held > 0, held < 1)))

    def least(n: Floats) -> Floats:
        share = (np.clip(means.mean().to_numpy(), 0, 1) * n + JEFFREYS) / (n + 2 * JEFFREYS)
        return np.asarray(share * (1 - share) / n)

    passages = 1 / np.bincount(sample.outlet, sample.part**2)[:, None]  # of equal weight
    stories = np.fmax(means.var().to_numpy() / sample.stories - seen, least(passages))
    stories += np.maximum(least(sample.stories) - stories, 0) / np.maximum(few, 1) ** 3
    return np.asarray(np.sqrt(stories + usual))


def _by_cell(sample: Sample, total: Callable[[Floats], Floats], more: Floats, yes: Sequence[float]) -> Floats:
    """Share of codes 1 where the instrument said the same, with `more` imagined passages of which `yes` are 1."""
    found = np.zeros_like(sample.truth)
    for value, imagined in enumerate(yes):
        here = sample.cells == value
        cell = sample.weights * here
        share = (total(cell * sample.truth) + more * imagined) / np.maximum(total(cell) + more, SMALL)
        found = np.where(here, share, found)
    return found


def _bounds(share: Floats, error: Floats, coded: Floats, level: float) -> tuple[Floats, Floats]:
    """Beta quantiles by mean and error, at least an error away from 0 and 1; wider for few coded stories."""
    tail = (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = np.minimum(error * stdtrit(coded - 1, 1 - tail) / ndtri(1 - tail), 0.5)
        inside = np.clip(share, margin, 1 - margin)
        strength = np.maximum(inside * (1 - inside) / margin**2 - 1, SMALL)
        low, high = (betaincinv(inside * strength, (1 - inside) * strength, at) for at in (tail, 1 - tail))
    low, high = np.where(margin == 0, [share, share], [low, high])  # all is coded: the share itself is known
    return np.where(share < margin, 0.0, low), np.where(share > 1 - margin, 1.0, high)


def by_likelihood(sample: Sample, how: Inference) -> Estimate:
    """Most likely shares; their error is that over resampled stories, with Jeffreys' prior drawn each time.

    A hundred codes seldom show that errors differ between outlets, and shares are then off by more than chance:
    where an outlet has coded passages of its own, its bounds also include those of ``by_design``.
    """
    enough = np.where(sample.stories > 1, sample.coded_stories.mean(axis=0), 0.0)
    share, error = _likely(sample, how)

    def bounds(one: Sample) -> tuple[Floats, Floats]:
        return _bounds(*((share, error) if one is sample else _likely(one, how)), enough, how.level)

    (low, high), own = _of_ends(sample, bounds), by_design(sample, how)
    least, most = np.where(low >= 0, own.low, np.nan), np.where(high >= 0, own.high, np.nan)
    return Estimate(share, np.fmin(low, least), np.fmax(high, most))


def errors_differ(sample: Sample) -> Floats:
    """For each label, p of the test that the instrument errs alike in all outlets."""
    found = []
    for column, weights in enumerate(sample.weights.T):
        rows, none = weights > 0, np.zeros(int((weights > 0).sum()), dtype=np.int64)
        coded = Judged(sample.codes[rows][:, [column]], weights[rows], none, sample.story[rows], none.astype(bool))
        found.append(rates_differ(sample.labels[rows, column], coded, 0, sample.outlet[rows]))
    return np.array(found)


def by_rates(documents: pd.DataFrame, articles: pd.DataFrame, cells: pd.DataFrame, how: Inference) -> Estimate:
    """Rogan & Gladen's estimate (1978); shares and rates are drawn from beta distributions."""
    stories = story_shares(documents, articles, how)
    n = stories.counts["n_stories"].to_numpy(float)[:, None]
    means, generator = stories.means.groupby(level="outlet"), np.random.default_rng(how.seed)
    observed = means.mean().to_numpy()
    share, error = true_share(observed, cells[CELLS].to_numpy(float)), means.std().to_numpy() / np.sqrt(n)
    upper = (1 + how.level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.where(error < ALIKE, n, observed * (1 - observed) / error**2)
        worth *= (ndtri(upper) / stdtrit(n - 1, upper)) ** 2  # few stories, wider tails
    yes, no = (np.nan_to_num(one * worth, nan=0.0) + JEFFREYS for one in (observed, 1 - observed))
    shares = generator.beta(yes, no, size=(how.draws, *share.shape))
    rates = np.stack([_drawn_cells(row, how.draws, generator) for _, row in cells.iterrows()], axis=1)
    draws = np.clip(true_share(shares, rates[:, None]), 0, 1)
    tail, known = (1 - how.level) / 2, np.isfinite(share) & (n > 1)
    # Rates drawn at chance level would allow any share.
    low = np.quantile(np.nan_to_num(draws, nan=0.0), tail, axis=0)
    high = np.quantile(np.nan_to_num(draws, nan=1.0), 1 - tail, axis=0)
    return Estimate(share, np.where(known, low, np.nan), np.where(known, high, np.nan))


def true_share(share: Floats, cells: Floats) -> Floats:
    """The share that must hold for the instrument to say yes so often; NaN if it knows no better than chance.

    Rogan & Gladen (1978, *American Journal of Epidemiology* 107). Cells lie along the last axis.
    """
    both, only, missed, neither = np.moveaxis(cells, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        found, false = both / (both + missed), only / (only + neither)
        return np.asarray(np.where(found > false, (share - false) / (found - false), np.nan))


def most_likely(counts: Floats, prior: Floats) -> Floats:
    """The share of each outlet: shape (…, outlets) from counts (…, outlets, 6), passages or their weights.

    With Y what holds and W what the instrument says, P(W, Y | outlet) = P(W | Y) · P(Y | outlet): error rates are
    one for all outlets (TeBlunthuis, Hase & Chan 2024), and which passages were coded may depend on W.
    Expectation–maximisation (Dempster, Laird & Rubin 1977). `prior`, shape (…, 4), is added to the coded cells.
    """
    shape, counts = counts.shape[:-1], counts.reshape(-1, *counts.shape[-2:])
    prior = np.broadcast_to(prior, (*shape[:-1], 4)).reshape(-1, 4)
    share, rates = np.full(counts.shape[:-1], 0.5), _rates(counts[..., :4], prior)
    moving = np.arange(len(counts))
    for _ in range(MOST_STEPS):
        before = share[moving]
        # The four cells, with the passages that were not coded divided among them (Bayes).
        said, own = np.stack([rates[moving], 1 - rates[moving]]), counts[moving]
        true, other = before * said[..., None, 0], (1 - before) * said[..., None, 1]
        yes, no = np.moveaxis(own[..., 4:], -1, 0) * true / np.maximum(true + other, SMALL**2)
        cells = own[..., :4] + np.stack([yes, own[..., 4] - yes, no, own[..., 5] - no], axis=-1)
        rates[moving] = _rates(cells, prior[moving])
        share[moving] = (cells[..., 0] + cells[..., 2]) / counts[moving].sum(axis=-1)
        moving = moving[np.abs(share[moving] - before).max(axis=-1, initial=0) >= PRECISE]
        if not len(moving):
            break
    return share.reshape(shape)


def _rates(cells: Floats, prior: Floats) -> Floats:
    """The rates of true and of false positives over all outlets: arrays of rows × 2."""
    both, only, missed, neither = np.moveaxis(cells.sum(axis=-2) + prior + SMALL, -1, 0)
    return np.stack([both / (both + missed), only / (only + neither)], axis=-1)


def _likely(sample: Sample, how: Inference) -> tuple[Floats, Floats]:
    """Most likely shares and their standard errors: arrays of shape (outlets, labels)."""
    coded, labels, truth = sample.weights > 0, sample.labels, sample.truth
    pairs = [coded * said * held for said in (labels, ~labels) for held in (truth, 1 - truth)]
    cells = np.stack([*pairs, ~coded & labels, ~coded & ~labels], axis=-1).reshape(len(labels), -1)
    shape = (-1, labels.shape[1], KINDS)
    counts = (sample.mean(cells) * sample.stories).reshape(shape).swapaxes(0, 1)
    share = most_likely(counts, np.zeros((len(counts), 4))).T
    resampled = resampled_means(sample.story_means(cells), how)
    drawn = (resampled * sample.stories).reshape(-1, *share.shape, KINDS).swapaxes(1, 2)
    passage = counts[..., :4].sum(axis=(1, 2)) / np.maximum(coded.sum(axis=0), 1)  # what one counts, on average
    prior = np.random.default_rng(how.seed).gamma(JEFFREYS, passage[:, None], size=(*drawn.shape[:2], 4))
    return share, standard_errors(most_likely(drawn, prior).swapaxes(1, 2), sample.stories)


def _drawn_cells(row: pd.Series[float], draws: int, generator: np.random.Generator) -> Floats:
    """Draws × cells: what they might have been, from the rates by which ``validate`` bounds its measures."""
    both, only, missed, neither = (float(row[name]) for name in CELLS)
    found, others = both + only, missed + neither

    def drawn(yes: float, of: float, size: float) -> Floats:
        if np.isinf(size):
            return np.full(draws, yes / of)
        worth = size * yes / of if of else 0.0
        return generator.beta(worth + JEFFREYS, size - worth + JEFFREYS, draws)

    p, q = drawn(both, found, row["size_found"]), drawn(missed, others, row["size_others"])
    s = drawn(found, found + others, row["size_share"])
    return np.stack([s * p, s * (1 - p), (1 - s) * q, (1 - s) * (1 - q)], axis=-1)
