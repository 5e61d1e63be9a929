"""Every term at a glance: how often one group says it, against how often the others do."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from analysis.text.distinctive import term_ranks
from analysis.text.groups import Groups
from analysis.text.terms import Counts

from .labels import Place, lay_out, named
from .style import INK, MUTED, RULE, canvas, headline, house_style, legible, nothing, panels, unit

COLUMNS = 3
MORE, LESS = "#8c3b1f", "#4a5b6b"  # rust and slate: told apart on a grey printout, and no frame has them
MEASURED = (
    "Each dot a term, by the rank of its count. Rust: more than expected; slate: less; pale: |z| below 1.96."
)
CLEAR = 1.96  # z, either side: what a single test would call clear; fainter below
# where a label may stand round its dot, in points, the likeliest to be free first
PLACES: tuple[Place, ...] = (
    (4, 0, "left", "center"), (-4, 0, "right", "center"), (0, 4, "center", "bottom"), (0, -4, "center", "top"),
    (3, 3, "left", "bottom"), (-3, -3, "right", "top"), (3, -3, "left", "top"), (-3, 3, "right", "bottom"),
)  # fmt: skip


def plot_scatter(
    counts: Counts, groups: Groups, *, n: int = 10, ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Axes with a dot a term: how often a group says it (up) against how often the others do (right).

    Two groups share one panel; more have a panel each, against all the others together. The ``n`` terms that set
    a group apart most are named, and in a panel of two the ``n`` of the other group too, as far as there is room.
    Panels are the axes' ``child_axes``.

    >>> import analysis as an
    >>> counts = an.count_terms(an.tokenize(["gas gas gas deal", "summit summit summit deal"]))
    >>> ax = an.plot_scatter(counts, ["TASS", "BBC"])
    >>> sorted(text.get_text() for text in ax.texts)
    ['gas', 'summit']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    with house_style():
        if not len(counts.terms) or not counts.matrix.sum():
            return nothing(ax, "no group has a term")
        ranks = term_ranks(counts, groups)
        names = list(pd.unique(ranks["group"]))
        pair = len(names) == 2
        shown = names[:1] if pair else names
        columns = min(COLUMNS, len(shown))
        rows = -(-len(shown) // columns)
        ax = canvas(ax, 6.6 if pair else 0.9 + 2.6 * rows)
        faces = panels(ax, rows, columns, gap=(0.12, 0.22))
        for face, name in zip(faces, shown, strict=False):
            others = names[1] if pair else "all others"
            _draw(face, ranks[ranks["group"] == name], str(name), str(others))
        for face in faces[len(shown) :]:
            face.remove()
        headline(
            ax, title or f"What {'both' if pair else 'each'} say{'' if pair else 's'}, and how often", above=6
        )
        unit(ax, MEASURED)
        lay_out(ax)
        for face, name in zip(faces, shown, strict=False):
            _name_terms(face, ranks[ranks["group"] == name], n, both=pair)
        return ax


def _draw(face: Axes, terms: pd.DataFrame, name: str, others: str) -> None:
    clear = (terms["z"].abs() >= CLEAR).to_numpy()
    colour = np.where(terms["z"] > 0, MORE, LESS)
    face.axline((0, 0), (1, 1), color=RULE, linewidth=0.8, zorder=0)
    scale = 1.0 if face.figure.axes == [face] else 0.55  # a panel among several is a quarter as large
    for rows, alpha, size in ((~clear, 0.22, 7 * scale), (clear, 0.8, 12 * scale)):
        part = terms[rows]
        face.scatter(part["others"], part["own"], s=size, c=colour[rows], alpha=alpha, linewidths=0, zorder=2)
    face.set(xlim=(-0.05, 1.08), ylim=(-0.05, 1.08), xticks=[0, 1], yticks=[0, 1])
    face.set_xticklabels(["rarely", "often"])
    face.set_yticklabels(["rarely", "often"], rotation=90, va="center")
    for tick, side in zip(face.get_xticklabels(), ("left", "right"), strict=True):
        tick.set(ha=side)
    face.set_xlabel(legible(others), labelpad=-8)
    face.set_ylabel(legible(name), labelpad=-6, color=MORE, fontweight="bold")
    face.tick_params(labelsize=7, labelcolor=MUTED, length=0)


def _name_terms(face: Axes, terms: pd.DataFrame, n: int, *, both: bool) -> None:
    """Names the first terms, each beside its dot, where no other name stands yet."""
    order = terms.sort_values(["z", "term"], ascending=[False, True])
    chosen = [order[order["z"] > 0].head(n)] + ([order[order["z"] < 0].iloc[::-1].head(n)] if both else [])
    taken: list[Bbox] = []
    for row in pd.concat(chosen).to_dict("records"):
        colour = MORE if row["z"] > 0 else INK
        at = (float(row["others"]), float(row["own"]))
        named(face, legible(row["term"]), at, PLACES, taken, fontsize=7, color=colour)
