"""Size of a difference, its tests against 0 and against a margin, and its verdict."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.arrays import Floats, Places
from analysis.compare.intervals import Spread, difference_interval
from analysis.numbers import figure, in_points

ALPHA = 0.05  # the share of false alarms that "different" and "no difference larger than" may each have
FINEST, STEPS = 1e-6, 70  # the smallest p that intervals give, and how many they are read from
DIFFERENT, NOT_CLEAR, TOO_LITTLE = "different", "not clear once all comparisons are counted", "too little data"


class Reach(NamedTuple):
    """Bounds of each outlet's shares at many levels: arrays of shape (levels, outlets, labels)."""

    tails: Floats  # 1 − level, falling
    share: Floats
    bounds: tuple[Floats, Floats]
    level: int  # the place of the level that was asked for

    @classmethod
    def of(cls, spread: Spread, level: float) -> "Reach":
        grid = np.geomspace(FINEST, 1 - FINEST, STEPS)
        tails = np.unique(np.concatenate([grid, [1 - level, ALPHA, 2 * ALPHA]]))[::-1]
        levels = (1 - tails)[:, None, None]
        place = int(np.argmin(np.abs(tails - (1 - level))))
        return cls(tails, spread.share, spread.bounds(levels), place)

    def pairs(
        self, i: int | Places, j: int | Places, correlation: Floats, margin: float
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Bounds of differences, their p, and that of "they differ by `margin` or more" (Schuirmann 1987)."""
        share, lows, highs = ((values[..., i, :], values[..., j, :]) for values in (self.share, *self.bounds))
        low, high = difference_interval(share, lows, highs, correlation)
        equivalent = self._crossing(np.minimum(low + margin, margin - high)) / 2
        return low[self.level], high[self.level], self._crossing(np.maximum(low, -high)), equivalent

    def _crossing(self, inside: Floats) -> Floats:
        """1 − level at which a value that falls with the level passes 0, interpolated on a logarithmic scale."""
        after = (inside > 0).sum(axis=0)  # levels at which it is still above
        last = np.clip(after - 1, 0, len(self.tails) - 2)
        above, below = (np.take_along_axis(inside, at[None], axis=0)[0] for at in (last, last + 1))
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.clip(above / (above - below), 0, 1)
        upper, lower = np.log(self.tails[last]), np.log(self.tails[last + 1])
        p = np.exp(upper + np.nan_to_num(part) * (lower - upper))
        return np.where(after == 0, 1.0, np.where(after == len(self.tails), self.tails[-1], p))


def over_all(p: Floats) -> Floats:
    """p after Holm (1979, *Scandinavian Journal of Statistics* 6) over all of them; missing where p is."""
    order = np.argsort(p, kind="stable")[: np.isfinite(p).sum()]  # missing ones come last
    adjusted = np.full(p.shape, np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)), 1.0)
    return adjusted


def cohens_h(first: Floats, second: Floats) -> Floats:
    """Cohen's (1988) h: a difference of shares on a scale where .2 is small at any share, .5 medium, .8 large."""
    return np.asarray(2 * np.arcsin(np.sqrt(first.clip(0, 1))) - 2 * np.arcsin(np.sqrt(second.clip(0, 1))))


def excludes_zero(rows: pd.DataFrame, low: str = "low", high: str = "high") -> "pd.Series[bool]":
    """Which intervals exclude 0."""
    return (rows[low] > 0) | (rows[high] < 0)


def different(differences: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows may be called different: q below .05 and an interval that excludes 0.

    >>> row = {"difference": 0.2, "low": [0.1, -0.1], "high": 0.3, "q": 0.01}
    >>> different(pd.DataFrame(row)).tolist()
    [True, False]
    """
    return excludes_zero(differences) & (differences["q"] < ALPHA)


def verdicts(differences: pd.DataFrame, margin: float) -> list[str]:
    """What each row allows to say; needs ``low, high, q, p_equivalent``."""
    alike = differences["p_equivalent"] < ALPHA
    conditions = [different(differences), alike, excludes_zero(differences)]
    words = [DIFFERENT, f"no difference larger than {in_points(margin)}", NOT_CLEAR]
    return [str(word) for word in np.select(conditions, words, TOO_LITTLE)]


def difference_sentence(row: "pd.Series[Any]", estimates: pd.DataFrame | None = None) -> str:
    """Sentence on one row of ``outlet_differences``, as a paper could print it.

    With `estimates`, the table of ``compare_outlets``, it also gives both shares; with the columns of ``control=``
    it ends with the difference within what both covered.

    Returns
    -------
    str
        Shares in percent, differences in percentage points.

    Examples
    --------
    >>> row = pd.Series({"outlet": "Reuters", "other": "CNN", "label": "trade", "difference": 0.23, "low": 0.12,
    ...                  "high": 0.33, "verdict": "different", "control": "quarter", "standardised": -0.03,
    ...                  "standardised_low": -0.18, "standardised_high": 0.12,
    ...                  "standardised_verdict": "too little data"})
    >>> difference_sentence(row)
    'Reuters uses trade more than CNN (23 points [12, 33]), but not clearly within each quarter that both covered
    (−3 points [−18, 12]).'
    """
    names = f"{row['outlet']} and {row['other']}"
    figures = _with_bounds(row, "difference", "low", "high")
    verdict, label = str(row["verdict"]), row["label"]
    if estimates is not None:
        own = estimates[estimates["label"] == label].set_index("outlet")["share"]
        shares = [f"{100 * own[row[side]]:.0f} %" for side in ("outlet", "other") if row[side] in own]
        figures = f"{' against '.join(shares)}; {figures}"
    if verdict == DIFFERENT:
        more = "more" if row["difference"] > 0 else "less"
        return f"{row['outlet']} uses {label} {more} than {row['other']} ({figures}){_within(row)}."
    if verdict == NOT_CLEAR:
        return f"{names} differ in {label} if only these two are compared ({figures}), but this is {verdict}."
    if verdict == TOO_LITTLE:
        return f"There is too little data to say whether {names} differ in {label} ({figures})."
    return f"A {verdict.removeprefix('no ')} between {names} in {label} is unlikely ({figures})."


def _within(row: "pd.Series[Any]") -> str:
    """The difference within what both outlets covered, as the end of a sentence."""
    if "standardised" not in row or pd.isna(row["standardised"]):
        return "; what both covered is too little to compare them there" if "standardised" in row else ""
    figures = _with_bounds(row, "standardised", "standardised_low", "standardised_high")
    same, verdict = row["standardised"] * row["difference"] > 0, row["standardised_verdict"]
    within = f"within each {str(row['control']).replace(', ', ' and ')} that both covered ({figures})"
    if verdict == DIFFERENT:
        opposite = "less" if row["difference"] > 0 else "more"
        return f", also {within}" if same else f", but {opposite} {within}"
    return f"; {within} this is {verdict}" if same and verdict == NOT_CLEAR else f", but not clearly {within}"


def _with_bounds(row: "pd.Series[Any]", *names: str) -> str:
    value, low, high = (float(row[name]) for name in names)
    if np.isnan(low):
        return f"{in_points(value)}, no interval"
    return f"{in_points(value)} [{figure(low)}, {figure(high)}]"
