"""Whether an outlet's share of a label changed, or only wavered."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.arrays import Floats, Ints
from analysis.compare.columns import no_rows
from analysis.compare.differences import false_discovery
from analysis.compare.effects import ALPHA, TOO_LITTLE
from analysis.compare.inference import Inference
from analysis.compare.observations import outlet_periods, period_code, period_name, story_shares, with_note
from analysis.compare.permutation import TIE
from analysis.corpus.provenance import stamped
from analysis.draws import orders

COLUMNS = {
    "outlet": "str", "label": "str", "period": "str", "before": "float64", "after": "float64",
    "difference": "float64", "p": "float64", "q": "float64", "verdict": "str", "note": "str",
}  # fmt: skip
TOO_FEW = "too few stories: no test"
LEAST = 3  # stories on each side of a change: with two, an outlier on the edge is the largest change there is


def outlet_changes(
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    period: str = "month",
    *,
    how: Inference | None = None,
) -> pd.DataFrame:
    """The likeliest change in each outlet's share of each label, and whether it is one.

    Parameters
    ----------
    shares, articles, period
        As for :func:`compare_outlets`.
    how : Inference, optional
        How to resample and compare.

    Returns
    -------
    DataFrame
        ``outlet, label, period, before, after, difference, p, q, verdict, note``: ``period`` is the first
        period after the change, ``before`` and ``after`` the shares on either side. ``verdict``
        is "change" where q < .05 (Benjamini & Hochberg 1995 over all rows), else "no change to be seen"; with
        fewer than three stories on each side of any cut there is no test, and ``note`` says so.

    Raises
    ------
    ValueError
        As :func:`compare_outlets`.

    Notes
    -----
    The largest standardised difference over all places where a period ends, against its distribution when
    periods are dealt to stories by chance (maximally selected statistics: Hothorn & Lausen 2003, *Computational
    Statistics & Data Analysis* 43), so that having looked everywhere is accounted for. One change a row: a second
    one, or a slow drift, is told as the best single step.

    Examples
    --------
    >>> days = pd.date_range("2016-01-10", periods=12, freq="MS")
    >>> articles = pd.DataFrame({"doc_id": list("abcdefghijkl"), "outlet": "DW", "date": days,
    ...                          "story_id": list("abcdefghijkl")})
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
        own = when[when.index.get_level_values("outlet") == outlet].droplevel("outlet").reindex(means.index)
        found = _change(means[own.notna()], weights[own.notna()], own.dropna(), how)
        rows.append(found.assign(outlet=outlet, label=means.columns))
    if rows:
        table = pd.concat(rows).sort_index(kind="stable").reset_index(drop=True)
        table["q"] = false_discovery(table["p"].to_numpy())
        words = [table["q"].isna(), table["q"] < ALPHA], [TOO_LITTLE, "change"]
        table["verdict"] = np.select(*words, "no change to be seen")
        table["note"] = with_note(np.where(table["p"].isna(), TOO_FEW, ""), stories, how)
        table["period"] = ["" if at < 0 else period_name(at, code) for at in table["at"]]
        table = table[list(COLUMNS)].astype(COLUMNS)
    else:
        table = no_rows(COLUMNS)
    settings = how.settings(period=code, stories=stories.cluster)
    return stamped(table, "outlet_changes", {"shares": shares, "articles": articles}, settings)


def _change(
    means: pd.DataFrame, weights: "pd.Series[float]", when: "pd.Series[float]", how: Inference
) -> pd.DataFrame:
    """The best cut of one outlet's stories and its p, a row a label."""
    order = np.lexsort((means.index, when))
    values, weight, periods = means.to_numpy()[order], weights.to_numpy()[order], when.to_numpy()[order]
    cuts = np.flatnonzero(np.diff(periods)) + 1
    cuts = cuts[(cuts >= LEAST) & (cuts <= len(values) - LEAST)]
    if not len(cuts):
        nothing = dict.fromkeys(("before", "after", "difference", "p"), np.nan)
        return pd.DataFrame({"at": -1, **nothing}, index=range(values.shape[1]))
    observed = _steps(np.arange(len(values))[None, :], values, weight, cuts)[0]
    best = cuts[observed.argmax(axis=0)]
    before, after = (
        np.array([np.average(values[part, at], weights=weight[part]) for at, part in enumerate(parts)])
        for parts in ([slice(0, cut) for cut in best], [slice(cut, None) for cut in best])
    )
    p = _chance(observed.max(axis=0), values, weight, cuts, how)
    found = {"at": periods[best].astype(int), "before": before, "after": after, "difference": after - before}
    return pd.DataFrame(found | {"p": p})


def _chance(observed: Floats, values: Floats, weight: NDArray[Any], cuts: Ints, how: Inference) -> Floats:
    """How often stories in a random order show a step as large somewhere; the observed order counts once."""
    larger = np.ones(values.shape[1])
    for dealt in orders(len(values), how.relabelings, seed=how.seed, width=values.shape[1]):
        largest = _steps(dealt, values, weight, cuts).max(axis=1)
        larger += (largest >= observed * (1 - TIE) - TIE).sum(axis=0)
    return larger / (how.relabelings + 1)


def _steps(order: Ints, values: Floats, weight: NDArray[Any], cuts: Ints) -> Floats:
    """|difference| / its error at each cut, of shape (orders, cuts, labels); one error for all cuts of a label."""
    w = weight[order][:, :, None]
    sums, counts = np.cumsum(values[order] * w, axis=1), np.cumsum(w, axis=1)
    before, n = sums[:, cuts - 1], counts[:, cuts - 1]
    after, m = sums[:, -1:] - before, counts[:, -1:] - n
    return np.asarray(np.abs(before / n - after / m) * np.sqrt(n * m / (n + m)))
