"""Outlets over time: differences split by events that both covered, and changes from one period to the next."""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analysis.arrays import Floats, Ints, false_discovery
from analysis.compare.effects import ALPHA, TOO_LITTLE
from analysis.compare.inference import Inference
from analysis.compare.intervals import ALIKE, correlation, difference_interval, share_interval
from analysis.compare.observations import (
    PERIODS,
    Stories,
    clusters,
    first_periods,
    outlet_periods,
    period_code,
    period_name,
    story_shares,
    takes_topics,
    with_note,
)
from analysis.corpus.provenance import stamped
from analysis.corpus.tables import no_rows, refuse_unknown
from analysis.draws import autoregressive, resampled_sums, signs

Bounds = tuple[Floats, Floats]
Drawn = tuple[Floats, Floats, Floats]  # shares of the one and of the other outlet, and framing
FEW = "fewer than two shared events"
SPLIT = {
    "outlet": "str", "other": "str", "label": "str", "difference": "float64",
    "selection": "float64", "selection_low": "float64", "selection_high": "float64",
    "framing": "float64", "framing_low": "float64", "framing_high": "float64",
    "p": "float64", "q": "float64", "n_events": "int64", "n_shared": "int64", "note": "str",
}  # fmt: skip


def story_events(articles: pd.DataFrame, cluster: str, event: str) -> "pd.Series[str]":
    """The event of each story; missing where it is not known, and then no other story shares it.

    `event` is "story", a period of a story's first article, or a column of `articles`.
    """
    names = clusters(articles, articles, cluster)
    if event == "story" or event in articles:
        values = names if event == "story" else articles[event].astype("str")
        return values.set_axis(names.to_numpy()).groupby(level=0).first()
    refuse_unknown("split", event, "'story', a period or a column of articles", ["story", *PERIODS, *articles])
    return first_periods(articles, names, event).astype("str")


def split_differences(stories: Stories, articles: pd.DataFrame, event: str, how: Inference) -> pd.DataFrame:
    """A row per label and pair: the difference, its two parts with bounds, p of the part called framing."""
    events = story_events(articles, how.cluster, event)
    pairs = []
    for one, other in combinations(stories.outlets, 2):
        totals = [_event_totals(*stories.of(name), events) for name in (one, other)]
        every = totals[0].index.union(totals[1].index).sort_values()
        first, second = (side.reindex(every, fill_value=0.0).to_numpy() for side in totals)
        n = int(((first[:, 0] > 0) & (second[:, 0] > 0)).sum())
        rows = pd.DataFrame(_parts(first, second, how)).assign(label=stories.means.columns, n_shared=n)
        note = FEW if n < 2 else f"on {n} shared events"
        pairs.append(rows.assign(outlet=one, other=other, n_events=len(every), note=note))
    return pd.concat(pairs).sort_index(kind="stable").reset_index(drop=True)


def _event_totals(means: pd.DataFrame, weights: "pd.Series[float]", events: "pd.Series[str]") -> pd.DataFrame:
    """An outlet's weight and weighted shares in each event."""
    event = events.reindex(means.index)
    known = event.notna().to_numpy()
    # An unknown event is shared with no other story, which its own name as the second key ensures.
    keys = [event.fillna("").to_numpy(), np.where(known, "", means.index.astype("str"))]
    shares = means.set_axis(range(means.shape[1]), axis=1).mul(weights, axis=0)
    return pd.concat([weights.rename(-1), shares], axis=1).groupby(keys).sum()


def _parts(one: Floats, other: Floats, how: Inference) -> dict[str, Floats]:
    """The numbers of ``SPLIT`` of one pair, a value per label; arrays of events × (weight, weighted shares)."""
    shared = (one[:, 0] > 0) & (other[:, 0] > 0)
    apart = np.where(shared[:, None], _ratio(one) - _ratio(other), 0.0)
    both = np.column_stack([one, other, one[:, :1] * apart, other[:, :1] * apart, (one * shared[:, None])[:, :1],
                            (other * shared[:, None])[:, :1]])  # fmt: skip
    first, second, framing = (part[0] for part in _split(both.sum(axis=0)[None, :]))
    found = {name: np.full(apart.shape[1], np.nan) for name, kind in SPLIT.items() if kind == "float64"}
    found["difference"] = first - second
    if shared.sum() < 2:
        return found
    drawn = _split(resampled_sums(both, how.draws, seed=how.seed))
    weight = (one[shared, 0] / one[shared, 0].sum() + other[shared, 0] / other[shared, 0].sum()) / 2
    bounds = _bounds(framing, apart[shared], weight, how.level)
    # Bounds of the difference less framing: square-and-add, twice. They hold 98 of 100 planted values
    # (benchmarks/README.md).
    (low, high), (low2, high2) = _outlet(one, first, how), _outlet(other, second, how)
    low, high = difference_interval((first, second), (low, low2), (high, high2), correlation(*drawn[:2]))
    apart_drawn = correlation(drawn[0] - drawn[1], drawn[2])
    low, high = difference_interval((first - second, framing), (low, bounds[0]), (high, bounds[1]), apart_drawn)
    low, high = np.maximum(low, -1.0), np.minimum(high, 1.0)
    return found | {
        "selection": first - second - framing, "selection_low": low, "selection_high": high, "framing": framing,
        "framing_low": bounds[0], "framing_high": bounds[1], "p": signs_p(weight[:, None] * apart[shared], how),
    }  # fmt: skip


def _outlet(side: Floats, share: Floats, how: Inference) -> Bounds:
    """Bounds of an outlet's share with events as observations, as `outlet_spread` has them with stories."""
    weights, carrying = side[:, :1], side[:, 1:]
    size = np.maximum(weights.sum() ** 2 / (weights**2).sum(), 2.0)
    squares = ((carrying - weights * share) ** 2).sum(axis=0) / weights.sum() ** 2 * size**2
    return share_interval(share, squares, np.full(share.shape, size), how.level)


def _ratio(side: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(side[:, 1:] / side[:, :1])


def _split(sums: Floats) -> Drawn:
    """Both outlets' shares and framing from sums over events, a row per resample."""
    labels = (sums.shape[1] - 4) // 4
    cuts = np.cumsum([labels + 1, labels + 1, labels, labels])
    one, other, by_one, by_other, shared = np.split(sums, cuts, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        framing = (by_one / shared[:, :1] + by_other / shared[:, 1:]) / 2
    return _ratio(one), _ratio(other), framing


def _bounds(value: Floats, apart: Floats, weight: Floats, level: float) -> Bounds:
    """Student's bounds from the spread between events; without spread, from what so few events may hide."""
    events, alike = len(weight), float((weight**2).sum())
    around = (weight[:, None] ** 2 * (apart - value) ** 2).sum(axis=0) * events
    # Around the weighted mean alone, the spread of few events of unequal size is too small.
    error = np.sqrt(np.maximum(around, apart.var(axis=0) * events * alike) / (events - 1))
    half = stdtrit(events - 1, (1 + level) / 2) * error
    unseen = 1 - ((1 - level) / 2) ** alike
    middle, half = np.where(error < ALIKE, value * (1 - unseen), value), np.where(error < ALIKE, unseen, half)
    return np.maximum(middle - half, -1.0), np.minimum(middle + half, 1.0)


def signs_p(terms: Floats, how: Inference) -> Floats:
    """Two-sided p of "the outlet makes no difference", from exchanging the outlets event by event (Fisher 1935).

    `terms` are the events' parts of the difference, events × labels.
    """
    sums = np.concatenate([np.abs(batch @ terms) for batch in signs(len(terms), how.relabelings, seed=how.seed)])
    return np.asarray((sums >= sums[0] * (1 - ALIKE) - ALIKE).mean(axis=0))  # the observed signs come first


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
