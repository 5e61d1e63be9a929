"""A claim measured in every way: the differences above, the choices that gave them beneath."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.compare.curves.curve import choice_effects, choices_of
from analysis.numbers import MINUS

from .style import INK, MUTED, PALETTE, RULE, canvas, headline, house_style, legible, nothing, unit

OPTION = 0.145  # inches a row of options: 6.5-point type
UPPER = 1.9  # inches of the upper panel
CLEAR, UNCLEAR, AGAINST = PALETTE[0], PALETTE[3], PALETTE[1]


def plot_robustness(curve: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Axes with a specification curve: differences in order of size, and under each the choices that gave it.

    Takes the table of ``robustness``. Panels are the axes' ``child_axes``: the curve, then the choices, the one
    that matters most on top. The ring marks the usual choices. Choices with a single option are left out.

    >>> import analysis as an, pandas as pd
    >>> curve = pd.DataFrame({"unit": ["sentence", "article"], "difference": [0.3, -0.1], "low": [0.1, -0.2],
    ...                       "high": [0.5, 0.1], "p": 0.5, "n_stories": 9, "n_others": 9,
    ...                       "same_sign": [True, False], "clear": [True, False]})
    >>> curve.attrs["claim"] = {"outlet": "TASS", "other": "DW", "label": "alliance", "sign": 1}
    >>> ax = an.plot_robustness(curve)
    >>> [tick.get_text() for tick in ax.child_axes[1].get_yticklabels()]
    ['sentence', 'article']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    with house_style():
        known = curve.dropna(subset="difference").reset_index(drop=True)
        if known.empty:
            return nothing(ax, "no specification finds a story of both outlets")
        rows = option_rows(curve)
        order = known.sort_values("difference", kind="stable").index.to_numpy()
        lower = OPTION * (len(rows) + 0.7 * len({choice for choice, _ in rows}))
        ax = canvas(ax, UPPER + lower + 1.0)
        ax.set_axis_off()
        part = UPPER / (UPPER + lower + 0.15) if rows else 1.0
        above = ax.inset_axes((0.26, 1 - part, 0.74, part))
        _draw_curve(above, known.loc[order], int(np.flatnonzero(order == 0)[0]))
        if rows:
            _draw_choices(ax.inset_axes((0.26, 0, 0.74, lower / (UPPER + lower + 0.15))), known.loc[order], rows)
        said = curve.attrs.get("claim", {})
        claim = "{label}: {outlet} {minus} {other}".format(minus=MINUS, **said) if said else "A claim"
        headline(ax, title or f"{claim}, in {len(known):,} specifications")
        unit(ax, _measured(known))
        return ax


def option_rows(curve: pd.DataFrame) -> list[tuple[str, str]]:
    """Choice and option of each row beneath the curve; the choice that matters most first, options as given."""
    ranked = dict.fromkeys(choice_effects(curve)["choice"]) if choices_of(curve) else {}
    return [(str(choice), str(option)) for choice in ranked for option in pd.unique(curve[choice].astype("str"))]


def _colours(rows: pd.DataFrame) -> list[str]:
    agree, clear = rows["same_sign"].to_numpy(), rows["clear"].to_numpy()
    return list(np.where(clear, CLEAR, np.where(agree, UNCLEAR, AGAINST)))


def _draw_curve(ax: Axes, rows: pd.DataFrame, usual: int) -> None:
    x, colours = np.arange(len(rows)), _colours(rows)
    bounded = rows["low"].notna().to_numpy()
    lines = [c for c, known in zip(colours, bounded, strict=True) if known]
    width = min(2.0, 120 / len(rows))
    ax.vlines(x[bounded], rows["low"][bounded], rows["high"][bounded], color=lines, linewidth=width, alpha=0.3)
    ax.scatter(x, rows["difference"], c=colours, s=min(16, 1600 / len(rows)), linewidths=0, zorder=3)
    ring: dict[str, Any] = {"facecolors": "none", "edgecolors": INK, "linewidths": 1, "zorder": 4}
    ax.scatter([usual], rows["difference"].iloc[[usual]], s=34, **ring)
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.set_xlim(-1, len(rows))
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y * 100:+.0f}".replace("-", MINUS) if y else "0"))
    ax.grid(axis="y")


def _draw_choices(ax: Axes, rows: pd.DataFrame, options: list[tuple[str, str]]) -> None:
    y, place, colours = [], 0.0, np.array(_colours(rows))
    for at, (choice, option) in enumerate(options):
        new = at > 0 and options[at - 1][0] != choice
        place += 1.7 if new else at > 0
        if new or at == 0:
            there: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "annotation_clip": False}
            ax.annotate(legible(choice), (-0.34, place), va="center", fontsize=7, fontweight="bold", **there)
        chosen = np.flatnonzero(rows[choice].astype("str").to_numpy() == option)
        ax.vlines(
            chosen, place - 0.36, place + 0.36, color=list(colours[chosen]), linewidth=min(1.6, 200 / len(rows))
        )
        ax.axhline(place, color=RULE, linewidth=0.5, zorder=0)
        y.append(place)
    ax.set_yticks(y, [legible(option) for _, option in options], fontsize=6.5, color=MUTED)
    ax.set_ylim(place + 0.8, -0.8)
    ax.set_xlim(-1, len(rows))
    ax.set_xticks([])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def _measured(rows: pd.DataFrame) -> str:
    return (
        "Difference in percentage points with its 95\u00a0% interval, a column a specification, by size. "
        f"Dark: as claimed and clear of zero ({rows['clear'].sum()}); light: as claimed "
        f"({(rows['same_sign'] & ~rows['clear']).sum()}); red: not as claimed ({(~rows['same_sign']).sum()}). "
        "Ring: the usual choices."
    )
