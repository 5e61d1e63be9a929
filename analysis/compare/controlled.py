"""Two outlets compared within the periods, or the values of a column, that both covered."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from analysis.arrays import Flags, Floats, sums
from analysis.compare.effects import Reach
from analysis.compare.inference import Inference
from analysis.compare.intervals import Spread, least_variance, steadied
from analysis.compare.observations import Stories, clusters, outlet_periods, period_name, story_shares
from analysis.corpus.stories import UNKNOWN, outlet_names, story_names
from analysis.corpus.tables import check_columns

PERIOD, STANDARDISED = "period", "standardised"
HALF = 0.5  # of the spread of both sides: the least that one may have. More costs power, less gives false alarms
TIE = 1e-18  # of a variance: avoids 0 / 0 where every story agrees with its period
MONTHS = {"month": 1, "quarter": 3, "year": 12}  # the finest first
ENOUGH = 2  # stories of both outlets together in a period, on average: a finer one leaves too few to compare
ALIKE_ENOUGH = 0.8  # of an outlet's stories in the shared window: below, its note says so
SELDOM = 0.5  # of an outlet's stories in periods of both: below, its note says so
COLUMNS = {
    "control": "str", "overlap": "float64", "standardised": "float64", "standardised_low": "float64",
    "standardised_high": "float64", "standardised_p": "float64", "standardised_q": "float64",
    "standardised_equivalent": "float64", "standardised_verdict": "str", "window": "str", "in_window": "float64",
    "in_window_low": "float64", "in_window_high": "float64",
}  # fmt: skip


Window = tuple[float, float]  # the days from the later first to the earlier last story of two outlets


class Side(NamedTuple):
    """The stories of one outlet."""

    shares: Floats
    weights: Floats
    days: Floats
    cluster: "np.ndarray"
    headings: pd.DataFrame

    def kept(self, rows: "np.ndarray") -> "Side":
        values, weights, days, cluster, headings = self
        return Side(values[rows], weights[rows], days[rows], cluster[rows], headings[rows].reset_index(drop=True))

    def held(self, window: Window) -> Flags:
        """Whether each story is dated and inside the window."""
        return np.asarray((self.days >= window[0]) & (self.days <= window[1]))

    def periods(self, period: str, window: Window) -> Floats:
        """The number of the period of each story since 1970, missing where undated or outside the window."""
        held = self.held(window)
        months = np.where(held, self.days, 0).astype("datetime64[D]").astype("datetime64[M]").astype(float)
        return np.where(held, months // MONTHS[period], np.nan)


def refuse_compared(control: Sequence[str], by: str) -> None:
    if by in control:
        raise ValueError(f"control: {by!r} is what is compared, so it cannot be held equal. Name another column.")


def check_control(control: Sequence[str], articles: pd.DataFrame, by: str) -> None:
    """Refuses columns within whose values no two outlets can be compared, and those that divide nothing."""
    refuse_compared(control, by)
    if PERIOD in control:
        check_columns(articles, ["date"], where="articles", hint="control='period' needs it.")
    for name in (name for name in control if name != PERIOD):
        check_columns(articles, [name], where="articles", hint="A control is a column, or 'period'.")
        values = articles[name].astype("str").fillna(UNKNOWN).to_numpy()
        by_value = outlet_names(articles[by]).reset_index(drop=True).groupby(values).unique()
        found = set().union(*by_value)
        alone = len(found) > 1 and by_value.map(len).max() < 2
        if alone or len(by_value) == 1:
            why = f"no value of it is shared by two of {by}" if alone else "all articles have the same value"
            raise ValueError(f"control: {name!r} leaves nothing to compare: {why}. Name another column.")


def printed(
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    control: Sequence[str],
    how: Inference,
    known: Stories | None = None,
) -> dict[str, Side]:
    """The stories of each outlet one by one, whatever they are clustered by, with what is controlled for."""
    single = replace(how, cluster="doc_id" if how.cluster == "doc_id" else "story_id")
    stories = known if known and single == how else story_shares(shares, articles, single)
    names = pd.MultiIndex.from_arrays([outlet_names(articles[how.by]), story_names(articles, single.cluster)])
    table = articles[[name for name in control if name != PERIOD]].astype("str").fillna(UNKNOWN)
    table = table.assign(cluster_=clusters(articles, articles, how.cluster).to_numpy()).set_axis(names)
    headings = table.groupby(level=[0, 1]).first().reindex(stories.means.index)
    days = np.full(len(headings), np.nan)
    if "date" in articles:
        days = outlet_periods(stories, articles, "day", single).to_numpy()
    cluster, outlets = headings.pop("cluster_").to_numpy(), stories.means.index.get_level_values("outlet")
    every = Side(stories.means.to_numpy(), np.asarray(stories.weights), days, cluster, headings)
    return {outlet: every.kept(np.asarray(outlets == outlet)) for outlet in stories.outlets}


def controlled_rows(
    sides: tuple[Side, Side], control: Sequence[str], margin: float, how: Inference
) -> pd.DataFrame:
    """``COLUMNS`` without q and verdict, a row per label: the difference of two outlets within what both covered.

    Stories of both are compared within each period or heading, which weighs the more the more both have of it: n ·
    m / (n + m), the weights of a regression with a term for each (overlap weights: Li, Morgan & Zaslavsky 2018,
    *JASA* 113). Errors are those of such a regression, clustered by story. Periods are those in the window of
    both: a year of which one archive holds the spring and the other the autumn is not one period.
    """
    window = shared_window(sides)
    period = shared_period(sides, window) if PERIOD in control else None
    within = _within(sides, _strata(sides, period, window))
    together = _within(sides, [np.where(side.held(window), 0, -1) for side in sides])
    names = [period or PERIOD if name == PERIOD else name for name in control]
    days = " to ".join(period_name(int(day), "D") for day in window) if window[0] <= window[1] else ""
    rows = {"control": ", ".join(names), "overlap": within.overlap, "window": days}
    return pd.DataFrame(
        rows | within.columns(STANDARDISED, margin, how) | together.columns("in_window", margin, how)
    )


class Contrast(NamedTuple):
    """Two weighted means and how they spread, a value per label; missing where nothing can be compared."""

    share: Floats  # 2 × labels
    variance: Floats  # 2 × labels, at least what few or similar stories may hide
    degrees: float  # of Student's t, at most: the effective number of clusters of both together, less one
    squares: Floats  # 2 × labels, of the stories' distances from what is expected
    size: Floats  # 2 × 1, how many clusters of equal weight the stories are worth
    correlation: Floats
    overlap: float

    def columns(self, name: str, margin: float, how: Inference) -> dict[str, Floats]:
        """The difference, with bounds as of one that is not controlled; a standardised one has Student's."""
        apart = self.share[0] - self.share[1]
        spread = Spread(self.share, self.squares, self.size, self.share, self.share[None], np.ones((2, 1)))
        low, high, _, equivalent = Reach.of(spread, how.level).pairs(0, 1, self.correlation, margin)
        found = {name: apart, f"{name}_low": low, f"{name}_high": high}
        if name == STANDARDISED:
            found |= {f"{name}_equivalent": equivalent, **self._students(apart, how)}
        known = np.isfinite(self.correlation) & (self.size > 1).all()
        return {column: np.where(known, values, np.nan) for column, values in found.items()}

    def _students(self, apart: Floats, how: Inference) -> dict[str, Floats]:
        """Bounds and p by Student's t (Welch 1947), from the effective number of clusters."""
        (first, second), rest = self.variance, np.maximum(self.size - 1, 1)
        error = np.sqrt(np.maximum(first + second - 2 * self.correlation * np.sqrt(first * second), TIE))
        degrees = self.variance.sum(axis=0) ** 2 / (self.variance**2 / rest).sum(axis=0)
        degrees = np.clip(degrees, min(rest.min(), self.degrees), self.degrees)
        half = stdtrit(degrees, (1 + how.level) / 2) * error
        return {
            f"{STANDARDISED}_low": np.maximum(apart - half, -1),
            f"{STANDARDISED}_high": np.minimum(apart + half, 1),
            f"{STANDARDISED}_p": np.asarray(2 * stdtr(degrees, -np.abs(apart) / error)),
        }


def shared_window(sides: tuple[Side, Side]) -> Window:
    known = [side.days[np.isfinite(side.days)] for side in sides]
    if not all(len(days) for days in known):
        return np.nan, np.nan
    return max(days.min() for days in known), min(days.max() for days in known)


def window_note(sides: tuple[Side, Side], names: tuple[str, str]) -> str:
    """Note that two archives overlap little in time, with the part of each that lies in both."""
    window = shared_window(sides)
    if np.isnan(window[0]):
        return ""
    parts = [float(side.held(window).mean()) for side in sides]
    found, both = "of different days", "the days"
    if min(parts) >= ALIKE_ENOUGH:
        period = shared_period(sides, window)
        one, other = (side.periods(period, window) for side in sides)
        parts = [float(np.isin(one, other).mean()), float(np.isin(other, one).mean())]
        found, both = f"seldom of the same {period}", f"{period}s"
        if min(parts) >= SELDOM:
            return ""
    shown = ", ".join(f"{name} {100 * part:.0f} %" for name, part in zip(names, parts, strict=True))
    return f"{found}: in {both} of both are {shown}; see control='period'"


def shared_period(sides: tuple[Side, Side], window: Window) -> str:
    """The finest of month, quarter and year that holds two stories of both together, on average; else the year.

    A coarser period is taken where stories are few, never because two outlets seldom write in the same month.
    """
    for name in MONTHS:
        when = np.concatenate([side.periods(name, window) for side in sides])
        when = when[np.isfinite(when)]
        if len(when) >= ENOUGH * len(np.unique(when)) > 0:
            return name
    return "year"


def _strata(sides: tuple[Side, Side], period: str | None, window: Window) -> list["np.ndarray"]:
    """Stratum in which each story is compared; -1 where the period is controlled for and not shared."""
    headings = pd.concat([side.headings for side in sides])
    if period is not None:
        headings[PERIOD] = np.concatenate([side.periods(period, window) for side in sides])
    code, known = np.zeros(len(headings), dtype=int), np.ones(len(headings), dtype=bool)
    for name in headings:
        found, values = pd.factorize(headings[name], sort=True)
        code, known = code * len(values) + found, known & (found >= 0)
    return np.split(np.where(known, code, -1), [len(sides[0].days)])


def _within(sides: tuple[Side, Side], strata: list["np.ndarray"]) -> Contrast:
    """Both outlets' means over the strata that both have, standardised to one composition."""
    shared = np.setdiff1d(np.intersect1d(strata[0], strata[1]), [-1])
    inside = [np.isin(codes, shared) for codes in strata]
    overlap = min(float(np.average(part, weights=side.weights)) for side, part in zip(sides, inside, strict=True))
    a, b = (side.kept(part) for side, part in zip(sides, inside, strict=True))
    at, bt = (np.searchsorted(shared, codes[part]) for codes, part in zip(strata, inside, strict=True))
    rows, number = len(at) + len(bt), len(shared)
    if not number or rows <= number + 1:
        labels = sides[0].shares.shape[1]
        half = np.full((2, labels), 0.5)  # used where a mean is missing; every column is then missing
        return Contrast(half, half, 1.0, half, np.ones((2, 1)), np.full(labels, np.nan), overlap)
    n, m = np.bincount(at, a.weights, number), np.bincount(bt, b.weights, number)
    both = n * m / (n + m) / (n * m / (n + m)).sum()
    weights = [a.weights * (both / n)[at], b.weights * (both / m)[bt]]
    share = np.stack([weights[0] @ a.shares, weights[1] @ b.shares])
    total = sums(a.weights[:, None] * a.shares, at, number) + sums(b.weights[:, None] * b.shares, bt, number)
    middle, apart = total / (n + m)[:, None], share[0] - share[1]
    rest = [
        a.shares - middle[at] - (m / (n + m))[at, None] * apart,
        b.shares - middle[bt] + (n / (n + m))[bt, None] * apart,
    ]
    return _contrast([a, b], weights, share, rest, overlap, rows - number - 1)


def _contrast(
    sides: list[Side], weights: list[Floats], share: Floats, rest: list[Floats], overlap: float, degrees: int
) -> Contrast:
    """Two weighted means, with variances from what each cluster of stories adds to the residuals.

    A variance is at least half of what both sides' residuals imply: a few stories that agree are not certain.
    """
    code = pd.factorize(np.concatenate([side.cluster for side in sides]))[0]
    rows, number = sum(map(len, weights)), code.max() + 1
    codes = np.split(code, [len(weights[0])])
    first, second = (sums(weights[at][:, None] * rest[at], codes[at], number) for at in (0, 1))
    together = np.mean([np.bincount(codes[at], weights[at], number) for at in (0, 1)], axis=0)
    clusters = max(1 / (together**2).sum(), 2.0)
    scale = rows / degrees * clusters / (clusters - 1)
    variance = scale * np.stack([(first**2).sum(axis=0), (second**2).sum(axis=0)])
    joint, spread = scale * (first * second).sum(axis=0), np.sqrt(variance.prod(axis=0))
    size = np.array([[1 / (np.bincount(codes[at], weights[at]) ** 2).sum()] for at in (0, 1)])
    varies = (variance > TIE).all(axis=0)  # rounding errors where all stories agree are not a correlation
    alike = np.clip(np.divide(joint, spread, out=np.zeros_like(joint), where=varies), -1, 1)
    alone = np.array([[(part**2).sum()] for part in weights])
    implied = sum((part**2).sum(axis=0) for part in rest) / degrees * alone
    with np.errstate(divide="ignore", invalid="ignore"):  # how many stories carry the label, or lack it
        parts = [
            [(weights[at] @ part) ** 2 / (weights[at] ** 2 @ part**2) for part in (of.shares, 1 - of.shares)]
            for at, of in enumerate(sides)
        ]
    carried = np.nan_to_num(np.stack([np.fmin(*few) for few in parts]))
    share = np.clip(share, 0, 1)
    steady = steadied(np.maximum(variance, HALF * implied), share)  # one or the other: both allow for the unseen
    least = np.maximum(steady, least_variance(variance, share, size, carried))
    return Contrast(share, least, clusters - 1, variance * size**2, size, alike, overlap)
