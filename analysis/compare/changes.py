"""Tests for a change in an outlet's share of a label."""

import numpy as np
import pandas as pd

from analysis.arrays import Floats, Ints
from analysis.compare.differences import false_discovery
from analysis.compare.effects import ALPHA, TOO_LITTLE
from analysis.compare.inference import Inference
from analysis.compare.intervals import ALIKE
from analysis.compare.observations import (
    outlet_periods,
    period_code,
    period_name,
    story_shares,
    takes_topics,
    with_note,
)
from analysis.corpus.provenance import stamped
from analysis.corpus.tables import no_rows
from analysis.draws import autoregressive

COLUMNS = {
    "outlet": "str", "label": "str", "period": "str", "before": "float64", "after": "float64",
    "difference": "float64", "p": "float64", "q": "float64", "verdict": "str", "note": "str",
}  # fmt: skip
TOO_FEW = "fewer than 8 periods with stories: no test"
APART = 4  # periods whose share is not the usual one: of 0, 0, 0, .01, 0 no series can be simulated
FEWEST = 8  # periods: with seven, the model has as many parameters as there are periods
LEAST = 3  # periods on each side of a change: with two, an outlier on the edge is the largest change there is
LASTING, PART = 0.9, 0.8  # autocorrelation of a slow swing between periods, and its part of the variance


@takes_topics
def outlet_changes(
    shares: pd.DataFrame, articles: pd.DataFrame, period: str = "month", *, how: Inference | None = None
) -> pd.DataFrame:
    """The most likely change in each outlet's share of each label, and whether it is significant.

    Parameters
    ----------
    shares, articles, period, how
        As for :func:`compare_outlets`.

    Returns
    -------
    DataFrame
        ``outlet, label, period, before, after, difference, p, q, verdict, note``: ``period`` is the first
        period after the change, ``before`` and ``after`` the shares on either side. ``verdict`` is "change" where
        q < .05 (Benjamini & Hochberg 1995 over all rows), else "no change to be seen"; with fewer than eight
        periods that have stories nothing is tested, and ``note`` says so.

    Notes
    -----
    News comes in cycles: a step counts as a change only if it is larger than slow swings alone (autocorrelation
    .9) would produce. The statistic is the largest F of a step in a regression of each period's share on the one
    before (Andrews 1993, *Econometrica* 61), its distribution that of simulated series with such swings and no
    step. Of 24 months with five stories each and no change, 1 to 4 of 100 have p < .05; a step from 30 to 76 % is
    found in 44 of 100, to 90 % in 77 (``benchmarks/README.md``). A slow drift shows as the best single step.
    Periods without a story are skipped.

    Examples
    --------
    >>> days = pd.date_range("2016-01-10", periods=12, freq="MS")
    >>> articles = pd.DataFrame({"doc_id": list("abcdefghijkl"), "outlet": "DW", "date": days})
    >>> shares = pd.DataFrame({"economy": [0.1, 0.0, 0.2, 0.1, 0.0, 0.1, 0.8, 0.7, 0.9, 0.8, 0.7, 0.9]},
    ...                       index=articles["doc_id"])
    >>> outlet_changes(shares, articles)[["period", "before", "after", "verdict"]].round(2)
        period  before  after verdict
    0  2016-08    0.08    0.8  change
    """
    how = how or Inference()
    stories = story_shares(shares, articles, how)
    when = outlet_periods(stories, articles, period, how)
    code, rows = period_code(period), []
    for outlet in stories.outlets:
        means, weights = stories.of(outlet)
        own = when.xs(outlet, level="outlet")
        found = _change(means[own.notna()], weights[own.notna()], own.dropna(), how)
        rows.append(found.assign(outlet=outlet, label=means.columns))
    table = no_rows(COLUMNS)
    if rows:
        table = pd.concat(rows).sort_index(kind="stable").reset_index(drop=True)
        table["q"] = false_discovery(table["p"].to_numpy())
        words = [table["q"].isna(), table["q"] < ALPHA], [TOO_LITTLE, "change"]
        table["verdict"] = np.select(*words, "no change to be seen")
        table["note"] = with_note(np.where(table["p"].isna(), TOO_FEW, ""), stories, how)
        table["period"] = ["" if at < 0 else period_name(at, code) for at in table["at"]]
        table = table[list(COLUMNS)].astype(COLUMNS)
    settings = how.settings(period=code, stories=stories.cluster)
    return stamped(table, "outlet_changes", {"shares": shares, "articles": articles}, settings)


def _change(
    means: pd.DataFrame, weights: "pd.Series[float]", when: "pd.Series[float]", how: Inference
) -> pd.DataFrame:
    """Most likely change point of one outlet's periods and its p, a row per label."""
    total = weights.groupby(when).sum()
    series = means.mul(weights, axis=0).groupby(when).sum().div(total, axis=0).to_numpy()
    if len(series) < FEWEST:
        missing = dict.fromkeys(("before", "after", "difference", "p"), np.nan)
        return pd.DataFrame({"at": -1, **missing}, index=range(means.shape[1]))
    # The largest step of each of many series with slow swings and without a change.
    moods = autoregressive(len(series), how.draws, lag=LASTING, part=PART, seed=how.seed)
    steps, chance = _steps(series), np.concatenate([_steps(drawn).max(axis=0) for drawn in moods])
    best, rows = LEAST + steps.argmax(axis=0), []
    for label, cut in enumerate(best):
        parts = [slice(0, cut), slice(cut, None)]
        before, after = (np.average(series[part, label], weights=total.iloc[part]) for part in parts)
        apart = np.abs(series[:, label] - np.median(series[:, label])) > ALIKE
        as_large = (chance >= steps[:, label].max() * (1 - ALIKE)).sum()
        p = (1 + as_large) / (1 + len(chance)) if apart.sum() >= APART else np.nan
        rows.append((int(total.index[cut]), before, after, after - before, p))
    return pd.DataFrame(rows, columns=["at", "before", "after", "difference", "p"])


def _steps(series: Floats) -> Floats:
    """Part of the residual squares that a step at each point explains: cuts × series, columns of `series`.

    Each period is predicted by the one before; the period of the step itself has no prediction.
    """
    y, lagged, cut = series[1:], series[:-1], np.arange(LEAST, len(series) - LEAST + 1)
    terms = np.stack([y, lagged, y * y, lagged * lagged, y * lagged])
    sums = np.concatenate([np.zeros_like(terms[:, :1]), np.cumsum(terms, axis=1)], axis=1)
    before = _products(sums[:, cut - 1], cut[:, None] - 1)
    after = _products(sums[:, -1:] - sums[:, cut], len(y) - cut[:, None])
    both = _products(sums[:, -1:], np.array(len(y))), before + after
    whole, apart = (np.maximum(yy - yl * yl / np.maximum(ll, ALIKE), 0.0) for yy, ll, yl in both)
    return np.asarray((whole - apart) / np.maximum(apart, ALIKE))


def _products(sums: Floats, count: Ints) -> Floats:
    """Squares of y and of the lagged values, and their products, around the means of these rows."""
    y, lagged, yy, ll, yl = sums
    return np.stack([yy - y * y / count, ll - lagged * lagged / count, yl - y * lagged / count])
