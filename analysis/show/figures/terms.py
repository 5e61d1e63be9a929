"""Terms of groups: the first of each as dots or bars, and all of them at a glance."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from analysis.compare.effects import ALPHA

from ..look import FRAME_COLOURS, INK, MUTED, RULE, RUST, SLATE, ink_of
from .marks import STEPS, as_rows, draw_dots
from .style import Page, Place, canvas, describe, distinct, lay_out, legible, named, nothing, on_lines, panels

COLUMNS = 3  # panels side by side
ROW = 0.18  # inches a term: a line of 7.5-point type with air around it
PANEL = 2.1  # inches of a panel beside words of twelve letters
HEADING = 22  # letters of a line of a panel's title, which must not reach into the next
LONGEST = 24  # letters of a term beside its dot; the table has the rest
BAND = 1.96  # standard errors either side, for a 95 % interval; z from which a term is not pale
WEIGHTS = "Weight of the term; scales differ between panels."
LOG_ODDS = (
    "Log-odds against the other groups, informative Dirichlet prior; line: 95\u00a0% interval. "
    "Hollow: q of .05 or more. Scales differ between panels."
)
RANKS = "Each dot a term, by the rank of its count. Rust: more than expected; grey: less; pale: |z| below 1.96."
# where a label may stand round its dot, in points, the likeliest to be free first
PLACES: tuple[Place, ...] = (
    (4, 0, "left", "center"), (-4, 0, "right", "center"), (0, 4, "center", "bottom"), (0, -4, "center", "top"),
    (3, 3, "left", "bottom"), (-3, -3, "right", "top"), (3, -3, "left", "top"), (-3, 3, "right", "bottom"),
)  # fmt: skip


def draw_terms(terms: pd.DataFrame, page: Page, *, n: int = 10) -> Axes:
    """The ``n`` first terms of each group, a panel a group: bars of a weight, or log-odds with an interval."""
    if distinctive := "log_odds" in terms:
        ordered = terms[terms["log_odds"] > 0].sort_values(["group", "z", "term"], ascending=[True, False, True])
        shown = ordered.groupby("group", sort=False, observed=True).head(n)
    else:
        shown = terms[terms["rank"] <= n]
    if shown.empty:
        return nothing(page, "no group has a term")
    group = "group" if "group" in shown else "label"
    groups, terms_drawn = list(pd.unique(shown[group])), distinct(shown["term"], letters=LONGEST)
    columns = min(max(1, int(page.width / PANEL)), len(groups))
    ax = canvas(page, 0.9 + -(-len(groups) // columns) * (0.62 + ROW * n))
    words = 0.15 + 0.062 * max(map(len, terms_drawn.values()))  # inches of 7.5-point type, for the longest term
    between = words / max(0.6, (page.width - 0.2 - columns * words) / columns)
    faces = panels(ax, len(groups), columns, gap=(between, 0.62 / (ROW * n)))
    names, line = distinct(groups, letters=2 * HEADING), int(HEADING * page.scale)
    for face, name in zip(faces, groups, strict=True):
        colour = FRAME_COLOURS.get(str(name), SLATE)
        own = shown[shown[group] == name]
        _draw_panel(face, own, [terms_drawn[term] for term in own["term"]], distinctive, n, colour)
        if len(groups) > 1:
            heading = names[name] if isinstance(name, str) else f"topic {name}"
            face.set_title(on_lines(heading, line), color=ink_of(colour))
    neutral = f"Terms that each group uses more than {'the others do' if len(groups) > 1 else 'the rest'}"
    says = (neutral, LOG_ODDS) if distinctive else ("The first terms of each group", WEIGHTS)
    return describe(ax, page, *says)


def _draw_panel(ax: Axes, rows: pd.DataFrame, names: list[str], distinctive: bool, n: int, colour: str) -> None:
    y = np.arange(len(rows))
    if distinctive:
        half, middle = BAND * (rows["log_odds"] / rows["z"]).to_numpy(), rows["log_odds"].to_numpy()
        ax.axvline(0, color=MUTED, linewidth=0.7)
        ax.hlines(y, middle - half, middle + half, color=colour, linewidth=1.6, alpha=0.5)
        draw_dots(ax, middle, y, rows["q"] < ALPHA, colour=colour, size=18)
    else:
        ax.barh(y, rows["weight"], height=0.62, color=colour, alpha=0.85)
    as_rows(ax, y, names)
    ax.tick_params(axis="y", labelsize=7.5)
    ax.set_ylim(n - 0.4, -0.6)
    ax.xaxis.set_major_locator(MaxNLocator(3, steps=STEPS))


def draw_scatter(terms: pd.DataFrame, page: Page, *, n: int = 10) -> Axes:
    """A dot a term: how often a group uses it (up) against how often the others do (right).

    Axes are dense ranks of the counts, as in Scattertext (Kessler 2017, *ACL System Demonstrations*). The ``n``
    terms that set a group apart most are named, in a panel of two groups those of both, as far as there is room.
    """
    if terms.empty:
        return nothing(page, "no group has a term")
    groups = list(pd.unique(terms["group"]))
    pair = len(groups) == 2
    shown = groups[:1] if pair else groups
    columns = min(COLUMNS, len(shown))
    ax = canvas(page, 6.6 if pair else 0.9 + 2.6 * -(-len(shown) // columns))
    faces, names = panels(ax, len(shown), columns, gap=(0.12, 0.22)), distinct(groups, letters=30)
    tables = {name: _ranked(terms[terms["group"] == name]) for name in shown}
    for face, name in zip(faces, shown, strict=True):
        others = names[groups[1]] if pair else "all others"
        _draw_ranks(face, tables[name], names[name], others, scale=1.0 if len(shown) == 1 else 0.55)
    between = f"{names[groups[0]]} and {names[groups[1]]}" if pair else "each group and the others"
    describe(ax, page, f"How often {between} use each term", RANKS)
    lay_out(ax)
    for face, name in zip(faces, shown, strict=True):
        _name_terms(face, tables[name], n, both=pair)
    return ax


def _ranked(terms: pd.DataFrame) -> pd.DataFrame:
    """The terms with their places on the axes: the rarest at 0, the commonest at 1."""
    ranks = terms[["n", "n_others"]].rank(method="dense") - 1
    own, others = (ranks[name] / max(1.0, ranks[name].max()) for name in ("n", "n_others"))
    return terms.assign(own=own, others=others)


def _draw_ranks(face: Axes, terms: pd.DataFrame, name: str, others: str, *, scale: float) -> None:
    clear = (terms["z"].abs() >= BAND).to_numpy()
    colour = np.where(terms["z"] > 0, RUST, SLATE)
    face.axline((0, 0), (1, 1), color=RULE, linewidth=0.8, zorder=0)
    for rows, alpha, size in ((~clear, 0.22, 7 * scale), (clear, 0.8, 12 * scale)):
        part = terms[rows]
        face.scatter(part["others"], part["own"], s=size, c=colour[rows], alpha=alpha, linewidths=0, zorder=2)
    face.set(xlim=(-0.05, 1.08), ylim=(-0.05, 1.08))
    face.set_xticks([0, 1], ["rarely", "often"])
    face.set_yticks([0, 1], ["rarely", "often"], rotation=90, va="center")
    for tick, side in zip(face.get_xticklabels(), ("left", "right"), strict=True):
        tick.set(ha=side)
    face.set_xlabel(on_lines(others), labelpad=-8)
    face.set_ylabel(on_lines(name), labelpad=-6, color=RUST, fontweight="bold")
    face.tick_params(labelsize=7, labelcolor=MUTED, length=0)


def _name_terms(face: Axes, terms: pd.DataFrame, n: int, *, both: bool) -> None:
    """Names the first terms, each beside its dot, where no other name is."""
    order = terms.sort_values(["z", "term"], ascending=[False, True])
    chosen = [order[order["z"] > 0].head(n)] + ([order[order["z"] < 0].iloc[::-1].head(n)] if both else [])
    taken: list[Bbox] = []
    for row in pd.concat(chosen).to_dict("records"):
        colour = RUST if row["z"] > 0 else INK
        at = (float(row["others"]), float(row["own"]))
        named(face, legible(row["term"], letters=LONGEST), at, PLACES, taken, fontsize=7, color=colour)
