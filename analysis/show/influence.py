"""How far one entry carries an outlet's share, drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from analysis.numbers import MINUS, percent

from .grouped import bare, name_rows, places, write_beside
from .measured import footed
from .style import ROW, canvas, colours, headline, house_style, markers, nothing, unit

UNIT = (
    "Filled: share of the outlet's passages that carry the frame. Hollow: the same without the entry named beside "
    "it, the one that moves it most, and by how many percentage points. Outlets of one story included."
)


def plot_influence(
    influence: pd.DataFrame,
    *,
    ax: Axes | None = None,
    title: str | None = None,
    validation: pd.DataFrame | None = None,
) -> Axes:
    """Axes with each outlet's share of each frame, and what is left of it without its strongest entry.

    Takes the table of ``entry_influence``. Rows stand under each frame, largest share first. ``validation`` as in
    ``plot_shares``.

    >>> import analysis as an, pandas as pd
    >>> table = pd.DataFrame({"outlet": ["TASS"], "frame": ["economy"], "entry": ["trade"], "n_hits": [3],
    ...                       "share": [0.4], "without": [0.1], "influence": [-0.3]})
    >>> an.plot_influence(table).figure.get_suptitle()
    'Economy in TASS leans most on “trade”: 40\\xa0% with it, 10\\xa0% without'
    >>> import matplotlib.pyplot as plt; plt.close("all")
    """
    with house_style():
        if influence.empty:
            return nothing(ax, "no entry has a hit")
        rows = _strongest(influence)
        y, headings = places(rows["frame"].tolist())
        ax = canvas(ax, 1.2 + ROW * (y[-1] + 1))
        _draw(ax, rows, y)
        name_rows(ax, y, rows["outlet"].tolist(), headings)
        headline(ax, title or _finding(rows))
        unit(ax, footed(UNIT, validation, list(headings)))
        return ax


def _strongest(influence: pd.DataFrame) -> pd.DataFrame:
    """Of each outlet and frame the entry that moves the share most."""
    frame = influence["frame"]
    named = frame.cat.categories if isinstance(frame.dtype, pd.CategoricalDtype) else pd.unique(frame)
    place = frame.astype("str").map({name: at for at, name in enumerate(named)})
    order = np.lexsort(
        [influence["entry"], influence["influence"], influence["outlet"], -influence["share"], place]
    )
    return (
        influence.astype({"frame": "str"}).iloc[order].drop_duplicates(["outlet", "frame"]).reset_index(drop=True)
    )


def _draw(ax: Axes, rows: pd.DataFrame, y: Any) -> None:
    hues, shapes = colours(rows["frame"]), markers(rows["frame"])
    reach = max(0.05, float(rows["share"].max()))
    for place, (_, row) in zip(y, rows.iterrows(), strict=True):
        dot: dict[str, Any] = {"marker": shapes[row["frame"]], "s": 26, "edgecolors": hues[row["frame"]]}
        dot |= {"linewidths": 1.2, "zorder": 3, "clip_on": False}
        ax.hlines(place, row["without"], row["share"], color=hues[row["frame"]], linewidth=2, alpha=0.55)
        ax.scatter(row["without"], place, facecolors="white", **dot)
        ax.scatter(row["share"], place, facecolors=hues[row["frame"]], **dot)
        points = round(-row["influence"] * 100)
        moved = f"{row['entry']} {MINUS}{points}" if points else "no entry alone"
        write_beside(ax, row["share"], place, f"{percent(row['share'])} · {moved}")
    bare(ax, y)
    ax.set_xlim(-0.02 * reach, reach * 1.45)  # room for the entry's name
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))


def _finding(rows: pd.DataFrame) -> str:
    top = rows.iloc[int(rows["influence"].argmin())]
    if round(top["influence"] * 100) == 0:
        return "No single entry carries an outlet's share"
    return (
        f"{str(top['frame']).capitalize()} in {top['outlet']} leans most on “{top['entry']}”: "
        f"{percent(top['share'])} with it, {percent(top['without'])} without"
    )
