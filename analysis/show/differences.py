"""Differences between pairs of outlets, with their intervals and a line at no difference."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.numbers import MINUS

from .dots import draw_dots
from .measured import footed
from .style import (
    INK,
    ROW,
    canvas,
    colours,
    headline,
    house_style,
    ink_of,
    legible,
    markers,
    nothing,
    panels,
    unit,
)

ALPHA = 0.05  # the share of false alarms allowed among the differences called clear


def plot_differences(
    differences: pd.DataFrame,
    *,
    n: int = 15,
    ax: Axes | None = None,
    title: str | None = None,
    validation: pd.DataFrame | None = None,
) -> Axes:
    """Axes with the difference of each pair of outlets and its interval, one panel a label.

    The ``n`` pairs with the smallest q in any label are drawn, clearest first. A filled dot has q below
    .05, a hollow one does not; a pair that could not be tested is left out. Panels are the axes'
    ``child_axes`` when there is more than one label.

    Takes the table of ``test_outlets``: label, outlet, other, difference, low, high, p, q; ``validation`` as in
    ``plot_shares``.

    >>> import analysis as an, pandas as pd
    >>> differences = pd.DataFrame(
    ...     {"label": ["alliance"], "outlet": ["TASS"], "other": ["CNN"], "difference": [0.2],
    ...      "low": [0.1], "high": [0.3], "p": [0.001], "q": [0.003]})
    >>> ax = an.plot_differences(differences)
    >>> [tick.get_text() for tick in ax.get_yticklabels()]
    ['TASS − CNN']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    with house_style():
        known = differences.dropna(subset=["difference", "low", "high"])
        if known.empty:
            return nothing(ax, "no two outlets have two stories each")
        labels, pairs = list(pd.unique(known["label"])), _clearest_pairs(known, n)
        ax = canvas(ax, 1.4 + ROW * 0.85 * len(pairs))
        faces = panels(ax, 1, len(labels), gap=(0.16, 0))
        reach = max(0.05, float(np.nanmax(known[["difference", "low", "high"]].abs().to_numpy(float))))
        for face, label in zip(faces, labels, strict=True):
            rows = known[known["label"] == label].set_index(["outlet", "other"]).reindex(pairs)
            _draw_difference_panel(face, rows, colours(labels)[label], markers(labels)[label], reach)
            if len(labels) > 1:
                face.set_title(legible(label), color=ink_of(colours(labels)[label]))
        faces[0].set_yticklabels([legible(f"{outlet} {MINUS} {other}") for outlet, other in pairs])
        headline(ax, title or "How far outlets differ, pair by pair", above=16 * (len(labels) > 1))
        unit(ax, footed(_measured(known, pairs), validation, labels))
        return ax


def _clearest_pairs(differences: pd.DataFrame, n: int) -> list[tuple[str, str]]:
    best = differences.assign(size=-differences["difference"].abs()).sort_values(
        ["q", "size", "outlet", "other"], na_position="last"
    )
    return list(dict.fromkeys(zip(best["outlet"], best["other"], strict=True)))[:n]


def _draw_difference_panel(ax: Axes, rows: pd.DataFrame, colour: str, marker: str, reach: float) -> None:
    y, clear = np.arange(len(rows)), (rows["q"] < ALPHA).to_numpy()
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.hlines(y, rows["low"], rows["high"], color=colour, linewidth=2, alpha=0.55)
    draw_dots(ax, rows["difference"], y, clear, colour=colour, marker=marker, size=22)
    ax.set_yticks(y, [""] * len(y))
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(-1.05 * reach, 1.05 * reach)
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10], symmetric=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x * 100:+.0f}".replace("-", MINUS) if x else "0"))
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)


def _measured(differences: pd.DataFrame, pairs: list[tuple[str, str]]) -> str:
    every = differences.groupby(["outlet", "other"]).ngroups
    shown = f" The {len(pairs)} clearest of {every} pairs." if every > len(pairs) else ""
    return (
        "Difference of the two shares in percentage points, first outlet minus second; "
        f"line: 95\u00a0% interval. Filled: q < .05, false discoveries controlled.{shown}"
    )
