"""How often each frame or topic is used, month by month."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from analysis.compare.periods import PERIODS
from analysis.compare.shares import compare_outlets

from .style import MUTED, RULE, canvas, colours, headline, house_style, ink_of, legible, nothing, panels, unit

HEIGHT = 1.15  # inches a panel: a line's slope is judged best when it is flat


def shares_by_period(
    shares: pd.DataFrame, articles: pd.DataFrame, *, by: str = "month", seed: int = 0
) -> pd.DataFrame:
    """Estimates of ``compare_outlets``, periods for outlets: ``period, label, n_stories, share, low, high``.

    Articles without a date are left out.

    >>> shares = pd.DataFrame({"economy": [0.0, 1.0, 0.5]}, index=["a", "b", "c"])
    >>> dates = pd.to_datetime(["2017-01-03", "2017-01-09", "2017-03-01"])
    >>> articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "date": dates})
    >>> shares_by_period(shares, articles)[["period", "n_stories", "share"]]
         period  n_stories  share
    0  2017-01           2    0.5
    1  2017-03           1    0.5
    """
    if by not in PERIODS:
        raise ValueError(f"by: {by!r} is none of {', '.join(PERIODS)}.")
    dated = articles[articles["date"].notna() & articles["doc_id"].isin(shares.index).to_numpy()]
    period = dated["date"].dt.to_period(PERIODS[by])
    kept = shares[shares.index.isin(dated["doc_id"])]
    found = compare_outlets(kept, dated.assign(period=period.astype("str")), by="period", seed=seed)
    found = found.rename(columns={"outlet": "period"})
    return found.assign(period=pd.PeriodIndex(found["period"], freq=PERIODS[by]))


def plot_timeline(
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str = "month",
    seed: int = 0,
    ax: Axes | None = None,
    title: str | None = None,
) -> Axes:
    """Axes with one strip a label: its share in each month, with the 95 % interval as a band.

    A period of one story has a hollow dot and no interval; a period without any breaks the line. Strips are the
    axes' ``child_axes`` when there is more than one label. ``by`` is day, week, month, quarter or year.

    >>> import analysis as an
    >>> shares = pd.DataFrame({"economy": [0.0, 1.0, 0.5]}, index=["a", "b", "c"])
    >>> dates = pd.to_datetime(["2017-01-03", "2017-01-09", "2017-03-01"])
    >>> ax = an.plot_timeline(shares, pd.DataFrame({"doc_id": ["a", "b", "c"], "date": dates}))
    >>> [tick.get_text() for tick in ax.get_xticklabels()]
    ['Jan 2017', 'Feb', 'Mar']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    with house_style():
        found = shares_by_period(shares, articles, by=by, seed=seed)
        if found.empty:
            return nothing(ax, "no article with a share has a date")
        labels = list(pd.unique(found["label"]))
        every = pd.period_range(found["period"].min(), found["period"].max())
        ax = canvas(ax, 0.9 + HEIGHT * len(labels))
        faces = panels(ax, len(labels), 1, gap=(0, 0.3))
        top = float(np.nanmax(found[["share", "high"]].to_numpy(float)))
        hue = colours(labels)
        for face, label in zip(faces, labels, strict=True):
            part = found[found["label"] == label].set_index("period").reindex(every)
            _draw(face, part, hue[label], top)
            name: dict[str, Any] = {"rotation": 0, "ha": "right", "va": "center", "fontweight": "bold"}
            face.set_ylabel(legible(label), color=ink_of(hue[label]), labelpad=10, **name)
            face.tick_params(labelbottom=face is faces[-1])
        _date_ticks(faces, every, by)
        headline(ax, title or f"Share of each {by}’s passages")
        unit(
            ax, f"Mean over the stories of a {by}; band: 95\u00a0% interval. Hollow: one story. A gap: no passage."
        )
        return ax


def _draw(face: Axes, part: pd.DataFrame, colour: str, top: float) -> None:
    x, share = np.arange(len(part)), part["share"].to_numpy(float)
    low, high = part["low"].to_numpy(float), part["high"].to_numpy(float)
    sure = ~np.isnan(low)
    face.fill_between(x, low, high, where=sure, color=colour, alpha=0.2, linewidth=0)
    face.vlines(x[sure], low[sure], high[sure], color=colour, alpha=0.35, linewidth=1.2)
    face.plot(x, share, color=colour, linewidth=1.6)
    for rows, fill in ((sure, colour), (~sure & ~np.isnan(share), "white")):
        face.scatter(x[rows], share[rows], s=18, facecolor=fill, edgecolor=colour, linewidth=1.1, zorder=3)
    highest = min(1.0, top * 1.05) or 1.0
    face.set_ylim(-0.03 * highest, 1.03 * highest)  # dots on the edge stay whole
    face.set_xlim(-0.5, len(part) - 0.5)
    face.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    face.locator_params(axis="y", nbins=3)
    face.tick_params(axis="y", labelsize=7, labelcolor=MUTED)
    face.grid(axis="y", color=RULE, linewidth=0.6)
    face.spines["left"].set_visible(False)


def _date_ticks(faces: list[Axes], every: pd.PeriodIndex, by: str) -> None:
    """At most a dozen periods are named, the year where it begins."""
    at = np.arange(0, len(every), max(1, -(-len(every) // 12)))
    words, year = [], None
    for place in at:
        start = every[int(place)].start_time
        word = "" if by == "year" else f"Q{start.quarter}" if by == "quarter" else f"{start:%b}"
        word = f"{start.day} {word}" if by in ("day", "week") else word
        words.append(f"{word} {start.year}".strip() if start.year != year else word)
        year = start.year
    for face in faces:
        face.set_xticks(at, words)
        face.tick_params(axis="x", labelsize=7.5, labelcolor=MUTED)
