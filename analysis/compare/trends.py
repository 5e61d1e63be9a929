"""Shares by month or week."""

import pandas as pd

from analysis.corpus.provenance import stamped

from .columns import no_rows
from .intervals import outlet_spread
from .periods import outlet_periods, period_code, period_name
from .shares import ONE_STORY, noted
from .stories import Reprints, Stories, story_shares

COLUMNS = {
    "outlet": "str", "label": "str", "period": "str", "n_articles": "int64", "n_stories": "int64",
    "share": "float64", "low": "float64", "high": "float64", "note": "str",
}  # fmt: skip
NO_STORY = "no story"


def trend_outlets(
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    period: str = "M",
    by: str = "outlet",
    cluster: str = "story_id",
    seed: int = 0,
    level: float = 0.95,
    draws: int = 2000,
    reprints: Reprints = "weighted",
) -> pd.DataFrame:
    """Estimates by period: how large a part each frame or topic has in each outlet, month by month.

    Parameters
    ----------
    shares, articles, by, cluster, seed, level, draws, reprints
        As for :func:`compare_outlets`; `articles` need ``date``.
    period : str
        "M" or "month", and likewise day, week, quarter, year. A story stands in the period of the outlet's first
        print of it.

    Returns
    -------
    DataFrame
        ``outlet, label, period, n_articles, n_stories, share, low, high, note``: every period from the first to
        the last of the corpus, written 2016-05 (a week by its first day); one without a story has
        no share, and ``note`` says so.
        ``.attrs["undated"]`` counts stories left out for want of a date. Bounds hold for each period
        alone: that two neighbours differ proves no change, see :func:`outlet_changes`.

    Raises
    ------
    ValueError
        As :func:`compare_outlets`; no column ``date``; an unknown period.

    Examples
    --------
    >>> days = pd.to_datetime(["2016-05-01", "2016-05-09", "2016-07-02"])
    >>> articles = pd.DataFrame({"doc_id": list("abc"), "story_id": list("abc"), "outlet": "DW", "date": days})
    >>> shares = pd.DataFrame({"economy": [0.2, 0.4, 0.6]}, index=list("abc"))
    >>> trend_outlets(shares, articles)[["period", "n_stories", "share", "note"]]
        period  n_stories  share                    note
    0  2016-05          2    0.3
    1  2016-06          0    NaN                no story
    2  2016-07          1    0.6  one story: no interval
    """
    told = story_shares(shares, articles, by=by, cluster=cluster, reprints=reprints)
    when = outlet_periods(told, articles, by=by, cluster=cluster, period=period)
    dated = when.notna().to_numpy()
    if not dated.any():
        return no_rows(COLUMNS)
    spread = outlet_spread(split := _by_period(told, when), level=level, draws=draws, seed=seed)
    counts = split.counts
    counts.index = pd.MultiIndex.from_tuples([_unpacked(name) for name in split.outlets])
    tables = []
    for at, label in enumerate(told.means.columns):
        bounds = {"share": spread.share[:, at], "low": spread.low[:, at], "high": spread.high[:, at]}
        table = counts.assign(**bounds).reindex(_every(told.outlets, when)).reset_index()
        tables.append(table.assign(label=label))
    table = pd.concat(tables, ignore_index=True).fillna({"n_articles": 0, "n_stories": 0})
    table["note"] = noted(table["n_stories"].map({0: NO_STORY, 1: ONE_STORY}).fillna(""), told, cluster)
    code = period_code(period)
    table["period"] = [period_name(at, code) for at in table["period"]]
    table = table[list(COLUMNS)].astype(COLUMNS)
    table.attrs |= {"cluster": told.cluster, "undated": int((~dated).sum()), "period": code}
    settings = {"by": by, "cluster": cluster, "period": code, "seed": seed, "level": level, "draws": draws,
                "reprints": reprints, "stories": told.cluster}  # fmt: skip
    return stamped(table, "trend_outlets", {"shares": shares, "articles": articles}, settings)


def _by_period(told: Stories, when: "pd.Series[float]") -> Stories:
    """The same stories, with outlet and period in place of the outlet."""
    dated = when.notna().to_numpy()
    index = told.means.index[dated]
    keys = [_packed(outlet, at) for outlet, at in zip(index.get_level_values(0), when[dated], strict=True)]
    names = pd.MultiIndex.from_arrays([keys, index.get_level_values(1)], names=["outlet", "story"])
    return Stories(
        told.means[dated].set_axis(names).sort_index(),
        told.articles[dated].set_axis(names).sort_index(),
        told.weights[dated].set_axis(names).sort_index(),
        told.cluster,
    )


def _packed(outlet: str, ordinal: float) -> str:
    return f"{outlet}\0{int(ordinal):+012d}"


def _unpacked(name: str) -> tuple[str, int]:
    outlet, _, ordinal = name.rpartition("\0")
    return outlet, int(ordinal)


def _every(outlets: list[str], when: "pd.Series[float]") -> pd.MultiIndex:
    periods = range(int(when.min()), int(when.max()) + 1)
    return pd.MultiIndex.from_product([outlets, periods], names=["outlet", "period"])
