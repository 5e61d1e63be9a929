"""The instrument: how often it is right, what depends on one of its entries, and whether others find the same."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from analysis.arrays import Floats
from analysis.numbers import as_printed, counted, percent, points

from ..look import INK, colours, markers
from ..measured import MEASURES, footed
from .marks import as_rows, draw_by_label, draw_dots, in_order, name_rows, percent_scale, places, write_beside
from .style import ROW, Page, canvas, describe, distinct, legible, nothing, on_lines, panels

DENSE = 0.85  # many rows stand closer
MEANING = "Precision: of the passages that the lexicon gives a frame, those that carry it. "
RECALL = "Recall: of those that carry it, those that the lexicon finds. F1: their harmonic mean. "
LINE, HOLLOW = "Line: 95\u00a0% interval over stories.", " Hollow: one story, no interval."
INFLUENCE = (
    "Filled: share of the outlet's passages that carry the frame. Hollow: the same without the entry named beside "
    "it, the one that changes it most, and by how many percentage points. Outlets of one story included."
)
AGREEMENT = (
    "Rank correlation over articles (Spearman). Line: 95\u00a0% interval over stories. Where an instrument has no "
    "label of that name, its closest one is named."
)


def draw_validation(validation: pd.DataFrame, page: Page) -> Axes:
    """Precision, recall and F1 with their intervals, a panel a measure; rows by frame, by outlet, or by entry."""
    by = "entry" if "entry" in validation else str(next(iter(validation), "label"))
    measures = ["precision"] if by == "entry" else list(MEASURES)
    rows = _rows(validation, by, measures)
    if rows.empty:
        return nothing(page, "no measure has a case to rest on")
    y, headings = (np.arange(float(len(rows))), {}) if by == "label" else places(rows["label"].tolist())
    ax = canvas(page, 1.3 + ROW * (y[-1] + 1) * (1 if by == "label" else DENSE))
    for face, measure in zip(
        faces := panels(ax, len(measures), len(measures), gap=(0.1, 0)), measures, strict=True
    ):
        _draw_measure(face, rows, measure, y, right=by == "entry")
        if len(measures) > 1:
            face.set_title(MEASURES[measure], color=INK)
    names = distinct(rows[by])
    shown = [names[name] for name in rows[by]]
    if by != "entry":
        counts = zip(shown, rows["positives"], rows["n"], strict=True)
        shown = [on_lines(f"{name} · {positives:,} of {n:,}") for name, positives, n in counts]
    name_rows(faces[0], y, shown, headings)
    title = f"How often the lexicon is right, per {'frame' if by == 'label' else by}"
    return describe(ax, page, title, _validation_note(validation, rows, by))


def _rows(validation: pd.DataFrame, by: str, measures: list[str]) -> pd.DataFrame:
    """What is drawn, in the order of the rows."""
    if validation.empty:
        return validation
    if by == "label":
        return validation.reset_index(drop=True)
    ranked = validation.assign(place=pd.factorize(validation["label"])[0])
    known = ranked[validation[measures].notna().any(axis=1)]
    named, most = (-known["n"], "wrong") if by == "entry" else (known[by].astype("str"), "positives")
    order = np.lexsort([named, -known.get(most, known["place"]), known["place"]])
    return known.iloc[order].reset_index(drop=True)


def _draw_measure(ax: Axes, rows: pd.DataFrame, measure: str, y: Floats, *, right: bool) -> None:
    draw_by_label(ax, rows.assign(low=rows[f"{measure}_low"], high=rows[f"{measure}_high"]), y, measure)
    for place, (_, row) in zip(y, rows.iterrows(), strict=True):
        value, high = row[measure], row[f"{measure}_high"]
        if pd.isna(value):
            write_beside(ax, 0, place, "no case")
            continue
        if f"fitted_{measure}" in rows:
            ax.plot(row[f"fitted_{measure}"], place, "|", color=INK, markersize=11, zorder=4, clip_on=False)
        n = f" · {row['n'] - row['wrong']} of {row['n']} right" if right else ""
        write_beside(ax, value if pd.isna(high) else high, place, as_printed(value) + n)
    as_rows(ax, y)
    ax.set(xlim=(-0.02, 1.34), xticks=[0, 0.5, 1])  # room for the value right of an interval that reaches 1
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: as_printed(x, 1) if x % 1 else f"{x:.0f}"))


def _validation_note(validation: pd.DataFrame, rows: pd.DataFrame, by: str) -> str:
    line = LINE + HOLLOW * bool(rows["precision_low"].isna().to_numpy()[rows["precision"].notna()].any())
    left = len(validation) - len(rows)
    if by == "entry":
        entries = f" {counted(left, 'entry')} without a hit in the coded passages left out."
        return f"{MEANING}{line}" + entries * bool(left)
    names = "After the name: passages that coders gave the frame, of all coded. "
    stroke = " Stroke: entries chosen on the same passages." if "fitted_f1" in rows else ""
    without = f" {counted(left, 'row')} without a case left out."
    return f"{MEANING}{RECALL}{names}{line}{stroke}" + without * bool(left)


def draw_influence(influence: pd.DataFrame, page: Page, *, validation: pd.DataFrame | None = None) -> Axes:
    """Each outlet's share of each frame, largest first, and the same share without its strongest entry."""
    if influence.empty:
        return nothing(page, "no entry has a hit")
    rows = _strongest(influence)
    y, headings = places(rows["label"].tolist())
    ax = canvas(page, 1.2 + ROW * (y[-1] + 1))
    hues, shapes = colours(rows["label"]), markers(rows["label"])
    reach = max(0.05, float(rows["share"].max()))
    for place, (_, row) in zip(y, rows.iterrows(), strict=True):
        hue, ends = hues[row["label"]], [row["without"], row["share"]]
        ax.hlines(place, *ends, color=hue, linewidth=2, alpha=0.55)
        draw_dots(ax, ends, [place, place], [False, True], colour=hue, marker=shapes[row["label"]])
        moved = f"{legible(row['entry'], letters=30)} {points(row['influence'])}"
        beside = moved if round(row["influence"] * 100) else "no single entry"
        write_beside(ax, row["share"], place, f"{percent(row['share'])} · {beside}")
    ax.set_xlim(-0.02 * reach, reach * 1.45)  # room for the entry's name
    percent_scale(ax.xaxis, 5)
    names = distinct(rows["outlet"])
    name_rows(ax, y, [on_lines(names[outlet]) for outlet in rows["outlet"]], headings)
    foot = footed(INFLUENCE, validation, list(headings))
    return describe(ax, page, "Share of each outlet with and without its strongest entry", foot)


def _strongest(influence: pd.DataFrame) -> pd.DataFrame:
    """Of each outlet and frame the entry that changes the share most."""
    place = pd.Index(in_order(influence["label"])).get_indexer(influence["label"])
    keys = [influence[name] for name in ("entry", "influence", "outlet")]
    ordered = influence.astype({"label": "str"}).iloc[np.lexsort([*keys, -influence["share"], place])]
    return ordered.drop_duplicates(["outlet", "label"]).reset_index(drop=True)


def draw_convergence(table: pd.DataFrame, page: Page) -> Axes:
    """The correlation of each two instruments in a label as a dot with its interval, rows under each label."""
    rows = _pairs(table)
    if rows.empty:
        return nothing(page, "no two instruments can be compared")
    y, headings = places(rows["label"].tolist())
    ax = canvas(page, 1.3 + ROW * (y[-1] + 1))
    ax.axvline(0, color=INK, linewidth=0.8, alpha=0.5)
    draw_by_label(ax, rows, y, "correlation")
    ax.set_xlim(min(-0.05, float(rows[["low", "correlation"]].min().min()) - 0.05), 1.02)
    name_rows(ax, y, [on_lines(name) for name in rows["name"]], headings)
    return describe(ax, page, "How far instruments agree, per label", AGREEMENT)


def _pairs(table: pd.DataFrame) -> pd.DataFrame:
    """For each label and two instruments the label of the same name, else the closest one."""
    every = table.assign(same=table["label"] == table["other_label"], place=pd.factorize(table["label"])[0])
    known = every.dropna(subset="correlation").sort_values("correlation", ascending=False, kind="stable")
    pair = ["label", "instrument", "other_instrument"]
    best = known.sort_values("same", ascending=False, kind="stable").drop_duplicates(pair)
    other = best["other_instrument"] + (": " + best["other_label"]).where(~best["same"], "")
    named = best.assign(name=best["instrument"] + " and " + other).sort_index()
    return named.sort_values("place", kind="stable", ignore_index=True)
