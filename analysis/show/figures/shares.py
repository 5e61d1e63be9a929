"""Shares per outlet as dots with their intervals, and over time; and where in an article each frame falls."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.arrays import Floats, Ints
from analysis.compare.estimates import UNDATED
from analysis.numbers import counted, percent

from ..look import INK, MUTED, PAPER, SLATE, colours, ink_of, markers, outlet_order
from ..measured import footed
from .marks import (
    MANY,
    as_rows,
    draw_dots,
    draw_intervals,
    fit_names,
    in_order,
    label_panels,
    name_label,
    percent_scale,
    write_beside,
)
from .style import ROW, Page, canvas, describe, distinct, legible, nothing, on_lines, panels

TENTHS = np.linspace(0, 1, 11)
POSITIONS = (
    "Share of the frame's hits in each tenth of an article. Dashed: hits spread evenly. Negated hits left out."
)
FEW = 150  # hits of a frame up to which each is drawn as a tick of its own
PER_OUTLET = (
    "Mean share of an article's passages that carry the label. "
    "Line: 95\u00a0% interval over stories. Hollow: no interval."
)
POOLED = " Grey: drawn towards the other outlets, the more the fewer stories there are."
BENEATH = 0.27  # rows under the dot: clear of it and of the next row
VALUE = 0.082  # of the width all panels have: room for "100 %" right of an interval, wherever it ends
ROWS_OF_PANELS = 5  # panels side by side; more stand beneath
NO_SHARE = "no passage"
SPACE = "\N{NO-BREAK SPACE}"  # a count stays on one line


def draw_estimates(
    estimates: pd.DataFrame, page: Page, *, unit_note: str = PER_OUTLET, validation: pd.DataFrame | None = None
) -> Axes:
    """Dots and intervals, one panel a label; outlets by the first label's share, pooled shares beneath."""
    if estimates.empty:
        return nothing(page, "no outlet has been compared")
    labels, outlets = list(pd.unique(estimates["label"])), outlet_order(estimates)
    names, row = fit_names(row_names(estimates, outlets), page)
    columns = min(len(labels), ROWS_OF_PANELS if page.wide else 1)
    ax = canvas(page, 0.95 + -(-len(labels) // columns) * (0.3 + row * len(outlets)))
    reach = max(0.05, float(np.nanmax(estimates[["share", "high"]].to_numpy(float), initial=0)))
    gap = 0.1, 0.55 / max(0.6, row * len(outlets))
    for face, label in label_panels(ax, labels, names, page, columns, gap):
        own = estimates[estimates["label"] == label].set_index("outlet").reindex(outlets)
        _draw_outlets(face, own, colours(labels)[label], markers(labels)[label])
        n = int(columns / page.scale)
        percent_scale(face.xaxis, 2 if n > MANY else 3 if n > 2 else 4)
        ticks = np.asarray(face.xaxis.get_major_locator().tick_values(0, reach))
        face.set_xticks(ticks[(ticks <= reach * 1.1) & (ticks >= 0)])  # none is larger than the largest drawn
        face.tick_params(axis="x", labelsize=6.5 if n > MANY else 7.5)
        face.set_xlim(-0.02 * reach, reach * max(1.32, 1 / max(0.3, 1 - VALUE * n)))
    foot = footed(unit_note + POOLED * ("pooled" in estimates), validation, labels)
    return describe(ax, page, "Share of each label per outlet", foot)


def row_names(estimates: pd.DataFrame, outlets: list[str]) -> list[str]:
    """Each outlet with its number of stories, no two alike."""
    labels, n = distinct(outlets), estimates.groupby("outlet")["n_stories"].max()
    few = {0: f"no{SPACE}story", 1: f"one{SPACE}story"}
    return [f"{labels[name]} ·{SPACE}{few.get(n[name], f'{n[name]:,.0f}{SPACE}stories')}" for name in outlets]


def _draw_outlets(ax: Axes, rows: pd.DataFrame, colour: str, marker: str) -> None:
    y = np.arange(len(rows))
    draw_intervals(ax, rows, y, "share", colour=colour, marker=marker)
    if "pooled" in rows:
        pooled, beneath = rows.dropna(subset="pooled"), (y + BENEATH)[rows["pooled"].notna()]
        ax.hlines(beneath, pooled["pooled_low"], pooled["pooled_high"], color=MUTED, linewidth=0.9)
        ax.scatter(pooled["pooled"], beneath, marker="|", s=22, color=MUTED, linewidths=1.2, zorder=3)
    for place, (_, row) in enumerate(rows.iterrows()):
        missing = pd.isna(row["share"])
        end = 0.0 if missing else row["share"] if pd.isna(row["high"]) else row["high"]
        write_beside(ax, end, place, NO_SHARE if missing else percent(row["share"]))
    as_rows(ax, y)


def draw_positions(positions: pd.DataFrame, page: Page, *, validation: pd.DataFrame | None = None) -> Axes:
    """One strip a frame: the share of its hits in each tenth of an article; few hits are ticks beneath."""
    if positions.empty:
        return nothing(page, "no hit of any frame")
    labels = in_order(positions["label"])
    ax = canvas(page, 0.9 + 0.85 * len(labels))
    faces, hue = panels(ax, len(labels), 1, gap=(0, 0.45)), colours(labels)
    own = {name: positions["position"][positions["label"] == name] for name in labels}
    counts = {name: np.histogram(places, TENTHS)[0] for name, places in own.items()}
    top = max(float((c / max(1, c.sum())).max()) for c in counts.values())
    for face, name in zip(faces, labels, strict=True):
        _draw_tenths(face, counts[name], own[name], hue[name], top)
        n = int(counts[name].sum())
        words = f"{on_lines(legible(name), 16)}\n{counted(n, 'hit')}"
        face.set_ylabel(words, rotation=0, ha="right", va="center", color=ink_of(hue[name]), fontweight="bold")
        face.tick_params(labelbottom=face is faces[-1])
    faces[-1].set_xticks([0, 0.5, 1], ["first word", "middle", "last word"])
    foot = footed(POSITIONS, validation, labels)
    return describe(ax, page, "Position of each frame's hits in the article", foot)


def _draw_tenths(ax: Axes, counts: Ints, positions: pd.Series, colour: str, top: float) -> None:
    look: dict[str, Any] = {"color": colour, "alpha": 0.8, "edgecolor": PAPER, "linewidth": 0.8}
    ax.bar(TENTHS[:-1], counts / max(1, counts.sum()), width=0.1, align="edge", **look)
    ax.axhline(0.1, color=MUTED, linewidth=0.7, linestyle=(0, (4, 3)))
    if len(positions) <= FEW:
        ax.vlines(positions, -0.16 * top, -0.04 * top, color=colour, linewidth=0.8)
    ax.set(xlim=(0, 1), ylim=(-0.2 * top, top * 1.05), xticks=[0, 0.5, 1])
    percent_scale(ax.yaxis, 2)
    ax.tick_params(axis="y", labelsize=7, labelcolor=MUTED)
    ax.spines["left"].set_visible(False)


TILE = 0.26  # inches of an outlet's row of tiles: a number of 7 points, with air
PANEL = 1.05  # inches of a panel: an interval of ten points can still be seen
OUTLET = 30  # letters of a name over a panel
TICKS = 12  # periods named under a strip of the page's width: "Dec" over "2016" needs half an inch
# Periods between two named ones, by pandas' letter: people count in these.
STEPS = {"D": (1, 2, 7, 14, 28), "W": (1, 2, 4, 8, 13, 26), "M": (1, 2, 3, 6, 12), "Q": (1, 2, 4), "Y": (1, 2, 5)}
WORDS = {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year", "": "period"}
PER_PERIOD = "Mean share over the stories of each period."
KEY = "{line}: 95\u00a0% interval. Hollow: one story, no interval. A gap: no story."


def draw_periods(
    estimates: pd.DataFrame, page: Page, *, changes: pd.DataFrame | None = None, unit_note: str = PER_PERIOD
) -> Axes:
    """Shares by period: a band a label for one outlet, else a row of panels an outlet and a column a label."""
    known = estimates.dropna(subset="share")
    if known.empty:
        return nothing(page, "no article with a share has a date")
    table, when = on_even_axis(estimates if "outlet" in estimates else estimates.assign(outlet=""))
    outlets, labels = list(pd.unique(table["outlet"])), list(pd.unique(table["label"]))
    band, left = changes is None and len(outlets) == 1, 0
    if not band:
        bounded = table.groupby("outlet")["low"].apply(lambda low: low.notna().any())
        outlets, left = list(bounded.index[bounded]), int((~bounded).sum())
    if not outlets:
        return nothing(page, "no outlet has a period with two stories")
    columns = len(labels) if page.wide and not band else 1
    rows = len(outlets) * len(labels) // columns
    ax = canvas(page, 1.2 + PANEL * rows)
    faces = panels(ax, rows * columns, columns, gap=(0.1, 0.55 if page.wide else 0.8))
    highest = table.loc[table["outlet"].isin(outlets), ["share", "high"]].max().max()
    top, names = min(1.0, float(highest) * 1.05) or 1.0, distinct(outlets, letters=OUTLET)
    for at, face in enumerate(faces):
        outlet, label = outlets[at // len(labels)], labels[at % len(labels)]
        own = table[(table["outlet"] == outlet) & (table["label"] == label)].set_index("place")
        _draw_series(face, own.reindex(range(len(when))), label, labels, top, band=band)
        if changes is not None:
            _draw_change(face, changes[(changes["outlet"] == outlet) & (changes["label"] == label)], when)
        over = label == labels[0] and not band
        if len(labels) > 1 and (at < len(labels) or not page.wide):
            name_label(face, label, labels, page, columns, pad=15 if over or columns > 1 else 3)
        if over:
            place: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "xytext": (0, 3)}
            face.annotate(names[outlet], (0, 1), va="bottom", fontsize=8, fontweight="bold", color=INK, **place)
        _date_ticks(face, when, int(TICKS * page.scale) // columns)
        face.tick_params(labelbottom=at >= len(faces) - columns, labelleft=at % columns == 0)
    whose = "" if band else "outlet and "
    without = f" {counted(left, 'outlet')} of one story a period left out." if left else ""
    foot = f"{unit_note} {KEY.format(line='Band' if band else 'Line')}{without}"
    return describe(ax, page, f"Share of each label per {whose}{WORDS[_letter(when)]}", foot)


def draw_coverage(coverage: pd.DataFrame, page: Page) -> Axes:
    """The stories of each outlet in each period: a row an outlet, darker the more; a gap is a dot."""
    if coverage.empty:
        return nothing(page, "no article")
    dated, undated = coverage[coverage["period"] != UNDATED], coverage[coverage["period"] == UNDATED]
    table, when = on_even_axis(dated)
    table, columns = pd.concat([table, undated.assign(place=len(when))]), len(when) + (len(undated) > 0)
    row, outlets = pd.factorize(table["outlet"])
    names, row_height = fit_names(list(distinct(outlets).values()), page)
    ax = canvas(page, 1.1 + (row_height if row_height > ROW else TILE) * len(outlets))
    for place in table.loc[table["shared"], "place"].unique():
        ax.plot([place - 0.46, place + 0.46], [-0.5, -0.5], color=INK, linewidth=2.5, clip_on=False)
    few = columns <= 2 * TICKS * page.scale
    _draw_tiles(ax, table["place"].to_numpy(), row, table["n_stories"].to_numpy(float), few)
    as_rows(ax, range(len(outlets)), names)
    ax.grid(visible=False)
    ax.set_xlim(-0.5, columns - 0.5)
    _date_ticks(ax, when, int(TICKS * (page.scale) ** 2 * 0.75))  # names take a part of the width
    if len(undated):
        named = [tick.get_text() for tick in ax.get_xticklabels()]
        ax.set_xticks([*ax.get_xticks(), len(when)], [*named, UNDATED])
    ax.tick_params(axis="x", which="both", length=0)
    shared = table.groupby("place")["shared"].any().sum()
    none = f"No {WORDS[_letter(when)]} has stories from every outlet shown."
    line = (
        f"Line on top: {counted(shared, WORDS[_letter(when)])} with stories from every outlet shown."
        if shared
        else none
    )
    foot = f"Number of stories; dots: none. {line}"
    return describe(ax, page, f"Stories of each outlet per {WORDS[_letter(when)]}", foot)


def _draw_tiles(ax: Axes, x: Ints, y: Ints, n: Floats, numbered: bool) -> None:
    """A tile a number, its opacity by the square root, so that few stories can still be seen beside many."""
    ax.scatter(x[n == 0], y[n == 0], marker=".", s=4, color=MUTED)
    for place, row, number in zip(x[n > 0], y[n > 0], n[n > 0], strict=True):
        alpha = 0.1 + 0.5 * np.sqrt(number / n.max())
        ax.add_patch(Rectangle((place - 0.46, row - 0.42), 0.92, 0.84, color=SLATE, alpha=alpha, linewidth=0))
        if numbered:
            ax.text(place, row, f"{number:,.0f}", ha="center", va="center", fontsize=7, color=INK)


def on_even_axis(estimates: pd.DataFrame) -> tuple[pd.DataFrame, "pd.Index[Any]"]:
    """The table with the ``place`` of each row's period, and all periods in order, also those without a row."""
    names = pd.Index(pd.unique(estimates["period"]))
    periods = _as_periods(names)
    if periods is None:
        return estimates.assign(place=names.get_indexer(pd.Index(estimates["period"]))), names
    when = pd.period_range(periods.min(), periods.max(), freq=periods.freq)
    place = pd.Series(when.get_indexer(periods), names)
    return estimates.assign(place=estimates["period"].map(place).astype("int64")), when


def _as_periods(names: "pd.Index[Any]") -> pd.PeriodIndex | None:
    """The names as dates of one length ("2016-05", a week by its first day); None where they are words."""
    if isinstance(names.dtype, pd.PeriodDtype):
        return pd.PeriodIndex(names)
    try:
        periods = [pd.Period(str(name)) for name in names]
    except ValueError:
        return None
    if len({period.freqstr for period in periods}) != 1 or periods[0].freqstr[0] not in STEPS:
        return None
    index = pd.PeriodIndex(periods)
    days = sorted(period.ordinal for period in periods)
    weekly = index.freqstr == "D" and len(days) > 1 and not any((day - days[0]) % 7 for day in days)
    return index.asfreq("W") if weekly else index


def _letter(when: "pd.Index[Any]") -> str:
    return when.freqstr[0] if isinstance(when, pd.PeriodIndex) else ""


def _draw_series(ax: Axes, rows: pd.DataFrame, label: str, labels: list[str], top: float, *, band: bool) -> None:
    """Dots with their intervals, over a band and joined by a line where one outlet is drawn alone."""
    colour, marker = colours(labels)[label], markers(labels)[label]
    x = rows.index.to_numpy()
    share, low, high = (rows[name].to_numpy(float) for name in ("share", "low", "high"))
    sure, known = ~np.isnan(low), ~np.isnan(share)
    if band:
        ax.fill_between(x, low, high, where=sure, color=colour, alpha=0.2, linewidth=0)
        ax.plot(x, share, color=colour, linewidth=1.6)
    ax.vlines(x[sure], low[sure], high[sure], color=colour, linewidth=1.6, alpha=0.5)
    draw_dots(ax, x[known], share[known], sure[known], colour=colour, marker=marker, size=14)
    ax.set(xlim=(-0.6, len(rows) - 0.4), ylim=(-0.03 * top, 1.03 * top))  # dots on the edge are not cut
    percent_scale(ax.yaxis, 3)
    ax.tick_params(axis="y", labelsize=7, labelcolor=MUTED)
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)


def _date_ticks(face: Axes, when: "pd.Index[Any]", most: int) -> None:
    """Every period has a tick; at even steps one is named, always with its year."""
    letter, first = _letter(when), 0
    steps = STEPS.get(letter, (1,))
    step = next((s for s in steps if len(when) <= s * most), -(-len(when) // most))
    if letter and letter in "MQY" and step in steps:
        first = int(-when[0].ordinal % step)  # January, or the first quarter, where the step divides a year
    named = np.arange(max(0, min(first, len(when) - 1)), len(when), step)
    face.set_xticks(np.arange(len(when)), [""] * len(when), minor=True)
    face.set_xticks(named, [_date(when[int(place)]) for place in named])
    face.tick_params(axis="x", labelsize=7, labelcolor=MUTED)
    face.tick_params(axis="x", which="minor", length=1.5, color=MUTED, width=0.4)


def _date(period: Any) -> str:
    if not isinstance(period, pd.Period):
        return on_lines(legible(period), 12)
    start, letter = period.start_time, period.freqstr[0]
    word = {"Y": "", "Q": f"Q{start.quarter}\n", "M": f"{start:%b}\n"}.get(letter, f"{start.day} {start:%b}\n")
    return f"{word}{start.year}"


def _draw_change(ax: Axes, rows: pd.DataFrame, when: "pd.Index[Any]") -> None:
    names = [f"{p.start_time:%Y-%m-%d}" if _letter(when) == "W" else str(p) for p in when]
    for row in rows[rows["verdict"] == "change"].itertuples():
        at = names.index(str(row.period)) - 0.5
        y = np.array([row.before, row.before, row.after, row.after], dtype=float)
        ax.plot([-0.6, at, at, len(when) - 0.4], y, color=INK, linewidth=0.9)
        ax.annotate("change", (at, 1), xycoords=("data", "axes fraction"), fontsize=6.5, color=MUTED, va="top",
                    xytext=(3, 0), textcoords="offset points")  # fmt: skip
