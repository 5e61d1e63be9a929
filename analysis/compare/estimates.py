"""The share of each frame or topic in each outlet, over all or by period, with its uncertainty."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from analysis.arrays import Flags, Floats, Places
from analysis.compare.effects import ALPHA
from analysis.compare.inference import Inference
from analysis.compare.intervals import Spread, joint_levels, outlet_spread, pooled_shares
from analysis.compare.observations import (
    Stories,
    clusters,
    concerned,
    outlet_languages,
    outlet_periods,
    period_code,
    period_name,
    story_shares,
    takes_topics,
    with_note,
)
from analysis.corpus.provenance import stamped
from analysis.corpus.stories import story_names
from analysis.corpus.tables import no_rows, usable
from analysis.numbers import joined_notes

COLUMNS = {
    "outlet": "str", "label": "str", "n_articles": "int64", "n_stories": "int64",
    "share": "float64", "low": "float64", "high": "float64", "note": "str",
}  # fmt: skip
ALIKE = {"icc": "float64", "design_effect": "float64"}
POOLED = {"pooled": "float64", "pooled_low": "float64", "pooled_high": "float64"}
ONE_STORY = "one story: no interval"
ONE_CLUSTER = "all stories in one cluster: no interval"
NO_STORY = "no story"
DAYS = "stories of one day are alike: see design_effect and Inference(cluster='day')"
UNDATED = "undated"
AT_ONCE = "bounds hold for all outlets at once"
NOTABLE = 1.25  # times the variance: an interval that ignores it holds 92 of 100 in place of 95


@takes_topics
def compare_outlets(
    shares: pd.DataFrame, articles: pd.DataFrame, period: str | None = None, *, simultaneous: bool = False,
    pool: bool = False, how: Inference | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Estimated share of each frame or topic in each outlet, with its interval.

    Parameters
    ----------
    shares : DataFrame or Topics
        One row per document (index ``doc_id``; each story counts once) or per passage (index ``passage_id``; each
        counts once); one column per frame, topic or term, values from 0 to 1.
    articles : DataFrame
        ``doc_id`` and the columns named in `how`; with `period` also ``date``.
    period : str, optional
        "day", "week", "month", "quarter" or "year": a story counts in the period in which the outlet first had it.
    simultaneous : bool
        Bounds hold for all outlets of a label at once, as comparing them by eye needs.
    pool : bool
        Adds ``pooled, pooled_low, pooled_high``: shares drawn towards the mean of all outlets, more strongly where
        an outlet has fewer stories. They assume outlets of one kind, and bound also outlets of one story.
    how : Inference, optional

    Returns
    -------
    DataFrame
        ``outlet, label, n_articles, n_stories, share, low, high, note, icc, design_effect``: labels in the order
        of `shares`, outlets by name. ``share`` is the mean over the outlet's stories, a story being the mean of
        its articles. ``icc`` is how much an outlet's stories of one day (or of one cluster, if `how` names one)
        resemble each other (0 not at all, 1 fully), over all outlets; ``design_effect`` is how many times larger
        that makes the variance of the share. ``note`` says where that matters, and where one story gives no
        interval. ``language`` is added where `articles` are in several, ``caution`` for keyword topics. With
        `period` the column ``period`` follows ``label``: every period from the first to the last, written 2016-05
        (a week by its first day). Two neighbours that differ do not prove a change, see :func:`outlet_changes`.

    Notes
    -----
    Beta intervals of the story means, after adding one story that was not seen (Tiwari, Clegg & Zou 2006; of
    yes-or-no stories Clopper & Pearson's 1934). Of independent stories they contain the true share in 95 or more
    of 100 cases, in 82 to 94 where stories of a day are alike (``benchmarks/README.md``). What outlets have in
    common (`simultaneous`) comes from stories resampled jointly (Bayesian bootstrap, Rubin 1981).

    Examples
    --------
    >>> shares = pd.DataFrame({"economy": [0.0, 0.5, 1.0, 0.5]}, index=["a", "b", "c", "d"])
    >>> articles = pd.DataFrame({"doc_id": ["a", "b", "c", "d"], "outlet": ["DW", "DW", "DW", "TASS"]})
    >>> estimates = compare_outlets(shares, articles.assign(story_id=["a", "b", "c", "d"]))
    >>> estimates[["outlet", "n_stories", "share", "low", "high", "note"]].round(2)
      outlet  n_stories  share   low  high                    note
    0     DW          3    0.5  0.07  0.93
    1   TASS          1    0.5   NaN   NaN  one story: no interval
    """
    how = how or Inference()
    given, articles = {"shares": shares, "articles": articles}, concerned(shares, articles, how)
    stories = story_shares(shares, articles, how)
    kinds = COLUMNS | ALIKE | (POOLED if pool else {})
    settings = how.settings(simultaneous=simultaneous, pool=pool, stories=stories.cluster)
    if period is not None:
        if pool or simultaneous:
            raise ValueError(
                "compare_outlets: period= cannot be combined with pool=True or simultaneous=True. Call it twice."
            )
        table = _by_period(stories, articles, period, how)
        settings["period"] = period_code(period)
    elif stories.means.empty:
        table = no_rows(kinds)
    else:
        spread = outlet_spread(stories, how)
        level = joint_levels(spread.resampled, spread.error, level=how.level) if simultaneous else how.level
        alike = _resemblance(stories, shares, articles, how)
        table = estimate_rows(stories, spread.share, spread.bounds(level)).assign(
            icc=np.repeat(alike.icc, len(alike.design_effect)), design_effect=alike.design_effect.T.ravel()
        )
        days = np.where(alike.notable.T.ravel(), DAYS if how.cluster == "story_id" else "", "")
        at_once = [AT_ONCE if simultaneous else ""] * len(table)
        table["note"] = with_note(map(joined_notes, table["note"], at_once, days), stories, how)
        if pool:
            bounds = _pooled(stories, spread, how.level)
            table = table.assign(**{name: bound.T.ravel() for name, bound in zip(POOLED, bounds, strict=True)})
        table = table.astype(kinds)
    if languages := outlet_languages(shares, articles, how.by):
        table["language"] = [", ".join(languages.get(outlet, ())) for outlet in table["outlet"]]
    return stamped(table, "compare_outlets", given, settings)


def estimate_rows(stories: Stories, share: Floats, bounds: tuple[Floats, Floats]) -> pd.DataFrame:
    """``COLUMNS``, a row per label and outlet, from arrays of shape (outlets, labels)."""
    counts, labels = stories.counts.reset_index(), stories.means.columns.astype("str")
    counts["note"] = np.select([counts["n_rows"] > 1, counts["n_stories"] == 1], ["", ONE_STORY], ONE_CLUSTER)
    table = pd.concat([counts] * len(labels), ignore_index=True).assign(label=np.repeat(labels, len(counts)))
    low, high = (bound.T.ravel() for bound in bounds)
    return table.assign(share=share.T.ravel(), low=low, high=high)[list(COLUMNS)]


def _pooled(stories: Stories, spread: Spread, level: float) -> tuple[Floats, Floats, Floats]:
    """Pooled shares and their bounds."""
    # The part of each outlet's stories that is left when a story counts once among all outlets.
    once = 1 / stories.means.groupby(level="story").transform("size")
    parts = [part.groupby(level="outlet").sum() for part in (stories.weights * once, stories.weights)]
    alone = np.asarray(parts[0] / parts[1], dtype=np.float64)[:, None]
    return pooled_shares(spread.share, spread.error, spread.size, alone, spread.bounds(level), level=level)


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
        p = fdtrc(*degrees, mean_squares[0] / mean_squares[1])
    icc = np.clip(icc, 0, 1)  # below 0 by chance alone: stories of one day are not less alike than others
    effect = 1 + (typical[:, None] - 1) * np.nan_to_num(icc)
    return Resemblance(icc, effect, (p < ALPHA) & (effect >= NOTABLE))


def _squares(values: Floats, groups: Places) -> Floats:
    """Squared distances from the mean of the group, summed: a value per label."""
    table = pd.DataFrame(values)
    return ((table - table.groupby(groups).transform("mean")) ** 2).sum().to_numpy(np.float64)


def _resemblance(stories: Stories, shares: pd.DataFrame, articles: pd.DataFrame, how: Inference) -> Resemblance:
    """How alike the stories of a cluster are, or of a day where each story is an observation."""
    if how.cluster in ("story_id", "doc_id"):
        none = pd.Series(None, stories.means.index, dtype="object")
        return resemblance(stories, outlet_periods(stories, articles, "day", how) if "date" in articles else none)
    single = story_shares(shares, articles, replace(how, cluster="story_id"))
    names = clusters(articles, articles, how.cluster).set_axis(story_names(articles).to_numpy())
    names = names[~names.index.duplicated()]
    return resemblance(single, names.reindex(single.means.index.get_level_values("story")))


def _by_period(stories: Stories, articles: pd.DataFrame, period: str, how: Inference) -> pd.DataFrame:
    """Estimates of each outlet and period, each pair treated as an outlet."""
    when = outlet_periods(stories, articles, period, how)
    columns = {"outlet": "str", "label": "str", "period": "str", **COLUMNS}
    dated = when.notna().to_numpy()
    if not dated.any():
        return no_rows(columns)
    span = range(int(when.min()), int(when.max()) + 1)
    every = pd.MultiIndex.from_product([stories.outlets, span], names=["outlet", "period"])
    outlets = stories.means.index.get_level_values("outlet")[dated]
    place = every.get_indexer(pd.MultiIndex.from_arrays([outlets, when[dated].astype(int)]))
    split = stories.kept(dated).renamed(place)
    spread = outlet_spread(split, how)
    table = estimate_rows(split, spread.share, spread.bounds(how.level))
    table["outlet"], table["period"] = zip(*(every[int(name)] for name in table["outlet"]), strict=True)
    keys, labels = ["label", "outlet", "period"], stories.means.columns.astype("str")
    rows = pd.MultiIndex.from_product([labels, stories.outlets, span], names=keys)
    table = table.set_index(keys).reindex(rows).reset_index().fillna({"n_articles": 0, "n_stories": 0})
    undated = stories.kept(~dated).counts["n_stories"].reindex(table["outlet"]).fillna(0).astype(int)
    notes = table["note"].fillna(NO_STORY)
    lost = [f"stories without a date: {n}" if n else "" for n in undated]
    table["note"] = with_note(map(joined_notes, notes, lost), stories, how)
    table["period"] = [period_name(at, period_code(period)) for at in table["period"]]
    return table[list(columns)].astype(columns)


def outlet_coverage(
    articles: pd.DataFrame, period: str | None = None, *, how: Inference | None = None
) -> pd.DataFrame:
    """Articles and stories of each outlet in each period: where archives overlap, and where they have gaps.

    Parameters
    ----------
    articles, period, how
        As for :func:`compare_outlets`; by default months up to two years, quarters up to ten, else years.

    Returns
    -------
    DataFrame
        ``outlet, period, n_articles, n_stories, shared``: outlets by name, every period from the first to the
        last, then "undated"; ``shared`` where all outlets have a story.

    Examples
    --------
    >>> days = pd.to_datetime(["2016-05-01", "2016-05-09", "2016-07-02", None])
    >>> articles = pd.DataFrame({"doc_id": list("abcd"), "outlet": ["DW", "AP", "DW", "AP"], "date": days})
    >>> outlet_coverage(articles).head(2)
      outlet   period  n_articles  n_stories  shared
    0     AP  2016-05           1          1    True
    1     AP  2016-06           0          0   False
    """
    how, articles = how or Inference(), usable(articles)
    stories = story_shares(pd.DataFrame({"": 0.0}, index=pd.Index(articles["doc_id"])), articles, how)
    days = outlet_periods(stories, articles, "day", how)
    years = (days.max() - days.min()) / 365.25
    code = period_code(period or ("month" if not years > 2 else "quarter" if years <= 10 else "year"))
    when = outlet_periods(stories, articles, code, how)
    span = range(int(when.min()), int(when.max()) + 1) if when.notna().any() else range(0)
    names = pd.Series([period_name(at, code) for at in span], index=span, dtype="str")
    keys = [when.index.get_level_values("outlet"), when.map(names).astype("str").fillna(UNDATED).to_numpy()]
    table = stories.numbers[["articles", "stories"]].add_prefix("n_").groupby(keys).sum()
    every = [*names, UNDATED] if when.isna().any() else list(names)
    rows = pd.MultiIndex.from_product([stories.outlets, every], names=["outlet", "period"])
    table = table.reindex(rows, fill_value=0).reset_index()
    shared = table.groupby("period")["n_stories"].transform("min").gt(0) & (table["period"] != UNDATED)
    return table.assign(shared=shared).astype({"outlet": "str", "period": "str", "shared": "bool"})
