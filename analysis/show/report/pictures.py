"""The figures of a chapter, as text that an HTML file can hold: the same bytes at every run."""

import base64
import re
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import quote

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from analysis.compare.estimates import compare_outlets, outlet_coverage
from analysis.compare.observations import PERIODS
from analysis.frames.match import hit_positions

from ..figures.differences import curve_title
from ..figures.plot import plot
from ..look import in_dark
from . import prose
from .findings import Findings

SPANS = {"day": 21, "week": 75, "month": 1100, "quarter": 3700}  # days up to which a period gives few, full points
PHONE = ("differences", "robustness", "timeline", "coverage")  # drawn again for a phone; others are folded
NARROW = 4.2  # inches: on a screen of 390 points letters of 8.5 points are still 7.5
MAPPED = 6  # topics from which a map shows more than a list

Drawn = tuple[str, Any, str]


def pictures(found: Findings, outlets: list[str], *, vector: bool = True) -> dict[str, dict[str, str]]:
    """Every figure by name as data addresses, ``source`` and ``narrow`` for a phone, and what it ``shows``."""
    made = {}
    for name, result, title in drawings(found, outlets):
        draw = partial(plot, result, "map" if name == "map" else None, title="")  # which the page writes
        if not vector:
            dots = _saved(draw(), format="png", dpi=PRINT, metadata={"Software": None})
            source = f"data:image/png;base64,{base64.b64encode(dots).decode()}"
            made[name] = {"source": source, "shows": title, "narrow": ""}
        elif name != "shares":  # which the page draws itself; word processors cannot
            narrow = address(themed(svg_of(draw(width=NARROW)))) if name in PHONE else ""
            made[name] = {"source": address(themed(svg_of(draw()))), "shows": title, "narrow": narrow}
    return made


def drawings(found: Findings, outlets: list[str]) -> Iterator[Drawn]:
    """What there is to draw: a name, the result, and the title."""
    tables = found.estimates, found.scrutiny.influence
    shown, influence = (table[table["outlet"].isin(outlets)] for table in tables)
    yield "shares", shown, prose.shares_title(found)
    if found.differences["q"].notna().any():
        yield "differences", found.differences, prose.differences_title(found.differences)
    if not influence.empty:
        yield "influence", influence, "Each share without the entry on which it depends most"
    if not found.hits.empty:
        yield "positions", hit_positions(found.hits, found.articles), "Position of each frame in the article"
    if (tried := found.scrutiny.robustness) is not None:
        yield "robustness", tried, curve_title(tried)
    if period := timed(found):
        yield from _timed(found, outlets, period)
    if found.topics is not None and len(found.topics.words) >= MAPPED:
        yield "map", found.topics, "Topics that share words lie close together"


def _timed(found: Findings, outlets: list[str], period: str) -> Iterator[Drawn]:
    """The outlets of the claim over time, or all together where there is none; and who wrote when."""
    articles, claim = found.articles, found.scrutiny.claim
    sides = None if claim is None else [claim["outlet"], claim["other"]]
    table = compare_outlets(found.shares, articles if sides else articles.assign(outlet="all outlets"), period)
    shown = table[table["outlet"].isin(sides)] if sides else table
    whose = " and ".join(sides) if sides else "all outlets together"
    yield "timeline", shown, f"Share of passages with each frame by {period}: {whose}"
    used = articles[articles["outlet"].isin(outlets) & articles["doc_id"].isin(found.shares.index)]
    yield "coverage", outlet_coverage(used, period), f"Stories of each outlet by {period}"


def timed(found: Findings) -> str:
    """The period in which shares are shown over time; empty where fewer than two hold two stories each."""
    used = found.articles[found.articles["doc_id"].isin(found.shares.index) & found.articles["date"].notna()]
    if used.empty:
        return ""
    days = (used["date"].max() - used["date"].min()).days
    period = next((name for name, most in SPANS.items() if days <= most), "year")
    stories = used.groupby(used["date"].dt.to_period(PERIODS[period]))["story_id"].nunique()
    return period if (stories > 1).sum() > 1 else ""


# Letters as outlines: the file looks the same where DejaVu is not installed. The salt names what would
# otherwise be drawn from chance, and no date is written.
SVG: Any = {"svg.fonttype": "path", "svg.hashsalt": "outlet-framing", "svg.image_inline": True}
PRINT = 300  # dots an inch, what journals ask of a figure
UNDATED = {"Date": None, "Creator": None}
# comments repeat the figure's words; groups that are empty or only named draw nothing
UNSEEN = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>|<!--.*?-->| id=\"[a-z]+[\dA-Za-z]*_\d+\"", re.DOTALL
)
PLACED = re.compile(r'(?<= )(d|x|y)="[^"]*"|translate\([^)]*\)')
OPENING = re.compile(r"<svg[^>]*>")
COLOURED = re.compile(r"(fill|stroke): (#[0-9a-f]{6})")
FINE = re.compile(r"(\.\d\d)\d+")  # a hundredth of a point: finer than any printer
PLAIN = " '/:=;,.)-+"  # characters of a drawing that an attribute in double quotes may hold as they are
DOTS = re.compile(r'(?<=/>)</g><g clip-path="[^"]*">(?=<use)')  # of one axes, each clipped for itself
ALIKE = re.compile(r'(?:<use [^>]*?(?P<look> style="[^"]*")/>)(?:<use [^>]*?(?P=look)/>)+')
OUTLINE = re.compile(r'(?<= d=")[^"]*')
SPACED = re.compile(r" ?([A-Za-z]) ?")
# of letters: a font's name in each would be a third of a figure, and so would "translate"
LETTER = re.compile(r'(?<=[#"])DejaVuSans(-Bold)?-(?=[0-9a-f]+")')
MOVED = re.compile(r'(<use [^>]*?)transform="translate\(([\d.-]+) 0\)"/>')


def svg_of(ax: Axes) -> str:
    """The figure as SVG, its letters as outlines; the same bytes at every run."""
    return slim(_saved(ax, format="svg", metadata=UNDATED).decode())


def _saved(ax: Axes, **how: Any) -> bytes:
    figure, buffer = ax.get_figure(root=True), BytesIO()
    assert figure is not None
    with mpl.rc_context(SVG):
        figure.savefig(buffer, **how)
    plt.close(figure)
    return buffer.getvalue()


def themed(svg: str) -> str:
    """The drawing with a second set of colours, for pages that are read in the dark."""
    used = sorted(set(COLOURED.findall(svg)))
    rules = "".join(f'[style*="{name}: {hue}"]{{{name}:{in_dark(hue)}!important}}' for name, hue in used)
    return OPENING.sub(rf"\g<0><style>@media (prefers-color-scheme:dark){{{rules}}}</style>", svg, count=1)


def address(svg: str) -> str:
    """The drawing as a data address, a quarter shorter than in base64; it stands between double quotes.

    >>> address('<path d="M 1 2" fill="#fff"/>')
    "data:image/svg+xml,%3Cpath d='M 1 2' fill='%23fff'/%3E"
    """
    free = svg if "'" in svg else svg.replace('"', "'")
    return f"data:image/svg+xml,{quote(free, safe=PLAIN)}"


def slim(svg: str) -> str:
    """The same drawing in half the letters that Matplotlib writes."""
    rounded = PLACED.sub(lambda found: FINE.sub(r"\1", found[0]), UNSEEN.sub("", svg))
    packed = DOTS.sub("", re.sub(r"\s*\n\s*", " ", rounded).replace("> <", "><").replace("<g/>", "")).strip()
    named = LETTER.sub(lambda found: "b" if found[1] else "r", MOVED.sub(r'\1x="\2"/>', packed))
    drawn = OUTLINE.sub(lambda found: SPACED.sub(r"\1", found[0]).strip(), named)
    return ALIKE.sub(lambda found: f"<g{found['look']}>{found[0].replace(found['look'], '')}</g>", drawn)
