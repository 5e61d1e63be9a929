"""Whether an outlet's share of a label changed, or only wavered."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.arrays import Floats, Ints
from analysis.corpus.provenance import stamped
from analysis.draws import orders

from .columns import no_rows
from .effects import ALPHA
from .periods import outlet_periods, period_code, period_name
from .relabel import TIE
from .shares import noted
from .stories import Reprints, story_shares
from .tests import RELABELINGS, false_discovery

COLUMNS = {
    "outlet": "str", "label": "str", "period": "str", "before": "float64", "after": "float64",
    "difference": "float64", "p": "float64", "q": "float64", "verdict": "str", "note": "str",
}  # fmt: skip
TOO_FEW = "too few stories: no test"
LEAST = 3  # stories on each side of a change: with two, an outlier on the edge is the largest change there is


def outlet_changes(
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    period: str = "M",
    by: str = "outlet",
    cluster: str = "story_id",
    seed: int = 0,
    relabelings: int = RELABELINGS,
    reprints: Reprints = "weighted",
) -> pd.DataFrame:
    """The likeliest change in each outlet's share of each label, and whether it is one.

    Parameters
    ----------
    shares, articles, period, by, cluster, seed, reprints
        As for :func:`trend_outlets`.
    relabelings : int
        How many times the stories' periods are dealt anew for p.

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
        As :func:`trend_outlets`.

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
    told = story_shares(shares, articles, by=by, cluster=cluster, reprints=reprints)
    when = outlet_periods(told, articles, by=by, cluster=cluster, period=period)
    rows = []
    for outlet in told.outlets:
        means, weights = told.of(outlet)
        own = when[when.index.get_level_values("outlet") == outlet].droplevel("outlet").reindex(means.index)
        rows.append(_change(means[own.notna()], weights[own.notna()], own.dropna(), relabelings, seed).assign(
            outlet=outlet, label=means.columns))  # fmt: skip
    if not rows:
        return no_rows(COLUMNS)
    table = pd.concat(rows).sort_index(kind="stable").reset_index(drop=True)
    table["q"] = false_discovery(table["p"].to_numpy())
    table["verdict"] = np.select(
        [table["q"].isna(), table["q"] < ALPHA], ["cannot tell", "change"], "no change to be seen"
    )
    table["note"] = noted(np.where(table["p"].isna(), TOO_FEW, ""), told, cluster)
    code = period_code(period)
    table["period"] = ["" if at < 0 else period_name(at, code) for at in table["at"]]
    settings = {"by": by, "cluster": cluster, "period": code, "seed": seed, "relabelings": relabelings,
                "reprints": reprints, "stories": told.cluster}  # fmt: skip
    given = {"shares": shares, "articles": articles}
    return stamped(table[list(COLUMNS)].astype(COLUMNS), "outlet_changes", given, settings)


def _change(
    means: pd.DataFrame, weights: "pd.Series[float]", when: "pd.Series[float]", relabelings: int, seed: int
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
    p = _chance(observed.max(axis=0), values, weight, cuts, relabelings, seed)
    found = {"at": periods[best].astype(int), "before": before, "after": after, "difference": after - before}
    return pd.DataFrame(found | {"p": p})


def _chance(
    observed: Floats, values: Floats, weight: NDArray[Any], cuts: Ints, relabelings: int, seed: int
) -> Floats:
    """How often stories in a random order show a step as large somewhere; the observed order counts once."""
    larger = np.ones(values.shape[1])
    for dealt in orders(len(values), relabelings, seed=seed, width=values.shape[1]):
        largest = _steps(dealt, values, weight, cuts).max(axis=1)
        larger += (largest >= observed * (1 - TIE) - TIE).sum(axis=0)
    return larger / (relabelings + 1)


def _steps(order: Ints, values: Floats, weight: NDArray[Any], cuts: Ints) -> Floats:
    """|difference| / its error at each cut, of shape (orders, cuts, labels); one error for all cuts of a label."""
    w = weight[order][:, :, None]
    sums, counts = np.cumsum(values[order] * w, axis=1), np.cumsum(w, axis=1)
    before, n = sums[:, cuts - 1], counts[:, cuts - 1]
    after, m = sums[:, -1:] - before, counts[:, -1:] - n
    return np.asarray(np.abs(before / n - after / m) * np.sqrt(n * m / (n + m)))
