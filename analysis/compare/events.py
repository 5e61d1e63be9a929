"""Differences between outlets, split into selection of events and framing of shared events."""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import t as student

from analysis.arrays import Floats
from analysis.compare.inference import Inference
from analysis.compare.intervals import ALIKE, correlation, difference_interval, share_interval
from analysis.compare.observations import PERIODS, Stories, clusters, first_periods
from analysis.draws import resampled_sums, signs

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
    if event == "story":
        return names.set_axis(names.to_numpy()).groupby(level=0).first()
    if event in articles:
        return articles[event].astype("str").set_axis(names.to_numpy()).groupby(level=0).first()
    if event in PERIODS:
        return first_periods(articles, names, event).astype("str")
    raise ValueError(
        f"split: {event!r} is not 'story', one of {', '.join(map(repr, PERIODS))}, or a column of articles. "
        f"Found: {', '.join(map(str, articles))}."
    )


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
    half = student.ppf((1 + level) / 2, events - 1) * error
    unseen = 1 - ((1 - level) / 2) ** alike
    middle, half = np.where(error < ALIKE, value * (1 - unseen), value), np.where(error < ALIKE, unseen, half)
    return np.maximum(middle - half, -1.0), np.minimum(middle + half, 1.0)


def signs_p(terms: Floats, how: Inference) -> Floats:
    """Two-sided p of "the outlet makes no difference", from exchanging the outlets event by event (Fisher 1935).

    `terms` are the events' parts of the difference, events × labels.
    """
    sums = np.concatenate([np.abs(batch @ terms) for batch in signs(len(terms), how.relabelings, seed=how.seed)])
    return np.asarray((sums >= sums[0] * (1 - ALIKE) - ALIKE).mean(axis=0))  # the observed signs come first
