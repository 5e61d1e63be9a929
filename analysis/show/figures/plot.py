"""``plot``: the one way to draw a result, chosen by its type or by the columns of its table."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from analysis.compare.robustness.curve import Robustness
from analysis.compare.topics import TopicCards
from analysis.compare.wire import Comparison

from .accuracy import draw_convergence, draw_influence, draw_validation
from .copies import draw_copies
from .differences import draw_differences, draw_robustness, draw_split
from .shares import draw_coverage, draw_estimates, draw_periods, draw_positions
from .style import WIDTH, Page, darken, house_style, is_dark, warned
from .terms import draw_scatter, draw_terms
from .topics import draw_cards, draw_choice, draw_map, draw_packages, draw_topics


def plot(
    result: Any,
    kind: str | None = None,
    *,
    ax: Axes | None = None,
    title: str | None = None,
    width: float = WIDTH,
    **options: Any,
) -> Axes:
    """Axes with a result drawn, whatever step it comes from.

    Parameters
    ----------
    result
        A result, or its table; the figure is chosen by its type or by the columns of the table.
    kind
        Another figure of the same result: "map" for topics, "scatter" for distinctive terms.
    ax
        Axes to draw in; without it a new figure. Panels are the axes' ``child_axes``.
    title
        The finding, in words; without it a plain name.
    width
        Inches of a new figure: 7 is the text width of a page, 3.5 a column of most journals.
    **options
        ``validation`` (shares, differences, positions, influence): precision and recall are printed at the foot;
        ``n``: how many pairs, terms or words; ``changes`` (periods): from ``outlet_changes``; ``stability``
        (topics): from ``topic_stability``; ``only`` (cards): names of topics; ``unit_note`` (shares, periods):
        what is measured; ``names`` (two versions of a story).

    Returns
    -------
    Axes
        A matplotlib Axes. Intervals are 95 % unless the table was made with another level. After
        ``plt.style.use("dark_background")``, or in axes of a dark figure, it is drawn for a dark page.

    Raises
    ------
    ValueError
        If the result has no figure, or the figure has no such kind or option; the message lists them.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"outlet": "TASS", "label": "alliance", "n_stories": 3, "share": 0.4, "low": 0.2, "high": 0.6}
    >>> ax = plot(pd.DataFrame([row]), title="TASS writes of an alliance")
    >>> import matplotlib.pyplot as plt; plt.close("all")
    """
    figure = _chosen(result, kind)
    for name in options:
        if name not in figure.options:
            known = ", ".join(figure.options) or "none"
            raise ValueError(f"plot: kind={figure.kind!r} has no option {name!r}. Options: {known}.")
    drawn = result if figure.whole else _table(result)
    dark = is_dark(mpl.rcParams["figure.facecolor"] if ax is None else ax.figure.get_facecolor())
    with house_style(), warned():
        made = figure.draw(drawn, Page(ax, title, _caution(result), width), **options)
        if dark:
            darken(made)
    return made


@dataclass(frozen=True)
class Figure:
    """A figure, what it draws, and whether it takes the whole result or its table."""

    kind: str
    of: str
    fits: Callable[[Any], bool]
    draw: Callable[..., Axes]
    whole: bool = False

    @property
    def options(self) -> list[str]:
        """What a reader may set."""
        parameters = inspect.signature(self.draw).parameters.values()
        return [one.name for one in parameters if one.kind is one.KEYWORD_ONLY]


def _table(result: Any) -> Any:
    table = result if isinstance(result, pd.DataFrame) else getattr(result, "table", result)
    if isinstance(table, pd.DataFrame) and "label" not in table:
        return table.rename(columns={name: "label" for name in ("frame", "topic") if name in table})
    return table


def _with(*columns: str, without: str = "") -> Callable[[Any], bool]:
    """Whether a result is, or has, a table with these columns."""

    def fits(result: Any) -> bool:
        table = _table(result)
        return isinstance(table, pd.DataFrame) and set(columns) <= set(table) and without not in table

    return fits


def _caution(result: Any) -> str:
    """What must be read with every figure of a result, from its field or its column."""
    if isinstance(result, pd.DataFrame):
        return " ".join(result["caution"].dropna().unique()) if "caution" in result else ""
    return str(getattr(result, "caution", "") or getattr(result, "note", ""))


def _is_topics(result: Any) -> bool:
    return isinstance(getattr(result, "words", None), pd.DataFrame) and hasattr(result, "shares")


FIGURES = (
    Figure("periods", "shares by period", _with("label", "period", "share", "low", "high"), draw_periods),
    Figure("dots", "shares per outlet", _with("outlet", "label", "share", "low", "high", without="period"),
           draw_estimates),
    Figure("robustness", "a claim measured in every way", lambda result: isinstance(result, Robustness),
           draw_robustness, whole=True),
    Figure("differences", "differences between outlets",
           _with("outlet", "other", "label", "difference", "low", "high", "q"), draw_differences),
    Figure("split", "selection and framing", _with("outlet", "other", "label", "selection", "framing", "q"),
           draw_split),
    Figure("coverage", "stories by period", _with("outlet", "period", "n_stories", "shared"), draw_coverage),
    Figure("validation", "precision and recall", _with("label", "precision", "precision_low"), draw_validation),
    Figure("convergence", "agreement of instruments",
           _with("instrument", "other_instrument", "label", "correlation"), draw_convergence),
    Figure("influence", "entries behind a share", _with("outlet", "label", "entry", "share", "without"),
           draw_influence),
    Figure("positions", "positions of hits", _with("label", "position"), draw_positions),
    Figure("terms", "distinctive terms", _with("group", "term", "log_odds", "z", "q"), draw_terms),
    Figure("terms", "ranked terms", _with("rank", "term", "weight"), draw_terms),
    Figure("scatter", "distinctive terms", _with("group", "term", "n", "n_others", "z"), draw_scatter),
    Figure("choice", "numbers of topics", _with("k", "coherence", "perplexity", "agreement"), draw_choice,
           whole=True),
    Figure("list", "topics", _is_topics, draw_topics, whole=True),
    Figure("map", "topics", _is_topics, draw_map, whole=True),
    Figure("cards", "topic cards", lambda result: isinstance(result, TopicCards), draw_cards, whole=True),
    Figure("packages", "packages of topics", _with("label", "package", "share", "stable"), draw_packages),
    Figure("copies", "two versions of a story", lambda result: isinstance(result, Comparison), draw_copies,
           whole=True),
)  # fmt: skip


def _chosen(result: Any, kind: str | None) -> Figure:
    if not (kind is None or isinstance(kind, str)):
        raise ValueError(
            f"plot: kind is a word. Found: {_described(kind)}. Pass other tables by name, as changes=…."
        )
    fitting = [figure for figure in FIGURES if figure.fits(result)]
    if not fitting:
        every = "; ".join(dict.fromkeys(f"{figure.of} (kind={figure.kind!r})" for figure in FIGURES))
        raise ValueError(f"plot: no figure fits. Found: {_described(result)}. Pass one of: {every}.")
    chosen = [figure for figure in fitting if kind is None or figure.kind == kind]
    if not chosen:
        kinds = ", ".join(f"kind={figure.kind!r}" for figure in fitting)
        raise ValueError(f"plot: {fitting[0].of} have no figure of kind {kind!r}. Found: {kind}. Pass {kinds}.")
    return chosen[0]


def _described(result: Any) -> str:
    if isinstance(result, pd.DataFrame):
        return f"a table with the columns {', '.join(map(str, result)) or 'none'}"
    return type(result).__name__
