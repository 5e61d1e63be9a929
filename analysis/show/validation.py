"""How often the lexicon is right, drawn: per frame, per outlet, per entry."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from .grouped import bare, name_rows, places, write_beside
from .measured import as_printed
from .style import INK, ROW, canvas, colours, headline, house_style, markers, nothing, panels, unit

MEASURES = {"precision": "precision", "recall": "recall", "f1": "F1"}
DENSE = 0.85  # many rows stand closer
MEANING = "Precision: of the passages it gives a frame, those that carry it. "
RECALL = "Recall: of those that carry it, those it finds. F1: both in one. "
LINE, HOLLOW = "Line: 95\u00a0% interval, stories resampled.", " Hollow: one story, no interval."


def plot_validation(validation: pd.DataFrame, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Axes with precision, recall and F1 as dots with their intervals, a panel a measure.

    Takes the table of ``validate`` or ``cross_validate``. By frame, a row a frame; by outlet, rows under each
    frame, and what has no case to rest on is left out; by entry, precision alone, the entry with most false hits
    first. A stroke beside a dot is the fitted figure of ``cross_validate``. Panels are the axes' ``child_axes``
    when there is more than one.

    >>> import analysis as an, pandas as pd
    >>> row = {f"{m}{end}": 0.5 for m in ("precision", "recall", "f1") for end in ("", "_low", "_high")}
    >>> ax = an.plot_validation(pd.DataFrame([{"frame": "alliance", "n": 9, "positives": 4} | row]))
    >>> [tick.get_text() for tick in ax.child_axes[0].get_yticklabels()]
    ['alliance · 4 of 9']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    with house_style():
        by = "entry" if "entry" in validation else str(next(iter(validation), "frame"))
        measures = ["precision"] if by == "entry" else list(MEASURES)
        rows = _rows(validation, by, measures)
        if rows.empty:
            return nothing(ax, "no measure has a case to rest on")
        y, headings = (np.arange(float(len(rows))), {}) if by == "frame" else places(rows["frame"].tolist())
        ax = canvas(ax, 1.3 + ROW * (y[-1] + 1) * (1 if by == "frame" else DENSE))
        faces = panels(ax, 1, len(measures), gap=(0.1, 0))
        for face, measure in zip(faces, measures, strict=True):
            _draw_measure(face, rows, measure, y, told=by == "entry")
            if len(measures) > 1:
                face.set_title(MEASURES[measure], color=INK)
            face.set_yticks(y, [""] * len(y))
        name_rows(faces[0], y, [_name(row, by) for _, row in rows.iterrows()], headings)
        headline(ax, title or _finding(rows, by), above=16 * (len(measures) > 1))
        unit(ax, _measured(validation, rows, by))
        return ax


def _rows(validation: pd.DataFrame, by: str, measures: list[str]) -> pd.DataFrame:
    """What is drawn, in the order of the rows."""
    if validation.empty:
        return validation
    known = validation if by == "frame" else validation[validation[measures].notna().any(axis=1)]
    place = known["frame"].map({frame: at for at, frame in enumerate(pd.unique(validation["frame"]))})
    if by == "entry":
        order = np.lexsort([-known["n"], -known["wrong"], place])
    else:
        order = np.lexsort([known[by].astype("str"), -known.get("positives", place), place])
    return (known if by == "frame" else known.iloc[order]).reset_index(drop=True)


def _draw_measure(ax: Axes, rows: pd.DataFrame, measure: str, y: Any, *, told: bool) -> None:
    low, high = rows[f"{measure}_low"].to_numpy(float), rows[f"{measure}_high"].to_numpy(float)
    value, hues, shapes = rows[measure].to_numpy(float), colours(rows["frame"]), markers(rows["frame"])
    for at, (frame, place) in enumerate(zip(rows["frame"], y, strict=True)):
        if np.isnan(value[at]):
            write_beside(ax, 0, place, "no case")
            continue
        sure = not np.isnan(low[at])
        if sure:
            ax.hlines(place, low[at], high[at], color=hues[frame], linewidth=2, alpha=0.55)
        dot: dict[str, Any] = {"marker": shapes[frame], "s": 26, "edgecolors": hues[frame], "linewidths": 1.2}
        ax.scatter(value[at], place, facecolors=hues[frame] if sure else "white", zorder=3, clip_on=False, **dot)
        if f"fitted_{measure}" in rows:
            ax.plot(
                rows[f"fitted_{measure}"].iloc[at], place, "|", color=INK, markersize=11, zorder=4, clip_on=False
            )
        n = f" · {rows['n'].iloc[at] - rows['wrong'].iloc[at]} of {rows['n'].iloc[at]} right" if told else ""
        write_beside(ax, high[at] if sure else value[at], place, as_printed(value[at]) + n)
    bare(ax, y)
    ax.set_xlim(-0.02, 1.34)  # room for the value right of an interval that reaches 1
    ax.set_xticks([0, 0.5, 1])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: as_printed(x, 1) if x % 1 else f"{x:.0f}"))


def _name(row: pd.Series, by: str) -> str:
    return str(row[by]) if by == "entry" else f"{row[by]} · {row['positives']:,} of {row['n']:,}"


def _finding(rows: pd.DataFrame, by: str) -> str:
    """The weakest place, in words."""
    if by == "entry":
        worst = rows.iloc[int(rows["wrong"].argmax())]
        if not worst["wrong"]:
            return "No entry made a false hit in the coded passages"
        return f"The entry with most false hits: {worst['entry']}, wrong in {worst['wrong']} of {worst['n']}"
    if by != "frame" or rows[["precision", "recall"]].isna().all(axis=None):
        return f"How often the lexicon is right, {by} by {by}"
    named = [
        f"{name} is lowest for {rows['frame'].iloc[int(rows[name].argmin())]} ({as_printed(rows[name].min())})"
        for name in ("precision", "recall")
        if rows[name].notna().any()
    ]
    return (
        ", ".join(named).capitalize() if len(rows) > 1 else f"How often the lexicon finds {rows['frame'].iloc[0]}"
    )


def _measured(validation: pd.DataFrame, rows: pd.DataFrame, by: str) -> str:
    line = LINE + HOLLOW * bool(rows["precision_low"].isna().to_numpy()[rows["precision"].notna()].any())
    left = len(validation) - len(rows)
    if by == "entry":
        entries = f" {left} {'entry' if left == 1 else 'entries'} without a hit in the coded passages left out."
        return f"{MEANING}{line}" + entries * bool(left)
    counts = "After the name: passages that coders gave the frame, of all coded. "
    stroke = " Stroke: entries chosen on the same passages." if "fitted_f1" in rows else ""
    without = f" {left} {'row' if left == 1 else 'rows'} without a case left out."
    return f"{MEANING}{RECALL}{counts}{line}{stroke}" + without * bool(left)
