"""The terms of each group, as small multiples of dots or bars."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from .differences import ALPHA
from .style import (
    FRAME_COLOURS,
    MUTED,
    ROW,
    WIDTH,
    canvas,
    headline,
    house_style,
    ink_of,
    legible,
    nothing,
    panels,
    unit,
)

SLATE = "#4a5b6b"  # groups are mostly outlets, and hues stand for frames
COLUMNS = 3  # panels side by side: what 7 inches hold beside words of twelve letters
LONGEST = 24  # letters of a term beside its dot; the table has the rest
BAND = 1.96  # standard errors either side, for a 95 % interval


def plot_terms(terms: pd.DataFrame, *, n: int = 10, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Axes with the ``n`` first terms of each group, one panel a group, the strongest on top.

    Ranked terms (``group`` or ``topic``, rank, term, weight) are drawn as bars of their weight.
    Distinctive terms (group, term, log_odds, z, q) are drawn as dots at their log-odds with a 95 %
    interval, by falling z; hollow where q is .05 or more. Only terms a group uses *more* are drawn.
    Panels are the axes' ``child_axes`` when there is more than one group.

    >>> import analysis as an, pandas as pd
    >>> terms = pd.DataFrame(
    ...     {"group": ["TASS"] * 2, "rank": [1, 2], "term": ["sco", "oil"], "weight": [3.0, 1.0]})
    >>> ax = an.plot_terms(terms)
    >>> [tick.get_text() for tick in ax.get_yticklabels()]
    ['sco', 'oil']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    with house_style():
        distinctive = "log_odds" in terms
        shown = _first_terms(terms, n, distinctive)
        if shown.empty:
            return nothing(ax, "no group has a term")
        group = "group" if "group" in shown else "topic"
        groups = list(pd.unique(shown[group]))
        columns = min(COLUMNS, len(groups))
        rows = -(-len(groups) // columns)
        ax = canvas(ax, 0.9 + rows * (0.62 + 0.6 * ROW * n))
        faces = panels(ax, rows, columns, gap=(_gap(shown["term"], columns), 0.62 / (0.6 * ROW * n)))
        for face, name in zip(faces, groups, strict=False):
            _draw_terms(face, shown[shown[group] == name], distinctive, n, FRAME_COLOURS.get(str(name), SLATE))
            if len(groups) > 1:
                face.set_title(_panel_name(group, name), color=ink_of(FRAME_COLOURS.get(str(name), SLATE)))
        for face in faces[len(groups) :]:
            face.remove()
        headline(ax, title or _neutral_title(group, distinctive), above=16 * (len(groups) > 1))
        unit(ax, _measured(distinctive))
        return ax


def _first_terms(terms: pd.DataFrame, n: int, distinctive: bool) -> pd.DataFrame:
    if not distinctive:
        return terms[terms["rank"] <= n]
    ordered = terms[terms["log_odds"] > 0].sort_values(["group", "z", "term"], ascending=[True, False, True])
    return ordered.groupby("group", sort=False, observed=True).head(n)


def _gap(terms: pd.Series, columns: int) -> float:
    """Room for the longest term between two panels, as a share of a panel's width."""
    words = 0.15 + 0.062 * min(LONGEST, int(terms.str.len().max()))  # inches of 7.5-point type
    return words / max(0.6, (WIDTH - 0.2 - columns * words) / columns)


def _short(term: object) -> str:
    text = legible(term)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _panel_name(group: str, name: object) -> str:
    return legible(name if group == "group" or isinstance(name, str) else f"topic {name}")


def _draw_terms(ax: Axes, rows: pd.DataFrame, distinctive: bool, n: int, colour: str) -> None:
    y = np.arange(len(rows))
    if distinctive:
        _draw_log_odds(ax, rows, y, colour)
    else:
        ax.barh(y, rows["weight"], height=0.62, color=colour, alpha=0.85)
    ax.set_yticks(y, [_short(term) for term in rows["term"]], fontsize=7.5)
    ax.set_ylim(n - 0.4, -0.6)
    ax.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)


def _draw_log_odds(ax: Axes, rows: pd.DataFrame, y: np.ndarray, colour: str) -> None:
    half = BAND * (rows["log_odds"] / rows["z"]).to_numpy()
    middle, clear = rows["log_odds"].to_numpy(), (rows["q"] < ALPHA).to_numpy()
    ax.axvline(0, color=MUTED, linewidth=0.7)
    ax.hlines(y, middle - half, middle + half, color=colour, linewidth=1.6, alpha=0.5)
    ax.scatter(middle[clear], y[clear], s=18, color=colour, zorder=3)
    ax.scatter(middle[~clear], y[~clear], s=18, facecolors="white", edgecolors=colour, linewidths=1.1, zorder=3)


def _neutral_title(group: str, distinctive: bool) -> str:
    if distinctive:
        return "Terms each group uses more than the others do"
    return "The heaviest terms of each topic" if group == "topic" else "The heaviest terms of each group"


def _measured(distinctive: bool) -> str:
    if not distinctive:
        return "Weight of the term; scales differ between panels."
    return (
        "Log-odds against the other groups, informative Dirichlet prior; line: 95\u00a0% interval. "
        "Hollow: q of .05 or more. Scales differ between panels."
    )
