"""Three ways to take an instrument's errors out of outlet shares, by what is known of them."""

from typing import NamedTuple, TypedDict

import numpy as np
import pandas as pd
from scipy.stats import norm
from scipy.stats import t as student

from analysis.arrays import Floats
from analysis.compare.correction.coded import Sample
from analysis.compare.correction.error_rates import drawn_cells, true_share
from analysis.compare.correction.likelihood import CELLS, most_likely
from analysis.compare.correction.pseudo import pseudo_outcomes
from analysis.compare.inference import Inference
from analysis.compare.intervals import ALIKE, resampled_means, score_interval, worth
from analysis.compare.observations import Stories, story_shares
from analysis.draws import standard_errors

FEW_CODED = 2  # stories of an outlet; one tells nothing of how much the others may differ
JEFFREYS = 0.5  # coded passages that might have been in each cell


class Chance(TypedDict):
    """As for ``compare_outlets``."""

    level: float
    draws: int
    seed: int


class Groups(TypedDict):
    """As for ``compare_outlets``."""

    by: str
    cluster: str


class Corrected(NamedTuple):
    """Arrays of shape (outlets, labels), outlets by name; missing where nothing can be said."""

    share: Floats
    low: Floats
    high: Floats


class Spread(NamedTuple):
    """What stories tell of each outlet: arrays of shape (outlets, labels), after draws in ``resampled``."""

    share: Floats
    error: Floats
    stories: Floats  # a column
    resampled: Floats


def by_design(sample: Sample, articles: pd.DataFrame, groups: Groups, chance: Chance) -> Corrected:
    """Means of the pseudo-outcomes, with the spread over stories that these have."""
    outcomes = pseudo_outcomes(sample)
    spread = _spread(_story_means(outcomes.groupby(sample.docs.to_numpy()).mean(), articles, groups), chance)
    held = pd.DataFrame({"coded": sample.said.index.isin(sample.coded.index)}, index=sample.said.index)
    told = story_shares(held.groupby(sample.docs.to_numpy()).max(), articles, Inference(**groups))
    coded = (told.means > 0).groupby(level="outlet").sum().to_numpy(float)
    bounds = _bounds(spread.share, spread.error, coded, chance["level"])
    return Corrected(np.where(coded < FEW_CODED, np.nan, spread.share), *bounds)


def by_likelihood(sample: Sample, articles: pd.DataFrame, groups: Groups, chance: Chance) -> Corrected:
    """Most likely shares; their error is that over resampled stories, with Jeffreys' prior drawn each time."""
    shape = (-1, sample.said.shape[1], CELLS)
    told = story_shares(_cell_shares(sample), articles, Inference(**groups))
    spread = _spread(told, chance)
    stories = spread.stories
    counts = (spread.share * stories).reshape(shape).swapaxes(0, 1)
    share = most_likely(counts, np.zeros((len(counts), 4))).T
    drawn = (spread.resampled * stories).reshape(-1, *share.shape, CELLS).swapaxes(1, 2)
    passage = counts[0, :, :4].sum() / len(sample.coded)  # what one passage counts, on average
    prior = np.random.default_rng(chance["seed"]).gamma(JEFFREYS, passage, size=(*drawn.shape[:2], 4))
    error = standard_errors(most_likely(drawn, prior).swapaxes(1, 2), stories)
    coded = told.means.iloc[:, :4].sum(axis=1).gt(0).sum() / len(stories)
    return Corrected(share, *_bounds(share, error, np.where(stories > 1, coded, 0.0), chance["level"]))


def by_rates(told: Stories, cells: Floats, chance: Chance) -> Corrected:
    """Rogan & Gladen's estimate (1978) with the doubt of both the shares and the error rates.

    Shares are drawn from beta distributions with the effective number of observations, as for score intervals.
    """
    generator = np.random.default_rng(chance["seed"])
    spread = _spread(told, chance)
    stories = spread.stories
    share = true_share(spread.share, cells)
    shares = _drawn_shares(spread.share, spread.error, stories, chance, generator)
    rates = drawn_cells(cells, draws=chance["draws"], generator=generator)
    possible = np.clip(true_share(shares, rates[:, None]), 0, 1)
    tail, known = (1 - chance["level"]) / 2, np.isfinite(share) & (stories > 1)
    # A draw of rates no better than chance could stand for any share.
    low = np.quantile(np.nan_to_num(possible, nan=0.0), tail, axis=0)
    high = np.quantile(np.nan_to_num(possible, nan=1.0), 1 - tail, axis=0)
    return Corrected(share, np.where(known, low, np.nan), np.where(known, high, np.nan))


def _spread(told: Stories, chance: Chance) -> Spread:
    stories, _ = worth(told.weights)
    resampled = resampled_means(told.means, told.weights, draws=chance["draws"], seed=chance["seed"])
    share = told.means.groupby(level="outlet").mean().to_numpy()
    return Spread(share, standard_errors(resampled, stories), stories, resampled)


def _story_means(outcomes: pd.DataFrame, articles: pd.DataFrame, groups: Groups) -> Stories:
    """``story_shares`` of values that are no shares: means follow when all values are moved and scaled."""
    low, high = outcomes.min(), outcomes.max()
    width = (high - low).where(high > low, 1.0)
    told = story_shares((outcomes - low) / width, articles, Inference(**groups))
    return told._replace(means=told.means * width + low)


def _cell_shares(sample: Sample) -> pd.DataFrame:
    """Documents × (label, cell): how a document's passages are spread over the cells of the likelihood."""
    said, row = sample.said.to_numpy(float), sample.said.index.get_indexer(sample.coded.index)
    truth, coded = np.zeros(said.shape), np.zeros((len(said), 1))
    truth[row], coded[row] = sample.coded.to_numpy(float), 1.0
    pairs = [(1, 1), (1, 0), (0, 1), (0, 0)]
    cells = [coded * (said == one) * (truth == other) for one, other in pairs]
    cells += [(1 - coded) * (said == one) for one in (1, 0)]
    table = pd.DataFrame(np.stack(cells, axis=-1).reshape(len(said), -1))
    return table.groupby(sample.docs.to_numpy()).mean()


def _bounds(share: Floats, error: Floats, coded: Floats, level: float) -> tuple[Floats, Floats]:
    """Score intervals. An estimate within an error of 0 or 1, or beyond, has that of one an error away from it."""
    margin = np.minimum(error, 0.5)
    inside = np.clip(share, margin, 1 - margin)
    low, high = score_interval(inside, error, np.maximum(coded, 1.0), level=level)  # none below two
    known = np.isfinite(low)
    return np.where(known & (share < margin), 0.0, low), np.where(known & (share > 1 - margin), 1.0, high)


def _drawn_shares(
    share: Floats, error: Floats, stories: Floats, chance: Chance, generator: np.random.Generator
) -> Floats:
    upper = (1 + chance["level"]) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.where(error < ALIKE, stories, share * (1 - share) / error**2)
        effective *= (norm.ppf(upper) / student.ppf(upper, stories - 1)) ** 2  # few stories, wider tails
    effective = np.nan_to_num(effective, nan=0.0)
    shape = (chance["draws"], *share.shape)
    return generator.beta(share * effective + JEFFREYS, (1 - share) * effective + JEFFREYS, size=shape)
