"""Differences between outlets: pair by pair with their intervals, and one claim measured in every way."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.compare.effects import different
from analysis.compare.robustness.curve import Robustness
from analysis.numbers import MINUS, listed
from analysis.numbers import counted as number

from ..look import INK, MUTED, PALETTE, RULE, SLATE, colours, markers
from ..measured import footed
from .marks import as_rows, draw_intervals, fit_names, label_panels, points_scale
from .style import Page, canvas, describe, distinct, legible, nothing

OPTION = 0.145  # inches a row of options: 6.5-point type
UPPER = 1.9  # inches of the upper panel
NAME = 28  # letters of an outlet: two of them and what is between stand on two lines
LONG_OPTION = 24  # letters of an option: what fits between its choice and the curve
PARTS = ("selection", "framing")
PANELS, NARROW_PANELS = 4, 3  # side by side in a figure as wide as a page, or as a column
PAIRS = (
    "Difference of the two shares in percentage points, first outlet minus second; line: 95\u00a0% interval. "
    "Filled: differs (q\u00a0<\u00a0.05, corrected for all comparisons, and the interval excludes 0)."
)
SPLIT = (
    "Percentage points, first outlet minus second; line: 95\u00a0% interval. Framing: the difference within the "
    "events that both covered; selection: the rest. Filled: framing differs (q\u00a0<\u00a0.05, and the interval "
    "excludes 0)."
)
CLEAR, UNCLEAR, AGAINST = PALETTE[0], SLATE, PALETTE[1]  # blue, grey, red on a light and on a dark page


def draw_differences(
    differences: pd.DataFrame, page: Page, *, n: int = 15, validation: pd.DataFrame | None = None
) -> Axes:
    """The difference of each pair of outlets and its interval, one panel a label, the ``n`` clearest first."""
    known = differences.dropna(subset=["difference", "low", "high"])
    if known.empty:
        return nothing(page, "no two outlets have two stories each")
    drawn, undrawn = _without_zeros(known)
    pairs, foot = _clearest_pairs(drawn, n, PAIRS + undrawn, validation)
    ax = _by_label(drawn.set_index(["outlet", "other"]), pairs, page)
    return describe(ax, page, "Differences between outlets, pair by pair", foot)


def _without_zeros(differences: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The differences without labels in which all are 0, unless all labels are, and a sentence on these."""
    zero = differences["difference"].eq(0).groupby(differences["label"].astype("str"), sort=False).all()
    if zero.all() or not zero.any():
        return differences, ""
    drawn = differences[~differences["label"].astype("str").map(zero)]
    left, without = (listed(list(zero.index[which])) for which in (~zero, zero))
    return drawn, f" Drawn: {left}; in {without} every difference is 0."


def draw_split(parts: pd.DataFrame, page: Page, *, n: int = 8, validation: pd.DataFrame | None = None) -> Axes:
    """Selection, which is not tested, and framing of the ``n`` clearest pairs of outlets, one panel a label."""
    known = parts.dropna(subset=["framing", "framing_low", "selection_low"])
    if known.empty:
        return nothing(page, "no two outlets share two events")
    pairs, foot = _clearest_pairs(known, n, SPLIT, validation)
    rows = {(*pair, part): f"{name}, {part}" for pair, name in pairs.items() for part in PARTS}
    long = pd.concat([known.assign(part=part, difference=known[part], low=known[f"{part}_low"],
                                   high=known[f"{part}_high"], q=known["q"] if part == "framing" else np.nan)
                      for part in PARTS])  # fmt: skip
    ax = _by_label(long.set_index(["outlet", "other", "part"]), rows, page)
    return describe(ax, page, "What outlets select, and how they frame it", foot)


def _by_label(table: pd.DataFrame, rows: dict[Any, str], page: Page) -> Axes:
    """A panel a label, with the rows of the table's index that are named."""
    labels, (names, row) = list(pd.unique(table["label"])), fit_names(list(rows.values()), page)
    columns = min(len(labels), PANELS if page.wide else NARROW_PANELS)
    lines = -(-len(labels) // columns)
    ax = canvas(page, (1.0 if page.wide else 1.8) + lines * (0.5 + row * len(rows)))
    drawn = table[table.index.isin(rows)]
    reach = max(0.05, float(np.nanmax(drawn[["difference", "low", "high"]].abs().to_numpy(float))))
    for face, label in label_panels(ax, labels, names, page, columns, (0.16, 0.7 / (row * len(rows)))):
        own = table[table["label"] == label].reindex(list(rows))
        _draw_panel(face, own, colours(labels)[label], markers(labels)[label], reach)
        face.tick_params(axis="x", labelsize=7.5 if page.wide else 6)
        if len(labels) > 1:  # labels at the ends would touch those of the next panel
            end = next(step for step in (0.5, 0.2, 0.1, 0.05, 0.02, 0.01) if step <= 0.75 * reach)
            face.set_xticks([-end, 0, end] if page.wide else [-end, end])
    return ax


def _clearest_pairs(
    differences: pd.DataFrame, n: int, foot: str, validation: pd.DataFrame | None
) -> tuple[dict[tuple[str, str], str], str]:
    """The pairs with the smallest q in any label, clearest first, and how each is named; and the foot."""
    order = ["q", "size", "outlet", "other"]
    best = differences.assign(size=-differences["difference"].abs()).sort_values(order, na_position="last")
    every = list(dict.fromkeys(zip(best["outlet"], best["other"], strict=True)))
    pairs = every[:n]
    names = distinct((name for pair in pairs for name in pair), letters=NAME)
    of = f" The {len(pairs)} clearest of {len(every)} pairs." if len(every) > len(pairs) else ""
    named = {(one, other): f"{names[one]} {MINUS} {names[other]}" for one, other in pairs}
    return named, footed(foot + of, validation, list(pd.unique(differences["label"])))


def _draw_panel(ax: Axes, rows: pd.DataFrame, colour: str, marker: str, reach: float) -> None:
    y = np.arange(len(rows))
    ax.axvline(0, color=INK, linewidth=0.8)
    draw_intervals(ax, rows, y, "difference", filled=different(rows), colour=colour, marker=marker, size=22)
    as_rows(ax, y)
    ax.set_xlim(-1.05 * reach, 1.05 * reach)
    points_scale(ax.xaxis, symmetric=True)


def draw_robustness(tried: Robustness, page: Page) -> Axes:
    """A specification curve: differences by size; under each the choices that gave it, the strongest on top."""
    curve, choices = tried.table, tried.effects["choice"].unique()
    known = curve.dropna(subset="difference").reset_index(drop=True)
    if known.empty:
        return nothing(page, "no specification finds a story of both outlets")
    rows = [(choice, option) for choice in choices for option in pd.unique(curve[choice].astype("str"))]
    order = known.sort_values("difference", kind="stable").index.to_numpy()
    lower = OPTION * (len(rows) + 0.7 * len(choices))
    ax = canvas(page, UPPER + lower + 1.0)
    ax.set_axis_off()
    part = UPPER / (UPPER + lower + 0.15) if rows else 1.0
    above = ax.inset_axes((0.26, 1 - part, 0.74, part))
    _draw_curve(above, known.loc[order], int(np.flatnonzero(order == 0)[0]))
    if rows:
        _draw_choices(ax.inset_axes((0.26, 0, 0.74, lower / (UPPER + lower + 0.15))), known.loc[order], rows)
    return describe(ax, page, curve_title(tried), _curve_note(known))


def curve_title(tried: Robustness) -> str:
    """The claim as a quotation, and in how many of the counted specifications its interval excludes 0."""
    counted = tried.table[tried.table["counted"]].dropna(subset="difference")
    clear, n = int(counted["clear"].sum()), number(len(counted), "specification")
    return f"“{tried.claim}”: the interval excludes 0 in {f'{clear:,}' if clear else 'none'} of {n}"


def _colours(rows: pd.DataFrame) -> list[str]:
    known = [~rows["counted"].to_numpy(bool), *(rows[name].to_numpy(bool) for name in ("clear", "same_sign"))]
    return list(np.select(known, [RULE, CLEAR, UNCLEAR], AGAINST))


def _draw_curve(ax: Axes, rows: pd.DataFrame, usual: int) -> None:
    x, hues = np.arange(len(rows)), _colours(rows)
    bounded = rows["low"].notna().to_numpy()
    lines = [c for c, known in zip(hues, bounded, strict=True) if known]
    width = min(2.0, 120 / len(rows))
    ax.vlines(x[bounded], rows["low"][bounded], rows["high"][bounded], color=lines, linewidth=width, alpha=0.3)
    ax.scatter(x, rows["difference"], c=hues, s=min(16, 1600 / len(rows)), linewidths=0, zorder=3)
    usually = rows["difference"].iloc[[usual]]
    ax.scatter([usual], usually, s=34, facecolors="none", edgecolors=INK, linewidths=1, zorder=4)
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.set(xlim=(-1, len(rows)), xticks=[])
    ax.spines["bottom"].set_visible(False)
    points_scale(ax.yaxis, 5)
    ax.grid(axis="y")


def _draw_choices(ax: Axes, rows: pd.DataFrame, options: list[tuple[str, str]]) -> None:
    y, place, hues = [], 0.0, np.array(_colours(rows))
    for at, (choice, option) in enumerate(options):
        new = at > 0 and options[at - 1][0] != choice
        place += 1.7 if new else at > 0
        if new or at == 0:
            there: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "annotation_clip": False}
            ax.annotate(legible(choice), (-0.34, place), va="center", fontsize=7, fontweight="bold", **there)
        chosen = np.flatnonzero(rows[choice].astype("str").to_numpy() == option)
        width = min(1.6, 200 / len(rows))
        ax.vlines(chosen, place - 0.36, place + 0.36, color=list(hues[chosen]), linewidth=width)
        ax.axhline(place, color=RULE, linewidth=0.5, zorder=0)
        y.append(place)
    ax.set_yticks(y, [legible(option, letters=LONG_OPTION) for _, option in options], fontsize=6.5, color=MUTED)
    ax.set(ylim=(place + 0.8, -0.8), xlim=(-1, len(rows)), xticks=[])
    ax.spines[["left", "bottom"]].set_visible(False)


def _curve_note(every: pd.DataFrame) -> str:
    rows, left = every[every["counted"]], int((~every["counted"]).sum())
    length = f" Pale: not counted ({left}), as longer texts have more hits." if left else ""
    return (
        "Difference in percentage points with its 95\u00a0% interval, a column a specification, by size. "
        f"Blue: the sign claimed, interval without 0 ({rows['clear'].sum()}); grey: the sign claimed, interval "
        f"with 0 or none ({(rows['same_sign'] & ~rows['clear']).sum()}); red: another "
        f"({(~rows['same_sign']).sum()}). "
        f"Ring: the usual choices.{length}"
    )
